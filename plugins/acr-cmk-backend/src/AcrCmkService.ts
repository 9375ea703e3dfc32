import { createHash, randomUUID } from 'node:crypto';
import type {
  AuditorService,
  BackstageCredentials,
  BackstageUserPrincipal,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError } from '@backstage/errors';
import {
  AuthorizeResult,
  type ResourcePermission,
} from '@backstage/plugin-permission-common';
import {
  type ActionId,
  ActionRefused,
  type Binding,
  type Consumer,
  type EntityRegistries,
  type Fact,
  type Intent,
  InvalidInput,
  KeyIdentifier,
  keyRestorePermission,
  keyRevokePermission,
  keyRotatePermission,
  type Operation,
  type OperationRequest,
  OperationUnknown,
  parseReason,
  PermissionMissing,
  type Plan,
  PlanBlocked,
  PlanDrifted,
  PlanExpired,
  type PlanRequest,
  PlanUnknown,
  type RegistryEncryption,
  type RegistryFacts,
  RegistryId,
  RegistryNotOfEntity,
  registryReadPermission,
  TargetBusy,
  type UnreadableReason,
  type UnreadableRegistry,
} from 'backstage-plugin-acr-cmk-common';
import type { AuditLog } from './audit/AuditLog';
import type { AzurePorts } from './azure/ports';
import { bindingOf } from './catalog/binding';
import type { CatalogLinks, EntitiesBehind } from './catalog/CatalogLinks';
import { ACTIONS, offerOf } from './cmk/offers';
import { canonicalJson, type PlanDraft, planHash, usingKey } from './cmk/plan';
import { describeStep } from './cmk/steps';
import { PLAN_LIFETIME_MS } from './cmk/timing';
import { freshnessOf, viewOf } from './cmk/view';
import type { AcrCmkConfig } from './config';
import { inScope } from './config';
import { type Clock, isoTime } from './database/clock';
import {
  FRESH,
  type Freshness,
  type Inventory,
  REFRESHED,
} from './inventory/Inventory';
import { type OperationStore, toOperation } from './operations/OperationStore';
import type { OperationsWorker } from './operations/OperationsWorker';
import { differences, type Planner } from './operations/Planner';
import type { PlanStore } from './operations/PlanStore';
import type { OperationRecord } from './operations/types';

/** A person, as every way in has to bring one. */
export type UserCredentials = BackstageCredentials<BackstageUserPrincipal>;

const PERMISSION_OF: Record<ActionId, ResourcePermission<'catalog-entity'>> = {
  rotate: keyRotatePermission,
  revoke: keyRevokePermission,
  restore: keyRestorePermission,
};

/**
 * The one door: permission, then the work, then the record, for every adapter alike. REST, the
 * scaffolder and the actions registry decide nothing.
 */
export class AcrCmkService {
  readonly #config: AcrCmkConfig;
  readonly #clock: Clock;
  readonly #azure: AzurePorts;
  readonly #inventory: Inventory;
  readonly #planner: Planner;
  readonly #plans: PlanStore;
  readonly #operations: OperationStore;
  readonly #worker: Pick<OperationsWorker, 'nudge'>;
  readonly #catalog: CatalogLinks;
  readonly #permissions: PermissionsService;
  readonly #audit: AuditLog;
  readonly #auditor: AuditorService;

  constructor(options: {
    config: AcrCmkConfig;
    clock: Clock;
    azure: AzurePorts;
    inventory: Inventory;
    planner: Planner;
    plans: PlanStore;
    operations: OperationStore;
    worker: Pick<OperationsWorker, 'nudge'>;
    catalog: CatalogLinks;
    permissions: PermissionsService;
    audit: AuditLog;
    auditor: AuditorService;
  }) {
    this.#config = options.config;
    this.#clock = options.clock;
    this.#azure = options.azure;
    this.#inventory = options.inventory;
    this.#planner = options.planner;
    this.#plans = options.plans;
    this.#operations = options.operations;
    this.#worker = options.worker;
    this.#catalog = options.catalog;
    this.#permissions = options.permissions;
    this.#audit = options.audit;
    this.#auditor = options.auditor;
  }

