import { createHash, randomUUID } from 'node:crypto';
import type {
  AuditorService,
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError } from '@backstage/errors';
import {
  acrCmkUsePermission,
  type ActionId,
  ActionRefused,
  type AuditRecord,
  auditReadPermission,
  type Binding,
  type EntityRegistries,
  type Fact,
  type Intent,
  InvalidInput,
  KeyIdentifier,
  isTerminal,
  type Operation,
  operationApprovePermission,
  type OperationOffer,
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
  registryCreatePermission,
  type RegistryEncryption,
  type RegistryFacts,
  RegistryId,
  RegistryNotOfEntity,
  registryReadPermission,
  type RegistryState,
  TargetBusy,
  type UnreadableReason,
  type UnreadableRegistry,
} from 'backstage-plugin-acr-cmk-common';
import type { AuditLog } from './audit/AuditLog';
import type { AzurePorts } from './azure/ports';
import { bindingOf } from './catalog/binding';
import { CatalogLinks, type EntitiesBehind } from './catalog/CatalogLinks';
import { ACTIONS, offerOf } from './cmk/offers';
import { canonicalJson, usingKey } from './cmk/plan';
import { freshnessOf, viewOf } from './cmk/view';
import type { FormOptions } from './registries/FormOptions';
import { type AcrCmkConfig, inScope, subscriptionsOf } from './config';
import { type Clock, isoTime } from './database/clock';
import {
  FRESH,
  type Freshness,
  type Inventory,
  REFRESHED,
} from './inventory/Inventory';
import {
  type OperationStore,
  toOperation,
} from './operations/engine/OperationStore';
import type { ApprovalStore } from './operations/engine/ApprovalStore';
import type { OperationsWorker } from './operations/engine/OperationsWorker';
import { differences, type MadePlan, type Planner } from './plans/Planner';
import {
  permissionOf,
  type PermissionChecker,
} from './authority/PermissionChecker';
import type { PlanStore, StoredPlan } from './plans/PlanStore';
import { consumersOf, toPlan } from './plans/toPlan';
import type { OperationRecord } from './operations/engine/types';

type HttpRequest = Parameters<AuditorService['createEvent']>[0]['request'];

/** A request to carry a plan out; with `intent`, only a plan of that intent. */
export type AcceptRequest = OperationRequest & { intent?: Intent['kind'] };

