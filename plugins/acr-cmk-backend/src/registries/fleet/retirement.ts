import {
  type FleetHolder,
  type FleetRetirement,
  type KeyVersionFacts,
  utcDay,
} from 'backstage-plugin-acr-cmk-common';

/** A registry that uses a key, visible to the viewer or not. */
export interface KeyUser extends FleetHolder {
  /** Lower-cased ARM id. */
  id: string;
  /** Absent when the registry does not show it. */
  versionInUse?: string;
  /** The version that it stays on, in manual mode. */
  pinned?: string;
  /** Azure's time of its last change of the version, epoch milliseconds; absent until the first. */
  rotatedAt?: number;
  /** The last reading failed, so the facts may be out of date. */
  stale: boolean;
  /** Whether the viewer may see it. */
  visible: boolean;
}

/** Azure has no list of the users of a key. */
const OTHER_SERVICES = 'Other Azure services were not checked.';

/** Registries named in a message. */
const NAMED = 5;

/** Whether a registry is known to use a version. */
export function usesVersion(
  { versionInUse, pinned }: Pick<KeyUser, 'versionInUse' | 'pinned'>,
  version: string,
): boolean {
  return versionInUse === version || pinned === version;
}

/**
 * Whether registries use an old version. Unknown is not unused: a registry that does not show its
 * version, could not be read again, or was not listed may use it.
 *
 * @param successor - the enabled version after it
 */
export function retirementOf(
  version: string,
  options: {
    users: readonly KeyUser[];
    successor: Pick<KeyVersionFacts, 'created'> | undefined;
    /** Whether all registries are known. */
    complete: boolean;
  },
): FleetRetirement {
  const { users, successor, complete } = options;
  const using = users.filter(user => usesVersion(user, version));
  if (using.length > 0) {
    return {
      answer: 'in-use',
      message: `Still used by ${named(using)}. ${OTHER_SERVICES}`,
    };
  }
  const unsure = users.filter(
    ({ versionInUse, stale }) => versionInUse === undefined || stale,
  );
  if (unsure.length > 0) {
    return {
      answer: 'unknown',
      message: `The version in use could not be read of ${named(unsure)}. ${OTHER_SERVICES}`,
    };
  }
  if (!complete) {
    return {
      answer: 'unknown',
      message: `Not all registries could be listed, so others may use it. ${OTHER_SERVICES}`,
    };
  }
  const times = [
    ...(successor ? [Date.parse(successor.created)] : []),
    ...users.flatMap(({ rotatedAt }) => rotatedAt ?? []),
  ];
  const since =
    times.length > 0 ? new Date(Math.max(...times)).toISOString() : undefined;
  return {
    answer: 'unused',
    ...(since && { since }),
    message: `No known registry uses it${
      since ? ` since ${utcDay(since)}` : ''
    }. ${OTHER_SERVICES}`,
  };
}

/** Names of the visible registries, and the number of the others. */
function named(users: readonly KeyUser[]): string {
  const seen = users.filter(({ visible }) => visible).map(({ name }) => name);
  const more = seen.length - NAMED;
  const hidden = users.length - seen.length;
  return [
    ...seen.slice(0, NAMED),
    ...(more > 0 ? [`${more} more`] : []),
    ...(hidden > 0 ? [`${hidden} that you may not see`] : []),
  ].join(', ');
}
