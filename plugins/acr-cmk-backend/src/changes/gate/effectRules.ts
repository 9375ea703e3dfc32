import type {
  BasicPermission,
  ResourcePermission,
} from '@backstage/plugin-permission-common';
import {
  assertNever,
  type Intent,
  keyGrantPermission,
  keyRestorePermission,
  keyRevokePermission,
  keyRotatePermission,
  registryCreatePermission,
} from 'backstage-plugin-acr-cmk-common';
import { type Effect, keysAt } from '../../domain/effects';

/** Permission of a rule, and the entities on which it is needed. */
export type RulePermission =
  | { permission: BasicPermission; on?: undefined }
  | {
      permission: ResourcePermission<'catalog-entity'>;
      on:
        | 'its-entities'
        | 'entities-of-service'
        | 'entities-of-users'
        | 'entity-of-request';
    };

/** Consequences of one effect, whichever intent asks for it. */
export interface EffectRule {
  /** Row of the table in docs/permissions.md, which a test compares with this list. */
  effect: string;
  /** Absent when the effect needs no agreement by itself. */
  needs?: RulePermission;
  /** Reason of a need: what follows "because". */
  because?: (registry: string) => string;
  /** Setting below `acrCmk.approvals` that requires a second person, by the intent that has its name. */
  approval?: Intent['kind'];
  /** Notification to the owners of the registries that it takes a key from, or gives one to. */
  notifies?: 'revoked' | 'restored';
}

/** Rule of each effect: its permission, its approval and its notification, in the order of the documentation. */
export const EFFECT_RULES = {
  'registry-created': {
    effect: 'a registry is created, with what the same plan makes for it',
    needs: { permission: registryCreatePermission },
    because: () => 'a registry is created',
    approval: 'create-registry',
  },
  'registry-changed': {
    effect:
      'the key, the version, the mode or the identity of a registry changes',
    needs: { permission: keyRotatePermission, on: 'its-entities' },
    because: registry => `${registry} is changed`,
    approval: 'rotate',
  },
  'registry-begins-to-use-key': {
    effect: 'a registry begins to use a key',
    needs: { permission: keyRotatePermission, on: 'entities-of-users' },
    approval: 'rotate',
  },
  'registry-reached-by-identity': {
    effect: 'a registry is reached by an identity',
  },
  'registry-loses-key': {
    effect: 'a registry loses its key',
    needs: { permission: keyRevokePermission, on: 'its-entities' },
    because: registry => `${registry} loses its key`,
    approval: 'revoke',
    notifies: 'revoked',
  },
  'registry-regains-key': {
    effect: 'a registry gets its key back',
    needs: { permission: keyRestorePermission, on: 'its-entities' },
    because: registry => `${registry} gets its key back`,
    approval: 'restore',
    notifies: 'restored',
  },
  'service-loses-key': {
    effect: 'a resource of another Azure service loses a key, or may',
    needs: { permission: keyRevokePermission, on: 'entities-of-service' },
  },
  'access-granted': {
    effect: 'an identity gains access to a key',
    needs: { permission: keyGrantPermission, on: 'entity-of-request' },
    because: () => 'an identity gets access to the key',
    approval: 'restore',
    notifies: 'restored',
  },
  'access-removed': {
    effect: 'access is removed',
    approval: 'revoke',
  },
  'identity-created': {
    effect: 'an identity is created',
  },
  'key-created': {
    effect: 'a key is created',
  },
  'key-rotated': {
    effect: 'a key gets a version',
    needs: { permission: keyRotatePermission, on: 'entities-of-users' },
    approval: 'rotate',
  },
  'rotation-policy-set': {
    effect: 'a key gets a rotation policy',
    needs: { permission: keyRotatePermission, on: 'entities-of-users' },
    approval: 'automatic-rotation',
  },
  'version-retired': {
    effect: 'a version that no registry uses is disabled',
    needs: { permission: keyRevokePermission, on: 'entities-of-users' },
    approval: 'retire',
  },
  'key-taken': {
    effect: 'a version that registries use is disabled, or a key is deleted',
    needs: { permission: keyRevokePermission, on: 'entities-of-users' },
    approval: 'revoke',
  },
  'key-given-back': {
    effect: 'a version is enabled, or a key is recovered',
    needs: { permission: keyRestorePermission, on: 'entities-of-users' },
    approval: 'restore',
  },
} as const satisfies Record<string, EffectRule>;

