import { seconds, unixSeconds } from '../state/durations';
import { vault as errors } from '../errors';
import { keyId, same, vaultUri } from '../state/ids';
import { Key, Vault } from '../state/model';
import { vaultOfHost } from '../access/authorise';
import { DAY } from '../assumptions';
import { keyBundle } from './keyJson';
import { keyOf, needsKey } from './keys';
import type { Answer, Azure, Call, Route } from '../types';
import { ok } from '../http/answers';
import { routesOf } from '../http/route';

const route = routesOf('vault');

/** Deletion and recovery of keys. */
export const deletedKeyRoutes: Route[] = [
  route('DELETE /keys/{key}', needsKey('delete', 'delete'), remove),
  route('GET /deletedkeys/{key}', needsKey('get', 'read'), call => {
    const { vault, key } = deletedKeyOf(call);
    return ok(deletedBundle(call, vault, key));
  }),
  route(
    'POST /deletedkeys/{key}/recover',
    needsKey('recover', 'recover/action'),
    recover,
  ),
];

/** The time from which a deleted key shows up. */
const visibleAt = ({ assumptions }: Azure, { at }: { at: number }) =>
  at + seconds(assumptions.deletedKeyDelaySeconds);

/** A deleted key shows up only after a few seconds. */
function deletedKeyOf(call: Call): { vault: Vault; key: Key } {
  const { azure, params } = call;
  const vault = vaultOfHost(call);
  const key = azure.store.get('keys', keyId(vault.name, params.key));
  if (!key?.deleted) {
    throw errors.deletedKeyNotFound(params.key);
  }
  if (azure.now() < visibleAt(azure, key.deleted)) {
    throw call.request.method === 'GET'
      ? errors.deletedKeyNotFound(params.key)
      : errors.isBeingDeleted(key.name);
  }
  return { vault, key };
}

const latest = ({ versions }: Key) => versions[versions.length - 1];

function deletedBundle(call: Call, vault: Vault, key: Key) {
  return {
    recoveryId: `${vaultUri(vault.name)}/deletedkeys/${key.name}`,
    deletedDate: unixSeconds(key.deleted!.at),
    scheduledPurgeDate: unixSeconds(key.deleted!.purgeAt),
    ...keyBundle(call, { vault, key, version: latest(key) }),
  };
}

function remove(call: Call): Answer {
  const { azure } = call;
  const { vault, key } = keyOf(call);
  const at = azure.now();
  const { recoveredAt: _over, ...rest } = key;
  const deleted: Key = {
    ...rest,
    deleted: { at, purgeAt: at + vault.softDeleteRetentionInDays * DAY },
  };
  azure.store.put('keys', deleted);
  return ok(deletedBundle(call, vault, deleted));
}

function recover(call: Call): Answer {
  const { azure } = call;
  const { vault, key } = deletedKeyOf(call);
  const { deleted: _over, ...rest } = key;
  const recovered: Key = { ...rest, recoveredAt: azure.now() };
  if (!azure.assumptions.recoveredKeyKeepsRoles) {
    const scope = `${vault.id}/keys/${key.name}`;
    azure.store
      .all('roleAssignments')
      .filter(assignment => same(assignment.scope, scope))
      .forEach(({ id }) => azure.store.remove('roleAssignments', id));
  }
  azure.store.put('keys', recovered);
  return ok(
    keyBundle(call, {
      vault,
      key: recovered,
      version: latest(recovered),
    }),
  );
}
