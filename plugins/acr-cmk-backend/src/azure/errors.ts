import { keyHomeKind, vaultNameOfHost } from 'backstage-plugin-acr-cmk-common';
import { AzureError, type Retry } from './AzureError';
import type { CallTarget, LastAnswer } from './transport/callTarget';
import { cleanWords, LONGEST_WORDS } from './failures/cleanWords';
import {
  fromAuthentication,
  isAuthenticationError,
} from './failures/entraErrors';
import {
  credentialOf,
  effectOf,
  type FailedCall,
  messageFor,
} from './failures/failedCall';
import { networkCause } from './failures/networkCause';
import { ASSIGN_IDENTITY } from './permissions';
import { retryAfterOf } from './transport/retryAfter';

/** Azure's refusal, taken out of its body: `{error: {code, message, innererror: {code}, details: [{code, message}]}}`. */
interface Refusal {
  status: number;
  /** Azure's outer code; empty when the body was not Azure's. */
  code: string;
  /** Finer code: Key Vault's, such as `ForbiddenByRbac`, or that of the details. */
  inner: string;
  /** Azure's words, cleaned. */
  words: string;
}

/** One row of the table: which refusals it is for, and what they mean. */
interface Row {
  status?: number | ((status: number) => boolean);
  /** Outer or inner code; nothing matches any. */
  code?: RegExp;
  words?: RegExp;
  kind: AzureError['kind'];
  /** Our own code, for what only Azure's words show. Else Azure's is kept. */
  ourCode?: string;
  retry: Retry['kind'];
  /** Reason why it failed, to stand after "Could not …: ". */
  why(target: CallTarget, refusal: Refusal): string;
}

/** Maximum length of Azure's text that is searched for codes and names. Characters. */
const LONGEST_READ = 4000;

