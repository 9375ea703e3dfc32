import {
  ActionRefused,
  assertNever,
  type Intent,
  keyGrantPermission,
  keyRevokePermission,
  keyRotatePermission,
  registryCreatePermission,
  unboundChangePermission,
  keyHome,
} from 'backstage-plugin-acr-cmk-common';
import { boundEntities } from '../catalog/binding';
import { type Effect, keysAt } from '../cmk/effects';
import { definitionOf } from '../cmk/plan/intents';
import type { StoredNeed } from '../operations/engine/types';
import type { AcrCmkConfig } from '../config';
import {
  type Claim,
  closedGrant,
  closedIdentity,
  closedKey,
  closedNamedKey,
} from './closed';
import { isVaultOpen } from './openness';
import type { Authority } from './PermissionChecker';

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
  config: Pick<AcrCmkConfig, 'bindings' | 'keys' | 'identities'>;
}

/** Requirements of effects, or the reason for which they are refused to everybody. */
export type Authorities =
  | { requirements: Requirement[]; refusal?: undefined }
  | { refusal: ActionRefused };

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
  if (closed) return { refusal: new ActionRefused(of.intent.kind, closed) };
  for (const effect of effects) {
    const answer = requirementsOf(effect, effects, of);
    if (typeof answer === 'string') {
      return { refusal: new ActionRefused(of.intent.kind, answer) };
    }
    requirements.push(...answer);
  }
  return { requirements: merged(requirements) };
}

/** @returns what the effect requires, or why nobody may have it */
function requirementsOf(
  effect: Effect,
  effects: readonly Effect[],
  of: Circumstances,
): Requirement[] | string {
  switch (effect.kind) {
    case 'registry-changed':
      return isSubject(effect.registryId, of)
        ? [intentOn(of, 'the registry is changed')]
        : onOthers([effect.registryId], of, {
            because: name => `${name} is changed`,
          });
    case 'registry-created':
      return [
        {
          permission: registryCreatePermission,
          because: 'a registry is created',
        },
      ];
    case 'key-changed':
      return [...ofUsers(effect.usedBy, of), ...unlisted(of, 'use the key')];
    case 'registry-loses-key':
      return isSubject(effect.registryId, of)
        ? [
            {
              permission: keyRevokePermission,
              entityRef: of.entityRef,
              because: 'the registry loses its key',
            },
          ]
        : onOthers([effect.registryId], of, {
            because: name => `${name} loses its key`,
            permission: keyRevokePermission,
          });
    case 'registry-begins-to-use-key':
      return (
        closedKey(effect.key, effects, of) ?? [
          ...ofUsers(effect.usedBy, of),
          ...unlisted(of, 'use the key'),
        ]
      );
    case 'registry-reached-by-identity':
      return closedIdentity(effect.identity, effects, of) ?? [];
    case 'access-granted':
      if (isAllNew(effect, effects)) {
        return [
          {
            permission: registryCreatePermission,
            because: 'a registry is created',
          },
        ];
      }
      return (
        closedGrant(effect.scope, effects, of) ??
        (of.intent.kind === 'restore'
          ? [
              intentOn(of, 'the registry gets its access back'),
              ...ofUsers(effect.usedBy, of),
            ]
          : [
              {
                permission: keyGrantPermission,
                entityRef: of.entityRef,
                because: 'an identity gets access to the key',
              },
              ...ofWholeVault(effect.scope, of),
            ])
      );
    case 'access-removed':
      // Registries that lose a key by it are listed; for others, only the platform has to agree.
      return effects.some(({ kind }) => kind === 'registry-loses-key')
        ? unlisted(of, 'lose their key')
        : [
            {
              permission: unboundChangePermission,
              because: 'access is removed that no known registry uses',
            },
          ];
    case 'identity-created':
      return [];
    case 'unknown':
      return `This release does not know what the step ${effect.step} does, so nobody may agree to it. Create a new plan`;
    default:
      return assertNever(effect);
  }
}

function isSubject(registryId: string, of: Circumstances): boolean {
  return of.registryId.key === registryId;
}

/** The permission of the intent itself; creating a registry has the one of rotating, on an entity. */
function permissionOf({ intent }: Circumstances) {
  const definition = definitionOf(intent);
  return definition.registry === 'new'
    ? keyRotatePermission
    : definition.permission;
}

function intentOn(of: Circumstances, because: string): Requirement {
  return { permission: permissionOf(of), entityRef: of.entityRef, because };
}

function ofUsers(users: readonly string[], of: Circumstances): Requirement[] {
  return onOthers(
    users.filter(id => !isSubject(id, of)),
    of,
    { because: name => `${name} uses this key` },
  ).map(requirement => ({ ...requirement, sharedKey: true }));
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
    permission = permissionOf(of),
  }: {
    because: (name: string) => string;
    permission?: Extract<Authority, { entityRef: string }>['permission'];
  },
): Requirement[] {
  return ids.flatMap((id): Requirement[] => {
    const registry = of.facts.registries.find(
      ({ registryId }) => registryId.key === id,
    );
    const entities = registry
      ? boundEntities(registry, of.config.bindings)
      : [];
    const name = `the registry ${registry?.name ?? id}`;
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

/** A registry that could not be listed may be hit too: unknown is not fine. */
function unlisted({ facts }: Circumstances, what: string): Requirement[] {
  return facts.registriesComplete
    ? []
    : [
        {
          permission: unboundChangePermission,
          because: `not every registry could be listed, so others may ${what}`,
          sharedKey: true,
        },
      ];
}

/** Whether the same plan creates the identity and the key that it gets access to. It then reaches nothing else. */
function isAllNew(
  { scope, to }: Extract<Effect, { kind: 'access-granted' | 'access-removed' }>,
  effects: readonly Effect[],
): boolean {
  const at = keysAt(scope);
  return (
    to === 'created-identity' &&
    at?.keyName !== undefined &&
    effects.some(
      effect =>
        effect.kind === 'key-changed' &&
        effect.change === 'created' &&
        effect.usedBy.length === 0 &&
        effect.key.toLowerCase() === `${at.vaultName}/${at.keyName}`,
    )
  );
}

/** An access policy is for every key of its vault, also for those that are not open to the entity. */
function ofWholeVault(scope: string, of: Circumstances): Requirement[] {
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
