import { AzureError } from './AzureError';
import { cleanWords } from './cleanWords';
import {
  credentialOf,
  effectOf,
  type FailedCall,
  messageFor,
} from './failedCall';

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
const TENANT =
  'Correct the tenant of {key}, and acrCmk.azure.cloud if the tenant is in another cloud';
const REQUEST =
  'Check the tenant, the client id and the kind of {key}: Microsoft Entra takes the request for malformed';
const CONSENT =
  'Have an administrator of the tenant authorize the application of {key} there';
const SUPPORT =
  'Open a support ticket at Microsoft with the correlation id; another try ends the same way';
const WAIT = 'It passes by itself; try again in some minutes';

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
    cure: 'The tenant sends Microsoft Entra too many requests; try again in some minutes',
  },
  AADSTS90090: { passes: true, cure: WAIT },
  AADSTS90091: { passes: true, cure: WAIT },
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

/** Entra gave no token: why, with the configuration key of the credential. */
export function fromAuthentication(error: Error, call: FailedCall): AzureError {
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
    const { passes = false, cure } = CODES[entra] ?? {};
    const words = cleanWords(text.slice(text.indexOf(entra)));
    return new AzureError(
      {
        kind: passes ? 'unavailable' : 'denied',
        code: entra,
        message: messageFor(
          target,
          `Microsoft Entra gives ${credentialOf(target)} (${key}) no token${
            cure
              ? `. ${cure.replaceAll('{key}', key)}. It says: `
              : '; it says: '
          }${words}`,
        ),
        correlationId,
      },
      { effect, retry: { kind: passes ? 'later' : 'no' } },
    );
  }
  const file = fileOf(error);
  if (file) {
    const [, code, path = 'it names'] = file;
    return new AzureError(
      {
        kind: 'unconfigured',
        code,
        message: messageFor(
          target,
          `the file ${path} of ${credentialOf(
            target,
          )} (${key}) cannot be read (${code})`,
        ),
      },
      { effect },
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
    { effect, retry: { kind: 'later' } },
  );
}