/** A person, as every way in has to bring one. */
export type UserCredentials = BackstageCredentials<BackstageUserPrincipal>;

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
  readonly #decisions: ApprovalStore;
  readonly #worker: Pick<OperationsWorker, 'wake'>;
  readonly #catalog: CatalogLinks;
  readonly #permissionChecker: PermissionChecker;
  readonly #formOptions: FormOptions;
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
    decisions: ApprovalStore;
    worker: Pick<OperationsWorker, 'wake'>;
    catalog: CatalogLinks;
    permissionChecker: PermissionChecker;
    formOptions: FormOptions;
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
    this.#decisions = options.decisions;
    this.#worker = options.worker;
    this.#catalog = options.catalog;
    this.#permissionChecker = options.permissionChecker;
    this.#formOptions = options.formOptions;
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
    await this.#permissionChecker.require(
      registryReadPermission,
      entity.entityRef,
      credentials,
    );
    const freshness = options.refresh ? REFRESHED : FRESH;
    const permissions = await this.#permissionChecker.ofActions(
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
    const bundle = await this.#inventory.bundle(
      registry,
      this.#subscriptions,
      freshness,
    );
    const now = await this.#clock.now();
    const view = viewOf(bundle, azureNow(registry, now));
    const binding = this.#binding(entityRef, registry.value);
    const runningOperationId = await this.#operations.runningOn(id.key);
    const key = KeyIdentifier.tryParse(registry.value.encryption.keyIdentifier);
    const state = await this.#stateWithAuthor(id, view.state);
    const offer = {
      state,
      binding,
      permissions: viewer.permissions,
      credentials: {
        rotate: this.#azure.has('rotate'),
        revoke: this.#azure.has('revoke'),
      },
      runningOperationId,
      allows: this.#config.allows,
      hasOldVersion: hasOldVersion(view),
    };
    return {
      ...view,
      state,
      binding,
      runningOperationId: runningOperationId ?? null,
      freshness: freshnessOf(registry, bundle, now),
      consumers: consumersOf(
        key ? usingKey(viewer.registries, key) : [],
        id,
        viewer.behind,
      ),
      actions: ACTIONS.map(action => offerOf(action, offer)),
    };
  }

  /** Of a registry that is revoked: who did it here, why, and until when. */
  async #stateWithAuthor(
    id: RegistryId,
    state: RegistryState,
  ): Promise<RegistryState> {
    if (state.id !== 'revoked') return state;
    const revoke = await this.#planner.latestRevoke(id);
    if (!revoke?.startedAt) return state;
    return {
      ...state,
      revoked: {
        operationId: revoke.id,
        by: revoke.requestedBy,
        reason: revoke.reason,
        at: isoTime(revoke.startedAt),
        ...(revoke.restoresAt === undefined
          ? {}
          : { restoresAt: isoTime(revoke.restoresAt) }),
      },
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
    const made = await this.#planner.make(planId, {
      registryId: id,
      entityRef,
      intent: request.intent,
    });
    this.#requireBinding(entityRef, made, request.intent);
    const now = await this.#clock.now();
    const { draft, fingerprint } = made;
    const plan = toPlan({
      planId,
      entityRef,
      registryId: RegistryId.parse(made.registry?.id ?? id.toString()),
      registryName: made.registry?.name ?? id.name,
      intent: request.intent,
      draft,
      fingerprint,
      now,
      behind: await this.#catalog.entitiesBehind(credentials),
      approvalPolicy: this.#config,
    });
    await this.#plans.deleteExpired(now - 24 * 60 * 60_000);
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
    request: AcceptRequest,
    credentials: UserCredentials,
    http?: HttpRequest,
  ): Promise<Operation> {
    const actor = credentials.principal.userEntityRef;
    return this.#audited(
      'operation-accept',
      { actor, planId: request.planId },
      http,
      async () => {
        try {
          return await this.#shown(
            await this.#accept(request, credentials),
            credentials,
          );
        } catch (error) {
          await this.#recordRefusal(actor, request.planId, error);
          throw error;
        }
      },
    );
  }

  async #accept(
    request: AcceptRequest,
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
    if (request.intent && request.intent !== plan.intent.kind) {
      throw new InvalidInput(
        'planId',
        `${plan.id} is a plan to ${plan.intent.kind}, not to ${request.intent}`,
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
    const repeated = async () => {
      const before = await this.#operations.findRequest(
        requestedBy,
        request.idempotencyKey,
      );
      return before?.requestHash === requestHash
        ? this.#operations.get(before.id)
        : undefined;
    };
    const first = await repeated();
    if (first) return first;
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
    // What holds a lock now may be this very request, sent twice: looked for after the lock, since
    // both come with one commit.
    const takenMeanwhile = async () => {
      const holder = await this.#operations.holderOf(stored.locks);
      const same = await repeated();
      if (holder && !same) {
        throw new TargetBusy(holder.target, holder.operationId);
      }
      return same;
    };
    const taken = await takenMeanwhile();
    if (taken) return taken;
    try {
      await this.#requireUnchanged(stored, entityRef);
    } catch (error) {
      // An operation that began while the facts were read is no drift: it is the answer.
      const begun = await takenMeanwhile();
      if (begun) return begun;
      throw error;
    }
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
      ...(plan.approval.required
        ? { approvalExpiresAfterMs: this.#config.approvalExpiresAfterMs }
        : {}),
    });
    this.#worker.wake();
    return operation;
  }

  /** @throws PlanDrifted unless the plan, made again from fresh facts, is the one that was shown */
  async #requireUnchanged(
    { plan, fingerprint }: StoredPlan,
    entityRef: string,
    ownOperationId?: string,
  ): Promise<void> {
    const id = RegistryId.parse(plan.registryId);
    const made = await this.#planner.make(
      plan.id,
      { registryId: id, entityRef, intent: plan.intent },
      ownOperationId,
    );
    this.#requireBinding(entityRef, made, plan.intent);
    const changes = differences(fingerprint, made.fingerprint);
    if (changes.length > 0) throw new PlanDrifted(plan.id, changes);
  }

  /** One operation. */
  async operation(
    id: string,
    credentials: BackstageCredentials,
  ): Promise<Operation> {
    return this.#shown(
      await this.#visibleOperation(id, credentials),
      credentials,
    );
  }

  /** Operations of an entity, newest first. */
  async operations(
    of: { entityRef: string; registryId?: string; limit: number },
    credentials: BackstageCredentials,
  ): Promise<Operation[]> {
    const entity = await this.#catalog.registriesOf(of.entityRef, credentials);
    await this.#permissionChecker.require(
      registryReadPermission,
      entity.entityRef,
      credentials,
    );
    const records = await this.#operations.list({
      entityRef: entity.entityRef,
      registryKey: of.registryId
        ? RegistryId.parse(of.registryId).key
        : undefined,
      limit: of.limit,
    });
    return Promise.all(records.map(record => this.#shown(record, credentials)));
  }

  /** Ends an operation that has not written to Azure yet. */
  async cancel(
    id: string,
    request: { reason: string },
    credentials: UserCredentials,
    http?: HttpRequest,
  ): Promise<Operation> {
    const reason = parseReason(request.reason);
    return this.#decided('cancel', id, credentials, http, async actor => {
      await this.#operations.cancel(id, { actor, reason });
    });
  }

  /** A second person says yes. A plan that no longer fits ends the operation instead. */
  async approve(
    id: string,
    { planHash }: { planHash: string },
    credentials: UserCredentials,
    http?: HttpRequest,
  ): Promise<Operation> {
    return this.#decided(
      'approve',
      id,
      credentials,
      http,
      async (actor, operation) => {
        if (planHash !== operation.plan.hash) {
          throw new InvalidInput(
            'planHash',
            `is not the hash of the plan of operation ${id}; read the plan again`,
          );
        }
        const stored = await this.#plans.get(operation.plan.id);
        if (!stored) throw new PlanUnknown(operation.plan.id);
        try {
          const entityRef = await this.#requireNamed(
            operation.entityRef,
            operation.plan,
            credentials,
          );
          await this.#requireUnchanged(stored, entityRef, id);
        } catch (error) {
          if (error instanceof PlanDrifted) {
            await this.#decisions.reject(id, {
              actor,
              reason: error.message,
              code: error.code,
              message: `Nothing was written, because the plan no longer fits: ${error.changes
                .map(({ field }) => field)
                .join(', ')} changed. Make a new plan`,
            });
          }
          throw error;
        }
        await this.#decisions.approve(id, { actor, planHash });
        this.#worker.wake();
      },
    );
  }

  /** A second person says no. */
  async reject(
    id: string,
    request: { reason: string },
    credentials: UserCredentials,
    http?: HttpRequest,
  ): Promise<Operation> {
    const reason = parseReason(request.reason);
    return this.#decided('reject', id, credentials, http, actor =>
      this.#decisions.reject(id, {
        actor,
        reason,
        message: `Rejected by ${actor}: ${reason}. Nothing was written`,
      }),
    );
  }

  /** Lets a revoke stand that would be undone by itself. */
  async confirm(
    id: string,
    request: { reason: string },
    credentials: UserCredentials,
    http?: HttpRequest,
  ): Promise<Operation> {
    const reason = parseReason(request.reason);
    return this.#decided('confirm', id, credentials, http, actor =>
      this.#decisions.confirm(id, { actor, reason }),
    );
  }

  /** Someone decides about an operation: may they, then the decision, then the record. */
  async #decided(
    action: OperationOffer['action'],
    id: string,
    credentials: UserCredentials,
    http: HttpRequest,
    decide: (actor: string, operation: OperationRecord) => Promise<void>,
  ): Promise<Operation> {
    const actor = credentials.principal.userEntityRef;
    return this.#audited(
      `operation-${action}`,
      { actor, operationId: id },
      http,
      async () => {
        const operation = await this.#visibleOperation(id, credentials);
        await this.#requireDecider(action, operation, credentials);
        await decide(actor, operation);
        return this.operation(id, credentials);
      },
    );
  }

  async #requireDecider(
    action: OperationOffer['action'],
    operation: OperationRecord,
    credentials: UserCredentials,
  ): Promise<void> {
    const refusal = await this.#refusalOf(action, operation, credentials);
    if (refusal instanceof Error) throw refusal;
  }

  /** Why a caller may not do something with an operation; nothing when they may. */
  async #refusalOf(
    action: OperationOffer['action'],
    operation: OperationRecord,
    credentials: BackstageCredentials,
  ): Promise<Error | undefined> {
    const { entityRef, requestedBy, plan } = operation;
    const approves = action === 'approve' || action === 'reject';
    const permission = approves
      ? operationApprovePermission
      : permissionOf(plan.intent);
    if (
      !(await this.#permissionChecker.granted(
        permission,
        entityRef,
        credentials,
      ))
    ) {
      return new PermissionMissing(permission.name, entityRef);
    }
    if (approves && samePerson(credentials, requestedBy)) {
      return new ActionRefused(
        action,
        `You asked for operation ${operation.id} yourself; another person has to ${action} it`,
      );
    }
    return undefined;
  }

  /** An operation as the API shows it, with what the caller may do with it. */
  async #shown(
    operation: OperationRecord,
    credentials: BackstageCredentials,
  ): Promise<Operation> {
    const actions = await Promise.all(
      possibleWith(operation).map(async action => {
        const refusal = await this.#refusalOf(action, operation, credentials);
        return refusal
          ? { action, allowed: false, reason: refusal.message }
          : { action, allowed: true };
      }),
    );
    return toOperation(operation, actions);
  }

  /** Vaults whose keys may be chosen. */
  async vaults(credentials: BackstageCredentials) {
    await this.#permissionChecker.requireBasic(
      acrCmkUsePermission,
      credentials,
    );
    return this.#formOptions.vaults();
  }

  /** Keys of a vault, of types that a registry can use. */
  async keys(vaultName: string, credentials: BackstageCredentials) {
    await this.#permissionChecker.requireBasic(
      acrCmkUsePermission,
      credentials,
    );
    return this.#formOptions.keys(vaultName);
  }

  /** User-assigned identities that may be chosen. */
  async identities(credentials: BackstageCredentials) {
    await this.#permissionChecker.requireBasic(
      acrCmkUsePermission,
      credentials,
    );
    return this.#formOptions.identities();
  }

  /** Registries behind the entities that the caller may see. */
  async registries(credentials: BackstageCredentials) {
    await this.#permissionChecker.requireBasic(
      acrCmkUsePermission,
      credentials,
    );
    return this.#formOptions.registries(credentials);
  }

  /** The record of who did what, oldest first. */
  async audit(
    of: { after: number; limit: number },
    credentials: BackstageCredentials,
  ): Promise<AuditRecord[]> {
    await this.#permissionChecker.requireBasic(
      auditReadPermission,
      credentials,
    );
    return this.#audit.list({ afterSeq: of.after, limit: of.limit });
  }

  /** Work with its event for Backstage's auditor. */
  async #audited(
    eventId: string,
    meta: Record<string, string>,
    request: HttpRequest,
    work: () => Promise<Operation>,
  ): Promise<Operation> {
    const event = await this.#auditor.createEvent({
      eventId,
      severityLevel: 'medium',
      request,
      meta,
    });
    try {
      const operation = await work();
      await event.success({
        meta: { operationId: operation.id, intent: operation.intent.kind },
      });
      return operation;
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
    const visible =
      samePerson(credentials, operation.requestedBy) ||
      (await this.#permissionChecker.granted(
        registryReadPermission,
        operation.entityRef,
        credentials,
      ));
    if (!visible) throw new OperationUnknown(id);
    return operation;
  }

  /**
   * May this person ask for this on this registry? All of: the entity names the registry, the
   * permission on the entity, the registry in scope. The binding proof needs facts and follows. A
   * registry that is to be made has no entity yet: there it is a permission of its own.
   *
   * @returns the entity's ref as the catalog spells it
   */
  async #authoriseChange(
    entityRef: string,
    id: RegistryId,
    intent: Intent,
    credentials: UserCredentials,
  ): Promise<string> {
    if (intent.kind === 'create-registry') {
      await this.#permissionChecker.requireBasic(
        registryCreatePermission,
        credentials,
      );
      this.#requireScope(id, intent);
      return CatalogLinks.normalise(entityRef);
    }
    const entity = await this.#catalog.registriesOf(entityRef, credentials);
    await this.#permissionChecker.require(
      registryReadPermission,
      entity.entityRef,
      credentials,
    );
    await this.#permissionChecker.require(
      permissionOf(intent),
      entity.entityRef,
      credentials,
    );
    const named = entity.named.some(one => 'id' in one && one.id.equals(id));
    if (!named) throw new RegistryNotOfEntity(entity.entityRef, id.toString());
    this.#requireScope(id, intent);
    return entity.entityRef;
  }

  /** Does the entity of a plan still name its registry, as this person sees it? */
  async #requireNamed(
    entityRef: string,
    { registryId, intent }: Plan,
    credentials: UserCredentials,
  ): Promise<string> {
    const id = RegistryId.parse(registryId);
    this.#requireScope(id, intent);
    if (intent.kind === 'create-registry') return entityRef;
    const entity = await this.#catalog.registriesOf(entityRef, credentials);
    const named = entity.named.some(one => 'id' in one && one.id.equals(id));
    if (!named) throw new RegistryNotOfEntity(entity.entityRef, registryId);
    return entity.entityRef;
  }

  #requireScope(id: RegistryId, { kind }: Intent): void {
    if (!inScope(this.#config.scopes, id)) {
      throw new ActionRefused(kind, outOfScope(id));
    }
  }

  #requireBinding(
    entityRef: string,
    { registry }: Pick<MadePlan, 'registry'>,
    { kind }: Intent,
  ): void {
    // A registry that is to be made gets its proof as it is made.
    if (!registry || kind === 'create-registry') return;
    const binding = this.#binding(entityRef, registry);
    if (!binding.proven) throw new ActionRefused(kind, binding.message);
  }

  #binding(entityRef: string, registry: RegistryFacts): Binding {
    return bindingOf(entityRef, registry, this.#config.bindings);
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
      details: { planId, message: error.message },
    });
  }

  get #subscriptions(): string[] {
    return subscriptionsOf(this.#config);
  }
}

