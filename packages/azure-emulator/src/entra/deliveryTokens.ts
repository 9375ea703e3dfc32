import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { unixSeconds } from '../state/durations';
import { writeAtomically } from '../state/store';
import { TOKEN_LIFETIME_SECONDS } from '../assumptions';

const generateKeyPair = promisify(crypto.generateKeyPair);
const FILE = 'signing-key.pem';

/** The application of Event Grid in every tenant of the public cloud [V]. */
const EVENT_GRID_APP_ID = '4962773b-9cdb-44cf-a8bf-237846a00ab7';
/** Its service principal in the emulated tenant. */
export const EVENT_GRID_PRINCIPAL_ID = 'bbbbbbbb-0000-4000-8000-000000000009';
const ROLE = 'AzureEventGridSecureWebhookSubscriber';

interface SigningKey {
  kid: string;
  privateKey: crypto.KeyObject;
  jwk: Record<string, unknown>;
}

const encode = (value: unknown) =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * Tokens that Event Grid sends with deliveries to an endpoint which Entra protects. The endpoint checks the signature
 * with the keys of the tenant, so they are signed as Entra signs. The key is generated when it is first needed.
 */
export class DeliveryTokens {
  private made?: Promise<SigningKey>;

  constructor(
    private readonly tenantId: string,
    private readonly directory: string,
    private readonly wall: () => number = Date.now,
  ) {}

  async issue(audience: string, version: 1 | 2): Promise<string> {
    const { kid, privateKey } = await this.key();
    const issuedAt = unixSeconds(this.wall());
    const claims = {
      aud: audience,
      iat: issuedAt,
      nbf: issuedAt,
      exp: issuedAt + TOKEN_LIFETIME_SECONDS,
      idtyp: 'app',
      oid: EVENT_GRID_PRINCIPAL_ID,
      sub: EVENT_GRID_PRINCIPAL_ID,
      tid: this.tenantId,
      roles: [ROLE],
      ...(version === 2
        ? {
            iss: `https://login.microsoftonline.com/${this.tenantId}/v2.0`,
            azp: EVENT_GRID_APP_ID,
            azpacr: '2',
            ver: '2.0',
          }
        : {
            iss: `https://sts.windows.net/${this.tenantId}/`,
            appid: EVENT_GRID_APP_ID,
            appidacr: '2',
            ver: '1.0',
          }),
    };
    const head = `${encode({
      typ: 'JWT',
      alg: 'RS256',
      kid,
      x5t: kid,
    })}.${encode(claims)}`;
    const signature = crypto.sign('sha256', Buffer.from(head), privateKey);
    return `${head}.${signature.toString('base64url')}`;
  }

  /** The public keys of the tenant, for `jwks_uri`. */
  async publicKeys(): Promise<{ keys: object[] }> {
    const { kid, jwk } = await this.key();
    return { keys: [{ ...jwk, use: 'sig', kid, x5t: kid }] };
  }

  private key(): Promise<SigningKey> {
    this.made ??= this.open();
    return this.made;
  }

  private async open(): Promise<SigningKey> {
    const file = path.join(this.directory, FILE);
    const pem = fs.existsSync(file)
      ? fs.readFileSync(file, 'utf8')
      : await makePem(file);
    const privateKey = crypto.createPrivateKey(pem);
    const jwk = crypto.createPublicKey(privateKey).export({ format: 'jwk' });
    const kid = crypto
      .createHash('sha256')
      .update(String(jwk.n))
      .digest('base64url');
    return { kid, privateKey, jwk: { ...jwk } };
  }
}

async function makePem(file: string): Promise<string> {
  const { privateKey } = await generateKeyPair('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  writeAtomically(file, privateKey);
  return privateKey;
}
