import { AzureError, type RetryAdvice } from './AzureError';
import type { CallTarget, LastAnswer } from './call';
import { retryAfterOf } from './retryAfter';

/** What an error's translation needs to know of the call that it ended. */
export interface FailedCall {
  target: CallTarget;
  /** Has a write left? */
  sent: boolean;
  timedOut: boolean;
  lastAnswer?: LastAnswer;
}

/** Azure's refusal, taken out of its body: `{error: {code, message, innererror: {code}}}`. */
interface Refusal {
  status: number;
  /** Azure's outer code; empty when the body was not Azure's. */
  code: string;
  /** Key Vault's finer code, such as `ForbiddenByRbac`. */
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
  advice: RetryAdvice;
  /** Why it failed, to stand after "Could not …: ". */
  why(target: CallTarget, refusal: Refusal): string;
}

/** What is repeated of Azure's words, and what is looked at to understand them. Characters. */
const LONGEST_WORDS = 600;
const LONGEST_READ = 4000;

const credentialOf = (target: CallTarget) =>
  target.credential ? `the ${target.credential} credential` : 'the backend';

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
  'microsoft.managedidentity/userassignedidentities/assign/action':
    'Managed Identity Operator',
};

/**
 * Every refusal of Azure that we tell from others, most particular first: the first row that
 * matches is taken. Codes: docs/azure.md
 */
const TABLE: Row[] = [
  {
    status: 403,
    code: /^LinkedAuthorizationFailed$/,
    kind: 'denied',
    advice: 'access-may-spread',
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
    advice: 'access-may-spread',
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
    advice: 'access-may-spread',
    why: target =>
      `${credentialOf(target)} lacks the data action ${target.action} at ${
        target.scope
      }; the smallest built-in role that has it: ${target.role}`,
  },
  {
    status: 403,
    code: /^(ForbiddenByPolicy|AccessDenied)$/,
    kind: 'denied',
    advice: 'access-may-spread',
    why: target =>
      `no access policy of the vault gives ${credentialOf(
        target,
      )} the key permission ${target.permission ?? target.action} for ${
        target.scope
      }`,
  },
  {
    status: 403,
    code: /^ForbiddenByFirewall$/,
    kind: 'denied',
    advice: 'never',
    why: target =>
      `the firewall of the vault does not let this backend's address in (${target.scope}); no role helps, only a rule for the address or a private endpoint`,
  },
  {
    status: 403,
    code: /^ForbiddenByConnection$/,
    kind: 'denied',
    advice: 'never',
    why: target =>
      `the vault takes no connection from public networks, and no approved private endpoint leads from this backend to it (${target.scope})`,
  },
  {
    status: 403,
    code: /^KeyDisabled$/,
    kind: 'refused',
    advice: 'never',
    why: target => `the key is disabled (${target.scope})`,
  },
  {
    status: 403,
    code: /^KeyManagedByKeyVault$/,
    kind: 'refused',
    advice: 'never',
    why: target =>
      `the key belongs to a certificate and is managed by Key Vault itself (${target.scope})`,
  },
  {
    status: 403,
    code: /^RequestDisallowedByPolicy$/,
    kind: 'refused',
    advice: 'never',
    why: (_subject, refusal) => `an Azure Policy forbids it${says(refusal)}`,
  },
  {
    status: 403,
    code: /./,
    kind: 'denied',
    advice: 'never',
    why: (target, refusal) =>
      `Azure forbids it to ${credentialOf(target)} at ${
        target.scope
      }, which takes ${target.action}${says(refusal)}`,
  },
  {
    status: 401,
    kind: 'denied',
    advice: 'never',
    why: (target, refusal) =>
      `Azure does not accept the token of ${credentialOf(
        target,
      )}: is it of the right tenant?${says(refusal)}`,
  },
  {
    status: 409,
    code: /^ScopeLocked$/,
    kind: 'refused',
    advice: 'never',
    why: (_subject, refusal) =>
      `a management lock at Azure forbids it${says(refusal)}`,
  },
  {
    status: 409,
    code: /^ObjectIs(BeingDeleted|BeingRecovered)$/,
    kind: 'refused',
    advice: 'later',
    why: target =>
      `the key is being deleted or recovered right now (${target.scope})`,
  },
  {
    status: 409,
    code: /^ObjectIsDeletedButRecoverable$/,
    kind: 'refused',
    advice: 'never',
    why: target =>
      `a deleted key that can still be recovered has the name (${target.scope})`,
  },
  {
    status: 409,
    kind: 'refused',
    advice: 'later',
    why: (_subject, refusal) =>
      `it conflicts with the state at Azure, often another change under way${says(
        refusal,
      )}`,
  },
  {
    status: 404,
    code: /./,
    kind: 'not-found',
    advice: 'never',
    why: (target, refusal) =>
      `Azure knows no such thing as ${target.scope}${says(refusal)}`,
  },
  {
    status: 429,
    kind: 'throttled',
    advice: 'later',
    why: () => 'Azure is throttling these requests',
  },
  {
    status: 400,
    words:
      /Failed to access KeyId|does not have access to identity|identity associated with the registry is inactive/i,
    kind: 'refused',
    advice: 'access-may-spread',
    why: (_subject, refusal) =>
      `the registry's identity cannot use the key${says(refusal)}`,
  },
  {
    status: 408,
    kind: 'unavailable',
    advice: 'later',
    why: () => 'Azure gave up waiting for the request',
  },
  {
    // Codes are what tells Azure's refusals from those of a proxy on the way.
    status: status => status >= 400 && status < 500,
    code: /./,
    kind: 'refused',
    advice: 'never',
    why: (_subject, refusal) => `Azure refuses it${says(refusal)}`,
  },
  {
    status: 404,
    kind: 'not-found',
    advice: 'never',
    why: target => `there is no such thing as ${target.scope}`,
  },
  {
    status: status => status >= 400 && status < 500,
    kind: 'unavailable',
    advice: 'later',
    why: (_subject, refusal) =>
      `the answer (${refusal.status}) is not Azure's: a proxy or a firewall on the way refuses it`,
  },
  {
    status: status => status >= 500,
    kind: 'unavailable',
    advice: 'later',
    why: (_subject, refusal) =>
      `Azure is in trouble (${refusal.status})${says(refusal)}`,
  },
];

