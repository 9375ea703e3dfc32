import {
  AZURE_CLOUDS,
  type AzureProblem,
} from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../AzureError';
import { cleanWords } from './cleanWords';
import {
  failedAttemptOf,
  type TokenAttempt,
} from '../credentials/tokenAttempt';
import {
  credentialOf,
  effectOf,
  type FailedCall,
  messageFor,
} from './failedCall';
import { networkCause, NETWORKS } from './networkCause';

/** Entra's errors have names and no common class. `AuthenticationRequiredError` is what MSAL's become. */
const AUTHENTICATION_ERRORS = [
  'AuthenticationError',
  'AuthenticationRequiredError',
  'AggregateAuthenticationError',
];

/** The file of a credential that cannot be read, from Node's words: the SDKs do not keep the rest of its error. */
const fileOf = ({ message }: Error) =>
  /^(ENOENT|EACCES|EISDIR): .*?, (?:open|read)(?: '([^']+)')?/.exec(message);

/** Cures of codes, where `{key}` is the configuration key of the credential. */
const TENANT = `Correct the tenant of {key}, and acrCmk.azure.cloud if the tenant is in another cloud. See ${NETWORKS}`;
const REQUEST =
  'Check the tenant, the client id and the kind of {key}: Microsoft Entra rejects the request as malformed';
const CLOCK = `Synchronise the clock of the machine of the backend with a time server (NTP): the proof of {key} is not valid at the time that Microsoft Entra has. See ${NETWORKS}`;
const CONSENT =
  'Have an administrator of the tenant authorize the application of {key} there';
const SUPPORT =
  'Open a support ticket at Microsoft with the correlation id; another try ends the same way';
const WAIT = 'The problem is temporary; try again in a few minutes';

/**
 * Codes of Microsoft Entra whose numbers do not tell whether another try helps: a failure that passes, or a fault of
 * the configuration. Every other code is such a fault. entra-docs, reference-error-codes.md.
 */
const CODES: Record<string, { passes?: true; cure: string }> = {
  AADSTS50033: { passes: true, cure: WAIT },
  AADSTS50087: { passes: true, cure: WAIT },
  AADSTS90006: { passes: true, cure: WAIT },
  AADSTS90012: { passes: true, cure: WAIT },
  AADSTS90024: { passes: true, cure: WAIT },
  AADSTS90033: { passes: true, cure: WAIT },
  AADSTS90055: {
    passes: true,
    cure: 'The tenant sends Microsoft Entra too many requests; try again in a few minutes',
  },
  AADSTS90090: { passes: true, cure: WAIT },
  AADSTS90091: { passes: true, cure: WAIT },
  AADSTS700024: { cure: CLOCK },
  AADSTS900382: { cure: TENANT },
  AADSTS90002: { cure: TENANT },
  AADSTS90004: { cure: REQUEST },
  AADSTS90013: { cure: REQUEST },
  AADSTS90014: {
    cure: 'Complete {key}: a field that Microsoft Entra needs is empty',
  },
  AADSTS90019: { cure: TENANT },
  AADSTS90023: { cure: REQUEST },
  AADSTS90036: { cure: SUPPORT },
  AADSTS90038: { cure: TENANT },
  AADSTS90092: { cure: SUPPORT },
  AADSTS90093: { cure: CONSENT },
  AADSTS90094: { cure: CONSENT },
  AADSTS90099: { cure: CONSENT },
  AADSTS90100: { cure: REQUEST },
  AADSTS90102: { cure: REQUEST },
  AADSTS90123: {
    cure: 'Ask the administrator of the tenant which policy or identity provider denies the application of {key} a token',
  },
  AADSTS90124: {
    cure: 'Name the id of the tenant in {key}, not common or consumers',
  },
  AADSTS90130: {
    cure: 'Name the id of the tenant in {key}, not common or consumers',
  },
};

/** Did the SDK fail to get a token, before Azure was asked anything? */
export function isAuthenticationError(error: unknown): error is Error {
  return (
    error instanceof Error &&
    (AUTHENTICATION_ERRORS.includes(error.name) ||
      error.name === 'CredentialUnavailableError' ||
      fileOf(error) !== null)
  );
}

/** Whether no credential could be used at all, so that Microsoft Entra was not asked. */
const isUnavailable = (error: Error) =>
  error.name === 'CredentialUnavailableError' ||
  (error.name === 'AggregateAuthenticationError' &&
    (error as AggregateError).errors.every(
      each => (each as Error).name === 'CredentialUnavailableError',
    ));

