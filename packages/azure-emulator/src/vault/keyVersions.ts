import { parseDuration } from '../state/durations';
import { keyId, newKeyVersion } from '../state/ids';
import { Key, KeyVersion } from '../state/model';
import { scheduleFollowers } from '../registry/follow';
import type { Azure } from '../types';

type NewVersion = Omit<KeyVersion, 'version' | 'createdAt' | 'updatedAt'> & {
  version?: string;
};

/** Adds a key version. Used by create, rotate, rotation policies and worlds. */
export function addVersion(
  azure: Azure,
  { vault, name, at }: { vault: string; name: string; at: number },
  desired: NewVersion,
): KeyVersion {
  const id = keyId(vault, name);
  const existing = azure.store.get('keys', id);
  const version: KeyVersion = {
    ...desired,
    version: desired.version ?? newKeyVersion(),
    createdAt: at,
    updatedAt: at,
  };
  azure.store.put('keys', {
    ...(existing ?? { id, vault, name }),
    versions: [...(existing?.versions ?? []), version],
  });
  scheduleFollowers(azure, { vault, name }, at);
  return version;
}

/** A new version of the same kind as the latest, with the expiry that the rotation policy sets. */
export function rotateKey(azure: Azure, key: Key, at: number): KeyVersion {
  const latest = key.versions[key.versions.length - 1];
  const expiry = key.rotationPolicy?.attributes.expiryTime;
  const lifetime = expiry === undefined ? undefined : parseDuration(expiry);
  return addVersion(
    azure,
    { vault: key.vault, name: key.name, at },
    {
      kty: latest.kty,
      keySize: latest.keySize,
      crv: latest.crv,
      keyOps: latest.keyOps,
      tags: latest.tags,
      enabled: true,
      expiresAt: lifetime === undefined ? undefined : at + lifetime,
    },
  );
}
