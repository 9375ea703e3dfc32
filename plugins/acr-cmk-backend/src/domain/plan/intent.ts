import type {
  BasicPermission,
  ResourcePermission,
} from '@backstage/plugin-permission-common';
import type {
  CreateRegistryIntent,
  Intent,
} from 'backstage-plugin-acr-cmk-common';
import type { EncryptedRegistry } from '../encryptedRegistry';
import type { Change } from './change';
import type { NewRegistryFacts, PlanContext, PlanDraft } from './draft';

/** An intent about a registry that exists. */
export type ChangeIntent = Exclude<Intent, CreateRegistryIntent>;

/** Facts to read for a plan, beside the registry itself and its key. */
export interface FactNeeds {
  /** The encryption identity that the intent names. */
  identity?: string;
  /** The key that the registry is to be pointed at, be it the one that it uses already. */
  targetKey?: boolean;
  /** The revoke to undo: the one with this id, else the latest; with `onlyOperation` nothing else. */
  revoke?: { operationId?: string; onlyOperation?: boolean };
  /** The change of automatic rotation to undo: by the operation with this id, else by the latest. */
  rotationBefore?: { operationId?: string };
  /** Key to look for among the deleted ones, if it is not in its vault. */
  deletedKey?: 'current' | 'target';
}

interface Common {
  /** Whether it takes something away, so that the configured waiting period applies. */
  takesAway: boolean;
}

/** Definition of one kind of intent. Each has a file beside this one. */
export interface ExistingRegistryIntent<I extends ChangeIntent> extends Common {
  /** A registry that exists: an entity names it, and something proves that it belongs there. */
  registry: 'existing';
  /** Permission on the entity that the requester needs. */
  permission: ResourcePermission<'catalog-entity'>;
  /** Credentials without which it cannot be offered. */
  credentials: readonly ('rotate' | 'revoke')[];
  needs(intent: I): FactNeeds;
  plan(
    encrypted: EncryptedRegistry,
    intent: I,
    context: PlanContext,
  ): PlanDraft;
}

/** Definition of an intent that creates a registry. */
export interface NewRegistryIntent<I extends Intent> extends Common {
  /** A registry that is to be made: no entity names it yet, and its proof is made with it. */
  registry: 'new';
  permission: BasicPermission;
  needs(intent: I): FactNeeds & { identity: string };
  plan(change: Change<I>, facts: NewRegistryFacts): PlanDraft;
}

/** One kind of intent. */
export type IntentDefinition<I extends Intent = Intent> =
  I extends CreateRegistryIntent
    ? NewRegistryIntent<I>
    : I extends ChangeIntent
      ? ExistingRegistryIntent<I>
      : never;