/** `does not have authorization to perform action 'A' over scope 'S'`, ARM's own words. */
function actionNamed(
  words: string,
): { action: string; scope: string } | undefined {
  const match = /perform action '([^']+)' over scope '([^']+)'/i.exec(words);
  return match ? { action: match[1], scope: match[2] } : undefined;
}

function linkedActionNamed(words: string) {
  const match =
    /perform action(?:\(s\))? '([^']+)' on the linked scope(?:\(s\))? '([^']+)'/i.exec(
      words,
    );
  return match ? { action: match[1], scope: match[2] } : undefined;
}

const says = (refusal: Refusal) =>
  refusal.words ? `; Azure says: ${refusal.words.slice(0, LONGEST_WORDS)}` : '';

/** Roles by the linked action that is missing; anything else gets the role of the call. */
const LINKED_ROLE: Record<string, string> = {
  [ASSIGN_IDENTITY.action.toLowerCase()]: ASSIGN_IDENTITY.role,
};

/** Refusals of the data plane: its scope is a URI. */
const homeOf = ({ scope }: CallTarget) =>
  keyHomeKind(vaultNameOfHost(scope.split('/')[2] ?? ''));

/** Resource Graph refuses by the code of a vault, and what is missing there is an action of ARM. */
const lacksDataAction = (target: CallTarget) =>
  `${credentialOf(target)} lacks ${
    target.scope.startsWith('https://') ? 'the data action ' : ''
  }${target.action} at ${
    target.scope
  }; the smallest built-in role that has it: ${target.role}`;

/**
 * Every refusal of Azure that we distinguish, most particular first: the first row that
 * matches is taken. Its `retry` is the verdict that the engine reads: nothing else decides about
 * another try. Codes: docs/troubleshooting.md
 */
const TABLE: Row[] = [
  {
    status: 403,
    code: /^LinkedAuthorizationFailed$/,
    kind: 'denied',
    retry: 'no',
    why: (target, refusal) => {
      const named = linkedActionNamed(refusal.words);
      if (!named) {
        return `${credentialOf(
          target,
        )} lacks an action on a resource that the change refers to${says(
          refusal,
        )}`;
      }
      const role =
        LINKED_ROLE[named.action.toLowerCase()] ?? 'one with that action';
      return `${credentialOf(target)} lacks ${named.action} at ${
        named.scope
      }, which the change refers to; the role that has it: ${role}`;
    },
  },
  {
    status: 403,
    code: /^AuthorizationFailed$/,
    kind: 'denied',
    retry: 'no',
    why: (target, refusal) => {
      const { action, scope } = actionNamed(refusal.words) ?? target;
      return `${credentialOf(
        target,
      )} lacks ${action} at ${scope}; the smallest built-in role that has it: ${
        target.role
      }`;
    },
  },
  {
    status: 403,
    code: /^ForbiddenByRbac$/,
    kind: 'denied',
    retry: 'no',
    why: lacksDataAction,
  },
  {
    status: 403,
    code: /^(ForbiddenByPolicy|AccessDenied)$/,
    kind: 'denied',
    retry: 'no',
    // A Managed HSM, which has no access policies, refuses by AccessDenied too.
    why: target =>
      target.permission
        ? `no access policy of the vault gives ${credentialOf(
            target,
          )} the key permission ${target.permission} for ${target.scope}`
        : lacksDataAction(target),
  },
  {
    status: 403,
    code: /^ForbiddenByFirewall$/,
    kind: 'denied',
    retry: 'no',
    why: target =>
      `the firewall of the ${homeOf(
        target,
      )} does not let this backend's address in (${
        target.scope
      }); no role helps, only a rule for the address or a private endpoint`,
  },
  {
    status: 403,
    code: /^ForbiddenByConnection$/,
    kind: 'denied',
    retry: 'no',
    why: target =>
      `the ${homeOf(
        target,
      )} takes no connection from public networks, and no approved private endpoint leads from this backend to it (${
        target.scope
      })`,
  },
  {
    status: 403,
    code: /^KeyDisabled$/,
    kind: 'refused',
    retry: 'no',
    why: target => `the key is disabled (${target.scope})`,
  },
  {
    status: 403,
    code: /^KeyManagedByKeyVault$/,
    kind: 'refused',
    retry: 'no',
    why: target =>
      `the key belongs to a certificate and is managed by Key Vault itself (${target.scope})`,
  },
  {
    status: 403,
    code: /^RequestDisallowedByPolicy$/,
    kind: 'refused',
    retry: 'no',
    why: (_subject, refusal) => `an Azure Policy denies it${says(refusal)}`,
  },
  {
    // No code of its own is documented.
    status: 403,
    words: /network security perimeter/i,
    kind: 'denied',
    ourCode: 'ForbiddenByPerimeter',
    retry: 'no',
    why: (target, refusal) =>
      `a network security perimeter does not let this backend in (${
        target.scope
      }); no role helps, only an access rule of the perimeter${says(refusal)}`,
  },
  {
    status: 403,
    code: /./,
    kind: 'denied',
    retry: 'no',
    why: (target, refusal) =>
      `Azure denied ${credentialOf(target)} access at ${
        target.scope
      }; it needs ${target.action}${says(refusal)}`,
  },
  {
    status: 401,
    kind: 'denied',
    retry: 'no',
    why: (target, refusal) =>
      `Azure does not accept the token of ${credentialOf(
        target,
      )}: is it of the right tenant?${says(refusal)}`,
  },
  {
    status: 409,
    code: /^ScopeLocked$/,
    kind: 'refused',
    retry: 'no',
    why: (_subject, refusal) =>
      `a management lock in Azure blocks it${says(refusal)}`,
  },
  {
    status: 409,
    code: /^ObjectIs(BeingDeleted|BeingRecovered)$/,
    kind: 'refused',
    retry: 'later',
    why: target =>
      `the key is being deleted or recovered right now (${target.scope})`,
  },
  {
    status: 409,
    code: /^ObjectIsDeletedButRecoverable$/,
    kind: 'refused',
    retry: 'no',
    why: target =>
      `a deleted key that can still be recovered has the name (${target.scope})`,
  },
  {
    status: 409,
    code: /^MissingSubscriptionRegistration$/,
    kind: 'refused',
    retry: 'no',
    why: (_subject, refusal) => {
      const namespace =
        /namespace '([A-Za-z.]+)'/.exec(refusal.words)?.[1] ?? '<provider>';
      return `the subscription is not registered for the resource provider ${namespace}; its owner registers it with az provider register --namespace ${namespace}`;
    },
  },
  {
    status: 409,
    code: /^(ReadOnlyDisabledSubscription|SubscriptionDisabled|DisabledSubscription)$/,
    kind: 'refused',
    retry: 'no',
    why: (_subject, refusal) =>
      `the subscription is disabled, and so read-only; its owner has to enable it${says(
        refusal,
      )}`,
  },
  {
    status: 409,
    code: /^InvalidResource(Group)?Location$/,
    kind: 'refused',
    retry: 'no',
    why: (_subject, refusal) =>
      `it exists already in another location${says(refusal)}`,
  },
  {
    status: 409,
    code: /^(AlreadyInUse|NameNotAvailable)$/,
    kind: 'refused',
    retry: 'no',
    why: (_subject, refusal) => `the name is taken${says(refusal)}`,
  },
  {
    // Any other conflict. Most are another change of the same thing under way, which ends by
    // itself, and nothing was written; a conflict that stays ends the step when its time is over.
    status: 409,
    kind: 'refused',
    retry: 'later',
    why: (_subject, refusal) =>
      `it conflicts with the state at Azure, often another change under way${says(
        refusal,
      )}`,
  },
  {
    status: 404,
    code: /./,
    kind: 'not-found',
    retry: 'no',
    why: (target, refusal) =>
      `Azure has no resource ${target.scope}${says(refusal)}`,
  },
  {
    status: 429,
    kind: 'throttled',
    retry: 'later',
    why: () => 'Azure is throttling these requests',
  },
  {
    status: 400,
    code: /^PrincipalNotFound$/,
    kind: 'refused',
    retry: 'when-access-spreads',
    why: (_subject, refusal) =>
      `Microsoft Entra does not know the principal, which may have been made just now${says(
        refusal,
      )}`,
  },
  {
    status: 400,
    words: /Failed to access KeyId|permission on key '/i,
    kind: 'refused',
    ourCode: 'KeyOutOfReach',
    retry: 'when-access-spreads',
    why: (_subject, refusal) =>
      `the registry's identity cannot use the key${says(refusal)}`,
  },
  {
    status: 400,
    words:
      /does not have access to identity|identity associated with the registry is inactive|identity\b.*\b(not found|does not exist)/i,
    kind: 'refused',
    ourCode: 'IdentityOutOfReach',
    retry: 'when-access-spreads',
    why: (_subject, refusal) =>
      `the registry cannot use its identity${says(refusal)}`,
  },
  {
    status: 408,
    kind: 'unavailable',
    retry: 'later',
    why: () => 'Azure gave up waiting for the request',
  },
  {
    // A code distinguishes Azure's refusals from those of a proxy in between.
    status: status => status >= 400 && status < 500,
    code: /./,
    kind: 'refused',
    retry: 'no',
    why: (_subject, refusal) => `Azure refuses it${says(refusal)}`,
  },
  {
    status: 404,
    kind: 'not-found',
    retry: 'no',
    why: target => `there is no resource ${target.scope}`,
  },
  {
    status: status => status >= 400 && status < 500,
    kind: 'unavailable',
    retry: 'later',
    why: (_subject, refusal) =>
      `the answer (${refusal.status}) is not Azure's: a proxy or a firewall in between refuses it`,
  },
  {
    status: status => status >= 500,
    kind: 'unavailable',
    retry: 'later',
    why: (_subject, refusal) =>
      `Azure has failed (${refusal.status})${says(refusal)}`,
  },
];

/** Host of the request that an error of the SDKs belongs to. */
function hostOf(request: { url?: unknown } | undefined): string | undefined {
  const url = request?.url;
  return typeof url === 'string' && URL.canParse(url)
    ? new URL(url).host
    : undefined;
}

/** A code as Azure writes them, or nothing: anything longer or stranger is no code. */
function cleanCode(code: unknown): string {
  return typeof code === 'string' && /^[\w.-]{1,80}$/.test(code) ? code : '';
}

/** Codes that say nothing of the cause, which is then in the details. */
const GENERIC = /^(BadRequest|InvalidTemplateDeployment|DeploymentFailed)$/i;

/** Resource Graph's message, with the cause only in the details. */
const NO_CAUSE = /^Please provide below info when asking for support/i;

function refusalOf(answer: LastAnswer): Refusal {
  let error: any;
  try {
    error = JSON.parse(answer.body ?? '')?.error;
  } catch {
    error = undefined;
  }
  const details: any[] = Array.isArray(error?.details) ? error.details : [];
  const words = [error?.message, ...details.map(detail => detail?.message)]
    .map(message => cleanWords(message, LONGEST_READ))
    .filter(message => message !== '' && !NO_CAUSE.test(message));
  return {
    status: answer.status,
    code: cleanCode(error?.code),
    inner:
      cleanCode(error?.innererror?.code) ||
      (GENERIC.test(error?.code) ? cleanCode(details[0]?.code) : ''),
    words: [...new Set(words)].join(' ').slice(0, LONGEST_READ),
  };
}

function rowFor(refusal: Refusal): Row | undefined {
  return TABLE.find(
    row =>
      (typeof row.status === 'function'
        ? row.status(refusal.status)
        : row.status === refusal.status) &&
      (!row.code ||
        row.code.test(refusal.inner) ||
        row.code.test(refusal.code)) &&
      (!row.words || row.words.test(refusal.words)),
  );
}

function retryOf({ retry: kind }: Row, answer: LastAnswer, now: number): Retry {
  if (kind !== 'later') return { kind };
  const afterSeconds = retryAfterOf(answer.headers, now);
  return afterSeconds === undefined ? { kind } : { kind, afterSeconds };
}

function fromAnswer(
  answer: LastAnswer,
  call: FailedCall,
  now: number,
): AzureError | undefined {
  const refusal = refusalOf(answer);
  const row = rowFor(refusal);
  if (!row) return undefined;
  const id =
    answer.headers.get('x-ms-correlation-request-id') ??
    answer.headers.get('x-ms-request-id');
  return new AzureError(
    {
      kind: row.kind,
      code:
        row.ourCode ??
        (refusal.inner || refusal.code || `Http${refusal.status}`),
      message: messageFor(call.target, row.why(call.target, refusal)),
      ...(id && /^[\w-]{1,100}$/.test(id) ? { correlationId: id } : {}),
    },
    {
      effect: effectOf(call, refusal.status),
      retry: retryOf(row, answer, now),
    },
  );
}

/**
 * Any error that an SDK, the network, Entra or our own time limit threw, as the one error that
 * leaves `azure/`.
 *
 * @param now - our clock, epoch milliseconds
 */
export function toAzureError(
  error: unknown,
  call: FailedCall,
  now: number,
): AzureError {
  if (error instanceof AzureError) return error;
  const { target } = call;
  if (call.timedOut) {
    return new AzureError(
      {
        kind: 'unavailable',
        code: 'TimedOut',
        message: messageFor(target, 'Azure did not answer in time'),
      },
      { effect: effectOf(call), retry: { kind: 'later' } },
    );
  }
  const thrown = error as {
    name?: string;
    code?: unknown;
    statusCode?: unknown;
    request?: { url?: unknown };
  };
  if (isAuthenticationError(error)) return fromAuthentication(error, call);
  const code = cleanCode(thrown?.code);
  const network =
    code !== '' && code !== 'PARSE_ERROR' && thrown?.statusCode === undefined;
  // The SDKs fall over a refusal without a body with a TypeError: what was answered is what counts.
  if (call.lastAnswer && call.lastAnswer.status >= 400 && !network) {
    const known = fromAnswer(call.lastAnswer, call, now);
    if (known) return known;
  }
  return new AzureError(
    {
      kind: 'unavailable',
      code: network ? code : 'UnexpectedAnswer',
      message: messageFor(
        target,
        network
          ? networkCause(code, hostOf(thrown.request))
          : 'the answer is not one that Azure is known to give',
      ),
    },
    { effect: effectOf(call), retry: { kind: 'later' } },
  );
}
