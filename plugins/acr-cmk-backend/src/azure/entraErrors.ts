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
    // 90033, 90025, 90100 and the like: failures of Entra's own that pass, and throttling.
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
      { effect, retry: { kind: passing ? 'later' : 'no' } },
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
