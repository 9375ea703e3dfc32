import type { Check } from 'backstage-plugin-acr-cmk-common';
import { check } from '../check';
import type { Consumer, ConsumerUse, LookedAt } from '../consumers/consumer';
import { consumerType } from '../consumers/types';
import { type Effect, usesVersion } from '../effects';
import { shortVersion } from '../encryptedRegistry';

/** Other Azure services that are known to use keys. */
export interface KnownServices {
  services: readonly Consumer[];
  lookedAt: LookedAt;
}

type KeyChanged = Extract<Effect, { kind: 'key-changed' }>;

const wordOf = ({ type }: Consumer) => consumerType(type)?.service ?? type;

/**
 * Resources in words, such as `SQL server, storage account (2)`. Never by name: the list of a plan names them to those who
 * may see them.
 */
function kindsOf(services: readonly Consumer[]): string {
  const counts = new Map<string, number>();
  for (const each of services) {
    counts.set(wordOf(each), (counts.get(wordOf(each)) ?? 0) + 1);
  }
  return [...counts]
    .map(([kind, count]) => (count === 1 ? kind : `${kind} (${count})`))
    .join(', ');
}

const capitalized = (text: string) =>
  text.charAt(0).toUpperCase() + text.slice(1);

/** Consequences for each kind of service, once. */
const consequencesOf = (services: readonly Consumer[]): string[] => [
  ...new Set(
    services.flatMap(each => {
      const { service, onLoss } = consumerType(each.type) ?? {};
      return service && onLoss
        ? [`${capitalized(service)}: ${onLoss.text}`]
        : [];
    }),
  ),
];

const usesOf = (consumer: Consumer, key: string): ConsumerUse[] =>
  consumer.uses.filter(use => use.key.keyOfKey === key);

/** Resources that use a key, in whatever version. */
export const servicesOfKey = (services: readonly Consumer[], key: string) =>
  services.filter(each => usesOf(each, key).length > 0);

/** Resources that lose a key by a plan, or use one that changes. */
export function servicesIn(
  effects: readonly Effect[],
  services: readonly Consumer[],
): Consumer[] {
  const ids = new Set(
    effects.flatMap(effect =>
      'serviceId' in effect ? [effect.serviceId] : [],
    ),
  );
  const keys = new Set(
    effects.flatMap(effect =>
      effect.kind === 'key-changed' ? [effect.key] : [],
    ),
  );
  return services.filter(
    each =>
      ids.has(each.id.toLowerCase()) ||
      each.uses.some(({ key }) => keys.has(key.keyOfKey)),
  );
}

const GIVE_ROLE =
  'Give the read credential the role of docs/roles/key-consumer-reader.json, or ask the owners of the key what else uses it.';

/** Extent of what was looked at, where it leaves a doubt. */
export function doubtOf({ state, notReadable }: LookedAt): string | undefined {
  switch (state) {
    case 'all':
      return undefined;
    case 'no':
      return 'Other Azure services: not looked at.';
    default:
      return `Not all of the other Azure services could be looked at (${
        notReadable.length === 1
          ? 'in one place'
          : `in ${notReadable.length} places`
      }).`;
  }
}

const NO_QUERY =
  'No query shows client-side encryption, Always Encrypted and other tenants.';

/** Checks about other services: which lose a key by a plan, which may, and which get one back or follow. */
export function otherServices(
  effects: readonly Effect[],
  known: KnownServices,
): Check[] {
  const changed = effects.filter(
    (effect): effect is KeyChanged => effect.kind === 'key-changed',
  );
  const isRetired = (change: KeyChanged) =>
    change.change === 'version-disabled' &&
    !effects.some(
      one => one.kind === 'registry-loses-key' && one.key === change.key,
    );
  const taken = effects.some(
    ({ kind }) => kind === 'registry-loses-key' || kind === 'access-removed',
  );
  return [
    ...changed.filter(isRetired).flatMap(each => ofRetired(each, known)),
    ...(taken ? ofTaken(effects, known) : []),
    ...changed
      .filter(({ change }) => change === 'version-made')
      .flatMap(each => ofNewVersion(each, known)),
    ...changed
      .filter(({ change }) => ['version-enabled', 'recovered'].includes(change))
      .slice(0, 1)
      .flatMap(each => ofGivenBack(each, known)),
  ];
}

