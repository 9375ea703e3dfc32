import { createHash } from 'node:crypto';
import type {
  Check,
  EncryptionFields,
  Fact,
  Intent,
  KeyFacts,
  KeyIdentifier,
  RegistryFacts,
  RevokeMethod,
  RoleAssignmentFacts,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { StepSpec } from '../../steps';
import type { Identity } from '../encryptedRegistry';

/** A plan before it has an id, an expiry and readers: what `cmk/` can say by itself. */
export interface PlanDraft {
  summary: string;
  before: EncryptionFields;
  after: EncryptionFields;
  checks: Check[];
  steps: StepSpec[];
  /** The way back. Stored with the operation before its first write. */
  inverse: { message: string; steps: StepSpec[] };
  /** Registries that the operation touches, this one included. */
  affected: RegistryFacts[];
  /** What no other operation may work on meanwhile: registry and key, lower-cased. */
  locks: string[];
  /** The name that has to be typed, when one has. */
  typedName: string | null;
  /** Of a revoke: every way with what it would do. */
  methods?: RevokeMethod[];
}

/** A soft-deleted key. */
export interface DeletedKey {
  /** ISO 8601. Azure leaves it out while the deletion spreads. */
  scheduledPurgeAt?: string;
}

/** What planning needs beside the registry itself. */
export interface PlanContext {
  /** All registries in scope whose facts are known, this one included. */
  registries: readonly RegistryFacts[];
  /** Registries that were listed too, but are out of scope: counted, never named. */
  elsewhere: readonly RegistryFacts[];
  /** Could every registry of the scope be listed? Else consumers may be missing. */
  registriesComplete: boolean;
  credentials: { rotate: boolean; revoke: boolean };
  /** Operation that is at work on this registry or key. */
  runningOperationId?: string;
  /** The revoke that a restore undoes, with the inverse that it stored. */
  revoked?: { operationId: string; inverse: StepSpec[] };
  /** The encryption identity that the intent names. */
  identity?: Identity;
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
  /** What is in the vault's bin under the name of the key that the intent is about, when that matters. */
  deletedKey?: Fact<DeletedKey>;
  /** What the configuration allows that is off otherwise. */
  allows: { retire: boolean; deleteKey: boolean };
  /** Makes GUIDs: the same for the same plan and purpose, so that planning again gives the same plan. */
  guid(purpose: string): string;
}

/** The five fields of `properties.encryption` now. */
export function encryptionFields(registry: RegistryFacts): EncryptionFields {
  const { encryption } = registry;
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

/** Keys sorted at every level, so that equal data has one text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(item => canonicalJson(item)).join(',')}]`;
  }
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** What of a plan is compared when it is made again, by name. */
export function planFingerprint(
  intent: Intent,
  draft: PlanDraft,
): Record<string, string> {
  return {
    intent: canonicalJson(intent),
    ...Object.fromEntries(
      Object.entries(draft.before).map(([field, value]) => [
        `before.${field}`,
        String(value),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(draft.after).map(([field, value]) => [
        `after.${field}`,
        String(value),
      ]),
    ),
    ...Object.fromEntries(
      draft.checks.map(check => [`check ${check.id}`, check.status]),
    ),
    steps: canonicalJson(draft.steps),
    inverse: canonicalJson(draft.inverse.steps),
    'registries affected': draft.affected
      .map(registry => registry.id.toLowerCase())
      .sort()
      .join(', '),
  };
}

/** SHA-256, in hex, over everything that the plan says and what it is of. */
export function planHash(
  of: { planId: string; entityRef: string; registryId: string },
  fingerprint: Record<string, string>,
): string {
  return createHash('sha256')
    .update(canonicalJson({ ...of, fingerprint }))
    .digest('hex');
}
