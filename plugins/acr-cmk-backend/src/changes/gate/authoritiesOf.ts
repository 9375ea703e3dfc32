import {
  ActionRefused,
  assertNever,
  type Intent,
  unboundChangePermission,
  keyHome,
} from 'backstage-plugin-acr-cmk-common';
import { boundEntities } from '../../catalog/binding';
import { type Effect, keysAt } from '../../domain/effects';
import { consumerType } from '../../domain/consumers/types';
import { refsInTags } from '../../domain/refsInTags';
import { fieldOfIdentity, fieldOfNamedKey } from '../../domain/plan/change';
import type { StoredNeed } from '../../engine/types';
import type { AcrCmkConfig } from '../../platform/config';
import {
  type Claim,
  closedGrant,
  closedIdentity,
  closedKey,
  closedNamedKey,
} from './closed';
import { type EffectRule, isAllNew, ruleOf } from './effectRules';
import { isGroupOpen, isVaultOpen } from './openness';
import type { Authority } from './PermissionChecker';
import { harmToUnlisted } from './unlisted';

type EntityPermission = Extract<Authority, { entityRef: string }>['permission'];

/** An authority, and why it is needed: what follows "because". */
export type Requirement = Authority & {
  because: string;
  /** True when it is needed because registries of somebody else use the same key. */
  sharedKey?: true;
};

/** A requirement as plans and operations hold it. */
export const toNeed = ({
  permission,
  entityRef,
  because,
}: Requirement): StoredNeed => ({
  permission: permission.name,
  ...(entityRef && { entityRef }),
  because,
});

/** Everything that decides whose agreement effects need. */
export interface Circumstances extends Claim {
  intent: Intent;
  config: Pick<
    AcrCmkConfig,
    'bindings' | 'keys' | 'identities' | 'resourceGroups'
  >;
}

/** Requirements of effects, or the reason for which they are refused to everybody. */
export type Authorities =
  | { requirements: Requirement[]; refusal?: undefined }
  | { refusal: ActionRefused };

/** Field of the request that names the key. */
const fieldOfKey = ({ intent, namedKey }: Circumstances) =>
  namedKey ? fieldOfNamedKey(intent) : 'registryId';

/**
 * Agreements that the effects of a plan need: the whole table of authorities, as one pure function.
 * `docs/permissions.md` has the table in words.
 */
export function authoritiesOf(
  effects: readonly Effect[],
  of: Circumstances,
): Authorities {
  const requirements: Requirement[] = [];
  const closed = closedNamedKey(effects, of);
  if (closed) {
    return {
      refusal: new ActionRefused(of.intent.kind, closed, fieldOfKey(of)),
    };
  }
  for (const effect of effects) {
    const answer = requirementsOf(effect, effects, of);
    if (typeof answer === 'string') {
      return {
        refusal: new ActionRefused(of.intent.kind, answer, fieldOf(effect, of)),
      };
    }
    requirements.push(...answer);
  }
  return { requirements: merged(requirements) };
}

/** Field of the request that an effect, which nobody may have, comes from. */
function fieldOf({ kind }: Effect, of: Circumstances): string | undefined {
  switch (kind) {
    case 'registry-reached-by-identity':
      return fieldOfIdentity(of.intent);
    case 'registry-begins-to-use-key':
    case 'access-granted':
      return fieldOfKey(of);
    default:
      return undefined;
  }
}

/** @returns what the effect requires, or why nobody may have it */
function requirementsOf(
  effect: Effect,
  effects: readonly Effect[],
  of: Circumstances,
): Requirement[] | string {
  const closed = refusedToAll(effect, effects, of);
  return (
    closed ?? [
      ...byRule(effect, ruleOf(effect, effects), of),
      ...byPlatform(effect, effects, of),
      ...ofUnlisted(effect, effects, of),
    ]
  );
}