/** A revoke. */
function ofTaken(
  effects: readonly Effect[],
  { services, lookedAt }: KnownServices,
): Check[] {
  const { pass, warn, unknown } = check('other-services');
  const hit = (certain: boolean) => {
    const ids = new Set(
      effects.flatMap(effect =>
        effect.kind === 'service-loses-key' && effect.certain === certain
          ? [effect.serviceId]
          : [],
      ),
    );
    return services.filter(({ id }) => ids.has(id.toLowerCase()));
  };
  const losing = hit(true);
  const unsure = hit(false).filter(each => !losing.includes(each));
  const doubt = doubtOf(lookedAt);
  if (losing.length + unsure.length === 0) {
    return [
      doubt
        ? unknown(doubt, GIVE_ROLE)
        : pass(
            `None of the other Azure services that are looked at is affected. ${NO_QUERY}`,
          ),
    ];
  }
  const sentences = [
    ...(losing.length > 0 ? [`Lose the key too: ${kindsOf(losing)}.`] : []),
    ...(unsure.length > 0
      ? [`May lose it, as their version is not known: ${kindsOf(unsure)}.`]
      : []),
    ...consequencesOf([...losing, ...unsure]),
    ...(doubt ? [doubt] : []),
  ];
  return [
    warn(sentences.join(' '), 'Inform their owners before you continue.'),
  ];
}

/** The retirement of a version. */
function ofRetired(
  { key, version = '' }: KeyChanged,
  { services, lookedAt }: KnownServices,
): Check[] {
  const { pass, fail, unknown } = check('other-services');
  const users = servicesOfKey(services, key);
  const on = users.filter(each =>
    usesOf(each, key).some(use => usesVersion(use, version) === true),
  );
  if (on.length > 0) {
    return [
      fail(
        [
          `Other Azure services use the version ${shortVersion(version)}, or name it in their settings: ${kindsOf(on)}.`,
          ...consequencesOf(on),
        ].join(' '),
        'Move them to a newer version first.',
      ),
    ];
  }
  const unsure = users.filter(each =>
    usesOf(each, key).some(use => usesVersion(use, version) === undefined),
  );
  const doubt = doubtOf(lookedAt);
  const earlier = users.flatMap(each => {
    const { service, keepsEarlier } = consumerType(each.type) ?? {};
    return service && keepsEarlier
      ? [`${capitalized(service)}: ${keepsEarlier}`]
      : [];
  });
  const old =
    earlier.length > 0
      ? [
          check('earlier-data').warn(
            [...new Set(earlier)].join(' '),
            'Keep the version as long as that data is needed. Enabling it again gives it back.',
          ),
        ]
      : [];
  if (unsure.length > 0) {
    return [
      unknown(
        [
          `Not known to have moved on: ${kindsOf(unsure)}, whose version Azure does not show.`,
          ...consequencesOf(unsure),
        ].join(' '),
        'Look up their version in Azure. Their owners, or somebody with acr-cmk.unbound.change, have to agree.',
      ),
      ...old,
    ];
  }
  return [
    doubt
      ? unknown(doubt, GIVE_ROLE)
      : pass(
          `None of the other Azure services that are looked at uses the version. ${NO_QUERY}`,
        ),
    ...old,
  ];
}

/** A new version of a key: who takes it. */
function ofNewVersion(
  { key }: KeyChanged,
  { services }: KnownServices,
): Check[] {
  const users = servicesOfKey(services, key);
  if (users.length === 0) return [];
  const { pass, warn } = check('services-follow');
  const current = (each: Consumer) =>
    usesOf(each, key).filter(({ use }) => use !== 'earlier');
  const follow = users.filter(each => current(each).every(use => use.follows));
  const rest = users.filter(each => !follow.includes(each));
  const told = [
    ...(follow.length > 0
      ? [`Take the new version by themselves: ${kindsOf(follow)}.`]
      : []),
    ...(rest.length > 0
      ? [
          `Stay on their version, or are not known to take it: ${kindsOf(rest)}.`,
        ]
      : []),
  ].join(' ');
  return [
    rest.length === 0
      ? pass(told)
      : warn(told, 'Change these in their own services.'),
  ];
}

function ofGivenBack(
  { key }: KeyChanged,
  { services }: KnownServices,
): Check[] {
  const users = servicesOfKey(services, key);
  return users.length === 0
    ? []
    : [
        check('other-services').pass(
          `Other Azure services use the key too: ${kindsOf(users)}.`,
        ),
      ];
}
