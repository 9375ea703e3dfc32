import type { Request, Route } from '../types';

/** The name of a route in the request log. */
export const nameOfRoute = ({ service, method, path }: Route) =>
  `${service} ${method} ${path}`;

export interface Found {
  route: Route;
  params: Record<string, string>;
}

const SCOPE = '{scope*}';

interface Compiled {
  route: Route;
  segments: string[];
  anyScope: boolean;
}

const split = (path: string) => path.split('/').filter(Boolean);

const rank = ({ segments, anyScope }: Compiled) =>
  (anyScope ? 100 : 0) +
  segments.filter(segment => segment.startsWith('{')).length;

/** Finds the route of a request. Paths are compared without case; literal segments win over parameters. */
export class Router {
  private readonly routes = new Map<string, Compiled[]>();

  constructor(routes: Route[]) {
    for (const route of routes) {
      const anyScope = route.path.startsWith(SCOPE);
      const segments = split(
        anyScope ? route.path.slice(SCOPE.length) : route.path,
      );
      const key = `${route.service} ${route.method}`;
      const list = this.routes.get(key) ?? [];
      list.push({ route, segments, anyScope });
      this.routes.set(key, list);
    }
    for (const list of this.routes.values()) {
      list.sort((a, b) => rank(a) - rank(b));
    }
  }

  find(
    request: Pick<Request, 'service' | 'method' | 'path'>,
  ): Found | undefined {
    const segments = split(request.path);
    const key = `${request.service} ${request.method}`;
    for (const compiled of this.routes.get(key) ?? []) {
      const params = match(compiled, segments);
      if (params) {
        return { route: compiled.route, params };
      }
    }
    return undefined;
  }
}

function match(
  { segments, anyScope }: Compiled,
  actual: string[],
): Record<string, string> | undefined {
  const skipped = actual.length - segments.length;
  if (anyScope ? skipped < 0 : skipped !== 0) {
    return undefined;
  }
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = actual[skipped + index];
    if (segment.startsWith('{')) {
      params[segment.slice(1, -1)] = value;
    } else if (segment.toLowerCase() !== value.toLowerCase()) {
      return undefined;
    }
  }
  if (anyScope) {
    params.scope = `/${actual.slice(0, skipped).join('/')}`;
  }
  return params;
}
