import crypto from 'node:crypto';
import { seconds, unixSeconds } from '../state/durations';
import { TOKEN_LIFETIME_SECONDS } from '../assumptions';
import type { RegistryAccess, Service } from '../types';

interface TokenClaims {
  aud: string;
  tid: string;
  oid: string;
  appid: string;
  exp: number;
  /** Tokens of a registry only. */
  grant_type?: 'refresh_token' | 'access_token';
  access?: RegistryAccess[];
}

/** The secrets of the principals that can sign in, by client id in lower case. */
export type Secrets = ReadonlyMap<string, string>;

const HSM_AUDIENCE = 'https://managedhsm.azure.net';

/** The service of each audience. ARM has two names. */
const AUDIENCES: Record<string, Service> = {
  'https://management.azure.com': 'arm',
  'https://management.core.windows.net': 'arm',
  'https://vault.azure.net': 'vault',
  [HSM_AUDIENCE]: 'vault',
  'https://graph.microsoft.com': 'graph',
  'https://containerregistry.azure.net': 'registry',
};

export function serviceOfAudience(audience: string): Service | undefined {
  return AUDIENCES[audience.toLowerCase().replace(/\/+$/, '')];
}

const encode = (value: unknown) =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

/** Issues and checks access tokens. They expire by the wall clock: see TOKEN_LIFETIME_SECONDS. */
export class Tokens {
  constructor(
    private readonly secret: string,
    private readonly tenantId: string,
    private readonly wall: () => number = Date.now,
  ) {}

  issue(
    principal: { id: string; appId: string },
    audience: string,
    more: Partial<TokenClaims> = {},
  ): string {
    const issuedAt = unixSeconds(this.wall());
    const claims = {
      aud: audience,
      iss: `https://sts.windows.net/${this.tenantId}/`,
      iat: issuedAt,
      nbf: issuedAt,
      exp: issuedAt + TOKEN_LIFETIME_SECONDS,
      appid: principal.appId,
      appidacr: '1',
      idtyp: 'app',
      oid: principal.id,
      sub: principal.id,
      tid: this.tenantId,
      ver: '1.0',
      ...more,
    };
    const head = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode(claims)}`;
    return `${head}.${this.sign(head)}`;
  }

  /**
   * The claims of a valid token for the service, or the reason why it is invalid. Vaults and Managed HSMs
   * have an audience each.
   */
  check(token: string, service: Service, hsm = false): TokenClaims | string {
    return this.read(
      token,
      aud =>
        serviceOfAudience(aud) === service &&
        (service !== 'vault' || hsm === aud.startsWith(HSM_AUDIENCE)),
    );
  }

  /** Checks a token for an audience that is a host name. */
  checkFor(token: string, audience: string): TokenClaims | string {
    return this.read(token, aud => aud === audience);
  }

  private read(
    token: string,
    isAudience: (audience: string) => boolean,
  ): TokenClaims | string {
    const [header, payload, signature, ...rest] = token.split('.');
    if (!payload || !signature || rest.length) {
      return 'The access token is not a JWT.';
    }
    const right = Buffer.from(this.sign(`${header}.${payload}`));
    const given = Buffer.from(signature);
    if (
      right.length !== given.length ||
      !crypto.timingSafeEqual(right, given)
    ) {
      return 'The access token was not issued by this tenant.';
    }
    const claims = JSON.parse(
      Buffer.from(payload, 'base64url').toString('utf8'),
    ) as TokenClaims;
    if (seconds(claims.exp) <= this.wall()) {
      return 'The access token expiry UTC time has passed.';
    }
    if (!isAudience(claims.aud)) {
      return `The access token has been obtained for wrong audience or resource '${claims.aud}'.`;
    }
    return claims;
  }

  private sign(text: string): string {
    return crypto
      .createHmac('sha256', this.secret)
      .update(text)
      .digest('base64url');
  }
}