/** @returns why nobody may have the effect */
function refusedToAll(
  effect: Effect,
  effects: readonly Effect[],
  of: Circumstances,
): string | undefined {
  switch (effect.kind) {
    case 'unknown':
      return `This release does not know what the step ${effect.step} does, so nobody may agree to it. Create a new plan`;
    case 'registry-begins-to-use-key':
      return closedKey(effect.key, effects, of);
    case 'registry-reached-by-identity':
      return closedIdentity(effect.identity, effects, of);
    case 'access-granted':
      return isAllNew(effect, effects)
        ? undefined
        : closedGrant(effect.scope, effects, of);
    default:
      return undefined;
  }
}

/** Requirements by the table of `effectRules.ts`. */
function byRule(
  effect: Effect,
  { needs, because = () => '' }: EffectRule = { effect: effect.kind },
  of: Circumstances,
): Requirement[] {
  if (!needs) return [];
  switch (needs.on) {
    case undefined:
      return [{ permission: needs.permission, because: because('') }];
    case 'entity-of-request':
      // What a registry gets back is for its own rule.
      return 'usedBy' in effect && effect.usedBy.some(id => isSubject(id, of))
        ? []
        : [
            {
              permission: needs.permission,
              entityRef: of.entityRef,
              because: because('the registry'),
            },
          ];
    case 'its-entities':
      return 'registryId' in effect
        ? onRegistry(effect, needs.permission, { because, of })
        : [];
    case 'entities-of-service':
      return 'serviceId' in effect
        ? onService(effect, needs.permission, of)
        : [];
    case 'entities-of-users':
      return 'usedBy' in effect
        ? ofUsers(effect.usedBy, needs.permission, of)
        : [];
    default:
      return assertNever(needs);
  }
}

/** Agreement of the platform, for what no entity can agree to. */
function byPlatform(
  effect: Effect,
  effects: readonly Effect[],
  of: Circumstances,
): Requirement[] {
  switch (effect.kind) {
    case 'registry-created':
      return inClosedGroup(of);
    case 'access-granted':
      return ofWholeVault(effect, of);
    case 'access-removed':
      // Registries that lose a key by it are listed; for others, only the platform has to agree.
      return effects.some(({ kind }) => kind === 'registry-loses-key')
        ? []
        : [
            {
              permission: unboundChangePermission,
              because: 'access is removed that no known registry uses',
            },
          ];
    default:
      return [];
  }
}

function isSubject(registryId: string, of: Circumstances): boolean {
  return of.registryId.key === registryId;
}

/** The permission on the entity of the request for its own registry, and on their entities for others. */
function onRegistry(
  { kind, registryId }: Extract<Effect, { registryId: string }>,
  permission: EntityPermission,
  { because, of }: { because: (registry: string) => string; of: Circumstances },
): Requirement[] {
  if (isSubject(registryId, of)) {
    return [
      { permission, entityRef: of.entityRef, because: because('the registry') },
    ];
  }
  const others = onOthers([registryId], of, { because, permission });
  return kind === 'registry-regains-key'
    ? others.map(requirement => ({ ...requirement, sharedKey: true }))
    : others;
}

/** The permission on each entity that the tag of a resource of another service names. Without one, it is the platform's. */
function onService(
  { serviceId, certain }: Extract<Effect, { kind: 'service-loses-key' }>,
  permission: EntityPermission,
  of: Circumstances,
): Requirement[] {
  const service = of.facts.services?.find(
    ({ id }) => id.toLowerCase() === serviceId,
  );
  const kind = service && consumerType(service.type)?.service;
  const because = `another Azure service (${kind ?? 'not known'}) ${certain ? 'loses' : 'may lose'} the key`;
  const entities = refsInTags(service?.tags);
  return entities.length > 0
    ? entities.map(entityRef => ({
        permission,
        entityRef,
        because,
        sharedKey: true as const,
      }))
    : [
        {
          permission: unboundChangePermission,
          because: `${because} and belongs to no entity`,
          sharedKey: true,
        },
      ];
}

