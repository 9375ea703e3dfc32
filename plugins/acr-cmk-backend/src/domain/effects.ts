/** Effects of a plan: the one list from which locks, affected registries, authority and the audit record follow. */
import {
  assertNever,
  type Fact,
  type KeyFacts,
  type KeyIdentifier,
  vaultNameOfId,
} from 'backstage-plugin-acr-cmk-common';
import type { Consumer, ConsumerUse } from './consumers/consumer';
import { readStep, type StepSpec } from './steps';
import type { KeyChange, StepEffect } from './steps/effect';
import { identityOf } from './encryptedRegistry';
import { type Registry, usingKey } from './registry';

/** One effect of a plan. Plain data: it is hashed, stored and recorded. */
export type Effect =
  | { kind: 'registry-changed'; registryId: string; key?: string }
  | { kind: 'registry-created'; registryId: string }
  | {
      kind: 'registry-begins-to-use-key';
      registryId: string;
      key: string;
      /** Other registries that use it. */
      usedBy: string[];
    }
  | { kind: 'registry-loses-key'; registryId: string; key: string }
  /** A resource of another Azure service loses a key, or may: it does not show its version or its identity. */
  | {
      kind: 'service-loses-key';
      /** ARM id in lower case. */
      serviceId: string;
      key: string;
      certain: boolean;
    }
  /** A registry that a revoke took its key from, or that lacks it, may use it again. */
  | { kind: 'registry-regains-key'; registryId: string; key: string }
  | {
      kind: 'registry-reached-by-identity';
      registryId: string;
      /** Resource id, client id, or `system`. */
      identity: string;
    }
  | {
      kind: 'key-changed';
      key: string;
      change: KeyChange;
      version?: string;
      usedBy: string[];
    }
  | {
      kind: 'access-granted';
      scope: string;
      to: string;
      /** Registries that reach their keys by it: each of them regains its key. */
      usedBy: string[];
    }
  | { kind: 'access-removed'; scope: string; to: string }
  | { kind: 'identity-created'; identity: string }
  /** A step of another release. Its effects are not known, so nobody may approve it. */
  | { kind: 'unknown'; step: string };

/** A vault, or a key in it, by an ARM id. */
const KEY_SCOPE =
  /\/providers\/microsoft\.keyvault\/((?:vaults|managedhsms)\/[^/]+)(?:\/keys(?:\/([^/]+))?)?$/i;

const idsOf = (registries: readonly Registry[]) =>
  registries.map(({ id }) => id.toLowerCase()).sort();

/** Circumstances that decide what steps come to. */
interface Circumstances {
  /** Every registry that is known, those outside of the scopes included. */
  registries: readonly Registry[];
  /** Resources of other Azure services that are known to use the keys. Default: none. */
  services?: readonly Consumer[];
  /** Key of the registry that has lost its key. Whatever changes it may let it use a key again. */
  lacking?: string;
  /** Versions that are disabled, as `disabledVersionsOf` writes them. */
  disabledVersions?: ReadonlySet<string>;
}

/** Disabled versions of a key whose facts are known, as `vault/key/version` in lower case. */
export const disabledVersionsOf = (
  key: KeyIdentifier,
  facts: Fact<KeyFacts>,
): string[] =>
  facts.known
    ? facts.value.versions
        .filter(({ enabled }) => !enabled)
        .map(({ version }) => `${key.keyOfKey}/${version}`)
    : [];

/** Effects of steps on the registries as they are. */
export function effectsOf(
  steps: readonly StepSpec[],
  circumstances: Circumstances,
): Effect[] {
  const effects = steps.flatMap((spec): Effect[] => {
    const step = readStep(spec);
    return step
      ? step.effects.flatMap(effect => resolve(effect, circumstances))
      : [{ kind: 'unknown', step: spec.kind }];
  });
  const byText = new Map(
    effects.map(effect => [JSON.stringify(effect), effect]),
  );
  // One step leaves open what another one makes certain.
  return [...byText.values()].filter(
    effect =>
      effect.kind !== 'service-loses-key' ||
      effect.certain ||
      !byText.has(JSON.stringify({ ...effect, certain: true })),
  );
}

const about = ({ registryId, key }: Registry) => ({
  registryId: registryId.key,
  key: key?.keyOfKey ?? '',
});
const loss = (registry: Registry): Effect => ({
  kind: 'registry-loses-key',
  ...about(registry),
});
const gain = (registry: Registry): Effect => ({
  kind: 'registry-regains-key',
  ...about(registry),
});

