import {
  ActionRefused,
  type Fact,
  FactsUnavailable,
  type FieldChange,
  type Intent,
  InvalidInput,
  KeyIdentifier,
  type RegistryFacts,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { AzurePorts } from '../azure/ports';
import {
  guidsFrom,
  makePlan,
  type PlanContext,
  type PlanDraft,
  planFingerprint,
} from '../cmk/plan';
import { type Situation, type Subject, subjectOf } from '../cmk/subject';
import {
  FRESH,
  type Freshness,
  type Inventory,
  NOW,
} from '../inventory/Inventory';
import type { OperationStore } from './OperationStore';
import type { PlanStore } from './PlanStore';
import type { OperationRecord } from './types';

/** A plan made from the facts of this moment. */
export interface MadePlan {
  draft: PlanDraft;
  fingerprint: Record<string, string>;
  situation: Situation;
}

/** Brings fresh facts to `cmk/`, so that the same plan can be made when it is asked for, accepted and begun. */
export class Planner {
  readonly #inventory: Inventory;
  readonly #operations: OperationStore;
  readonly #plans: PlanStore;
  readonly #azure: AzurePorts;
  readonly #subscriptions: readonly string[];
  readonly #inScope: (id: RegistryId) => boolean;
  readonly #vaultAllowed: (key: KeyIdentifier) => boolean;

  constructor(options: {
    inventory: Inventory;
    operations: OperationStore;
    plans: PlanStore;
    azure: AzurePorts;
    subscriptions: readonly string[];
    inScope: (id: RegistryId) => boolean;
    vaultAllowed: (key: KeyIdentifier) => boolean;
  }) {
    this.#inventory = options.inventory;
    this.#operations = options.operations;
    this.#plans = options.plans;
    this.#azure = options.azure;
    this.#subscriptions = options.subscriptions;
    this.#inScope = options.inScope;
    this.#vaultAllowed = options.vaultAllowed;
  }

  /**
   * Every registry in scope that is known, and whether that is all of them.
   */
  async registriesInScope(
    freshness: Freshness,
  ): Promise<{ registries: RegistryFacts[]; complete: boolean }> {
    const lists = await Promise.all(
      this.#subscriptions.map(subscription =>
        this.#inventory.registries(subscription, freshness),
      ),
    );
    return {
      registries: lists
        .flatMap(list => (list.known ? list.value : []))
        .filter(({ id }) => {
          const parsed = RegistryId.tryParse(id);
          return parsed !== undefined && this.#inScope(parsed);
        }),
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
    registryId: RegistryId,
    intent: Intent,
    ownOperationId?: string,
  ): Promise<MadePlan> {
    const [registry, { registries, complete }] = await Promise.all([
      this.#inventory.registry(registryId, NOW),
      this.registriesInScope(NOW),
    ]);
    const fresh = requireFresh(registry, registryId);
    const situation = await this.#inventory.situation(
      fresh,
      this.#subscriptions,
      NOW,
    );
    const subject = subjectOf(situation, fresh.azureAt);
    if (!subject) {
      throw new ActionRefused(
        intent.kind,
        'The registry has no customer-managed key in a Key Vault, so there is nothing to do with one',
      );
    }
    const running = await this.#operations.holderOf([
      registryId.key,
      `key:${subject.key.keyOfKey}`,
    ]);
    const context: PlanContext = {
      registries,
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
      target: await this.#target(subject, intent),
      guid: guidsFrom(planId),
    };
    const draft = makePlan(subject, intent, context);
    return { draft, fingerprint: planFingerprint(intent, draft), situation };
  }

  /**
   * The facts of the key that an intent names. The name is parsed and its vault allowed before
   * anything is asked of Azure.
   */
  async #target(
    { identity }: Subject,
    intent: Intent,
  ): Promise<PlanContext['target']> {
    const key = this.keyNamedBy(intent);
    if (!key) return undefined;
    const vault = await this.#inventory.vault(
      key.vaultName,
      this.#subscriptions,
      NOW,
    );
    if (!vault.known) return { key, vault, keyFacts: vault };
    const [keyFacts, assignments] = await Promise.all([
      this.#inventory.key(vault.value.id, key.keyName, NOW),
      vault.value.permissionModel === 'rbac' && identity.principalId
        ? this.#inventory.assignments(
            identity.principalId,
            `${vault.value.id}/keys/${key.keyName}`,
            NOW,
          )
        : undefined,
    ]);
    return { key, vault, keyFacts, assignments };
  }

  /**
   * The key that an intent names, parsed and allowed, or nothing when it names none.
   *
   * @throws InvalidInput for a key that is none, or of a vault that may not be used
   */
  keyNamedBy(intent: Intent): KeyIdentifier | undefined {
    if (intent.kind !== 'rotate' || intent.key?.kind !== 'existing') {
      return undefined;
    }
    const field = 'intent.key.keyIdentifier';
    const key = KeyIdentifier.parse(intent.key.keyIdentifier, field);
    if (!this.#vaultAllowed(key)) {
      throw new InvalidInput(
        field,
        `the vault ${key.vaultName} is not in acrCmk.vaults, so its keys may not be used`,
      );
    }
    return key;
  }

  /** The revoke to undo: the one asked for, else the latest that took something away. */
  async #revoked(
    registryId: RegistryId,
    operationId: string | undefined,
  ): Promise<PlanContext['revoked']> {
    const revokes = await this.#operations.list({
      registryKey: registryId.key,
      kind: 'revoke',
      limit: 50,
    });
    const found = revokes.find(
      ({ id, steps }) =>
        (operationId === undefined || id === operationId) &&
        steps.some(({ attempts }) => attempts > 0),
    );
    return found && { operationId: found.id, inverse: found.inverse };
  }

  /** An operation has changed its registry: what is known of it and its vault is old now. */
  async forget(operation: OperationRecord): Promise<void> {
    const id = RegistryId.parse(operation.plan.registryId);
    const registry = await this.#inventory.registry(id, FRESH);
    if (!registry.known) return;
    await this.#inventory.expire(
      await this.#inventory.situation(registry, this.#subscriptions, FRESH),
    );
  }

  /** What has changed since the plan of an operation was accepted. */
  async changesSince(operation: OperationRecord): Promise<FieldChange[]> {
    const stored = await this.#plans.get(operation.plan.id);
    const { fingerprint } = await this.make(
      operation.plan.id,
      RegistryId.parse(operation.plan.registryId),
      operation.intent,
      operation.id,
    );
    return differences(stored?.fingerprint ?? {}, fingerprint);
  }
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
