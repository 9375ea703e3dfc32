import type { Azure } from '../azure';
import { arm } from '../errors';
import { covers } from './access';

/**
 * Locks stop the control plane: `ReadOnly` stops every write, `CanNotDelete` stops deletions at its
 * scope, above it (the group of a locked vault) and below it (a role assignment on that vault).
 * The data plane does not ask.
 */
export function checkLocks(azure: Azure, action: string, scope: string) {
  const verb = /\/delete$/i.test(action) ? 'delete' : 'write';
  if (
    !azure.store.count('locks') ||
    !/\/(write|delete|action)$/i.test(action) ||
    /^Microsoft\.Authorization\/locks\//i.test(action)
  ) {
    return;
  }
  const lock = azure.store
    .all('locks')
    .find(
      ({ level, scope: locked }) =>
        (covers(locked, scope) ||
          (verb === 'delete' && covers(scope, locked))) &&
        (level === 'ReadOnly' || verb === 'delete'),
    );
  if (lock) {
    throw arm.scopeLocked(scope, verb, lock.scope);
  }
}
