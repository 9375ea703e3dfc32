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
  keyRotatePermission,
  type NamedRegistry,
  operationApprovePermission,
  PermissionMissing,
  PlanDrifted,
  RegistryNotOfEntity,
  registryReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import { bindingOf } from '../catalog/binding';
import { CatalogLinks, type OwnershipInCatalog } from '../catalog/CatalogLinks';
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
import { authoritiesOf, type Requirement } from './authoritiesOf';
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
      /** What a requester lacks: others have to agree before it begins. */
      needs: readonly Requirement[];
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

type GateConfig =
  | 'scopes'
  | 'vaults'
  | 'bindings'
  | 'keys'
  | 'identities'
  | 'approvals'
  | 'sharedKeys';

type GateCatalog = Pick<
  CatalogLinks,
  'registriesOf' | 'registriesAsPlugin' | 'ownership'
>;

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
 * belong together, what the effects of the plan need, and whether it is still the one that was
 * agreed to.
 */
export class Gate {
  readonly #config: Pick<AcrCmkConfig, GateConfig>;
  readonly #catalog: GateCatalog;
  readonly #permissionChecker: PermissionChecker;
  readonly #plans: PlanSource;

  constructor(options: {
    config: Pick<AcrCmkConfig, GateConfig>;
    catalog: GateCatalog;
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
    const ownership = await this.#ownership(question, entity.entityRef);
    const refusal =
      (await this.#permissionRefusal(question, entity.entityRef, ownership)) ??
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
    const authorities = authoritiesOf(made.draft.effects, {
      intent: change.intent,
      entityRef,
      claimants: ownership.claimants,
      registryId: change.registryId,
      registry: made.registry,
      facts: made.facts,
      config: this.#config,
    });
    if (authorities.refusal) return refused(authorities.refusal, 'authority');
    const { requirements } = authorities;
    const fingerprint = {
      ...made.fingerprint,
      authorities: inOneText(requirements),
      requester: ownership.requester,
    };
    const changes = agreed ? differences(agreed, fingerprint) : [];
    if (changes.length > 0) return { verdict: 'changed', changes };
    const needs =
      asker.kind === 'requester'
        ? await this.#needs(asker, { change, entityRef, requirements })
        : [];
    const shared = needs.find(({ sharedKey }) => sharedKey);
    return shared && this.#config.sharedKeys === 'refuse'
      ? refused(
          new ActionRefused(
            change.intent.kind,
            `You need the permission ${shared.permission.name}${
              shared.entityRef ? ` on ${shared.entityRef}` : ''
            }, because ${
              shared.because
            }. Nobody else can agree in your place: acrCmk.approvals.sharedKeys is refuse`,
          ),
          'authority',
        )
      : {
          verdict: 'allowed',
          entityRef,
          made: { ...made, fingerprint },
          needs,
        };
  }

  async #ownership({ change, asker }: Question, entityRef: string) {
    try {
      return await this.#catalog.ownership(entityRef, requesterOf(asker));
    } catch (error) {
      if (asker.kind !== 'plugin') throw error;
      throw new PreconditionUnavailable(
        'CatalogUnavailable',
        `The catalog could not be asked who owns ${change.entityRef}`,
      );
    }
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
    { asker, change: { intent } }: Question,
    entityRef: string,
    { exists }: OwnershipInCatalog,
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
        for (const authority of authoritiesToAsk(intent, entityRef, exists)) {
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

  /** What somebody who asks for a change lacks, and the approval that the configuration asks for. */
  async #needs(
    { credentials }: Extract<Asker, { kind: 'requester' }>,
    {
      change: { intent },
      entityRef,
      requirements,
    }: { change: Change; entityRef: string; requirements: Requirement[] },
  ): Promise<Requirement[]> {
    const lacked = await this.#permissionChecker.lackedOf(
      requirements,
      credentials,
    );
    return this.#config.approvals.has(intent.kind)
      ? [
          ...lacked,
          {
            permission: operationApprovePermission,
            entityRef,
            because: 'this portal asks for a second person here',
          },
        ]
      : lacked;
  }
}

function refused(error: ActionRefused, field: string): Verdict {
  return {
    verdict: 'refused',
    refusal: {
      error,
      change: { field, shown: 'allowed', now: error.message },
    },
  };
}

function inOneText(requirements: readonly Requirement[]): string {
  return requirements
    .map(({ permission, entityRef }) =>
      entityRef
        ? `${permission.name} on ${entityRef.toLowerCase()}`
        : permission.name,
    )
    .sort()
    .join(', ');
}

/** Whose word a change rests on. */
function requesterOf(asker: Asker): string {
  switch (asker.kind) {
    case 'requester':
      return asker.credentials.principal.userEntityRef;
    case 'approver':
      return asker.operation.requestedBy;
    case 'plugin':
      return asker.onBehalfOf;
    default:
      return assertNever(asker);
  }
}

/**
 * What somebody needs to ask for a change at all. Who makes a registry for an entity that exists
 * speaks for that entity, and it shows in its history.
 */
function authoritiesToAsk(
  intent: Intent,
  entityRef: string,
  exists: boolean,
): Authority[] {
  const own = authorityFor(intent, entityRef);
  if (definitionOf(intent).registry === 'existing') {
    return [{ permission: registryReadPermission, entityRef }, own];
  }
  return exists ? [own, { permission: keyRotatePermission, entityRef }] : [own];
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
