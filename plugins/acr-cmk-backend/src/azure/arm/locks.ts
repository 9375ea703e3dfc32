import { isAtOrAbove, scopeOf } from '../armIds';
import { read } from '../transport/call';
import type { AzureClients } from '../client';
import { withoutDuplicates } from '../transport/pipeline';
import type { LockFacts, LocksPort } from '../ports';

const API_VERSION = '2020-05-01';
const LOCKS = '/providers/Microsoft.Authorization/locks';

/**
 * The scopes whose locks hold at `scope`: itself, its resource group, its subscription. A resource's
 * own list does not show those above it for certain, so each is asked.
 */
export function lockScopes(scope: string): string[] {
  const segments = scope.split('/');
  return [3, 5, segments.length]
    .filter(
      (length, index, all) =>
        length <= segments.length && all.indexOf(length) === index,
    )
    .map(length => segments.slice(0, length).join('/'));
}

/** A lock of ARM as facts. It stands at its id without the end. */
export function toLockFacts(lock: any): LockFacts {
  const id: string = lock?.id ?? '';
  const end = id.toLowerCase().lastIndexOf(LOCKS.toLowerCase());
  const level = lock?.properties?.level;
  if (end < 0 || !level) throw new Error('The answer is not a lock');
  return {
    id,
    name: lock.name ?? '',
    // A level that is new to us is taken for the stricter one.
    level: level === 'CanNotDelete' ? 'CanNotDelete' : 'ReadOnly',
    scope: id.slice(0, end),
    ...(lock.properties.notes ? { notes: `${lock.properties.notes}` } : {}),
  };
}

export function createLocks(clients: AzureClients): LocksPort {
  const readAt = (
    scopeText: string,
    list: (scope: string) => Promise<LockFacts[]>,
  ) =>
    read(
      {
        doing: 'list the management locks',
        scope: scopeText,
        action: 'Microsoft.Authorization/locks/read',
        role: 'Reader',
        credential: 'read',
      },
      clients.limits,
      () => list(scopeOf(scopeText)),
    );
  const listAt = async (scope: string) =>
    (
      await clients.list(
        'read',
        clients.armUrl(`${scope}${LOCKS}`, API_VERSION),
      )
    ).map(toLockFacts);
  return {
    list: scopeText =>
      readAt(scopeText, async scope => {
        const found: LockFacts[] = [];
        for (const each of lockScopes(scope)) {
          found.push(...(await listAt(each)));
        }
        return withoutDuplicates(found, lock => lock.id).filter(lock =>
          isAtOrAbove(lock.scope, scope),
        );
      }),
    listAll: subscriptionId =>
      readAt(`/subscriptions/${subscriptionId}`, listAt),
  };
}