function resolve(
  effect: StepEffect,
  { registries, services = [], lacking, disabledVersions }: Circumstances,
): Effect[] {
  switch (effect.does) {
    case 'change-registry': {
      const registryId = effect.registryId.key;
      const registry = named(registries, registryId);
      const key = registry?.key?.keyOfKey;
      return [
        { kind: 'registry-changed', registryId, ...(key && { key }) },
        ...(registry && registryId === lacking ? [gain(registry)] : []),
      ];
    }
    case 'reread-key': {
      const registry = named(registries, effect.registryId.key);
      return registry ? [gain(registry)] : [];
    }
    case 'create-registry':
      return [{ kind: 'registry-created', registryId: effect.registryId.key }];
    case 'use-key': {
      const registryId = effect.registryId.key;
      const { keyOfKey } = effect.key;
      if (named(registries, registryId)?.key?.keyOfKey === keyOfKey) return [];
      return [
        {
          kind: 'registry-begins-to-use-key',
          registryId,
          key: keyOfKey,
          usedBy: idsOf(usingKey(registries, effect.key)),
        },
      ];
    }
    case 'use-identity': {
      const registryId = effect.registryId.key;
      const used = named(registries, registryId)?.encryption.identity;
      const { identity } = effect;
      return used?.toLowerCase() === identity.toLowerCase()
        ? []
        : [{ kind: 'registry-reached-by-identity', registryId, identity }];
    }
    case 'create-identity':
      return [{ kind: 'identity-created', identity: effect.identity }];
    case 'change-key':
      return [
        ...changeOfKey(effect, { registries, disabledVersions }),
        ...lostByServices(services, use => losesKey(use, effect)),
      ];
    case 'grant': {
      const { scope, principalId: to } = effect;
      const users = reachedBy({ scope, to }, registries);
      return [
        { kind: 'access-granted', scope, to, usedBy: idsOf(users) },
        ...users.map(gain),
      ];
    }
    case 'remove-access': {
      const { scope, principalId: to } = effect;
      return [
        { kind: 'access-removed', scope, to },
        ...reachedBy({ scope, to }, registries).map(loss),
        ...lostByServices(services, use =>
          isReachedAs(use, { scope, to }, registries),
        ),
      ];
    }
    default: {
      const never: never = effect;
      throw new Error(`An effect that nobody knows: ${JSON.stringify(never)}`);
    }
  }
}

/**
 * Resources of other services that lose a key, each once for a key.
 *
 * @param loses - whether a use of a key is lost; undefined when that is not known
 */
function lostByServices(
  services: readonly Consumer[],
  loses: (use: ConsumerUse) => boolean | undefined,
): Effect[] {
  return services.flatMap(({ id, uses }) => {
    const keys = new Map<string, boolean>();
    for (const use of uses) {
      const lost = loses(use);
      if (lost === false) continue;
      const { keyOfKey } = use.key;
      keys.set(keyOfKey, keys.get(keyOfKey) === true || lost === true);
    }
    return [...keys].map(([key, certain]): Effect => ({
      kind: 'service-loses-key',
      serviceId: id.toLowerCase(),
      key,
      certain,
    }));
  });
}

function losesKey(
  use: ConsumerUse,
  { key, change }: Extract<StepEffect, { does: 'change-key' }>,
): boolean | undefined {
  if (use.key.keyOfKey !== key.keyOfKey) return false;
  switch (change) {
    case 'deleted':
      return true;
    case 'version-disabled':
      return usesVersion(use, key.version);
    default:
      return false;
  }
}

/** Whether a use of a key is of this version. Undefined when that is not known. */
export function usesVersion(
  { key, isInUse, use, follows }: ConsumerUse,
  version: string | undefined,
): boolean | undefined {
  if (key.version === version) return true;
  if (isInUse || use === 'earlier') return false;
  // One that is set to another version, and stays there.
  return key.version !== undefined && follows === false ? false : undefined;
}

/**
 * Whether a resource reaches its key as this principal, by a grant at this scope. It may name the identity by its ARM
 * id or client id.
 */
function isReachedAs(
  { key, identities }: ConsumerUse,
  { scope, to }: { scope: string; to: string },
  registries: readonly Registry[],
): boolean {
  const names = namesOfPrincipal(to, registries);
  return (
    isKeyAt(scope, key) &&
    identities.some(({ reference, principalId }) =>
      names.has((principalId ?? reference).toLowerCase()),
    )
  );
}

/** Object id of a principal, with the ids of the identity of a registry that it is. In lower case. */
function namesOfPrincipal(
  principalId: string,
  registries: readonly Registry[],
): ReadonlySet<string> {
  const wanted = principalId.toLowerCase();
  const found = registries.flatMap(({ userAssignedIdentities }) =>
    userAssignedIdentities.filter(
      one => one.principalId?.toLowerCase() === wanted,
    ),
  );
  return new Set(
    [
      wanted,
      ...found.flatMap(({ resourceId, clientId }) => [
        resourceId,
        ...(clientId ? [clientId] : []),
      ]),
    ].map(one => one.toLowerCase()),
  );
}

