import crypto from 'node:crypto';
import type { DeliveryTokens } from './deliveryTokens';
import { entra } from '../errors';
import { Secrets, serviceOfAudience, Tokens } from './tokens';
import { TOKEN_LIFETIME_SECONDS } from '../assumptions';
import type { Answer, Call, Route } from '../types';
import { ok, origin } from '../http/answers';
import { requiredString } from '../http/body';
import { routesOf } from '../http/route';

const route = routesOf('login');
const NOTHING = { kind: 'nothing' } as const;

/** Microsoft Entra, limited to signing in with client id and secret. */
export function entraRoutes(
  tokens: Tokens,
  secrets: Secrets,
  deliveryTokens: DeliveryTokens,
): Route[] {
  return [
    route('GET /common/discovery/instance', NOTHING, discovery),
    route(
      'GET /{tenant}/v2.0/.well-known/openid-configuration',
      NOTHING,
      openId,
    ),
    // The tokens of clients are not signed by these keys: only the emulator reads those.
    route('GET /{tenant}/discovery/v2.0/keys', NOTHING, async () =>
      ok(await deliveryTokens.publicKeys()),
    ),
    route('POST /{tenant}/oauth2/v2.0/token', NOTHING, call =>
      token(call, tokens, secrets),
    ),
  ];
}

function discovery({ request, azure }: Call): Answer {
  const host = request.host;
  const aliases = [
    'login.microsoftonline.com',
    'login.windows.net',
    'login.microsoft.com',
    'sts.windows.net',
  ];
  return ok({
    tenant_discovery_endpoint: `https://${host}/${azure.settings.tenantId}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [
      {
        preferred_network: 'login.microsoftonline.com',
        preferred_cache: 'login.windows.net',
        aliases,
      },
    ],
  });
}

const EVERYBODY = ['common', 'organizations'];

function tenantOf({ azure, params }: Call): string {
  const { tenantId } = azure.settings;
  const { tenant } = params;
  if (
    tenant.toLowerCase() !== tenantId &&
    !EVERYBODY.includes(tenant.toLowerCase())
  ) {
    throw entra.noSuchTenant(tenant);
  }
  return tenantId;
}

function openId(call: Call): Answer {
  const tenant = tenantOf(call);
  const base = `${origin(call.request)}/${tenant}`;
  return ok({
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: [
      'client_secret_post',
      'client_secret_basic',
    ],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    tenant_region_scope: 'EU',
    cloud_instance_name: 'microsoftonline.com',
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: 'graph.microsoft.com',
    rbac_url: 'https://pas.windows.net',
  });
}

function token(call: Call, tokens: Tokens, secrets: Secrets): Answer {
  const { azure, request } = call;
  const tenant = tenantOf(call);
  const grant = requiredString(request.body.grant_type, 'grant_type');
  if (grant !== 'client_credentials') {
    throw entra.grantType(grant);
  }
  const { clientId, secret } = credentials(call);
  const principal = azure.principalsByAppId.first(clientId);
  const right = secrets.get(clientId.toLowerCase());
  if (!principal || right === undefined) {
    throw entra.noSuchClient(clientId, tenant);
  }
  if (!sameSecret(secret, right)) {
    throw entra.wrongSecret(clientId);
  }
  const audience = audienceOf(call);
  if (!serviceOfAudience(audience)) {
    throw entra.noSuchResource(audience, tenant);
  }
  return ok({
    token_type: 'Bearer',
    expires_in: TOKEN_LIFETIME_SECONDS,
    ext_expires_in: TOKEN_LIFETIME_SECONDS,
    access_token: tokens.issue(principal, audience),
  });
}

function credentials({ request }: Call): { clientId: string; secret: string } {
  const basic = /^basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic) {
    const [clientId, secret] = Buffer.from(basic, 'base64')
      .toString('utf8')
      .split(':')
      .map(decodeURIComponent);
    return { clientId, secret: secret ?? '' };
  }
  return {
    clientId: requiredString(request.body.client_id, 'client_id'),
    secret: requiredString(request.body.client_secret, 'client_secret'),
  };
}

/** The audience in the scope, which is `{audience}/.default`. */
function audienceOf({ request }: Call): string {
  const scope = requiredString(request.body.scope, 'scope');
  return scope.replace(/\/\.default$/, '');
}

function sameSecret(given: string, right: string): boolean {
  const digest = (text: string) =>
    crypto.createHash('sha256').update(text).digest();
  return crypto.timingSafeEqual(digest(given), digest(right));
}
