import { createHash } from 'node:crypto';
import type {
  Check,
  EncryptionFields,
  Fact,
  KeyFacts,
  KeyIdentifier,
  RevokeMethod,
  RoleAssignmentFacts,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { StepSpec } from '../../steps';
import { type Effect, effectsOf, locksOf, registriesIn } from '../effects';
import type { Identity } from '../encryptedRegistry';
import type { KnownIdentity } from '../identity';
import type { Registry } from '../registry';

/** A plan before it has an id, an expiry and readers: what `cmk/` can say by itself. */
export interface PlanDraft {
  summary: string;
  before: EncryptionFields;
  after: EncryptionFields;
  checks: Check[];
  steps: StepSpec[];
  /** What undoes it. Stored with the operation before its first write. */
  inverse: { message: string; steps: StepSpec[] };
  /** What the steps do, and to whom. The three below, and who has to agree, follow from it. */
  effects: Effect[];
  /** Registries in scope that the operation affects, this one included. */
  affected: Registry[];
  /** What no other operation may work on meanwhile: registries and keys, lower-cased. */
  locks: string[];
  /** The name that has to be typed, when one has. */
  typedName: string | null;
  /** Of a revoke: every method with what it would do. */
  methods?: RevokeMethod[];
}

/** A draft whose effects are still to be found. */
export type Steps = Omit<PlanDraft, 'effects' | 'affected' | 'locks'>;

/** Adds what follows from the steps. */
export function withEffects(
  draft: Steps,
  {
    registry,
    registries,
    elsewhere,
  }: Pick<PlanContext, 'registries' | 'elsewhere'> & { registry?: Registry },
): PlanDraft {
  const effects = effectsOf(draft.steps, {
    registries: [...registries, ...elsewhere],
  });
  const hit = registriesIn(effects);
  return {
    ...draft,
    effects,
    affected: registries.filter(
      ({ registryId }) =>
        hit.has(registryId.key) || registry?.registryId.equals(registryId),
    ),
    locks: locksOf(effects),
  };
}

/** A soft-deleted key. */
export interface DeletedKey {
  /** ISO 8601. Azure leaves it out while the deletion spreads. */
  scheduledPurgeAt?: string;
}

/** What planning needs beside the registry itself. */
export interface PlanContext {
  /** All registries in scope whose facts are known, this one included. */
  registries: readonly Registry[];
  /** Registries that were listed too, but are out of scope: counted, never named. */
  elsewhere: readonly Registry[];
  /** Could every registry of the scope be listed? Else consumers may be missing. */
  registriesComplete: boolean;
  credentials: { rotate: boolean; revoke: boolean };
  /** The revokes that a restore undoes, latest first, with the inverses that they stored. */
  revokes: readonly {
    operationId: string;
    inverse: StepSpec[];
    /** Not undone yet. Else it is here because the intent names it. */
    pending: boolean;
  }[];
  /** The revoke of another registry by which this one has lost its key. */
  takenBy?: { operationId: string; registryName: string };
  /** What an operation replaced that changed automatic rotation: the inverse that it stored. */
  rotationBefore?: { operationId: string; inverse: StepSpec[] };
  /** The encryption identity that the intent names. */
  identity?: Identity;
  /** Those that could be listed, when the intent names one. */
  identities?: readonly KnownIdentity[];
  /**
   * The key that the registry is to be pointed at, with the facts of its vault; `assignments` are
   * those of the identity that the registry is to use.
   */
  target?: {
    key: KeyIdentifier;
    vault: Fact<VaultFacts>;
    keyFacts: Fact<KeyFacts>;
    assignments?: Fact<RoleAssignmentFacts[]>;
  };
  /** A soft-deleted key with the name of the key that the intent is about, when that matters. */
  deletedKey?: Fact<DeletedKey>;
  /** What the configuration allows that is off otherwise. */
  allows: { retire: boolean; deleteKey: boolean };
  /** Makes GUIDs: the same for the same plan and purpose, so that planning again gives the same plan. */
  guid(purpose: string): string;
}

/** What planning a registry that does not exist yet needs to know. */
export interface NewRegistryFacts extends Pick<
  PlanContext,
  'registries' | 'elsewhere' | 'registriesComplete' | 'deletedKey' | 'guid'
> {
  credentials: { rotate: boolean; revoke: boolean; provision: boolean };
  /** The registry of that id, which should be missing. */
  registry: Fact<Registry>;
  /** Whether all of Azure has the name free. */
  name: Fact<{ free: boolean; message?: string }>;
  /** The identity, when it exists already. */
  identity?: KnownIdentity;
  key: KeyIdentifier;
  vault: Fact<VaultFacts>;
  keyFacts: Fact<KeyFacts>;
  assignments?: Fact<RoleAssignmentFacts[]>;
  /** What the entity names that the registry is for, when it is in the catalog already. */
  entity?: readonly string[];
  /** What an earlier attempt for this registry made, so that this one may use it. */
  madeBefore: { key?: string };
  /** Azure's time, epoch milliseconds. */
  now: number;
}

/** A plan made from the facts of this moment. */
export interface MadePlan {
  draft: PlanDraft;
  /** What is compared when the plan is made again, by name. */
  fingerprint: Record<string, string>;
  /** The registry as it is; absent while it is to be made. */
  registry?: Registry;
  facts: OwnershipFacts;
}

/** What decides who has to agree to the effects of a plan. */
export interface OwnershipFacts {
  /** Every registry that is known, those outside of the scopes included. */
  registries: readonly Registry[];
  /** Could every registry be listed? */
  registriesComplete: boolean;
  vaults: readonly VaultFacts[];
  keys: readonly KeyFacts[];
  identities: readonly KnownIdentity[];
}

/** The five fields of `properties.encryption` now. */
export function encryptionFields({ encryption }: Registry): EncryptionFields {
  return {
    status: encryption.status,
    keyIdentifier: encryption.keyIdentifier ?? null,
    identity: encryption.identity ?? null,
    versionedKeyIdentifier: encryption.versionedKeyIdentifier ?? null,
    keyRotationEnabled: encryption.keyRotationEnabled ?? null,
  };
}

/** A maker of GUIDs that depend on nothing but `seed` and purpose (version 8 of RFC 9562). */
export function guidsFrom(seed: string): PlanContext['guid'] {
  return purpose => {
    const hex = createHash('sha256')
      .update(`${seed}\n${purpose}`)
      .digest('hex');
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `8${hex.slice(13, 16)}`,
      `8${hex.slice(17, 20)}`,
      hex.slice(20, 32),
    ].join('-');
  };
}