/** Network errors that have a name people know; any other is named by its code. */
const NETWORK: Record<string, string> = {
  ENOTFOUND: 'the name of the host cannot be resolved',
  EAI_AGAIN: 'the name of the host cannot be resolved at the moment',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ForeignHost: 'an answer led to a host that is not Azure’s',
};

/**
 * Azure's words for a person: one line, of bounded length, without anything that could be used
 * as a credential. Ids of callers stay: they are what the reader has to look for.
 */
export function cleanWords(
  text: unknown,
  longest: number = LONGEST_WORDS,
): string {
  if (typeof text !== 'string') return '';
  return (
    text
      // Anything after Entra's first line is its own trace data.
      .replace(/\s*Trace ID:[\s\S]*$/i, '')
      .replace(/eyJ[\w-]+\.[\w-]*\.?[\w-]*/g, '[token]')
      .replace(/\bBearer\s+[^\s'"]+/gi, 'Bearer [token]')
      .replace(
        /\b(client_secret|client_assertion|password|pwd|secret|sig|access_token|refresh_token|code)=[^\s&'"]+/gi,
        '$1=[removed]',
      )
      // Long and random. Slashes and hyphens end a run, or ARM ids would go too.
      .replace(/[A-Za-z0-9+_=]{60,}/g, '[removed]')
      // Control characters, line and paragraph separators, and what changes the writing direction.
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
      .replace(/ {2,}/g, ' ')
      .trim()
      .slice(0, longest)
  );
}

/** A code as Azure writes them, or nothing: anything longer or stranger is no code. */
function cleanCode(code: unknown): string {
  return typeof code === 'string' && /^[\w.-]{1,80}$/.test(code) ? code : '';
}

function refusalOf(answer: LastAnswer): Refusal {
  let error: any;
  try {
    error = JSON.parse(answer.body ?? '')?.error;
  } catch {
    error = undefined;
  }
  return {
    status: answer.status,
    code: cleanCode(error?.code),
    inner: cleanCode(error?.innererror?.code),
    words: cleanWords(error?.message, LONGEST_READ),
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

/** Nothing was written: no write had left, or Azure's answer says so. */
function effectOf(call: FailedCall, status?: number): 'refused' | 'unknown' {
  if (!call.target.writes || !call.sent) return 'refused';
  // 408 comes from a gateway that does not know how far the request got.
  return status !== undefined && status >= 400 && status < 500 && status !== 408
    ? 'refused'
    : 'unknown';
}

const messageFor = (target: CallTarget, why: string) =>
  `Could not ${target.doing}: ${why.replace(/\.+$/, '')}.`;

/** Entra's errors have names and no common class. `AuthenticationRequiredError` is what MSAL's become. */
const AUTHENTICATION_ERRORS = [
  'AuthenticationError',
  'AuthenticationRequiredError',
  'AggregateAuthenticationError',
];

function fromAuthentication(error: Error, call: FailedCall): AzureError {
  const { target } = call;
  const effect = effectOf(call);
  const key = `acrCmk.azure.credentials.${target.credential}`;
  const details = error as Error & {
    statusCode?: number;
    errorResponse?: { errorDescription?: string; correlationId?: string };
  };
  const text = `${details.errorResponse?.errorDescription ?? ''} ${
    error.message
  }`;
  const entra = /AADSTS\d{4,7}/.exec(text)?.[0];
  const correlationId = /^[\w-]{1,100}$/.exec(
    details.errorResponse?.correlationId ?? '',
  )?.[0];
  if (entra) {
    // 90033, 90025, 90100 and the like: Entra's own passing trouble and throttling.
    const passing = /^AADSTS90(0|1)\d\d$/.test(entra);
    const words = cleanWords(text.slice(text.indexOf(entra)));
    return new AzureError(
      {
        kind: passing ? 'unavailable' : 'denied',
        code: entra,
        message: messageFor(
          target,
          `Microsoft Entra gives ${credentialOf(
            target,
          )} (${key}) no token; it says: ${words}`,
        ),
        correlationId,
      },
      { effect, advice: passing ? 'later' : 'never' },
    );
  }
  if (error.name === 'CredentialUnavailableError') {
    return new AzureError(
      {
        kind: 'unconfigured',
        code: 'CredentialUnavailable',
        message: messageFor(
          target,
          `${credentialOf(
            target,
          )} cannot be used here; check ${key} and the environment of the backend`,
        ),
      },
      { effect },
    );
  }
  const throttled = details.statusCode === 429;
  return new AzureError(
    {
      kind: throttled ? 'throttled' : 'unavailable',
      code: throttled ? 'TokenThrottled' : 'TokenUnavailable',
      message: messageFor(
        target,
        `Microsoft Entra gave no usable answer to the request for a token for ${credentialOf(
          target,
        )} (${key})`,
      ),
      correlationId,
    },
    { effect, advice: 'later' },
  );
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
      code: refusal.inner || refusal.code || `Http${refusal.status}`,
      message: messageFor(call.target, row.why(call.target, refusal)),
      ...(id && /^[\w-]{1,100}$/.test(id) ? { correlationId: id } : {}),
    },
    {
      advice: row.advice,
      effect: effectOf(call, refusal.status),
      retryAfterSeconds: retryAfterOf(answer.headers, now),
    },
  );
}

/**
 * Any error that an SDK, the network, Entra or our own time limit threw, as the one error that
 * leaves this room.
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
      { effect: effectOf(call), advice: 'later' },
    );
  }
  const thrown = error as {
    name?: string;
    code?: unknown;
    statusCode?: unknown;
  };
  if (
    error instanceof Error &&
    (AUTHENTICATION_ERRORS.includes(error.name) ||
      error.name === 'CredentialUnavailableError')
  ) {
    return fromAuthentication(error, call);
  }
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
          ? NETWORK[code] ?? `the request failed on the way (${code})`
          : 'the answer is not one that Azure is known to give',
      ),
    },
    { effect: effectOf(call), advice: 'later' },
  );
}
