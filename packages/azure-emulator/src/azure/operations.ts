import { ok } from '../http';
import type { Route } from '../router';

/** Actions that no route checks, because every caller may query what it can read. */
const UNCHECKED = ['Microsoft.ResourceGraph/resources/read'];

const PROVIDERS = [
  'Microsoft.Authorization',
  'Microsoft.ContainerRegistry',
  'Microsoft.EventGrid',
  'Microsoft.KeyVault',
  'Microsoft.ManagedIdentity',
  'Microsoft.Management',
  'Microsoft.ResourceGraph',
  'Microsoft.Resources',
];

/** The list of operations of each provider: the actions that the routes need. */
export function operationRoutes(routes: Route[]): Route[] {
  const actions = new Map(UNCHECKED.map(action => [action, false]));
  for (const { needs } of routes) {
    if (needs.kind === 'action' || needs.kind === 'key') {
      actions.set(needs.action, needs.kind === 'key');
    }
  }
  return PROVIDERS.map(provider => {
    const value = [...actions]
      .filter(([action]) => action.startsWith(`${provider}/`))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([action, isDataAction]) => operationJson(action, isDataAction));
    return {
      service: 'arm',
      method: 'GET',
      path: `/providers/${provider}/operations`,
      needs: { kind: 'token' },
      answer: () => ok({ value }),
    };
  });
}

function operationJson(name: string, isDataAction: boolean) {
  const [provider, ...path] = name.split('/');
  const verb = path.pop()!;
  const isAction = verb === 'action';
  const operation = isAction ? path.pop()! : verb;
  const resource = path.join('/');
  return {
    name,
    isDataAction,
    origin: 'user,system',
    display: {
      provider,
      resource,
      operation,
      description: `${operation} on ${resource}`,
    },
  };
}