/** Whether the plan creates the key, so that nobody uses it yet. */
export const isKeyCreated = (key: string, effects: readonly Effect[]) =>
  effects.some(
    effect =>
      effect.kind === 'key-changed' &&
      effect.change === 'created' &&
      effect.usedBy.length === 0 &&
      effect.key.toLowerCase() === key.toLowerCase(),
  );

type Grant = Extract<Effect, { kind: 'access-granted' }>;

/** Whether the same plan creates the key that somebody gets access to. Nobody had it. */
export function isAtNewKey({ scope }: Grant, effects: readonly Effect[]) {
  const at = keysAt(scope);
  return (
    at?.keyName !== undefined &&
    isKeyCreated(`${at.vaultName}/${at.keyName}`, effects)
  );
}

/** Whether the same plan creates the identity and the key that it gets access to. It then reaches nothing else. */
export const isAllNew = (grant: Grant, effects: readonly Effect[]) =>
  grant.to === 'created-identity' && isAtNewKey(grant, effects);

/** The rule of one effect, among the others of its plan. Undefined for an effect that nobody knows. */
export function ruleOf(
  effect: Effect,
  effects: readonly Effect[],
): EffectRule | undefined {
  switch (effect.kind) {
    case 'unknown':
      return undefined;
    case 'key-changed':
      return ofKey(effect, effects);
    case 'registry-begins-to-use-key': {
      const rule = EFFECT_RULES[effect.kind];
      const isCreated = effects.some(
        ({ kind, ...of }) =>
          kind === 'registry-created' &&
          'registryId' in of &&
          of.registryId === effect.registryId,
      );
      return isCreated
        ? { ...rule, approval: EFFECT_RULES['registry-created'].approval }
        : rule;
    }
    case 'access-granted':
      return isAllNew(effect, effects)
        ? EFFECT_RULES['registry-created']
        : EFFECT_RULES['access-granted'];
    default:
      return EFFECT_RULES[effect.kind];
  }
}

function ofKey(
  { change, key }: Extract<Effect, { kind: 'key-changed' }>,
  effects: readonly Effect[],
): EffectRule {
  switch (change) {
    case 'created':
      return EFFECT_RULES['key-created'];
    case 'version-made':
      return EFFECT_RULES['key-rotated'];
    case 'rotation-policy-set':
      // Of a key that is made for the registry, it is a part of making it.
      return isKeyCreated(key, effects)
        ? EFFECT_RULES['key-created']
        : EFFECT_RULES['rotation-policy-set'];
    case 'version-disabled':
      // Where registries lose the key anyway, its other versions are no longer of use to them.
      return effects.some(
        one => one.kind === 'registry-loses-key' && one.key === key,
      )
        ? EFFECT_RULES['key-taken']
        : EFFECT_RULES['version-retired'];
    case 'deleted':
      return EFFECT_RULES['key-taken'];
    case 'version-enabled':
    case 'recovered':
      return EFFECT_RULES['key-given-back'];
    default:
      return assertNever(change);
  }
}

/** Settings of `acrCmk.approvals` that apply to a plan: that of its intent, and those of its effects. */
export function approvalsOf(
  effects: readonly Effect[],
  intent: Intent,
): ReadonlySet<Intent['kind']> {
  return new Set([
    intent.kind,
    ...effects.flatMap(effect => ruleOf(effect, effects)?.approval ?? []),
  ]);
}

/** Whether owners are to hear of a plan's effects by this notification. */
export const notifiesOf = (
  effects: readonly Effect[],
  notification: EffectRule['notifies'],
): boolean =>
  effects.some(effect => ruleOf(effect, effects)?.notifies === notification);
