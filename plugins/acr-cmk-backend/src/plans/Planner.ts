import {
  ActionRefused,
  type CreateRegistryIntent,
  type Fact,
  FactsUnavailable,
  type FieldChange,
  type Intent,
  InvalidInput,
  isKeyName,
  isVaultName,
  KeyIdentifier,
  type RegistryFacts,
  RegistryId,
  type VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { AzurePorts } from '../azure/ports';
import {
  findIdentity,
  findNewRegistrysIdentity,
  type KnownIdentity,
} from '../cmk/identity';
import {
  guidsFrom,
  makePlan,
  planCreate,
  type PlanContext,
  type PlanDraft,
  planFingerprint,
} from '../cmk/plan';
import {
  noLocks,
  ownRights,
  type Right,
  rightsOf,
  scopesWithLocks,
} from '../cmk/rights';
import {
  type Identity,
  type EncryptedRegistry,
  encryptedRegistryOf,
} from '../cmk/encryptedRegistry';
import {
  FRESH,
  type Freshness,
  type Inventory,
  NOW,
} from '../inventory/Inventory';
import type { OperationStore } from '../operations/engine/OperationStore';
import type { PlanStore } from './PlanStore';
import type { OperationRecord } from '../operations/engine/types';

/** A plan made from the facts of this moment. */
export interface MadePlan {
  draft: PlanDraft;
  fingerprint: Record<string, string>;
  /** The registry as it is; absent while it is to be made. */
  registry?: RegistryFacts;
}

/** What a plan is about. */
export interface PlanRequestFacts {
  registryId: RegistryId;
  entityRef: string;
  intent: Intent;
}

/** An intent about a registry that is there. */
export type ChangeIntent = Exclude<Intent, CreateRegistryIntent>;

const isMissing = (fact: Fact<unknown>) =>
  !fact.known && fact.problem.kind === 'not-found';

/** Brings fresh facts to `cmk/`, so that the same plan can be made when it is asked for, accepted and begun. */
export class Planner {
  readonly #inventory: Inventory;
  readonly #operations: OperationStore;
  readonly #plans: PlanStore;
  readonly #azure: AzurePorts;
  readonly #subscriptions: readonly string[];
  readonly #inScope: (id: RegistryId) => boolean;
  readonly #vaultAllowed: (key: KeyIdentifier) => boolean;
  readonly #allows: PlanContext['allows'];

  constructor(options: {
    inventory: Inventory;
    operations: OperationStore;
    plans: PlanStore;
    azure: AzurePorts;
    subscriptions: readonly string[];
    inScope: (id: RegistryId) => boolean;
    vaultAllowed: (key: KeyIdentifier) => boolean;
    allows: PlanContext['allows'];
  }) {
    this.#inventory = options.inventory;
    this.#operations = options.operations;
    this.#plans = options.plans;
    this.#azure = options.azure;
    this.#subscriptions = options.subscriptions;
    this.#inScope = options.inScope;
    this.#vaultAllowed = options.vaultAllowed;
    this.#allows = options.allows;
  }

  /**
   * Every registry in scope that is known, and whether that is all of them.
   */
  async registriesInScope(freshness: Freshness): Promise<{
    registries: RegistryFacts[];
    elsewhere: RegistryFacts[];
    complete: boolean;
  }> {
    const lists = await Promise.all(
      this.#subscriptions.map(subscription =>
        this.#inventory.registries(subscription, freshness),
      ),
    );
    const all = lists.flatMap(list => (list.known ? list.value : []));
    const scoped = ({ id }: RegistryFacts) => {
      const parsed = RegistryId.tryParse(id);
      return parsed !== undefined && this.#inScope(parsed);
    };
    return {
      registries: all.filter(scoped),
      elsewhere: all.filter(registry => !scoped(registry)),
      complete: lists.every(list => list.known && !list.refreshProblem),
    };
  }

  /** User-assigned identities in the subscriptions of the scopes, and whether that is all of them. */
  async identitiesInScope(
    freshness: Freshness,
  ): Promise<{ identities: KnownIdentity[]; complete: boolean }> {
    const lists = await Promise.all(
      this.#subscriptions.map(subscription =>
        this.#inventory.identities(subscription, freshness),
      ),
    );
    return {
      identities: lists
        .flatMap(list => (list.known ? list.value : []))
        .map(({ id, name, clientId, principalId }) => ({
          resourceId: id,
          name,
          clientId,
          principalId,
        })),
      complete: lists.every(list => list.known && !list.refreshProblem),
    };
  }

  /**
   * @param planId - seed of everything that a plan has to make up
   * @param ownOperationId - the operation that this plan is of, when it runs already
   * @throws FactsUnavailable when the registry cannot be read now
   */
  async make(
    planId: string,
    { registryId, entityRef, intent }: PlanRequestFacts,
    ownOperationId?: string,
  ): Promise<MadePlan> {
    if (intent.kind === 'create-registry') {
      return this.#makeCreate(
        planId,
        registryId,
        entityRef,
        intent,
        ownOperationId,
      );
    }
    const [registry, { registries, elsewhere, complete }] = await Promise.all([
      this.#inventory.registry(registryId, NOW),
      this.registriesInScope(NOW),
    ]);
    const fresh = requireFresh(registry, registryId);
    const bundle = await this.#inventory.bundle(
      fresh,
      this.#subscriptions,
      NOW,
    );
    const encrypted = encryptedRegistryOf(bundle, fresh.azureAt);
    if (!encrypted) {
      throw new ActionRefused(
        intent.kind,
        'The registry has no customer-managed key in a Key Vault, so there is nothing to do with one',
      );
    }
    const identity = await this.#identity(encrypted, intent);
    const target = await this.#target(encrypted, intent, identity);
    const running = await this.#operations.holderOf([
      ...new Set([
        registryId.key,
        `key:${encrypted.key.keyOfKey}`,
        ...(target ? [`key:${target.key.keyOfKey}`] : []),
      ]),
    ]);
    const context: PlanContext = {
      registries,
      elsewhere,
      registriesComplete: complete,
      credentials: {
        rotate: this.#azure.has('rotate'),
        revoke: this.#azure.has('revoke'),
      },
      runningOperationId:
        running?.operationId === ownOperationId
          ? undefined
          : running?.operationId,
      revoked:
        intent.kind === 'restore'
          ? await this.#revoked(registryId, intent.operationId)
          : undefined,
      identity,
      target,
      deletedKey: await this.#deletedKey(encrypted, intent, target),
      allows: this.#allows,
      guid: guidsFrom(planId),
    };
    const draft = await this.#withOwnChecks(
      makePlan(encrypted, intent, context),
      [encrypted.vault, target?.vault],
    );
    return {
      draft,
      fingerprint: planFingerprint(intent, draft),
      registry: bundle.registry,
    };
  }

  /** The plan of a registry that is not there yet. */
  async #makeCreate(
    planId: string,
    registryId: RegistryId,
    entityRef: string,
    intent: CreateRegistryIntent,
    ownOperationId?: string,
  ): Promise<MadePlan> {
    const key = this.keyNamedBy(intent)!;
    const [registry, { registries, complete }, name, identity, vault] =
      await Promise.all([
        this.#inventory.registry(registryId, NOW),
        this.registriesInScope(NOW),
        this.#nameIsFree(registryId),
        this.#listedIdentities().then(listed =>
          findNewRegistrysIdentity(intent.identity.name, listed),
        ),
        this.#inventory.vault(key.vaultName, this.#subscriptions, NOW),
      ]);
    const keyFacts = vault.known
      ? await this.#inventory.key(vault.value.id, key.keyName, NOW)
      : vault;
    const [assignments, deletedKey, running, madeBefore] = await Promise.all([
      vault.known && vault.value.permissionModel === 'rbac' && identity
        ? this.#inventory.assignments(
            identity.principalId,
            `${vault.value.id}/keys/${key.keyName}`,
            NOW,
          )
        : undefined,
      intent.key.kind === 'new-key' && vault.known && isMissing(keyFacts)
        ? this.#inventory.deletedKey(key, NOW)
        : undefined,
      this.#operations.holderOf([registryId.key, `key:${key.keyOfKey}`]),
      this.#madeBefore(registryId, ownOperationId),
    ]);
    const draft = await this.#withOwnChecks(
      planCreate(registryId, intent, {
        registries,
        registriesComplete: complete,
        credentials: {
          rotate: this.#azure.has('rotate'),
          revoke: this.#azure.has('revoke'),
          provision: this.#azure.has('provision'),
        },
        runningOperationId:
          running?.operationId === ownOperationId
            ? undefined
            : running?.operationId,
        entityRef,
        registry,
        name,
        identity,
        key,
        vault,
        keyFacts,
        assignments,
        deletedKey,
        madeBefore,
        now: vault.known ? vault.azureAt : 0,
        guid: guidsFrom(planId),
      }),
      [vault],
    );
    return { draft, fingerprint: planFingerprint(intent, draft) };
  }

  /** Asked anew each time: the answer is of no use to anybody else. */
  async #nameIsFree(
    id: RegistryId,
  ): Promise<Fact<{ free: boolean; message?: string }>> {
    if (!this.#azure.has('provision')) {
      return {
        known: false,
        problem: {
          kind: 'unconfigured',
          code: 'CredentialMissing',
          message: 'there is no credential to ask with',
        },
      };
    }
    return this.#inventory.registryName(id, NOW);
  }

  /** What earlier attempts to make this registry have left, so that the next one goes on with it. */
  async #madeBefore(
    id: RegistryId,
    ownOperationId: string | undefined,
  ): Promise<{ key?: string }> {
    const attempts = await this.#operations.list({
      registryKey: id.key,
      kind: 'create-registry',
      limit: 20,
    });
    const made = attempts
      .filter(attempt => attempt.id !== ownOperationId)
      .flatMap(({ steps }) => steps)
      .find(
        ({ spec, state }) => spec.kind === 'create-key' && state === 'done',
      );
    return made?.spec.kind === 'create-key' ? { key: made.spec.key } : {};
  }

  /** The checks that follow from the steps: our own rights, and locks in the way. */
  async #withOwnChecks(
    draft: PlanDraft,
    known: (Fact<VaultFacts> | undefined)[],
  ): Promise<PlanDraft> {
    if (draft.steps.length === 0) return draft;
    const vaults = known.flatMap(vault => (vault?.known ? [vault.value] : []));
    const vaultNamed = (name: string) =>
      vaults.find(vault => vault.name.toLowerCase() === name.toLowerCase());
    const rights = draft.steps
      .flatMap(step => rightsOf(step, key => vaultNamed(key.vaultName)?.id))
      .filter(({ credential }) => this.#azure.has(credential));
    const nameOf = ({ credential, scope }: Right) =>
      `${credential} ${scope}`.toLowerCase();
    const byName = new Map(rights.map(right => [nameOf(right), right]));
    const [permissions, objectIds, locks] = await Promise.all([
      Promise.all(
        [...byName].map(
          async ([name, { scope, credential }]) =>
            [
              name,
              await this.#inventory.permissions(scope, credential, FRESH),
            ] as const,
        ),
      ),
      Promise.all(
        [...new Set(rights.map(({ credential }) => credential))].map(
          async credential =>
            [
              credential,
              await this.#azure.access.objectIdOf(credential),
            ] as const,
        ),
      ),
      Promise.all(
        scopesWithLocks(draft.steps).map(
          async scope =>
            [scope, await this.#inventory.locks(scope, FRESH)] as const,
        ),
      ),
    ]);
    const permissionsAt = new Map(permissions);
    const objectIdOf = new Map(objectIds);
    const locksAt = new Map(locks);
    return {
      ...draft,
      checks: [
        ...draft.checks,
        ownRights(rights, {
          permissions: right => permissionsAt.get(nameOf(right)),
          vault: vaultNamed,
          objectId: credential => objectIdOf.get(credential),
        }),
        noLocks(draft.steps, scope => locksAt.get(scope)),
      ],
    };
  }

  /** The encryption identity that an intent names, found. */
  async #identity(
    { registry }: EncryptedRegistry,
    intent: ChangeIntent,
  ): Promise<Identity | undefined> {
    if (intent.kind !== 'rotate' || intent.identity === undefined) {
      return undefined;
    }
    return findIdentity(
      intent.identity,
      registry,
      await this.#listedIdentities(),
    );
  }

  async #listedIdentities(): Promise<Fact<KnownIdentity[]>> {
    const { identities, complete } = await this.identitiesInScope(FRESH);
    return complete || identities.length > 0
      ? { known: true, value: identities, observedAt: 0, azureAt: 0 }
      : {
          known: false,
          problem: {
            kind: 'unavailable',
            code: 'NotListed',
            message: 'the identities in scope could not be listed',
          },
        };
  }

  /**
   * The facts of the key that the registry is to use. What the intent names is parsed and its vault
   * allowed before anything is asked of Azure.
   */
  async #target(
    encrypted: EncryptedRegistry,
    intent: ChangeIntent,
    wanted: Identity | undefined,
  ): Promise<PlanContext['target']> {
    const named = this.keyNamedBy(intent);
    if (!named && intent.kind !== 'rotate') return undefined;
    const key = named ?? encrypted.key;
    const { principalId } = wanted ?? encrypted.identity;
    const vault = named
      ? await this.#inventory.vault(key.vaultName, this.#subscriptions, NOW)
      : encrypted.vault;
    if (!vault.known) return { key, vault, keyFacts: vault };
    const [keyFacts, assignments] = await Promise.all([
      named
        ? this.#inventory.key(vault.value.id, key.keyName, NOW)
        : encrypted.keyFacts,
      vault.value.permissionModel === 'rbac' && principalId
        ? this.#inventory.assignments(
            principalId,
            `${vault.value.id}/keys/${key.keyName}`,
            NOW,
          )
        : undefined,
    ]);
    return { key, vault, keyFacts, assignments };
  }

  /** What is in the bin under a name, where that decides: of a key to be made, or one that is gone. */
  async #deletedKey(
    { key, keyFacts }: EncryptedRegistry,
    intent: ChangeIntent,
    target: PlanContext['target'],
  ): Promise<PlanContext['deletedKey']> {
    if (intent.kind === 'restore' && isMissing(keyFacts)) {
      return this.#inventory.deletedKey(key, NOW);
    }
    if (
      intent.kind === 'rotate' &&
      intent.key?.kind === 'new-key' &&
      target?.vault.known &&
      isMissing(target.keyFacts)
    ) {
      return this.#inventory.deletedKey(target.key, NOW);
    }
    return undefined;
  }

  /**
   * The key that an intent names, parsed and allowed, or nothing when it names none.
   *
   * @throws InvalidInput for a key that is none, or of a vault that may not be used
   */
  keyNamedBy(intent: Intent): KeyIdentifier | undefined {
    if (intent.kind !== 'rotate' && intent.kind !== 'create-registry') {
      return undefined;
    }
    const { key } = intent;
    if (key?.kind === 'existing') {
      const field = 'intent.key.keyIdentifier';
      const parsed = KeyIdentifier.parse(key.keyIdentifier, field);
      this.requireVault(parsed, field);
      return parsed;
    }
    if (key?.kind === 'new-key') {
      if (!isVaultName(key.vaultName)) {
        throw new InvalidInput(
          'intent.key.vaultName',
          'is not a name that a vault can have: 3 to 24 letters, digits and single hyphens',
        );
      }
      if (!isKeyName(key.keyName)) {
        throw new InvalidInput(
          'intent.key.keyName',
          'is not a name that a key can have: 1 to 127 letters, digits and hyphens',
        );
      }
      const named = KeyIdentifier.of(key.vaultName, key.keyName);
      this.requireVault(named, 'intent.key.vaultName');
      return named;
    }
    return undefined;
  }

  /** @throws InvalidInput when keys of the vault may not be used */
  requireVault(key: KeyIdentifier, field: string): void {
    if (this.#vaultAllowed(key)) return;
    throw new InvalidInput(
      field,
      `the vault ${key.vaultName} is not in acrCmk.vaults, so its keys may not be used`,
    );
  }

  /** The revoke to undo: the one asked for, else the latest that took something away. */
  async #revoked(
    registryId: RegistryId,
    operationId: string | undefined,
  ): Promise<PlanContext['revoked']> {
    const found = await this.latestRevoke(registryId, operationId);
    return found && { operationId: found.id, inverse: found.inverse };
  }

  /** The latest revoke of a registry that took something away, or the one with this id. */
  async latestRevoke(
    registryId: RegistryId,
    operationId?: string,
  ): Promise<OperationRecord | undefined> {
    const revokes = await this.#operations.list({
      registryKey: registryId.key,
      kind: 'revoke',
      limit: 50,
    });
    return revokes.find(
      ({ id, steps, undoneBy }) =>
        (operationId === undefined ? !undoneBy : id === operationId) &&
        steps.some(({ attempts }) => attempts > 0),
    );
  }

  /** An operation has changed its registry: what is known of it, its vault and keys is old now. */
  async invalidate(operation: OperationRecord): Promise<void> {
    for (const uri of keysOf(operation)) {
      const key = KeyIdentifier.parse(uri);
      const vault = await this.#inventory.vault(
        key.vaultName,
        this.#subscriptions,
        FRESH,
      );
      if (vault.known) await this.#inventory.expireKey(vault.value.id, key);
    }
    const id = RegistryId.parse(operation.plan.registryId);
    const registry = await this.#inventory.registry(id, FRESH);
    if (!registry.known) return;
    await this.#inventory.expire(
      await this.#inventory.bundle(registry, this.#subscriptions, FRESH),
    );
  }

  /** What has changed since the plan of an operation was accepted, and the registry as it is. */
  async changesSince(
    operation: OperationRecord,
  ): Promise<{ changes: FieldChange[]; registry?: RegistryFacts }> {
    const stored = await this.#plans.get(operation.plan.id);
    const { fingerprint, registry } = await this.make(
      operation.plan.id,
      {
        registryId: RegistryId.parse(operation.plan.registryId),
        entityRef: operation.entityRef,
        intent: operation.intent,
      },
      operation.id,
    );
    return {
      changes: differences(stored?.fingerprint ?? {}, fingerprint),
      registry,
    };
  }
}

/** URIs of the keys that the steps of an operation are about. */
function keysOf({ steps }: OperationRecord): Set<string> {
  return new Set(
    steps.flatMap(({ spec }) =>
      'key' in spec && typeof spec.key === 'string' ? [spec.key] : [],
    ),
  );
}

/** Fields in which two fingerprints differ. */
export function differences(
  shown: Record<string, string>,
  now: Record<string, string>,
): FieldChange[] {
  const fields = [...new Set([...Object.keys(shown), ...Object.keys(now)])];
  return fields
    .filter(field => shown[field] !== now[field])
    .map(field => ({
      field,
      shown: shown[field] ?? 'not there',
      now: now[field] ?? 'not there',
    }));
}

function requireFresh(
  fact: Fact<RegistryFacts>,
  id: RegistryId,
): Extract<Fact<RegistryFacts>, { known: true }> {
  const problem = fact.known ? fact.refreshProblem : fact.problem;
  if (!fact.known || problem) {
    throw new FactsUnavailable(
      `The registry ${id.name}`,
      problem?.message ?? 'it is not known',
    );
  }
  return fact;
}