/** Entra gave no token: why, with the configuration key of the credential. */
export function fromAuthentication(error: Error, call: FailedCall): AzureError {
  const { target } = call;
  const failure = (
    {
      why,
      remedied,
      ...problem
    }: Omit<AzureProblem, 'message'> & { why: string; remedied?: boolean },
    retry: 'no' | 'later',
  ) =>
    new AzureError(
      { ...problem, message: messageFor(target, why) },
      { effect: effectOf(call), retry: { kind: retry }, remedied },
    );
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
    const { passes = false, cure } = CODES[entra] ?? {};
    const words = cleanWords(text.slice(text.indexOf(entra)));
    return failure(
      {
        kind: passes ? 'unavailable' : 'denied',
        code: entra,
        why: `Microsoft Entra gives ${credentialOf(target)} (${key}) no token${
          cure ? `. ${cure.replaceAll('{key}', key)}. It says: ` : '; it says: '
        }${words}`,
        correlationId,
        remedied: cure !== undefined,
      },
      passes ? 'later' : 'no',
    );
  }
  const file = fileOf(error);
  if (file) {
    const [, code, path = 'it names'] = file;
    return failure(
      {
        kind: 'unconfigured',
        code,
        why: `the file ${path} of ${credentialOf(
          target,
        )} (${key}) cannot be read (${code})`,
      },
      'no',
    );
  }
  const attempt = failedAttemptOf(error);
  if (attempt?.network) {
    return failure(
      {
        kind: 'unavailable',
        code: attempt.network,
        why: `Microsoft Entra cannot be reached for a token of ${credentialOf(
          target,
        )} (${key}): ${networkCause(
          attempt.network,
          attempt.host,
          attempt.environment,
        )}`,
      },
      'later',
    );
  }
  if (isUnavailable(error)) {
    // A managed identity that is just slow to come ends in the same error, so another try may help.
    const isChain = attempt?.kind === 'default-chain';
    return failure(
      {
        kind: 'unconfigured',
        code: 'CredentialUnavailable',
        why: `${credentialOf(target)} ${unavailableBecause(attempt, key)}`,
      },
      isChain ? 'later' : 'no',
    );
  }
  const status = details.statusCode ?? attempt?.status;
  const throttled = status === 429;
  return failure(
    {
      kind: throttled ? 'throttled' : 'unavailable',
      code: throttled ? 'TokenThrottled' : 'TokenUnavailable',
      why: `Microsoft Entra gave no token for ${credentialOf(
        target,
      )} (${key}): ${answerInWords(status, attempt)}`,
      correlationId,
    },
    'later',
  );
}

/** Variables by which the default chain finds an app registration, in the order in which people set them. */
const CHAIN_VARIABLES = [
  'AZURE_TENANT_ID',
  'AZURE_CLIENT_ID',
  'AZURE_CLIENT_SECRET',
  'AZURE_CLIENT_CERTIFICATE_PATH',
  'AZURE_FEDERATED_TOKEN_FILE',
];

/** Reason why a credential cannot be used here, and the next action. */
function unavailableBecause(
  attempt: TokenAttempt | undefined,
  key: string,
): string {
  switch (attempt?.kind) {
    case 'default-chain': {
      const variables = CHAIN_VARIABLES.map(
        name => `${name} (${attempt.environment[name] ? 'set' : 'not set'})`,
      );
      return `(${key}) found nothing to sign in with in the default credential chain. It looked for the variables ${variables.join(
        ', ',
      )}, for a managed identity of this machine, and for az login. Set AZURE_TENANT_ID and AZURE_CLIENT_ID with AZURE_CLIENT_SECRET in the environment of the backend, or name another kind in ${key}. See ${NETWORKS}`;
    }
    case 'managed-identity':
    case 'system-assigned-identity':
      return `cannot be used here: no managed identity answers on this machine. Run the backend on a machine of Azure that has the identity, and check the client id of ${key}, or name another kind there`;
    default:
      return `cannot be used here; check ${key} and the environment of the backend`;
  }
}

/** Answer that is no refusal by Microsoft Entra, and the next action. */
function answerInWords(
  status: number | undefined,
  attempt: TokenAttempt | undefined,
): string {
  const host = attempt?.host ?? 'its host';
  const cloud =
    attempt && attempt.host !== AZURE_CLOUDS.public.authorityHost
      ? ', and check that acrCmk.azure.cloud is the cloud of the tenant'
      : '';
  if (status === undefined) {
    return `the answer could not be understood. Check that nothing between the backend and ${host} changes it`;
  }
  if (status === 407) {
    return `the proxy wants a name and a password (407). Put them into HTTPS_PROXY, as http://name:password@proxy:port. See ${NETWORKS}`;
  }
  if (status === 429) return 'it is throttling these requests (429)';
  return status >= 500
    ? `${host}, or a proxy on the way to it, has failed (${status}). Try again in some minutes${cloud}. See ${NETWORKS}`
    : `the answer (${status}) is not that of ${host}. Check that the proxy or firewall of your network lets the backend through to it${cloud}. See ${NETWORKS}`;
}
