import type {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import {
  ActionRefused,
  assertNever,
  EntityUnknown,
  type FieldChange,
  type Intent,
  InvalidInput,
  type NamedRegistry,
  operationApprovePermission,
  PermissionMissing,
  PlanDrifted,
  RegistryNotOfEntity,
  registryReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import { bindingOf } from '../catalog/binding';
import { CatalogLinks } from '../catalog/CatalogLinks';
import {
  type Change,
  definitionOf,
  differences,
  fieldOfNamedKey,
  type MadePlan,
} from '../cmk/plan';
import { type AcrCmkConfig, inScope, vaultAllowed } from '../config';
import { type Freshness, JUST_NOW, NOW } from '../inventory/Inventory';
import { PreconditionUnavailable } from '../operations/engine/PreconditionUnavailable';
import { type DecisionRequest, refusalToDecide } from './deciders';
import {
  type Authority,
  authorityFor,
  type PermissionChecker,
} from './PermissionChecker';
import { outOfScope, vaultNotAllowed } from './scope';

/** A person, as every way in has to bring one. */
export type UserCredentials = BackstageCredentials<BackstageUserPrincipal>;

/** On whose word something is to happen. */
export type Asker =
  /** Whoever plans a change, or has it carried out. */
  | { kind: 'requester'; credentials: UserCredentials }
  /** Whoever approves what somebody else asked for. */
  | {
      kind: 'approver';
      credentials: UserCredentials;
      operation: DecisionRequest['operation'];
    }
  /**
   * The plugin, where nobody is there to ask: before the first write, and when a revoke is restored
   * automatically. The portal's policy cannot be asked about a person without their credentials;
   * everything else is asked as for them.
   */
  | { kind: 'plugin'; onBehalfOf: string };

/** A plan that people have agreed to. */
export interface AgreedPlan {
  change: Change;
  plan: { id: string };
  fingerprint: Record<string, string>;
}

/** May this happen, or still happen? */
export interface Question {
  asker: Asker;
  change: Change;
  /** Seed of everything that the plan has to make up. */
  planId: string;
  /** The fingerprint that was agreed to; absent while the plan is only being made. */
  agreed?: Record<string, string>;
  /** The operation that the plan is of, once there is one: it is not in its own way. */
  operationId?: string;
}

/** Why something may not happen: as an error for who asks, and as a change since it was agreed to. */
export interface Refusal {
  error:
    | PermissionMissing
    | EntityUnknown
    | RegistryNotOfEntity
    | ActionRefused
    | InvalidInput;
  change: FieldChange;
}

/** The answer. */
export type Verdict =
  | {
      verdict: 'allowed';
      /** As the catalog spells it. */
      entityRef: string;
      made: MadePlan;
      /** Who else has to say yes before it begins. */
      needs: readonly Authority[];
    }
  /** The plan, made again from fresh facts, is not the one that was agreed to. */
  | { verdict: 'changed'; changes: FieldChange[] }
  | { verdict: 'refused'; refusal: Refusal };

/** What the gate has plans made with. */
export interface PlanSource {
  make(of: {
    planId: string;
    change: Change;
    operationId?: string;
    freshness: Freshness;
  }): Promise<MadePlan>;
}

const entityChange = ({ entityRef }: Change, now: string): FieldChange => ({
  field: 'entity',
  shown: `${entityRef} names the registry`,
  now,
});

const permissionRefusal = (
  error: PermissionMissing | ActionRefused,
): Refusal => ({
  error,
  change: { field: 'permission', shown: 'granted', now: 'not granted' },
});

/**
 * May this happen, or still happen? The one place that answers: when a plan is made, when it is
 * accepted, when it is approved, before its first write, and when a revoke is restored
 * automatically.
 *
 * In this order, and what comes first is the answer: the entity and its permissions, then the
 * scope; only then is Azure asked for facts, and with them the proof that registry and entity
 * belong together, and whether the plan is still the one that was agreed to.
 */
export class Gate {
  readonly #config: Pick<
    AcrCmkConfig,
    'scopes' | 'vaults' | 'bindings' | 'approvals'
  >;
  readonly #catalog: Pick<CatalogLinks, 'registriesOf' | 'registriesAsPlugin'>;
  readonly #permissionChecker: PermissionChecker;
  readonly #plans: PlanSource;

  constructor(options: {
    config: Pick<AcrCmkConfig, 'scopes' | 'vaults' | 'bindings' | 'approvals'>;
    catalog: Pick<CatalogLinks, 'registriesOf' | 'registriesAsPlugin'>;
    permissionChecker: PermissionChecker;
    plans: PlanSource;
  }) {
    this.#config = options.config;
    this.#catalog = options.catalog;
    this.#permissionChecker = options.permissionChecker;
    this.#plans = options.plans;
  }

  async ask(question: Question): Promise<Verdict> {
    const { change, asker, planId, agreed, operationId } = question;
    const entity = await this.#entity(question);
    if (entity.refusal) return { verdict: 'refused', refusal: entity.refusal };
    const refusal =
      (await this.#permissionRefusal(asker, change, entity.entityRef)) ??
      this.#namingRefusal(change, entity) ??
      this.#scopeRefusal(change);
    if (refusal) return { verdict: 'refused', refusal };
    const { entityRef } = entity;
    const made = await this.#plans.make({
      planId,
      change: { ...change, entityRef },
      operationId,
      // Only a plan that nobody has agreed to yet may share its facts with others.
      freshness: asker.kind === 'requester' && !agreed ? JUST_NOW : NOW,
    });
    const unproven = this.#bindingRefusal(entityRef, change, made);
    if (unproven) return { verdict: 'refused', refusal: unproven };
    const changes = agreed ? differences(agreed, made.fingerprint) : [];
    return changes.length > 0
      ? { verdict: 'changed', changes }
      : {
          verdict: 'allowed',
          entityRef,
          made,
          needs: this.#approvals(asker, change, entityRef),
        };
  }

  /** The entity as whoever asks may see it, with the registries that it names. */
  async #entity({
    change,
    asker,
  }: Question): Promise<
    | { entityRef: string; named?: NamedRegistry[]; refusal?: undefined }
    | { refusal: Refusal }
  > {
    if (definitionOf(change.intent).registry === 'new') {
      // It may have no entity yet.
      return { entityRef: CatalogLinks.normalise(change.entityRef) };
    }
    try {
      return asker.kind === 'plugin'
        ? await this.#entityAsPlugin(change.entityRef)
        : await this.#catalog.registriesOf(change.entityRef, asker.credentials);
    } catch (error) {
      if (!(error instanceof EntityUnknown)) throw error;
      return {
        refusal: { error, change: entityChange(change, 'it does not exist') },
      };
    }
  }

  async #entityAsPlugin(entityRef: string) {
    try {
      return await this.#catalog.registriesAsPlugin(entityRef);
    } catch (error) {
      if (error instanceof EntityUnknown) throw error;
      throw new PreconditionUnavailable(
        'CatalogUnavailable',
        `The catalog could not be asked whether ${entityRef} still names the registry`,
      );
    }
  }

  async #permissionRefusal(
    asker: Asker,
    { intent }: Change,
    entityRef: string,
  ): Promise<Refusal | undefined> {
    switch (asker.kind) {
      case 'plugin':
        return undefined;
      case 'approver': {
        const { operation, credentials } = asker;
        const error = await refusalToDecide(
          { action: 'approve', operation, credentials },
          this.#permissionChecker,
        );
        return error && permissionRefusal(error);
      }
      case 'requester': {
        for (const authority of authoritiesFor(intent, entityRef)) {
          if (
            !(await this.#permissionChecker.granted(
              authority,
              asker.credentials,
            ))
          ) {
            return permissionRefusal(
              new PermissionMissing(
                authority.permission.name,
                authority.entityRef,
              ),
            );
          }
        }
        return undefined;
      }
      default:
        return assertNever(asker);
    }
  }

  #namingRefusal(
    change: Change,
    { entityRef, named }: { entityRef: string; named?: NamedRegistry[] },
  ): Refusal | undefined {
    if (definitionOf(change.intent).registry === 'new') return undefined;
    const isNamed = named?.some(
      one => 'id' in one && one.id.equals(change.registryId),
    );
    return isNamed
      ? undefined
      : {
          error: new RegistryNotOfEntity(
            entityRef,
            change.registryId.toString(),
          ),
          change: entityChange(change, 'it does not name it'),
        };
  }

  #scopeRefusal({ intent, registryId, namedKey }: Change): Refusal | undefined {
    if (!inScope(this.#config.scopes, registryId)) {
      return {
        error: new ActionRefused(intent.kind, outOfScope(registryId)),
        change: { field: 'scope', shown: 'in scope', now: 'out of scope' },
      };
    }
    if (namedKey && !vaultAllowed(this.#config, namedKey)) {
      return {
        error: new InvalidInput(
          fieldOfNamedKey(intent),
          vaultNotAllowed(namedKey),
        ),
        change: { field: 'vault', shown: 'allowed', now: 'not allowed' },
      };
    }
    return undefined;
  }

  #bindingRefusal(
    entityRef: string,
    { intent }: Change,
    { registry }: MadePlan,
  ): Refusal | undefined {
    // A registry that is to be made gets its proof as it is made.
    if (definitionOf(intent).registry === 'new' || !registry) return undefined;
    const binding = bindingOf(entityRef, registry, this.#config.bindings);
    return binding.proven
      ? undefined
      : {
          error: new ActionRefused(intent.kind, binding.message),
          change: { field: 'binding', shown: 'proven', now: 'not proven' },
        };
  }

  /** Who else has to say yes. An automatic restore was covered by the approval of its revoke. */
  #approvals(
    asker: Asker,
    { intent }: Change,
    entityRef: string,
  ): readonly Authority[] {
    return asker.kind !== 'plugin' && this.#config.approvals.has(intent.kind)
      ? [{ permission: operationApprovePermission, entityRef }]
      : [];
  }
}

/** What whoever asks for a change needs to be allowed. */
function authoritiesFor(intent: Intent, entityRef: string): Authority[] {
  return definitionOf(intent).registry === 'new'
    ? [authorityFor(intent, entityRef)]
    : [
        { permission: registryReadPermission, entityRef },
        authorityFor(intent, entityRef),
      ];
}

/** @throws whatever kept it from happening */
export function requireAllowed(
  planId: string,
  verdict: Verdict,
): Extract<Verdict, { verdict: 'allowed' }> {
  switch (verdict.verdict) {
    case 'allowed':
      return verdict;
    case 'changed':
      throw new PlanDrifted(planId, verdict.changes);
    case 'refused':
      throw verdict.refusal.error;
    default:
      return assertNever(verdict);
  }
}
