import { AzureError, vault as errors } from '../errors';
import { Answer, Call, ok, requiredString } from '../http';
import { keyId } from '../ids';
import { privateJwkOf } from '../keyMaterial';
import { Key } from '../model';
import { vaultOfHost } from '../authorise';
import type { Route } from '../router';
import { keyBundle } from './keyJson';
import { checkNameIsFree, keyOf, needsKey } from './keys';

/** The content of a backup. Azure encrypts it; here it is readable. */
interface Backup {
  subscriptionId: string;
  key: Key;
  material: Record<string, string>[];
}

/** Backup of a key with all its versions, and restore into a vault of the same subscription. */
export const keyBackupRoutes: Route[] = [
  {
    service: 'vault',
    method: 'POST',
    path: '/keys/{key}/backup',
    needs: needsKey('backup', 'backup/action'),
    answer: backup,
  },
  {
    service: 'vault',
    method: 'POST',
    path: '/keys/restore',
    needs: needsKey('restore', 'restore/action'),
    answer: restore,
  },
];

async function backup(call: Call): Promise<Answer> {
  const { vault, key } = keyOf(call);
  const material = await Promise.all(
    key.versions.map(version => privateJwkOf(call.azure, key, version)),
  );
  const whole: Backup = {
    subscriptionId: vault.subscriptionId,
    key,
    material,
  };
  return ok({
    value: Buffer.from(JSON.stringify(whole)).toString('base64url'),
  });
}

function readBackup(value: string): Backup {
  try {
    const whole = JSON.parse(
      Buffer.from(value, 'base64url').toString('utf8'),
    ) as Backup;
    if (whole.key.versions.length === whole.material.length) return whole;
  } catch {
    // Anything that is not a backup gets the error below.
  }
  throw errors.badParameter('The value is not a backup of a key');
}

async function restore(call: Call): Promise<Answer> {
  const { azure, request } = call;
  const vault = vaultOfHost(call);
  const whole = readBackup(requiredString(request.body.value, 'value'));
  if (whole.subscriptionId !== vault.subscriptionId) {
    throw errors.badParameter(
      'A key can be restored in the subscription of its backup only',
    );
  }
  const { name } = whole.key;
  checkNameIsFree({ ...call, params: { key: name } }, vault);
  if (azure.key(vault.name, name)) {
    throw new AzureError(
      409,
      'Conflict',
      `Key ${name} already exists in the vault.`,
    );
  }
  const key: Key = {
    ...whole.key,
    id: keyId(vault.name, name),
    vault: vault.name,
  };
  key.versions.forEach(({ version }, index) =>
    azure.store.put('material', {
      id: `${key.id}/${version}`,
      privateJwk: whole.material[index],
    }),
  );
  azure.store.put('keys', key);
  const version = key.versions[key.versions.length - 1];
  return ok(await keyBundle(call, { vault, key, version }));
}