function outOfScope(id: RegistryId): string {
  return `The registry ${id.name} is in ${id.resourceGroup} of the subscription ${id.subscriptionId}, which is not in acrCmk.scopes`;
}

function unreadable(
  text: string,
  reason: UnreadableReason,
  message: string,
): UnreadableRegistry {
  return { kind: 'unreadable', text, reason, message };
}

/** Azure's time now: its time when it answered, and what has passed since by our clock. */
function azureNow(
  { azureAt, observedAt }: Extract<Fact<unknown>, { known: true }>,
  now: number,
): number {
  return azureAt + Math.max(0, now - observedAt);
}

/** What can be done with an operation as it stands, whoever may do it. */
function possibleWith(operation: OperationRecord): OperationOffer['action'][] {
  const wrote = operation.steps.some(({ attempts }) => attempts > 0);
  return [
    ...(operation.state === 'awaiting-approval'
      ? (['approve', 'reject'] as const)
      : []),
    ...(!isTerminal(operation.state) && !wrote ? (['cancel'] as const) : []),
    ...(operation.restoresAt !== undefined ? (['confirm'] as const) : []),
  ];
}

/** Is the caller this person, however the ref is spelled? */
function samePerson(
  { principal }: BackstageCredentials,
  userEntityRef: string,
): boolean {
  const { userEntityRef: own } = principal as Partial<BackstageUserPrincipal>;
  return own?.toLowerCase() === userEntityRef.toLowerCase();
}

/** Is there an enabled version that is neither in use nor the newest? */
function hasOldVersion({ key }: Pick<RegistryEncryption, 'key'>): boolean {
  return (
    key?.known === true &&
    key.versions.some(
      ({ version, enabled }) =>
        enabled &&
        version !== key.versionInUse &&
        version !== key.latestVersion,
    )
  );
}
