import type { Call, Handler, Needs, Route, Service } from '../types';

/** Makes the routes of one service from their method and path, such as `GET /subscriptions`. */
export const routesOf =
  (service: Service) =>
  (name: string, needs: Needs, answer: Handler): Route => {
    const [method, path] = name.split(' ');
    return { service, method, path, needs, answer };
  };

export const NEEDS_TOKEN: Needs = { kind: 'token' };

export const needsAction = (
  action: string | ((call: Call) => string),
  scope?: (call: Call) => string,
): Needs => ({ kind: 'action', action, ...(scope && { scope }) });
