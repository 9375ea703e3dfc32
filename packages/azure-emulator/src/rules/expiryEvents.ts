import type { Azure } from '../azure';
import { parseDuration } from '../durations';
import { Key } from '../model';
import { DEFAULT_NOTICE_BEFORE_EXPIRY } from '../assumptions';

/** When the latest version of a key expires, and when its rotation policy says that this is near. */
function expiryTimes(key: Key): { near: number; expired: number } | undefined {
  const latest = key.versions[key.versions.length - 1];
  if (latest?.expiresAt === undefined) return undefined;
  const notice = key.rotationPolicy?.lifetimeActions.find(
    ({ action }) => action.type.toLowerCase() === 'notify',
  )?.trigger.timeBeforeExpiry;
  const before = parseDuration(notice ?? DEFAULT_NOTICE_BEFORE_EXPIRY) ?? 0;
  return { near: latest.expiresAt - before, expired: latest.expiresAt };
}

/** Only for versions that were created after somebody had subscribed to the events of the vault. */
export function nextExpiryEvent(key: Key, azure: Azure): number | undefined {
  const latest = key.versions[key.versions.length - 1];
  const times = expiryTimes(key);
  if (
    !times ||
    key.deleted ||
    !azure.store.count('eventSubscriptions') ||
    !azure.events.listenersBefore(key.vault, latest.createdAt)
  ) {
    return undefined;
  }
  const told = Math.max(key.expiryToldAt ?? 0, latest.createdAt);
  return [times.near, times.expired].find(time => time > told);
}

export function publishExpiryEvent(azure: Azure, key: Key, at: number) {
  const latest = key.versions[key.versions.length - 1];
  const isExpired = at === expiryTimes(key)?.expired;
  azure.events.keyEvent(
    key,
    latest,
    isExpired ? 'KeyExpired' : 'KeyNearExpiry',
  );
  azure.store.put('keys', { ...key, expiryToldAt: at });
}
