import { seconds } from '../state/durations';
import { keyId, parseKeyUri } from '../state/ids';
import { Registry, RegistryEncryption } from '../state/model';
import {
  newestUsable,
  reachOfVersionInUse,
  registryReaches,
} from './registryKey';
import type { Azure } from '../types';

/** Whether the key identifier is versionless, so that the registry follows new versions automatically. */
export function isAutomatic(encryption: RegistryEncryption): boolean {
  const uri = parseKeyUri(encryption.keyIdentifier);
  return uri !== undefined && uri.version === undefined;
}

const followDelayMs = (azure: Azure) =>
  seconds(azure.assumptions.followDelaySeconds);

/** After a new key version: schedules the automatic registries that use the key to follow it. */
export function scheduleFollowers(
  azure: Azure,
  { vault, name }: { vault: string; name: string },
  createdAt: number,
) {
  const due = createdAt + followDelayMs(azure);
  for (const registry of azure.registriesByKey.find(keyId(vault, name))) {
    const { encryption } = registry;
    if (encryption && isAutomatic(encryption) && !encryption.stalled) {
      const nextFollowAt = Math.min(encryption.nextFollowAt ?? due, due);
      azure.store.put('registries', {
        ...registry,
        encryption: { ...encryption, nextFollowAt },
      });
    }
  }
}

/** Time when a registry next checks for a newer version; undefined when it uses the newest one. */
export function nextFollowTime(
  azure: Azure,
  encryption: RegistryEncryption,
  at: number,
): number | undefined {
  const newer = newerVersions(azure, encryption);
  if (!newer.length || encryption.stalled) {
    return undefined;
  }
  const upcoming = newer
    .map(version => version.createdAt + followDelayMs(azure))
    .filter(due => due > at);
  return Math.min(
    at + seconds(azure.assumptions.followRetrySeconds),
    ...upcoming,
  );
}

function newerVersions(azure: Azure, encryption: RegistryEncryption) {
  const uri = parseKeyUri(encryption.keyIdentifier);
  if (!uri || uri.version) {
    return [];
  }
  const versions = azure.key(uri.vault, uri.name)?.versions ?? [];
  const current = versions.findIndex(
    ({ version }) => version === encryption.versionInUse,
  );
  return versions.slice(current + 1);
}

/** Moves the registry to the newest version that is old enough, if the registry can access it. */
export function followKey(azure: Azure, registry: Registry, at: number) {
  const encryption = registry.encryption!;
  const uri = parseKeyUri(encryption.keyIdentifier)!;
  const target = newestUsable(
    newerVersions(azure, encryption).filter(
      version => version.createdAt + followDelayMs(azure) <= at,
    ),
    at,
  );
  const moves =
    target !== undefined &&
    reachOfVersionInUse(azure, registry).reaches &&
    registryReaches(
      azure,
      { registry, encryption, uri: { ...uri, version: target.version } },
      'rewrap',
    ).reaches;
  const next: RegistryEncryption = moves
    ? {
        ...encryption,
        versionInUse: target.version,
        lastRotatedAt: at,
        beforeFollow: {
          versionInUse: encryption.versionInUse,
          lastRotatedAt: encryption.lastRotatedAt,
        },
      }
    : encryption;
  azure.store.put('registries', {
    ...registry,
    encryption: { ...next, nextFollowAt: nextFollowTime(azure, next, at) },
  });
}
