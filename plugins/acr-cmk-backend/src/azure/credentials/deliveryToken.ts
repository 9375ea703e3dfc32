import {
  AZURE_CLOUDS,
  type AzureCloudName,
} from 'backstage-plugin-acr-cmk-common';
import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  jwtVerify,
  type JWTVerifyGetKey,
} from 'jose';
import { sendPlain } from '../transport/send';

/** Claims required in the token of a delivery. */
export interface ExpectedDelivery {
  tenantId: string;
  audience: string;
  /** Object id of the principal that delivers. */
  principalId: string;
  /** Cloud whose Microsoft Entra signs the token. Default: the public cloud. */
  cloud?: AzureCloudName;
}

/** Is this the token of a delivery? Says why not in words for our log, never to the caller. */
export type DeliveryVerifier = (token: string) => Promise<
  | { accepted: true }
  | {
      accepted: false;
      why: string;
      /** Nobody could tell, because the signing keys cannot be fetched: the delivery may be right. */
      undecided?: true;
    }
>;

/** Allowed difference between the clocks. Seconds. */
const CLOCK_TOLERANCE_SECONDS = 60;
/** A longer one is no token of Microsoft Entra. Characters. */
const LONGEST_TOKEN = 8_192;

/** The signing keys cannot be fetched. */
class KeysUnreachable extends Error {}

/** Errors of a set of keys that was fetched: they are about the token. */
const OF_TOKEN: readonly string[] = [
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code,
  errors.JOSENotSupported.code,
];

function orUnreachable(keys: JWTVerifyGetKey): JWTVerifyGetKey {
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JOSEError && OF_TOKEN.includes(error.code)) {
        throw error;
      }
      throw new KeysUnreachable(
        error instanceof Error ? error.message : String(error),
      );
    }
  };
}

/** Fetches keys through the proxy of the environment, as calls to Azure do; Node's own `fetch` does not. */
const fetchKeys: FetchImplementation = async (url, { headers, signal }) => {
  const { status, body } = await sendPlain({
    url,
    headers: Object.fromEntries(headers),
    signal,
    readsBodyOf: [200],
  });
  return new Response(body ?? '', { status });
};

/** The keys that Microsoft Entra signs with, fetched when a new one appears, at most every 30 seconds. */
export const entraKeys = (
  tenantId: string,
  cloud: AzureCloudName = 'public',
): JWTVerifyGetKey =>
  createRemoteJWKSet(
    new URL(
      `https://${AZURE_CLOUDS[cloud].authorityHost}/${tenantId}/discovery/v2.0/keys`,
    ),
    { [customFetch]: fetchKeys },
  );

/**
 * Checks the token that Event Grid sends with a delivery: signed by Microsoft Entra, of the tenant, for
 * the audience, of the one principal.
 *
 * @param now - our clock, epoch milliseconds
 */
export function createDeliveryVerifier(
  { tenantId, audience, principalId, cloud = 'public' }: ExpectedDelivery,
  keys: JWTVerifyGetKey,
  now: () => number,
): DeliveryVerifier {
  return async token => {
    if (token.length > LONGEST_TOKEN) {
      return { accepted: false, why: 'the token is too long' };
    }
    try {
      const { payload } = await jwtVerify(token, orUnreachable(keys), {
        algorithms: ['RS256'],
        issuer: [
          `https://sts.windows.net/${tenantId}/`,
          `https://${AZURE_CLOUDS[cloud].authorityHost}/${tenantId}/v2.0`,
        ],
        audience: [audience, audience.replace(/^api:\/\//, '')],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'oid', 'tid'],
        currentDate: new Date(now()),
      });
      if (payload.tid !== tenantId) {
        return { accepted: false, why: 'the token is of another tenant' };
      }
      if (String(payload.oid).toLowerCase() !== principalId) {
        return { accepted: false, why: 'the token is of another principal' };
      }
      return { accepted: true };
    } catch (error) {
      if (error instanceof KeysUnreachable) {
        return {
          accepted: false,
          why: `the signing keys of Microsoft Entra cannot be fetched: ${error.message}`,
          undecided: true,
        };
      }
      const { code } = error as { code?: unknown };
      return {
        accepted: false,
        why: typeof code === 'string' ? code : 'the token cannot be read',
      };
    }
  };
}