function named(
  registries: readonly Registry[],
  key: string,
): Registry | undefined {
  return registries.find(({ registryId }) => registryId.key === key);
}

function changeOfKey(
  { key, change, makesVersions }: Extract<StepEffect, { does: 'change-key' }>,
  { registries, disabledVersions }: Omit<Circumstances, 'lacking'>,
): Effect[] {
  const users = usingKey(registries, key);
  return [
    {
      kind: 'key-changed',
      key: key.keyOfKey,
      change,
      ...(key.version && { version: key.version }),
      usedBy: idsOf(users),
    },
    ...onUsers(users, { key, change }),
    ...(makesVersions ||
    change === 'version-made' ||
    change === 'version-enabled'
      ? users
          .filter(user => mayLeaveItsVersion(user, disabledVersions))
          .map(gain)
      : []),
  ];
}

/**
 * Whether the registry follows new versions, and its own is disabled: a newer one may give it its key back. It is
 * not documented that Azure first needs the old one, so this may happen (docs/azure.md).
 */
function mayLeaveItsVersion(
  { key, keyInUse }: Registry,
  disabledVersions: ReadonlySet<string> = new Set(),
): boolean {
  if (!key || key.version) return false;
  return keyInUse?.version
    ? disabledVersions.has(`${key.keyOfKey}/${keyInUse.version}`)
    : [...disabledVersions].some(one => one.startsWith(`${key.keyOfKey}/`));
}

/**
 * Whether a new version may give a registry that is not known its key back: the newest one is disabled, or not known.
 * A registry that follows new versions had an enabled one already.
 */
export const mayGiveBackByVersion = (
  facts: Pick<KeyFacts, 'versions'> | undefined,
): boolean => facts?.versions[0]?.enabled !== true;

/** Losses and gains of the users of a key by a change of it. */
function onUsers(
  users: readonly Registry[],
  { key, change }: { key: KeyIdentifier; change: KeyChange },
): Effect[] {
  const ofVersion = () =>
    users.filter(
      ({ key: stored, keyInUse }) =>
        // A registry that does not show its version may be using this one.
        (keyInUse?.version ?? stored?.version ?? key.version) === key.version,
    );
  switch (change) {
    case 'deleted':
      return users.map(loss);
    case 'version-disabled':
      return ofVersion().map(loss);
    case 'recovered':
      return users.map(gain);
    case 'version-enabled':
      return ofVersion().map(gain);
    case 'created':
    case 'version-made':
    case 'rotation-policy-set':
      return [];
    default:
      return assertNever(change);
  }
}

function reachedBy(
  access: { scope: string; to: string },
  registries: readonly Registry[],
): Registry[] {
  return registries.filter(registry => isReached(registry, access));
}

/** Whether the registry reaches its key as this principal, by a grant at this scope. */
export function isReached(
  { encryption, key, ...rest }: Registry,
  { scope, to }: { scope: string; to: string },
): boolean {
  if (!encryption.identity || !key) return false;
  const { principalId } = identityOf(
    { encryption, ...rest },
    encryption.identity,
  );
  if (principalId?.toLowerCase() !== to.toLowerCase()) return false;
  return isKeyAt(scope, key);
}

/** Whether a grant at this scope may reach a key. */
function isKeyAt(scope: string, key: KeyIdentifier): boolean {
  const of = keysAt(scope);
  return (
    // At a resource group or a subscription: any vault may be below it.
    of === undefined ||
    (of.vaultName === key.vaultName.toLowerCase() &&
      (of.keyName === undefined || of.keyName === key.keyName.toLowerCase()))
  );
}

/** The vault, or the key in it, that an ARM id names. */
export function keysAt(
  scope: string,
): { vaultName: string; keyName?: string } | undefined {
  const match = KEY_SCOPE.exec(scope);
  return match
    ? {
        vaultName: vaultNameOfId(match[1]).toLowerCase(),
        ...(match[2] && { keyName: match[2].toLowerCase() }),
      }
    : undefined;
}

/**
 * Whether effects would give back what a revoke has taken, which it then would be undone by. A revoke of every
 * version means also those that were disabled before.
 */
export const givesBackTaken = (
  given: readonly Effect[],
  taken: { effects: readonly Effect[]; everyVersion: boolean },
): boolean =>
  given.some(one =>
    taken.effects.some(
      other => isAccessTaken(one, other) || isVersionTaken(one, other, taken),
    ),
  );

