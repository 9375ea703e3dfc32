import type {
  Consumer,
  KeyVersion,
  KeyView,
} from 'backstage-plugin-acr-cmk-common';

/** What a version is at one moment; every shape on the picture stands for one of these. */
export type VersionStatus = 'enabled' | 'disabled' | 'expired' | 'not-yet';

export interface TimelineVersion extends KeyVersion {
  status: VersionStatus;
  /** Place on the axis, 0 to 100. */
  at: number;
  /** Names of the other registries that use it. */
  others: string[];
  inUse: boolean;
  latest: boolean;
}

export interface Timeline {
  /** Oldest first. */
  versions: TimelineVersion[];
  inUse?: TimelineVersion;
  latest?: TimelineVersion;
  /** Versions that are newer than the one in use. */
  newer: number;
  now: number;
  /** Place where the version in use expires, when that is on the picture. */
  expires?: number;
  /** First and last moment on the axis. Epoch milliseconds. */
  from: number;
  to: number;
}

/** Free space on both sides of the axis, in percent, so that markers are not cut off. */
const MARGIN = 3;
/** An expiry further away than this share of the axis would squeeze the past, so it is left out. */
const LONGEST_FUTURE = 0.5;
const HOUR_MS = 3_600_000;

/** Where everything goes on the axis of time. */
export function timelineOf(
  key: KeyView,
  consumers: readonly Consumer[],
  now: number,
): Timeline {
  const versions = [...key.versions].sort(
    (a, b) => Date.parse(a.created) - Date.parse(b.created),
  );
  const inUseId = key.versionInUse?.toLowerCase();
  const from = versions.length > 0 ? Date.parse(versions[0].created) : now;
  // One hour at least: a key that was made this minute has a picture, too.
  const past = Math.max(now - from, HOUR_MS);
  const expiry = versions.find(v => v.version === inUseId)?.expires;
  const expiresAt = expiry ? Date.parse(expiry) : undefined;
  const shown =
    expiresAt !== undefined && expiresAt - now <= past * LONGEST_FUTURE;
  const to = Math.max(from + past, shown ? expiresAt : 0);

  const place = (time: number) =>
    MARGIN + ((time - from) / (to - from)) * (100 - 2 * MARGIN);
  const placed = versions.map(
    (version): TimelineVersion => ({
      ...version,
      status: statusOf(version, now),
      at: place(Date.parse(version.created)),
      others: consumers
        .filter(
          ({ self, versionInUse }) =>
            !self && versionInUse?.toLowerCase() === version.version,
        )
        .map(({ registryName }) => registryName),
      inUse: version.version === inUseId,
      latest: version.version === key.latestVersion,
    }),
  );
  const usedIndex = placed.findIndex(({ inUse }) => inUse);
  return {
    versions: placed,
    inUse: placed[usedIndex],
    latest: placed.find(({ latest }) => latest),
    newer: usedIndex < 0 ? 0 : placed.length - 1 - usedIndex,
    now: place(now),
    expires: shown ? place(expiresAt) : undefined,
    from,
    to,
  };
}

function statusOf(version: KeyVersion, now: number): VersionStatus {
  if (!version.enabled) return 'disabled';
  if (version.expires && Date.parse(version.expires) <= now) return 'expired';
  if (version.notBefore && Date.parse(version.notBefore) > now)
    return 'not-yet';
  return 'enabled';
}
