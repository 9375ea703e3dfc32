import type { Azure } from '../azure';
import { parseDuration } from '../durations';
import { keyId, newKeyVersion } from '../ids';
import { Key, KeyVersion } from '../model';
import { expectFollowers } from './follow';

export type NewVersion = Omit<
  KeyVersion,
  'version' | 'createdAt' | 'updatedAt'
> & { version?: string };

/** The one way a key version comes into being: by create, by rotate, by policy, by a world. */
export function addVersion(
  azure: Azure,
  vault: string,
  name: string,
  wish: NewVersion,
  at: number,
): KeyVersion {
  const id = keyId(vault, name);
  const existing = azure.store.get('keys', id);
  const version: KeyVersion = {
    ...wish,
    version: wish.version ?? newKeyVersion(),
    createdAt: at,
    updatedAt: at,
  };
  azure.store.put('keys', {
    ...(existing ?? { id, vault, name }),
    versions: [...(existing?.versions ?? []), version],
  });
  expectFollowers(azure, vault, name, at);
  return version;
}

/** A new version of the same kind as the latest, with the expiry that the rotation policy asks for. */
export function rotateKey(azure: Azure, key: Key, at: number): KeyVersion {
  const latest = key.versions[key.versions.length - 1];
  const expiry = key.rotationPolicy?.attributes.expiryTime;
  const lifetime = expiry === undefined ? undefined : parseDuration(expiry);
  return addVersion(
    azure,
    key.vault,
    key.name,
    {
      kty: latest.kty,
      keySize: latest.keySize,
      crv: latest.crv,
      keyOps: latest.keyOps,
      tags: latest.tags,
      enabled: true,
      expiresAt: lifetime === undefined ? undefined : at + lifetime,
    },
    at,
  );
}
