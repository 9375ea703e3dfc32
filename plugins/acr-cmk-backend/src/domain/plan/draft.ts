import { createHash } from 'node:crypto';
import type {
  ActionId,
  Afterwards,
  Check,
  EncryptionFields,
  Fact,
  KeyFacts,
  KeyIdentifier,
  PlannedChange,
  RevokeMethod,
  RoleAssignmentFacts,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { Consumer } from '../consumers/consumer';
import type { StepSpec } from '../steps';
import { type Effect, effectsOf, locksOf, registriesIn } from '../effects';
import type { DeletedKey, Identity } from '../encryptedRegistry';
import type { KnownIdentity } from '../identity';
import type { Registry } from '../registry';
import { changesInWords } from './changesInWords';
import { type KnownServices, otherServices, servicesIn } from './otherServices';

/** A plan before it has an id and an expiry. */
export interface PlanDraft {
  summary: string;
  before: EncryptionFields;
  after: EncryptionFields;
  checks: Check[];
  steps: StepSpec[];
  /** Steps that undo the plan. Stored with the operation before its first write. */
  inverse: {
    message: string;
    steps: StepSpec[];
    /** Action that undoes it from here. Absent when none does. */
    by?: ActionId;
  };
  /** Changes beside the encryption settings, before and after. */
  changes: PlannedChange[];
  /** Effects of the steps. `affected`, `locks` and the necessary approvals follow from them. */
  effects: Effect[];
  /** Registries in scope that the operation affects, this one included. */
  affected: Registry[];
  /** Resources of other Azure services that use a key which changes, or lose one. */
  services: Consumer[];
  /** Targets that the operation locks: registries and keys, in lower case. */
  locks: string[];
  /** Name that has to be typed, if any. */
  typedName: string | null;
  /** Methods of a revoke, each with its effect. */
  methods?: RevokeMethod[];
}

/** A draft whose effects are still to be found. */
export type Steps = Omit<
  PlanDraft,
  'effects' | 'affected' | 'services' | 'locks' | 'changes'
> & {
  /** Changes that effects do not show. */
  changes?: PlannedChange[];
};

/** Adds effects, affected registries and locks. */
export function withEffects(
  draft: Steps,
  {
    registry,
    registries,
    elsewhere,
    services,
    lookedAt,
    lacksKey,
    disabledVersions,
  }: Pick<PlanContext, 'registries' | 'elsewhere' | keyof KnownServices> &
    Partial<Pick<PlanContext, 'lacksKey' | 'disabledVersions'>> & {
      registry?: Registry;
    },
): PlanDraft {
  const effects = effectsOf(draft.steps, {
    registries: [...registries, ...elsewhere],
    services,
    lacking: lacksKey ? registry?.registryId.key : undefined,
    disabledVersions,
  });
  const hit = registriesIn(effects);
  return {
    ...draft,
    checks: [
      ...draft.checks,
      ...otherServices(effects, { services, lookedAt }),
    ],
    services: servicesIn(effects, services),
    changes: [...(draft.changes ?? []), ...changesInWords(effects, registry)],
    effects,
    affected: registries.filter(
      ({ registryId }) =>
        hit.has(registryId.key) || registry?.registryId.equals(registryId),
    ),
    locks: locksOf(effects),
  };
}

/** Input of planning, beside the registry itself. */
export interface PlanContext extends KnownServices {
  /** All registries in scope whose facts are known, this one included. */
  registries: readonly Registry[];
  /** Registries that were listed too, but are out of scope: counted, never named. */
  elsewhere: readonly Registry[];
  /** Whether every registry of the scope could be listed. If not, consumers may be missing. */
  registriesComplete: boolean;
  credentials: { rotate: boolean; revoke: boolean };
  /** The revokes that a restore undoes, latest first, with the inverses that they stored. */
  revokes: readonly {
    operationId: string;
    inverse: StepSpec[];
    /** Whether it is still to be undone. If not, it is listed because the intent names it. */
    pending: boolean;
  }[];
  /** Whether the registry has lost its key, by a revoke on record or by what Azure shows. */
  lacksKey: boolean;
  /** Disabled versions of the keys concerned, as `disabledVersionsOf` writes them. */
  disabledVersions: ReadonlySet<string>;
  /** The revoke of another registry by which this one has lost its key. */
  takenBy?: { operationId: string; registryName: string };
  /** Inverse of an earlier operation that changed automatic rotation. */
  rotationBefore?: { operationId: string; inverse: StepSpec[] };
  /** The encryption identity that the intent names. */
  identity?: Identity;
  /** Identities that could be listed, if the intent names one. */
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
  /** Soft-deleted key with the name of the intent's key, if the plan depends on it. */
  deletedKey?: Fact<DeletedKey>;
  /** Features that are off by default and that the configuration turns on. */
  allows: { retire: boolean; deleteKey: boolean };
  /** Makes GUIDs: the same for the same plan and purpose, so that planning again gives the same plan. */
  guid(purpose: string): string;
}

/** A resource group. */
export interface KnownGroup {
  id: string;
  tags?: Record<string, string>;
}

/** Input of planning for a registry that does not exist yet. */
export interface NewRegistryFacts extends Pick<
  PlanContext,
  | 'registries'
  | 'elsewhere'
  | 'registriesComplete'
  | keyof KnownServices
  | 'deletedKey'
  | 'guid'
> {
  credentials: { rotate: boolean; revoke: boolean; provision: boolean };
  /** The registry of that id, which should be missing. */
  registry: Fact<Registry>;
  /** The resource group of the new registry. */
  group: Fact<KnownGroup>;
  /** Whether all of Azure has the name free. */
  name: Fact<{ free: boolean; message?: string }>;
  /** Locations in which the subscription can have registries. */
  locations: Fact<string[]>;
  /** The identity, when it exists already. */
  identity?: KnownIdentity;
  key: KeyIdentifier;
  vault: Fact<VaultFacts>;
  keyFacts: Fact<KeyFacts>;
  assignments?: Fact<RoleAssignmentFacts[]>;
  /** Registries that the entity names, if it is in the catalog already. */
  entity?: readonly string[];
  /** Leftovers of an earlier attempt for this registry, which this one may use. */
  madeBefore: { key?: string };
  /** Azure's time, epoch milliseconds. */
  now: number;
}

/** A plan made from the facts of this moment. */
export interface MadePlan {
  draft: PlanDraft;
  /** State of the registry once it is carried out. Absent for a registry that is created. */
  afterwards?: Afterwards;
  /** Fields that are compared when the plan is made again. */
  fingerprint: Record<string, string>;
  /** The registry as it is; absent while it is to be made. */
  registry?: Registry;
  facts: OwnershipFacts;
}

/** Facts that decide whose approval the effects of a plan need. */
export interface OwnershipFacts {
  /** Every registry that is known, those outside of the scopes included. */
  registries: readonly Registry[];
  /** Keys of those outside of the scopes, which are counted and never named. Default: none. */
  outOfScope?: ReadonlySet<string>;
  /** Whether every registry could be listed. */
  registriesComplete: boolean;
  /** Resources of other Azure services that are known to use the keys. Default: none. */
  services?: readonly Consumer[];
  vaults: readonly VaultFacts[];
  keys: readonly KeyFacts[];
  identities: readonly KnownIdentity[];
  /** Resource groups in which registries are created. */
  groups: readonly KnownGroup[];
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