function isAccessTaken(given: Effect, taken: Effect): boolean {
  if (given.kind !== 'access-granted' || taken.kind !== 'access-removed') {
    return false;
  }
  const [to, from] = [keysAt(given.scope), keysAt(taken.scope)];
  return (
    given.to.toLowerCase() === taken.to.toLowerCase() &&
    // At a resource group or a subscription: any vault may be below it.
    (!to || !from || to.vaultName === from.vaultName) &&
    (!to?.keyName || !from?.keyName || to.keyName === from.keyName)
  );
}

function isVersionTaken(
  given: Effect,
  taken: Effect,
  { everyVersion }: { everyVersion: boolean },
): boolean {
  if (given.kind !== 'key-changed' || taken.kind !== 'key-changed') {
    return false;
  }
  const isGiven =
    given.change === 'version-enabled' || given.change === 'recovered';
  const isTaken =
    taken.change === 'deleted' ||
    (taken.change === 'version-disabled' &&
      (everyVersion || taken.version === given.version));
  return isGiven && isTaken && given.key === taken.key;
}

/** Keys and principals that decide which registries steps reach. */
export interface Concerns {
  keys: readonly KeyIdentifier[];
  /** Object ids of identities. */
  principals: readonly string[];
}

/** Keys and principals by which registries have to be gathered before the effects of these steps can be decided. */
export function concernsOf(steps: readonly StepSpec[]): Concerns {
  const effects = steps.flatMap(spec => readStep(spec)?.effects ?? []);
  return unionOf(
    ...effects.map(effect => ({
      keys: 'key' in effect ? [effect.key] : [],
      principals: 'principalId' in effect ? [effect.principalId] : [],
    })),
  );
}

/** Union of several, without duplicates. */
export function unionOf(...some: readonly Concerns[]): Concerns {
  const keys = some.flatMap(one => one.keys);
  const principals = some.flatMap(one => one.principals);
  return {
    keys: [...new Map(keys.map(key => [key.keyOfKey, key])).values()],
    principals: [...new Set(principals.map(one => one.toLowerCase()))],
  };
}

/** Keys of the registries that effects are about, each once. */
export function registriesIn(effects: readonly Effect[]): Set<string> {
  return new Set(
    effects.flatMap(effect => [
      ...('registryId' in effect ? [effect.registryId] : []),
      ...('usedBy' in effect ? effect.usedBy : []),
    ]),
  );
}

const registriesThat =
  (kind: 'registry-loses-key' | 'registry-regains-key') =>
  (effects: readonly Effect[]): Set<string> =>
    new Set(
      effects.flatMap(effect =>
        effect.kind === kind ? [effect.registryId] : [],
      ),
    );

/** Keys of the registries that lose their key. */
export const registriesLosingKey = registriesThat('registry-loses-key');

/** Keys of the registries that regain their key. */
export const registriesRegainingKey = registriesThat('registry-regains-key');

/** Effects of a step that concern its registry alone. */
const OF_REGISTRY: ReadonlySet<StepEffect['does']> = new Set([
  'change-registry',
  'reread-key',
  'use-key',
  'use-identity',
]);

/**
 * Whether a revoke takes the key whatever becomes of a write that another operation has sent: the write changes
 * registries only, and has none that loses its key use another key or identity. It may have one use another
 * version, so a revoke that disables versions could be evaded.
 *
 * @param sent - effects of the step whose write was sent
 * @param operation - effects of the whole operation
 */
export function standsDespite(
  revoke: readonly Effect[],
  {
    sent,
    operation,
  }: { sent: readonly StepEffect[]; operation: readonly Effect[] },
): boolean {
  const losers = registriesLosingKey(revoke);
  const isOfRegistry =
    sent.length > 0 &&
    operation.length > 0 &&
    sent.every(({ does }) => OF_REGISTRY.has(does));
  if (!isOfRegistry) return false;
  const isOfLoser = sent.some(
    effect => 'registryId' in effect && losers.has(effect.registryId.key),
  );
  if (!isOfLoser) return true;
  return (
    !operation.some(
      ({ kind }) =>
        kind === 'registry-begins-to-use-key' ||
        kind === 'registry-reached-by-identity' ||
        kind === 'unknown',
    ) &&
    !revoke.some(
      effect =>
        effect.kind === 'key-changed' && effect.change === 'version-disabled',
    )
  );
}

/**
 * Targets that the operation locks: registries that change, their keys, and identities that are
 * created. Of two operations that create the same identity, the second would take the first one's
 * for its own.
 */
export function locksOf(effects: readonly Effect[]): string[] {
  return [
    ...new Set(
      effects.flatMap(effect => [
        ...('registryId' in effect ? [effect.registryId] : []),
        ...('key' in effect && effect.key ? [`key:${effect.key}`] : []),
        ...(effect.kind === 'identity-created'
          ? [`identity:${effect.identity.toLowerCase()}`]
          : []),
      ]),
    ),
  ].sort();
}
