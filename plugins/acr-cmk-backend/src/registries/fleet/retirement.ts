import {
  type FleetHolder,
  type FleetRetirement,
  type KeyVersionFacts,
  knownUse,
  type ServiceCount,
  utcDay,
  utcTime,
} from 'backstage-plugin-acr-cmk-common';
import type { Consumer, LookedAt } from '../../domain/consumers/consumer';
import { consumerType } from '../../domain/consumers/types';
import { usesVersion as serviceUsesVersion } from '../../domain/effects';
import type { KeyName } from '../../inventory/rows/consumers';
import { lower } from '../../platform/text';
import { doubtOf, servicesOfKey } from '../../domain/plan/otherServices';

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

/** Uses of one key by a resource of another Azure service. */
type ServiceUses = Pick<Consumer, 'type' | 'uses'>;

/** Other Azure services that are known to use a key. */
export interface OtherUsers {
  services: readonly ServiceUses[];
  lookedAt: LookedAt;
}

/** Registries named in a message. */
const NAMED = 5;

/** Resources that use a key, each with its uses of that key. */
export const usesOfKey = (
  services: readonly Consumer[],
  { vaultName, keyName }: KeyName,
): ServiceUses[] => {
  const key = lower(`${vaultName}/${keyName}`);
  return servicesOfKey(services, key).map(({ type, uses }) => ({
    type,
    uses: uses.filter(use => use.key.keyOfKey === key),
  }));
};

/** Number of resources of each service. */
export function countServices(
  services: readonly ServiceUses[],
): ServiceCount[] {
  const words = services.map(({ type }) => consumerType(type)?.service ?? type);
  return [...Map.groupBy(words, word => word)].map(([service, { length }]) => ({
    service,
    count: length,
  }));
}

/** Whether a registry is known to use a version. */
export function usesVersion(
  { versionInUse, pinned }: Pick<KeyUser, 'versionInUse' | 'pinned'>,
  version: string,
): boolean {
  return versionInUse === version || pinned === version;
}

const noneOf = ({ types, at }: LookedAt): string =>
  `None of the ${types.length} other Azure services that are looked at uses it${
    at === undefined ? '' : ` (${utcTime(at)})`
  }.`;

/**
 * Whether registries or other services use an old version. Unknown is not unused: a registry that does not show its
 * version, could not be read again, or was not listed may use it, and so may a service that was not looked at.
 *
 * @param successor - the enabled version after it
 */
export function retirementOf(
  version: string,
  options: {
    users: readonly KeyUser[];
    others: OtherUsers;
    successor: Pick<KeyVersionFacts, 'created'> | undefined;
    /** Whether all registries are known. */
    complete: boolean;
  },
): FleetRetirement {
  const { users, others, successor, complete } = options;
  const doubt = doubtOf(others.lookedAt);
  const withDoubt = (message: string) =>
    doubt === undefined ? message : `${message} ${doubt}`;
  const servicesThat = (use: boolean | undefined) =>
    others.services.filter(({ uses }) =>
      uses.some(one => serviceUsesVersion(one, version) === use),
    );
  const using = users.filter(user => usesVersion(user, version));
  const on = servicesThat(true);
  if (using.length + on.length > 0) {
    return {
      answer: 'in-use',
      message: withDoubt(`Still used by ${named(using, on)}.`),
    };
  }
  const unsure = users.filter(
    ({ versionInUse, stale }) => versionInUse === undefined || stale,
  );
  const unsureServices = servicesThat(undefined);
  if (unsure.length + unsureServices.length > 0) {
    return {
      answer: 'unknown',
      message: withDoubt(
        `The version in use could not be read of ${named(unsure, unsureServices)}.`,
      ),
    };
  }
  if (!complete) {
    return {
      answer: 'unknown',
      message: withDoubt(
        'Not all registries could be listed, so others may use it.',
      ),
    };
  }
  const times = [
    ...(successor ? [Date.parse(successor.created)] : []),
    ...users.flatMap(({ rotatedAt }) => rotatedAt ?? []),
  ];
  const since =
    times.length > 0 ? new Date(Math.max(...times)).toISOString() : undefined;
  return {
    answer:
      knownUse(0, others.lookedAt.state) === 'none' ? 'unused' : 'unknown',
    ...(since && { since }),
    message: `No known registry uses it${
      since ? ` since ${utcDay(since)}` : ''
    }. ${doubt ?? noneOf(others.lookedAt)}`,
  };
}

/** Names of the visible registries, and the number of the others and of resources of other services. */
function named(
  users: readonly KeyUser[],
  services: readonly ServiceUses[],
): string {
  const seen = users.filter(({ visible }) => visible).map(({ name }) => name);
  const more = seen.length - NAMED;
  const hidden = users.length - seen.length;
  return [
    ...seen.slice(0, NAMED),
    ...(more > 0 ? [`${more} more`] : []),
    ...(hidden > 0 ? [`${hidden} that you may not see`] : []),
    ...countServices(services).map(
      ({ service, count }) => `${count} × ${service}`,
    ),
  ].join(', ');
}
