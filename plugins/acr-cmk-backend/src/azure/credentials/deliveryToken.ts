import {
  AZURE_CLOUDS,
  type AzureCloudName,
} from 'backstage-plugin-acr-cmk-common';
import { createRemoteJWKSet, jwtVerify, type JWTVerifyGetKey } from 'jose';

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
export type DeliveryVerifier = (
  token: string,
) => Promise<{ accepted: true } | { accepted: false; why: string }>;

/** Allowed difference between the clocks. Seconds. */
const CLOCK_TOLERANCE_SECONDS = 60;
/** A longer one is no token of Microsoft Entra. Characters. */
const LONGEST_TOKEN = 8_192;

/** The keys that Microsoft Entra signs with, fetched when a new one appears, at most every 30 seconds. */
export const entraKeys = (
  tenantId: string,
  cloud: AzureCloudName = 'public',
): JWTVerifyGetKey =>
  createRemoteJWKSet(
    new URL(
      `https://${AZURE_CLOUDS[cloud].authorityHost}/${tenantId}/discovery/v2.0/keys`,
    ),
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
      const { payload } = await jwtVerify(token, keys, {
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
      const { code } = error as { code?: unknown };
      return {
        accepted: false,
        why: typeof code === 'string' ? code : 'the token cannot be read',
      };
    }
  };
}
