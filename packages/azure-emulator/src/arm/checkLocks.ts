import { arm } from '../errors';
import { covers } from '../state/ids';
import type { Azure } from '../types';

const LOCK_ACTION = /^Microsoft\.Authorization\/locks\//i;

/**
 * Management locks apply to the control plane only. A lock applies to its scope and everything below:
 * `ReadOnly` blocks writes and actions, both levels block deletions. Upwards a lock blocks only the
 * deletion of what contains the locked resource.
 *
 * `target` is the full id of what is written or deleted: the id of a role assignment, not its scope.
 */
export function checkLocks(azure: Azure, action: string, target: string) {
  const verb = /\/delete$/i.test(action) ? 'delete' : 'write';
  if (
    !azure.store.count('locks') ||
    !/\/(write|delete|action)$/i.test(action) ||
    LOCK_ACTION.test(action)
  ) {
    return;
  }
  const blocking = azure.store
    .all('locks')
    .filter(({ level, scope }) =>
      verb === 'delete'
        ? covers(scope, target) || covers(target, scope)
        : level === 'ReadOnly' && covers(scope, target),
    );
  if (blocking.length) {
    throw arm.scopeLocked(
      target,
      verb,
      blocking.map(({ scope }) => scope),
    );
  }
}