/** The permission on the entities of every registry that uses a key. */
function ofUsers(
  users: readonly string[],
  permission: EntityPermission,
  of: Circumstances,
): Requirement[] {
  const others = onOthers(
    users.filter(id => !isSubject(id, of)),
    of,
    { because: name => `${name} uses this key`, permission },
  ).map(requirement => ({ ...requirement, sharedKey: true as const }));
  return users.some(id => isSubject(id, of))
    ? [
        {
          permission,
          entityRef: of.entityRef,
          because: 'the registry uses this key',
        },
        ...others,
      ]
    : others;
}

/**
 * Requirements of a change to registries of others: the permission on every entity that each registry is bound
 * to.
 */
function onOthers(
  ids: readonly string[],
  of: Circumstances,
  {
    because,
    permission,
  }: { because: (name: string) => string; permission: EntityPermission },
): Requirement[] {
  return ids.flatMap((id): Requirement[] => {
    const registry = of.facts.registries.find(
      ({ registryId }) => registryId.key === id,
    );
    const entities = registry
      ? boundEntities(registry, of.config.bindings)
      : [];
    const name = of.facts.outOfScope?.has(id)
      ? 'a registry outside of acrCmk.scopes'
      : `the registry ${registry?.name ?? id}`;
    return entities.length > 0
      ? entities.map(entityRef => ({
          permission,
          entityRef,
          because: because(name),
        }))
      : [
          {
            permission: unboundChangePermission,
            because: `${because(name)} and belongs to no entity`,
          },
        ];
  });
}

/** A registry that could not be listed may be harmed too: unknown is not fine. */
function ofUnlisted(
  effect: Effect,
  effects: readonly Effect[],
  { facts }: Circumstances,
): Requirement[] {
  const harm = facts.registriesComplete
    ? undefined
    : harmToUnlisted(effect, effects, facts);
  return harm
    ? [
        {
          permission: unboundChangePermission,
          because: `not every registry could be listed, so others may ${harm}`,
          sharedKey: true,
        },
      ]
    : [];
}

/** A resource group is open by its tag or by the configuration. Tags that cannot be read open nothing. */
function inClosedGroup(of: Circumstances): Requirement[] {
  const id = of.registryId.groupId;
  const group = of.facts.groups.find(
    one => one.id.toLowerCase() === id.toLowerCase(),
  ) ?? { id };
  return isGroupOpen(group, of)
    ? []
    : [
        {
          permission: unboundChangePermission,
          because: `the resource group ${of.registryId.resourceGroup} is not open to ${of.entityRef}`,
        },
      ];
}

/**
 * An access policy is for every key of its vault, also for those that are not open to the entity. What the
 * registry gets back by it, it had.
 */
function ofWholeVault(
  { scope, usedBy }: Extract<Effect, { kind: 'access-granted' }>,
  of: Circumstances,
): Requirement[] {
  if (usedBy.some(id => isSubject(id, of))) return [];
  const at = keysAt(scope);
  return at && at.keyName === undefined && !isVaultOpen(at.vaultName, of)
    ? [
        {
          permission: unboundChangePermission,
          because: `the access is to every key of the ${keyHome(
            at.vaultName,
          )}, which is not open to ${of.entityRef}`,
        },
      ]
    : [];
}

/** One for each permission and entity, with every reason. */
function merged(requirements: readonly Requirement[]): Requirement[] {
  const byAuthority = new Map<string, Requirement>();
  for (const one of requirements) {
    const id = `${one.permission.name} ${one.entityRef?.toLowerCase() ?? ''}`;
    const before = byAuthority.get(id);
    if (!before) byAuthority.set(id, one);
    else if (!before.because.split(', and ').includes(one.because)) {
      byAuthority.set(id, {
        ...before,
        because: `${before.because}, and ${one.because}`,
        ...(one.sharedKey && { sharedKey: true }),
      } as Requirement);
    }
  }
  return [...byAuthority.values()];
}
