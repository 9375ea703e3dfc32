import {
  ActionRefused,
  type Intent,
  type KeyIdentifier,
  keyHome,
  keyHomeKind,
  type RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { type Effect, keysAt } from '../../domain/effects';
import type { OwnershipFacts } from '../../domain/plan/draft';
import type { Registry } from '../../domain/registry';
import type { AcrCmkConfig } from '../../platform/config';
import { isIdentityOpen, isKeyOpen, isVaultOpen } from './openness';

/*
 * Effects that nobody may agree to: on keys, identities and scopes that are not open to the entity. Each
 * function returns the reason, or nothing.
 */

/** Entity for which a plan would use keys and identities, and the facts about these. */
export interface Claim {
  /** Entity ref in the catalog's spelling. */
  entityRef: string;
  /** The entity and its owners, lower-cased. */
  claimants: ReadonlySet<string>;
  /** The registry that the plan is about. */
  registryId: RegistryId;
  /** The key that a new plan names. */
  namedKey?: KeyIdentifier;
  /** Present state of the registry; absent while it is to be created. */
  registry?: Registry;
  facts: OwnershipFacts;
  config: Pick<AcrCmkConfig, 'keys' | 'identities' | 'resourceGroups'>;
}

/**
 * A plan may come to no step, because the key that it names is missing or has no version that can be used.
 * It would still tell so, what the vault is like and who uses the key, or what Azure says of a vault that
 * cannot be read.
 */
export function closedNamedKey(
  effects: readonly Effect[],
  of: Claim,
): string | undefined {
  const { namedKey } = of;
  return namedKey && effects.length === 0
    ? closedKey(namedKey.keyOfKey, effects, of)
    : undefined;
}

/** A key that the registry has already stays open to it; one that is made needs an open vault. */
export function closedKey(
  keyOfKey: string,
  effects: readonly Effect[],
  of: Claim,
): string | undefined {
  const [vaultName, keyName] = keyOfKey.split('/');
  const isMade = effects.some(
    effect =>
      effect.kind === 'key-changed' &&
      effect.change === 'created' &&
      effect.key === keyOfKey,
  );
  const isOpen = isMade
    ? isVaultOpen(vaultName, of)
    : of.registry?.key?.keyOfKey === keyOfKey ||
      isKeyOpen({ vaultName, keyName }, of);
  if (isOpen) return undefined;
  const home = keyHome(vaultName);
  const kind = keyHomeKind(vaultName);
  const { refused, tagged, listed } = isMade
    ? {
        refused: `create keys in the ${home}`,
        tagged: `the ${kind}`,
        listed: `the ${kind}`,
      }
    : {
        refused: `use the key ${keyName} of the ${home}`,
        tagged: `the key or its ${kind}`,
        listed: 'the key',
      };
  return `${of.entityRef} may not ${refused}. To allow it, set the tag backstage-entity-ref on ${tagged} to ${of.entityRef} or its owner, or list ${listed} under acrCmk.keys`;
}

/** One sentence for both, so that nobody learns which identities others have. */
const identityNotOpen = (named: string, entityRef: string) =>
  `${entityRef} may not use the identity ${named}, or it does not exist. To allow it, set its tag backstage-entity-ref to ${entityRef} or its owner, or list it under acrCmk.identities`;

/** An identity that the registry has already, or that the same plan makes, needs no tag. */
export function closedIdentity(
  identity: string,
  effects: readonly Effect[],
  of: Claim,
): string | undefined {
  const same = (text: string | undefined) =>
    text?.toLowerCase() === identity.toLowerCase();
  if (identity === 'system') return undefined;
  const isMade = effects.some(
    effect => effect.kind === 'identity-created' && same(effect.identity),
  );
  const isAttached = of.registry?.userAssignedIdentities.some(
    one => same(one.resourceId) || same(one.clientId),
  );
  if (isMade || isAttached) return undefined;
  const known = of.facts.identities.find(
    one => same(one.resourceId) || same(one.clientId),
  );
  const resourceId = known?.resourceId ?? identity;
  if (isIdentityOpen({ resourceId, tags: known?.tags }, of)) return undefined;
  return identityNotOpen(known?.name ?? identity, of.entityRef);
}

/** A plan names an identity that the entity may not use, whether or not it is there. */
export class IdentityNotOpen extends ActionRefused {
  constructor(
    action: Intent['kind'],
    named: string,
    { entityRef, field }: { entityRef: string; field: string },
  ) {
    super(action, identityNotOpen(named, entityRef), field);
  }
}

/** Access may be given only to keys that the registry may use. */
export function closedGrant(
  scope: string,
  effects: readonly Effect[],
  of: Claim,
): string | undefined {
  const at = keysAt(scope);
  const begins = effects.flatMap(effect =>
    effect.kind === 'registry-begins-to-use-key' ? [effect.key] : [],
  );
  const current = of.registry?.key?.keyOfKey;
  const used = begins.length > 0 || !current ? begins : [current];
  const keys = at?.keyName ? [`${at.vaultName}/${at.keyName}`] : used;
  const inVault = keys.filter(key => at?.vaultName === key.split('/')[0]);
  if (inVault.length === 0) {
    return `Access at ${scope} would reach further than the ${keyHomeKind(
      used[0].split('/')[0],
    )} of the registry's key. Grant it at the key`;
  }
  for (const key of inVault) {
    const closed = closedKey(key, effects, of);
    if (closed) return closed;
  }
  return undefined;
}
