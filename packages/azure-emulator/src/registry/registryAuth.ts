import { registry as errors } from '../errors';
import type { RegistrySignIn } from './registrySignIn';
import { TOKEN_LIFETIME_SECONDS } from '../assumptions';
import type { Answer, Call, Route } from '../types';
import { ok } from '../http/answers';
import { optionalString, requiredString } from '../http/body';
import { hostLabel } from '../http/hosts';
import { routesOf } from '../http/route';

const registryRoute = routesOf('registry');

/** The token service of a registry: exchanges a token of Entra, and issues tokens for scopes. */
export function registryAuthRoutes(signIn: RegistrySignIn): Route[] {
  const route = (name: string, answer: Route['answer']) =>
    registryRoute(name, { kind: 'nothing' }, call => {
      checkRegistryExists(call);
      return answer(call);
    });
  return [
    route('POST /oauth2/exchange', ({ request }) => {
      const grant = requiredString(request.body.grant_type, 'grant_type');
      if (grant !== 'access_token') throw errors.unsupportedGrant(grant);
      const token = requiredString(request.body.access_token, 'access_token');
      const principal = signIn.byEntraToken(token);
      return ok({ refresh_token: signIn.refreshToken(request, principal) });
    }),
    route('POST /oauth2/token', call => issue(call, signIn)),
  ];
}

function checkRegistryExists({ azure, request }: Call) {
  const name = hostLabel(request);
  if (!azure.registriesByName.first(name)) {
    throw errors.noSuchRegistry(name);
  }
}

function issue({ request }: Call, signIn: RegistrySignIn): Answer {
  const { body } = request;
  const grant = requiredString(body.grant_type, 'grant_type');
  if (grant !== 'refresh_token') throw errors.unsupportedGrant(grant);
  const principal = signIn.byRefreshToken(
    request,
    requiredString(body.refresh_token, 'refresh_token'),
  );
  const scopes = (optionalString(body.scope, 'scope') ?? '')
    .split(' ')
    .filter(Boolean);
  return ok({
    access_token: signIn.accessToken(request, principal, scopes),
    expires_in: TOKEN_LIFETIME_SECONDS,
  });
}
