import { HSM_ROTATION_POLICY_ACTIONS } from '../assumptions';
import { same } from '../state/ids';
import { HsmAssignment, Vault } from '../state/model';
import { HSM_ROLES } from './hsmRoles';
import { permits } from '../access/permits';
import type { Azure } from '../types';

/** Begins every data action of a Managed HSM's own roles. */
export const HSM_ACTION = 'Microsoft.KeyVault/managedHsm';

/** Data actions of vaults that a Managed HSM calls otherwise than by `/action` at the end. */
const OTHER_NAMES: Record<string, string> = {
  'keys/create/action': 'keys/create',
  'keys/update/action': 'keys/write/action',
  'keys/delete': 'keys/delete',
  'keys/recover/action': 'keys/deletedKeys/recover/action',
  'keys/purge/action': 'keys/deletedKeys/delete',
  'keyrotationpolicies/read': HSM_ROTATION_POLICY_ACTIONS.read,
  'keyrotationpolicies/write': HSM_ROTATION_POLICY_ACTIONS.write,
};

/** Translates a data action of vaults into the name that a Managed HSM has for it; keeps its own actions. */
export function hsmAction(action: string, ofDeleted = false): string {
  if (action.startsWith(`${HSM_ACTION}/`)) return action;
  const name = action.replace(/^Microsoft\.KeyVault\/vaults\//i, '');
  if (ofDeleted && name === 'keys/read') {
    return `${HSM_ACTION}/keys/deletedKeys/read/action`;
  }
  const own = OTHER_NAMES[name] ?? name.replace(/(\/action)?$/, '/action');
  return `${HSM_ACTION}/${own}`;
}

/** Scopes are `/`, `/keys` and `/keys/{name}`. */
export function coversInHsm(outer: string, inner: string): boolean {
  return (
    outer === '/' ||
    same(outer, inner) ||
    inner.toLowerCase().startsWith(`${outer.toLowerCase()}/`)
  );
}

/** The assignments of a Managed HSM. */
export const assignmentsIn = ({ store }: Azure, hsm: Vault): HsmAssignment[] =>
  store.all('hsmAssignments').filter(each => same(each.hsm, hsm.name));

/** Whether an assignment in the HSM permits the principal to do this at the scope. */
export function permitsInHsm(
  azure: Azure,
  hsm: Vault,
  question: { principalId: string; action: string; scope: string },
): boolean {
  const { principalId, action, scope } = question;
  return assignmentsIn(azure, hsm).some(
    each =>
      same(principalId, each.principalId) &&
      coversInHsm(each.scope, scope) &&
      HSM_ROLES.some(
        ({ id, dataActions }) =>
          same(id, each.roleId) &&
          permits(
            { actions: [], notActions: [], dataActions, notDataActions: [] },
            action,
            'data',
          ),
      ),
  );
}