  /**
   * The encryption of every registry that an entity names.
   *
   * @param options.refresh - a person asked for newer facts
   */
  async registriesOf(
    entityRef: string,
    credentials: BackstageCredentials,
    options: { refresh: boolean },
  ): Promise<EntityRegistries> {
    const entity = await this.#catalog.registriesOf(entityRef, credentials);
    await this.#require(registryReadPermission, entity.entityRef, credentials);
    const freshness = options.refresh ? REFRESHED : FRESH;
    const permissions = await this.#actionPermissions(
      entity.entityRef,
      credentials,
    );
    const behind = await this.#catalog.entitiesBehind(credentials);
    const { registries } = await this.#planner.registriesInScope(freshness);
    return {
      entityRef: entity.entityRef,
      registries: await Promise.all(
        entity.named.map(named =>
          'id' in named
            ? this.#registry(named.id, entity.entityRef, freshness, {
                permissions,
                behind,
                registries,
              })
            : unreadable(named.text, 'invalid-id', named.problem),
        ),
      ),
    };
  }

  async #registry(
    id: RegistryId,
    entityRef: string,
    freshness: Freshness,
    viewer: {
      permissions: Record<ActionId, { name: string; granted: boolean }>;
      behind: (id: RegistryId) => EntitiesBehind;
      registries: readonly RegistryFacts[];
    },
  ): Promise<RegistryEncryption | UnreadableRegistry> {
    if (!inScope(this.#config.scopes, id)) {
      return unreadable(id.toString(), 'out-of-scope', outOfScope(id));
    }
    const registry = await this.#inventory.registry(id, freshness);
    if (!registry.known) {
      const { kind, message } = registry.problem;
      const reason: UnreadableReason =
        kind === 'denied' || kind === 'not-found' ? kind : 'unavailable';
      return unreadable(id.toString(), reason, message);
    }
    const situation = await this.#inventory.situation(
      registry,
      this.#subscriptions,
      freshness,
    );
    const now = await this.#clock.now();
    const view = viewOf(situation, azureNow(registry, now));
    const binding = this.#binding(entityRef, registry.value);
    const runningOperationId = await this.#operations.runningOn(id.key);
    const key = KeyIdentifier.tryParse(registry.value.encryption.keyIdentifier);
    const offer = {
      state: view.state,
      binding,
      permissions: viewer.permissions,
      credentials: {
        rotate: this.#azure.has('rotate'),
        revoke: this.#azure.has('revoke'),
      },
      runningOperationId,
    };
    return {
      ...view,
      binding,
      runningOperationId: runningOperationId ?? null,
      freshness: freshnessOf(registry, situation, now),
      consumers: consumersOf(
        key ? usingKey(viewer.registries, key) : [],
        id,
        viewer.behind,
      ),
      actions: ACTIONS.map(action => offerOf(action, offer)),
    };
  }

  /** What would happen, and whom it would touch. Writes nothing to Azure. */
  async plan(
    request: PlanRequest,
    credentials: UserCredentials,
  ): Promise<Plan> {
    const id = RegistryId.parse(request.registryId);
    this.#planner.keyNamedBy(request.intent);
    const entityRef = await this.#authoriseChange(
      request.entityRef,
      id,
      request.intent,
      credentials,
    );
    const planId = randomUUID();
    const made = await this.#planner.make(planId, id, request.intent);
    this.#requireBinding(
      entityRef,
      made.situation.registry,
      request.intent.kind,
    );
    const now = await this.#clock.now();
    const { draft, fingerprint, situation } = made;
    const registryId = RegistryId.parse(situation.registry.id).toString();
    const plan: Plan = {
      id: planId,
      hash: planHash({ planId, entityRef, registryId }, fingerprint),
      createdAt: isoTime(now),
      expiresAt: isoTime(now + PLAN_LIFETIME_MS),
      entityRef,
      registryId,
      registryName: situation.registry.name,
      intent: request.intent,
      summary: draft.summary,
      before: draft.before,
      after: draft.after,
      checks: draft.checks,
      steps: draft.steps.map(describeStep),
      consumers: consumersOf(
        draft.touched,
        id,
        await this.#catalog.entitiesBehind(credentials),
      ),
      inverse: {
        available: draft.inverse.steps.length > 0,
        sentence: draft.inverse.sentence,
      },
      confirmation: { typedName: draft.typedName },
      blocked: isBlocked(draft),
    };
    await this.#plans.forget(now - 24 * 60 * 60_000);
    await this.#plans.keep({
      plan,
      requestedBy: credentials.principal.userEntityRef,
      registryKey: id.key,
      steps: draft.steps,
      inverse: draft.inverse.steps,
      locks: draft.locks,
      fingerprint,
    });
    return plan;
  }

  /** Has a plan carried out. Answers when that is durable. */
  async accept(
    request: OperationRequest,
    credentials: UserCredentials,
    http?: Parameters<AuditorService['createEvent']>[0]['request'],
  ): Promise<Operation> {
    const actor = credentials.principal.userEntityRef;
    const event = await this.#auditor.createEvent({
      eventId: 'operation-accept',
      severityLevel: 'medium',
      request: http,
      meta: { actor, planId: request.planId },
    });
    try {
      const operation = await this.#accept(request, credentials);
      await event.success({
        meta: { operationId: operation.id, intent: operation.intent.kind },
      });
      return toOperation(operation);
    } catch (error) {
      await event.fail({ error: error as Error });
      await this.#recordRefusal(actor, request.planId, error);
      throw error;
    }
  }

  async #accept(
    request: OperationRequest,
    credentials: UserCredentials,
  ): Promise<OperationRecord> {
    const requestedBy = credentials.principal.userEntityRef;
    const reason = parseReason(request.reason);
    const stored = await this.#plans.get(request.planId);
    if (!stored || stored.requestedBy !== requestedBy) {
      throw new PlanUnknown(request.planId);
    }
    const { plan } = stored;
    if (request.planHash !== plan.hash) {
      throw new InvalidInput(
        'planHash',
        `is not the hash of plan ${plan.id}; quote the one that the plan came with`,
      );
    }
    const requestHash = createHash('sha256')
      .update(
        canonicalJson({
          planId: request.planId,
          planHash: request.planHash,
          reason,
          confirmation: request.confirmation,
        }),
      )
      .digest('hex');
    const repeated = await this.#operations.findRequest(
      requestedBy,
      request.idempotencyKey,
    );
    if (repeated?.requestHash === requestHash) {
      const operation = await this.#operations.get(repeated.id);
      if (operation) return operation;
    }
    const id = RegistryId.parse(plan.registryId);
    const entityRef = await this.#authoriseChange(
      plan.entityRef,
      id,
      plan.intent,
      credentials,
    );
    const { typedName } = plan.confirmation;
    if (typedName !== null && request.confirmation !== typedName) {
      throw new InvalidInput(
        'confirmation',
        `type the registry's name, ${typedName}, to confirm`,
      );
    }
    const now = await this.#clock.now();
    if (Date.parse(plan.expiresAt) < now) {
      throw new PlanExpired(plan.id, plan.expiresAt);
    }
    const holder = await this.#operations.holderOf(stored.locks);
    if (holder) throw new TargetBusy(holder.target, holder.operationId);
    const made = await this.#planner.make(plan.id, id, plan.intent);
    this.#requireBinding(entityRef, made.situation.registry, plan.intent.kind);
    const changes = differences(stored.fingerprint, made.fingerprint);
    if (changes.length > 0) throw new PlanDrifted(plan.id, changes);
    if (plan.blocked) {
      throw new PlanBlocked(
        plan.id,
        plan.checks.filter(({ status }) => status === 'fail'),
      );
    }
    const operation = await this.#operations.accept({
      id: randomUUID(),
      plan,
      steps: stored.steps,
      inverse: stored.inverse,
      locks: stored.locks,
      registryKey: id.key,
      reason,
      requestedBy,
      idempotencyKey: request.idempotencyKey,
      requestHash,
    });
    this.#worker.nudge();
    return operation;
  }

  /** One operation. */
  async operation(
    id: string,
    credentials: BackstageCredentials,
  ): Promise<Operation> {
    return toOperation(await this.#visibleOperation(id, credentials));
  }

  /** Operations of an entity, newest first. */
  async operations(
    of: { entityRef: string; registryId?: string; limit: number },
    credentials: BackstageCredentials,
  ): Promise<Operation[]> {
    const entity = await this.#catalog.registriesOf(of.entityRef, credentials);
    await this.#require(registryReadPermission, entity.entityRef, credentials);
    const records = await this.#operations.list({
      entityRef: entity.entityRef,
      registryKey: of.registryId
        ? RegistryId.parse(of.registryId).key
        : undefined,
      limit: of.limit,
    });
    return records.map(toOperation);
  }

  /** Ends an operation that has not written to Azure yet. */
  async cancel(
    id: string,
    request: { reason: string },
    credentials: UserCredentials,
    http?: Parameters<AuditorService['createEvent']>[0]['request'],
  ): Promise<Operation> {
    const actor = credentials.principal.userEntityRef;
    const reason = parseReason(request.reason);
    const event = await this.#auditor.createEvent({
      eventId: 'operation-cancel',
      severityLevel: 'medium',
      request: http,
      meta: { actor, operationId: id },
    });
    try {
      const operation = await this.#visibleOperation(id, credentials);
      await this.#require(
        PERMISSION_OF[operation.intent.kind],
        operation.entityRef,
        credentials,
      );
      const cancelled = await this.#operations.cancel(id, { actor, reason });
      await event.success();
      return toOperation(cancelled);
    } catch (error) {
      await event.fail({ error: error as Error });
      throw error;
    }
  }

  async #visibleOperation(
    id: string,
    credentials: BackstageCredentials,
  ): Promise<OperationRecord> {
    const operation = await this.#operations.get(id);
    if (!operation) throw new OperationUnknown(id);
    const granted = await this.#granted(
      registryReadPermission,
      operation.entityRef,
      credentials,
    );
    if (!granted) throw new OperationUnknown(id);
    return operation;
  }

  /**
   * May this person ask for this on this registry? All of: the entity names the registry, the
   * permission on the entity, the registry in scope. The binding proof needs facts and follows.
   *
   * @returns the entity's ref as the catalog spells it
   */
  async #authoriseChange(
    entityRef: string,
    id: RegistryId,
    intent: Intent,
    credentials: UserCredentials,
  ): Promise<string> {
    const entity = await this.#catalog.registriesOf(entityRef, credentials);
    await this.#require(registryReadPermission, entity.entityRef, credentials);
    await this.#require(
      PERMISSION_OF[intent.kind],
      entity.entityRef,
      credentials,
    );
    const named = entity.named.some(one => 'id' in one && one.id.equals(id));
    if (!named) throw new RegistryNotOfEntity(entity.entityRef, id.toString());
    if (!inScope(this.#config.scopes, id)) {
      throw new ActionRefused(intent.kind, outOfScope(id));
    }
    return entity.entityRef;
  }

  #requireBinding(
    entityRef: string,
    registry: RegistryFacts,
    action: ActionId,
  ): void {
    const binding = this.#binding(entityRef, registry);
    if (!binding.proven) throw new ActionRefused(action, binding.sentence);
  }

  #binding(entityRef: string, registry: RegistryFacts): Binding {
    return bindingOf(entityRef, registry, this.#config.bindings);
  }

  async #actionPermissions(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<Record<ActionId, { name: string; granted: boolean }>> {
    const decisions = await this.#permissions.authorize(
      ACTIONS.map(action => ({
        permission: PERMISSION_OF[action],
        resourceRef: entityRef,
      })),
      { credentials },
    );
    return Object.fromEntries(
      ACTIONS.map((action, index) => [
        action,
        {
          name: PERMISSION_OF[action].name,
          granted: decisions[index].result === AuthorizeResult.ALLOW,
        },
      ]),
    ) as Record<ActionId, { name: string; granted: boolean }>;
  }

  async #granted(
    permission: ResourcePermission<'catalog-entity'>,
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<boolean> {
    const [decision] = await this.#permissions.authorize(
      [{ permission, resourceRef: entityRef }],
      { credentials },
    );
    return decision.result === AuthorizeResult.ALLOW;
  }

  async #require(
    permission: ResourcePermission<'catalog-entity'>,
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<void> {
    if (!(await this.#granted(permission, entityRef, credentials))) {
      throw new PermissionMissing(permission.name, entityRef);
    }
  }

  /** Somebody was told no: that is on record too. */
  async #recordRefusal(
    actor: string,
    planId: string,
    error: unknown,
  ): Promise<void> {
    if (!(error instanceof NotAllowedError) && !(error instanceof InputError)) {
      return;
    }
    const plan = (await this.#plans.get(planId))?.plan;
    await this.#audit.record({
      event: 'operation-refused',
      actor,
      entityRef: plan?.entityRef,
      registryId: plan?.registryId,
      details: { planId, sentence: error.message },
    });
  }

  get #subscriptions(): string[] {
    return subscriptionsOf(this.#config);
  }
}

