import type { Azure } from '../azure';
import { seconds } from '../durations';
import { vault as errors } from '../errors';
import { Answer, Call, noContent, ok } from '../http';
import { keyId } from '../ids';
import { Key, Vault } from '../model';
import { vaultOfHost } from '../authorise';
import type { Route } from '../router';
import { purgeKey } from '../rules/softDelete';
import { DAY } from '../assumptions';
import { deletedFields, keyBundle, keyItem } from './keyJson';
import { keyOf, keyPage, needsKey } from './keys';

/** Deletion and recovery of keys. */
export const deletedKeyRoutes: Route[] = [
  {
    service: 'vault',
    method: 'DELETE',
    path: '/keys/{key}',
    needs: needsKey('delete', 'delete'),
    answer: remove,
  },
  {
    service: 'vault',
    method: 'GET',
    path: '/deletedkeys',
    needs: needsKey('list', 'read'),
    answer: list,
  },
  {
    service: 'vault',
    method: 'GET',
    path: '/deletedkeys/{key}',
    needs: needsKey('get', 'read'),
    answer: async call => {
      const { vault, key } = deletedKeyOf(call);
      return ok(await deletedBundle(call, vault, key));
    },
  },
  {
    service: 'vault',
    method: 'POST',
    path: '/deletedkeys/{key}/recover',
    needs: needsKey('recover', 'recover/action'),
    answer: recover,
  },
  {
    service: 'vault',
    method: 'DELETE',
    path: '/deletedkeys/{key}',
    needs: needsKey('purge', 'purge/action'),
    answer: call => {
      const { vault, key } = deletedKeyOf(call);
      if (vault.enablePurgeProtection) {
        throw errors.purgeProtected();
      }
      purgeKey(call.azure, key);
      return noContent();
    },
  },
];

/** When a deleted key shows up. */
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

async function deletedBundle(call: Call, vault: Vault, key: Key) {
  return {
    ...deletedFields(vault, key),
    ...(await keyBundle(call, { vault, key, version: latest(key) })),
  };
}

async function remove(call: Call): Promise<Answer> {
  const { azure } = call;
  const { vault, key } = keyOf(call);
  const at = azure.now();
  const { recoveredAt: _over, ...rest } = key;
  const deleted: Key = {
    ...rest,
    deleted: { at, purgeAt: at + vault.softDeleteRetentionInDays * DAY },
  };
  azure.store.put('keys', deleted);
  return ok(await deletedBundle(call, vault, deleted));
}

async function recover(call: Call): Promise<Answer> {
  const { azure } = call;
  const { vault, key } = deletedKeyOf(call);
  const { deleted: _over, ...rest } = key;
  const recovered: Key = { ...rest, recoveredAt: azure.now() };
  azure.store.put('keys', recovered);
  return ok(
    await keyBundle(call, {
      vault,
      key: recovered,
      version: latest(recovered),
    }),
  );
}

function list(call: Call): Answer {
  const { azure, request } = call;
  const vault = vaultOfHost(call);
  const items = azure.keysByVault
    .find(vault.name)
    .filter(
      ({ deleted }) => deleted && azure.now() >= visibleAt(azure, deleted),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(key => ({
      ...keyItem(
        request,
        { vault, key, version: latest(key) },
        { withVersion: false },
      ),
      ...deletedFields(vault, key),
    }));
  return keyPage(call, items);
}
