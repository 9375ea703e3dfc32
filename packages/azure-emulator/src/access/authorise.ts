import { readableRegistry } from '../registry/registryDataPlane';
import {
  arm,
  hsm as hsmErrors,
  registry as registryErrors,
  vault as vaultErrors,
} from '../errors';
import { hsmName } from '../state/ids';
import type { Vault } from '../state/model';
import { mayPull } from '../registry/registrySignIn';
import { mayUseKey, permitsByRole } from './roleAccess';
import { hsmAction, permitsInHsm } from '../hsm/hsmAccess';
import { ConditionRequest } from './conditions';
import { checkLocks } from '../arm/checkLocks';
import { addressOf, isListed } from './addresses';
import type { Call, RegistryAccess, Route } from '../types';
import { hostLabel, isForHsm } from '../http/hosts';

/** Checks that the caller may use the route; throws Azure's error otherwise. */
export function authorise(call: Call, route: Route) {
  const { needs } = route;
  switch (needs.kind) {
    case 'nothing':
    case 'token':
      return;
    case 'action': {
      const action =
        typeof needs.action === 'string' ? needs.action : needs.action(call);
      const scope = needs.scope ? needs.scope(call) : call.request.path;
      requireAction(call, { action, scope });
      checkLocks(call.azure, action, call.request.path);
      return;
    }
    case 'key':
      requireKeyPermission(call, needs);
      return;
    case 'registry':
      requireRegistryAccess(call, needs.access);
      return;
    default:
      throw new Error(`No rule to authorise ${needs satisfies never}`);
  }
}

/** An action of the control plane at a scope. */
interface ScopedAction {
  action: string;
  scope: string;
  /** Input of the conditions of role assignments. */
  request?: ConditionRequest;
}

/** Throws `AuthorizationFailed` unless the caller may do this at the scope. */
export function requireAction(
  { azure, caller }: Call,
  { action, scope, request }: ScopedAction,
) {
  if (!mayDo({ azure, caller }, { action, scope, request })) {
    // Azure tells every caller that there is no such subscription.
    const [subscription, id] = /^\/subscriptions\/([^/]+)/i.exec(scope) ?? [];
    if (subscription && !azure.store.get('subscriptions', subscription)) {
      throw arm.subscriptionNotFound(id);
    }
    throw arm.authorizationFailed(caller, action, scope);
  }
}

export function mayDo(
  { azure, caller }: Pick<Call, 'azure' | 'caller'>,
  { action, scope, request }: ScopedAction,
): boolean {
  return (
    caller.admin === true ||
    permitsByRole(azure, {
      principalId: caller.id,
      action,
      scope,
      plane: 'control',
      request,
    })
  );
}

/** The vault behind the host of a data-plane request. */
export function vaultOfHost(call: Call): Vault {
  const label = hostLabel(call.request);
  const name = isForHsm(call.request) ? hsmName(label) : label;
  const vault = call.azure.vault(name);
  if (!vault) {
    // In Azure the host name would not resolve; here the proxy has already accepted it.
    throw arm.notFound(`There is no key vault ${name}.`);
  }
  return vault;
}

function requireKeyPermission(
  call: Call,
  permission: { policy: string; action: string },
) {
  const { azure, caller, params } = call;
  const vault = vaultOfHost(call);
  checkFirewall(call, vault);
  if (vault.hsm) {
    requireInHsm(call, vault, permission.action);
    return;
  }
  const user = { principalId: caller.id, keyName: params.key };
  if (caller.admin || mayUseKey(azure, { ...user, vault }, permission)) {
    return;
  }
  throw vault.enableRbacAuthorization
    ? vaultErrors.noRole(refusedBy(call, vault), {
        action: permission.action,
        resource: `${vault.id.toLowerCase()}${
          params.key ? `/keys/${params.key}` : ''
        }`,
      })
    : vaultErrors.noPolicy(refusedBy(call, vault), permission.policy);
}

function refusedBy({ azure, caller }: Call, { name, location }: Vault) {
  return { caller, tenant: azure.settings.tenantId, name, location };
}

/** Requires one of the HSM's own roles. */
function requireInHsm(call: Call, hsm: Vault, needed: string) {
  const { azure, caller, params, request } = call;
  const action = hsmAction(needed, /^\/deletedkeys(\/|$)/i.test(request.path));
  const scope = params.scope ?? (params.key ? `/keys/${params.key}` : '/keys');
  const question = { principalId: caller.id, action, scope };
  if (caller.admin || permitsInHsm(azure, hsm, question)) return;
  throw hsmErrors.notAuthorized(action, scope);
}

/** Requires a token for the scope of a request, or credentials of a principal that may pull. */
function requireRegistryAccess(call: Call, access: string) {
  const { azure, caller, params, request, registryAccess } = call;
  const registry = azure.assumptions.revokedRegistryRefusesSignIn
    ? readableRegistry(call)
    : undefined;
  const scope = registryScope(access, params.repository);
  const host = request.host.replace(/:\d+$/, '');
  if (!caller.id && !registryAccess) {
    throw registryErrors.unauthorized(host, scope);
  }
  const allowed = registryAccess
    ? access === 'ping' || hasScope(registryAccess, scope)
    : mayPull(azure, registry ?? readableRegistry(call), caller);
  if (!allowed) {
    throw registryErrors.insufficientScope(host, scope ?? '');
  }
  readableRegistry(call);
}

function registryScope(access: string, repository: string) {
  switch (access) {
    case 'ping':
      return undefined;
    case 'catalog':
      return 'registry:catalog:*';
    default:
      return `repository:${repository}:${access}`;
  }
}

function hasScope(granted: RegistryAccess[], scope: string | undefined) {
  return granted.some(({ type, name, actions }) =>
    actions.some(
      action =>
        scope === `${type}:${name}:${action}` ||
        (action === '*' && scope?.startsWith(`${type}:${name}:`)),
    ),
  );
}

/** The firewall checks the address of a request, not its principal: admin is refused as well. */
function checkFirewall(call: Call, vault: Vault) {
  if (vault.publicNetworkAccess.toLowerCase() === 'disabled') {
    throw vaultErrors.noPublicAccess(refusedBy(call, vault));
  }
  const acls = vault.networkAcls;
  const address = addressOf(call.request);
  if (
    acls?.defaultAction.toLowerCase() === 'deny' &&
    !isListed(address, acls.ipRules)
  ) {
    throw vaultErrors.firewall(refusedBy(call, vault), address);
  }
}
