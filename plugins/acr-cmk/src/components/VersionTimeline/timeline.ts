import type {
  Consumer,
  KeyVersion,
  KeyView,
} from 'backstage-plugin-acr-cmk-common';

/** Status of a version at one moment; each has its own shape in the chart. */
export const VERSION_STATUSES = [
  'enabled',
  'disabled',
  'expired',
  'not-yet',
] as const;

export type VersionStatus = (typeof VERSION_STATUSES)[number];

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
  /** Number of versions that are newer than the one in use. */
  newer: number;
  /** The versions of other registries; neighbours share a group, so that labels do not overlap. */
  others: OthersGroup[];
  now: number;
  /** Place where the version in use expires, when that is on the axis. */
  expires?: number;
  /** First and last moment on the axis. Epoch milliseconds. */
  from: number;
  to: number;
}

export interface OthersGroup {
  /** Places on the axis, from left to right. */
  places: number[];
  names: string[];
}

/** Width of a label, in percent of the axis, where it is wide or narrow. Closer markers share one. */
export const LABEL_SPACING = { wide: 16, narrow: 45 } as const;
/** Free space on both sides of the axis, in percent, so that markers are not cut off. */
const MARGIN = 3;
/** An expiry further away than this share of the axis would squeeze the past, so it is left out. */
const LONGEST_FUTURE = 0.5;
const HOUR_MS = 3_600_000;

/** Computes where everything is on the axis of time. */
export function timelineOf(
  key: KeyView,
  consumers: readonly Consumer[],
  {
    now,
    labelSpacing = LABEL_SPACING.wide,
  }: {
    /** Epoch milliseconds. */
    now: number;
    /** Percent of the axis. Default: as on a wide screen. */
    labelSpacing?: number;
  },
): Timeline {
  const versions = [...key.versions].sort(
    (a, b) => Date.parse(a.created) - Date.parse(b.created),
  );
  const inUseId = key.versionInUse?.toLowerCase();
  const first = versions.length > 0 ? Date.parse(versions[0].created) : now;
  // One hour at least, so that the dot of a new key is not drawn on the line of the present.
  const past = Math.max(now - first, HOUR_MS);
  const from = now - past;
  const expiry = versions.find(v => v.version === inUseId)?.expires;
  const expiresAt = expiry ? Date.parse(expiry) : undefined;
  const shown =
    expiresAt !== undefined && expiresAt - now <= past * LONGEST_FUTURE;
  // An expiry may have passed.
  const to = shown ? Math.max(expiresAt, now) : now;

  const place = (time: number) =>
    MARGIN +
    // The clock of the vault may be ahead of the viewer's.
    ((Math.min(time, to) - from) / (to - from)) * (100 - 2 * MARGIN);
  const placed = versions.map((version): TimelineVersion => ({
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
  }));
  const usedIndex = placed.findIndex(({ inUse }) => inUse);
  const latestIndex = placed.findIndex(({ latest }) => latest);
  return {
    versions: placed,
    inUse: placed[usedIndex],
    latest: placed[latestIndex],
    newer:
      usedIndex < 0
        ? 0
        : placed
            .slice(usedIndex + 1, latestIndex + 1)
            .filter(({ enabled }) => enabled).length,
    others: groupsOf(placed, labelSpacing),
    now: place(now),
    expires: shown ? place(expiresAt) : undefined,
    from,
    to,
  };
}

/** Alignment of a label: it begins at its place, ends there, or is centred on it. */
export type LabelAnchor = 'start' | 'middle' | 'end';

/**
 * Keeps a label between two places: the ends of the axis, or a vertical line that it must not cross.
 *
 * @param width - of the label, in percent of the axis
 */
export function anchorOf(
  at: number,
  width: number,
  [left, right]: [left: number, right: number] = [0, 100],
): LabelAnchor {
  if (at - width / 2 >= left && at + width / 2 <= right) return 'middle';
  if (at - width >= left && at <= right) return 'end';
  if (at + width <= right && at >= left) return 'start';
  // It fits nowhere, so it takes the side with more space.
  return at - left > right - at ? 'end' : 'start';
}

function groupsOf(
  versions: readonly TimelineVersion[],
  labelSpacing: number,
): OthersGroup[] {
  const groups: OthersGroup[] = [];
  for (const { at, others } of versions.filter(v => v.others.length > 0)) {
    const last = groups[groups.length - 1];
    if (last && at - last.places[last.places.length - 1] < labelSpacing) {
      last.places.push(at);
      last.names.push(...others);
    } else {
      groups.push({ places: [at], names: [...others] });
    }
  }
  return groups;
}

/** Status of a version at a moment. */
export function statusOf(version: KeyVersion, now: number): VersionStatus {
  if (!version.enabled) return 'disabled';
  if (version.expires && Date.parse(version.expires) <= now) return 'expired';
  if (version.notBefore && Date.parse(version.notBefore) > now)
    return 'not-yet';
  return 'enabled';
}
