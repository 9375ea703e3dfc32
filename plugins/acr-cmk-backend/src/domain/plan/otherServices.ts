import {
  type Check,
  knownUse,
  type PlanEffect,
} from 'backstage-plugin-acr-cmk-common';
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
export function kindsOf(
  services: readonly Consumer[],
  wordsOf = wordOf,
): string {
  return [...Map.groupBy(services, wordsOf)]
    .map(([kind, { length }]) => (length === 1 ? kind : `${kind} (${length})`))
    .join(', ');
}

const capitalized = (text: string) =>
  text.charAt(0).toUpperCase() + text.slice(1);

/** Consequences for each kind of service, once. */
const consequencesOf = (services: readonly Consumer[]): string[] => [
  ...new Set(
    services.flatMap(each => {
      const type = consumerType(each.type);
      return type ? [`${capitalized(type.service)}: ${type.onLoss.text}`] : [];
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
  if (knownUse(0, state) === 'none') return undefined;
  return state === 'no'
    ? 'Other Azure services: not looked at.'
    : `Not all of the other Azure services could be looked at (${
        notReadable.length === 1
          ? 'in one place'
          : `in ${notReadable.length} places`
      }).`;
}

const NO_QUERY =
  'No query shows client-side encryption, Always Encrypted and other tenants.';

/** Outcome of a check that finds none of the other services: fine only where all of them were looked at. */
export function noneFound(
  { pass, unknown }: ReturnType<typeof check>,
  lookedAt: LookedAt,
  none: string,
): Check {
  const doubt = doubtOf(lookedAt);
  return doubt ? unknown(doubt, GIVE_ROLE) : pass(`${none} ${NO_QUERY}`);
}

/** Whether a resource takes new versions of a key in all that it encrypts with it. Undefined when that is not known. */
function followsOf(consumer: Consumer, key: string): boolean | undefined {
  const current = usesOf(consumer, key).filter(({ use }) => use !== 'earlier');
  // A resource that keeps the key for earlier data alone takes no new version.
  if (current.length === 0) return false;
  if (current.some(({ follows }) => follows === false)) return false;
  return current.every(({ follows }) => follows) ? true : undefined;
}

/** Effect of a plan on a resource. Undefined where the plan changes nothing that it depends on. */
export function effectOnService(
  consumer: Consumer,
  effects: readonly Effect[],
): PlanEffect | undefined {
  const losses = effects.filter(
    effect =>
      effect.kind === 'service-loses-key' &&
      effect.serviceId === consumer.id.toLowerCase(),
  );
  if (losses.length > 0) {
    return losses.some(loss => 'certain' in loss && loss.certain)
      ? 'loses-key'
      : 'not-known';
  }
  const made = effects.find(
    effect =>
      effect.kind === 'key-changed' &&
      effect.change === 'version-made' &&
      usesOf(consumer, effect.key).length > 0,
  );
  if (!made || !('key' in made)) return undefined;
  const follows = followsOf(consumer, made.key ?? '');
  if (follows === undefined) return 'not-known';
  return follows ? 'moves' : 'stays';
}

const FOLLOW_WORDS = [
  {
    follows: true,
    words: 'Take the new version by themselves',
    wordsOf: (each: Consumer) => {
      const within = consumerType(each.type)?.followsWithin;
      return `${wordOf(each)} (${
        within ? `within ${within}` : 'time not documented'
      })`;
    },
  },
  { follows: false, words: 'Stay on their version', wordsOf: wordOf },
  {
    follows: undefined,
    words: 'Not known whether they take it',
    wordsOf: wordOf,
  },
];

/** Name of a check that informs: a plan with new versions does not depend on what else could be looked at. */
export const SERVICES_FOLLOW = 'services-follow';

/** Other services that use a key which gets new versions: which take them, and when. */
export function servicesFollow(
  key: string,
  { services, lookedAt }: KnownServices,
): Check {
  const outcomes = check(SERVICES_FOLLOW);
  const doubt = doubtOf(lookedAt);
  const users = servicesOfKey(services, key);
  if (users.length === 0) {
    return noneFound(
      outcomes,
      lookedAt,
      'None of the other Azure services that are looked at uses the key.',
    );
  }
  const groups = Map.groupBy(users, each => followsOf(each, key));
  const told = FOLLOW_WORDS.flatMap(({ follows, words, wordsOf }) => {
    const those = groups.get(follows);
    return those ? [`${words}: ${kindsOf(those, wordsOf)}.`] : [];
  });
  const message = [...told, ...(doubt ? [doubt] : [])].join(' ');
  if (groups.get(true)?.length !== users.length) {
    return outcomes.warn(message, 'Change the others in their own services.');
  }
  return doubt ? outcomes.unknown(message, GIVE_ROLE) : outcomes.pass(message);
}

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
      .map(({ key }) => servicesFollow(key, known)),
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
  const outcomes = check('other-services');
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
      noneFound(
        outcomes,
        lookedAt,
        'None of the other Azure services that are looked at is affected.',
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
    outcomes.warn(
      sentences.join(' '),
      'Inform their owners before you continue.',
    ),
  ];
}

/** The retirement of a version. */
function ofRetired(
  { key, version = '' }: KeyChanged,
  { services, lookedAt }: KnownServices,
): Check[] {
  const outcomes = check('other-services');
  const users = servicesOfKey(services, key);
  const on = users.filter(each =>
    usesOf(each, key).some(use => usesVersion(use, version) === true),
  );
  if (on.length > 0) {
    return [
      outcomes.fail(
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
      outcomes.unknown(
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
    noneFound(
      outcomes,
      lookedAt,
      'None of the other Azure services that are looked at uses the version.',
    ),
    ...old,
  ];
}

function ofGivenBack(
  { key }: KeyChanged,
  { services, lookedAt }: KnownServices,
): Check[] {
  const users = servicesOfKey(services, key);
  const doubt = doubtOf(lookedAt);
  return users.length === 0
    ? []
    : [
        check('other-services').pass(
          [
            `Other Azure services use the key too: ${kindsOf(users)}.`,
            ...(doubt ? [doubt] : []),
          ].join(' '),
        ),
      ];
}