/** Subscriptions that the configured scopes are in, each once. */
export function subscriptionsOf({
  scopes,
}: Pick<AcrCmkConfig, 'scopes'>): string[] {
  return [...new Set(scopes.map(({ subscriptionId }) => subscriptionId))];
}

function outOfScope(id: RegistryId): string {
  return `The registry ${id.name} is in ${id.resourceGroup} of the subscription ${id.subscriptionId}, which is not in acrCmk.scopes`;
}

function unreadable(
  text: string,
  reason: UnreadableReason,
  sentence: string,
): UnreadableRegistry {
  return { kind: 'unreadable', text, reason, sentence };
}

/** Azure's time now: its time when it answered, and what has passed since by our clock. */
function azureNow(
  { azureAt, observedAt }: Extract<Fact<unknown>, { known: true }>,
  now: number,
): number {
  return azureAt + Math.max(0, now - observedAt);
}

function isBlocked({ checks, steps }: PlanDraft): boolean {
  return steps.length === 0 || checks.some(({ status }) => status === 'fail');
}

function consumersOf(
  registries: readonly RegistryFacts[],
  self: RegistryId,
  behind: (id: RegistryId) => EntitiesBehind,
): Consumer[] {
  return registries.map(registry => {
    const id = RegistryId.parse(registry.id);
    const { visible, hidden } = behind(id);
    const { keyIdentifier, versionedKeyIdentifier } = registry.encryption;
    const key = KeyIdentifier.tryParse(keyIdentifier);
    return {
      registryId: registry.id,
      registryName: registry.name,
      self: id.equals(self),
      inCatalog: visible.length + hidden > 0,
      versionMode: key && (key.version ? 'manual' : 'automatic'),
      versionInUse: KeyIdentifier.tryParse(versionedKeyIdentifier)?.version,
      entities: visible,
      hiddenEntities: hidden,
    };
  });
}
