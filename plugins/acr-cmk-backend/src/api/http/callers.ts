import type {
  BackstageCredentials,
  BackstageUserPrincipal,
  HttpAuthService,
} from '@backstage/backend-plugin-api';
import { ORIGIN_HEADER } from 'backstage-plugin-acr-cmk-common';
import type { Request, Response, Router } from 'express';

/** Query of a request, as `requestValidation` has checked it. */
export type Query = Record<string, string | undefined>;

/** A request of a signed-in caller. */
interface Call {
  req: Request;
  res: Response;
  params: Record<string, string>;
  query: Query;
  credentials: BackstageCredentials;
}

/** A request of a person. */
export interface PersonsCall extends Call {
  credentials: BackstageCredentials<BackstageUserPrincipal>;
  /** The person as services record them: programs ask, and people agree. */
  caller: {
    credentials: BackstageCredentials<BackstageUserPrincipal>;
    origin: 'program' | 'person';
    http: Request;
  };
}

type Handler<C> = (call: C) => Promise<unknown>;

/** Adds routes, each of which sends the answer of its handler as JSON. */
interface Routes<C> {
  get(path: string, handler: Handler<C>): void;
  post(path: string, handler: Handler<C>): void;
}

/** Routes by the callers who may use them: `anyone` who has signed in, services included, or `people` alone. */
export function routesByCaller(
  router: Router,
  httpAuth: HttpAuthService,
): { anyone: Routes<Call>; people: Routes<PersonsCall> } {
  return {
    anyone: routes(router, async req => ({
      credentials: await httpAuth.credentials(req),
    })),
    people: routes(router, async req => {
      const credentials = await httpAuth.credentials(req, { allow: ['user'] });
      const origin = originOf(credentials, req);
      return { credentials, caller: { credentials, origin, http: req } };
    }),
  };
}

function routes<Who extends object>(
  router: Router,
  authenticate: (req: Request) => Promise<Who>,
) {
  const add =
    (method: 'get' | 'post') =>
    (path: string, handler: Handler<Omit<Call, 'credentials'> & Who>): void => {
      router[method](path, async (req, res) => {
        const { params } = req;
        const query = req.query as Query;
        const who = await authenticate(req);
        res.json(await handler({ req, res, params, query, ...who }));
      });
    };
  return { get: add('get'), post: add('post') };
}

/**
 * A token that a plugin got for a person, such as the scaffolder's, names that plugin. The client of
 * the scaffolder's module says it as well.
 */
function originOf(
  { principal }: BackstageCredentials<BackstageUserPrincipal>,
  req: Request,
): 'program' | 'person' {
  return principal.actor || req.header(ORIGIN_HEADER) === 'program'
    ? 'program'
    : 'person';
}
