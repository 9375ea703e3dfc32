import {
  ActionRefused,
  assertNever,
  ENTITY_REF_TAG,
  EntityUnknown,
  type Fact,
  type FieldChange,
  type Intent,
  keyRotatePermission,
  type NamedRegistry,
  operationApprovePermission,
  registryReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import { unlinkedReason } from '../../catalog/binding';
import {
  type CatalogLinks,
  normalise,
  NOT_KNOWN,
  type OwnershipInCatalog,
} from '../../catalog/CatalogLinks';
import type { Effect } from '../../domain/effects';
import type { IdentityTest } from '../../domain/identity';
import type { Change } from '../../domain/plan/change';
import { definitionOf } from '../../domain/plan/intents';
import type { MadePlan } from '../../domain/plan/draft';
import type { Registry } from '../../domain/registry';
import {
  type AcrCmkConfig,
  type ApprovalSettings,
  approvalSetting,
  type Backends,
} from '../../platform/config';
import { type Freshness, JUST_NOW, NOW } from '../../inventory/Inventory';
import { PreconditionUnavailable } from '../../engine/PreconditionUnavailable';
import { authoritiesOf, type Requirement } from './authoritiesOf';
import { changesSince, inOneText } from './changesSince';
import { IdentityNotOpen } from './closed';
import { refusalToDecide } from './deciders';
import { approvalsOf } from './effectRules';
import { isIdentityOpen } from './openness';
import {
  type Authority,
  authorityFor,
  type PermissionChecker,
} from './PermissionChecker';
import {
  type Asker,
  type Question,
  type Refusal,
  requesterOf,
  type Verdict,
} from './question';
import {
  bindingRefusal,
  entityChange,
  lacksAuthority,
  lacksPermission,
  namingRefusal,
  scopeRefusal,
  sharedKeyRefusal,
} from './refusals';

export {
  type AgreedPlan,
  type Allowed,
  type Asker,
  type Question,
  requireAllowed,
  type UserCredentials,
  type Verdict,
} from './question';

/** Input of one plan. */
export interface PlanInput<C extends Change = Change> {
  planId: string;
  change: C;
  /** The entity of the change, where it is in the catalog. */
  entity?: Pick<OwnershipInCatalog, 'exists' | 'named'>;
  /** The operation that the plan is of, once there is one: it is not in its own way. */
  operationId?: string;
  /** Highest age of facts that are shared with other plans. */
  freshness: Freshness;
  /** Whether the entity may use an identity. Nothing of others is shown. */
  isIdentityOpen: IdentityTest;
  /** @throws RegistryNotLinked when nothing of the registry may be shown, whether or not it is there */
  requireReadable(registry: Fact<Registry>): Promise<void>;
}

/** A plan is of a registry that the entity only names, and of which nothing may be shown. */
class RegistryNotLinked extends ActionRefused {}

/** Maker of plans. */
export interface PlanSource {
  /**
   * @throws IdentityNotOpen when the intent names an identity that is not open, or not there
   * @throws RegistryNotLinked when nothing of the registry may be shown
   */
  make(input: PlanInput): Promise<MadePlan>;
}

type GateConfig =
  | 'scopes'
  | 'vaults'
  | 'bindings'
  | 'keys'
  | 'identities'
  | 'resourceGroups'
  | 'readUnlinked';

type GateCatalog = Pick<
  CatalogLinks,
  | 'registriesOf'
  | 'registriesAsPlugin'
  | 'ownership'
  | 'relationsOf'
  | 'visibleAmong'
  | 'inTagsOf'
>;

const refused = (refusal: Refusal): Verdict => ({
  verdict: 'refused',
  refusal,
});

/** Relations of an approver. */
const inWords = (standing: readonly string[] = []) =>
  standing.join(' and ') || NOT_KNOWN;

interface GateDeps {
  config: Pick<AcrCmkConfig, GateConfig>;
  /** Backends of the same database: the stricter approval applies. */
  backends: Pick<Backends, 'strictestApprovals'>;
  catalog: GateCatalog;
  permissionChecker: PermissionChecker;
  plans: PlanSource;
}

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
  readonly #deps: GateDeps;

  constructor(deps: GateDeps) {
    this.#deps = deps;
  }

  async ask(question: Question): Promise<Verdict> {
    const { change, asker, planId, agreed, operationId } = question;
    const entity = await this.#entity(question);
    if (entity.refusal) return refused(entity.refusal);
    const ownership = await this.#ownership(question, entity.entityRef);
    const refusal =
      (await this.#permissionRefusal(question, entity.entityRef, ownership)) ??
      namingRefusal(change, entity) ??
      scopeRefusal(change, this.#deps.config);
    if (refusal) return refused(refusal);
    const { entityRef } = entity;
    // As the catalog spells it, from here on.
    const ofEntity = { ...change, entityRef };
    const made = await this.#made({
      planId,
      change: ofEntity,
      entity: ownership,
      operationId,
      // Only a plan that nobody has agreed to yet may share its facts with others.
      freshness:
        asker.kind === 'requester' && !agreed
          ? (question.freshness ?? JUST_NOW)
          : NOW,
      isIdentityOpen: identity =>
        isIdentityOpen(identity, {
          config: this.#deps.config,
          claimants: ownership.claimants,
        }),
      requireReadable: async registry => {
        if (asker.kind === 'requester' && !agreed) {
          await this.#requireReadable(ofEntity, registry);
        }
      },
    });
    if (made instanceof ActionRefused) return refused(lacksAuthority(made));
    const unproven = await bindingRefusal(ofEntity, made, {
      bindings: this.#deps.config.bindings,
      // What is said without anybody there is read by all who may see the operation.
      visibleAmong:
        asker.kind === 'plugin'
          ? undefined
          : refs => this.#deps.catalog.visibleAmong(refs, asker.credentials),
    });
    if (unproven) return refused(unproven);
    const authorities = authoritiesOf(made.draft.effects, {
      intent: change.intent,
      entityRef,
      claimants: ownership.claimants,
      registryId: change.registryId,
      // A plan that was agreed to reports its changes instead.
      namedKey: agreed ? undefined : change.namedKey,
      registry: made.registry,
      facts: made.facts,
      config: this.#deps.config,
    });
    if (authorities.refusal)
      return refused(lacksAuthority(authorities.refusal));
    const { requirements } = authorities;
    const fingerprint = {
      ...made.fingerprint,
      authorities: inOneText(requirements),
      requester: ownership.requester,
    };
    const changes = [
      ...(agreed ? changesSince(agreed, fingerprint, entityRef) : []),
      ...(await this.#changesOfApprovers(question)),
    ];
    if (changes.length > 0) return { verdict: 'changed', changes };
    const { approvals, sharedKeys } =
      await this.#deps.backends.strictestApprovals();
    const needs =
      asker.kind === 'requester'
        ? await this.#needs(asker, {
            change,
            entityRef,
            requirements,
            effects: made.draft.effects,
            approvals,
          })
        : [];
    const unshared =
      sharedKeys === 'refuse' ? sharedKeyRefusal(change, needs) : undefined;
    if (unshared) return refused(unshared);
    return {
      verdict: 'allowed',
      entityRef,
      made: { ...made, fingerprint },
      requirements,
      needs,
    };
  }

  async #made(input: PlanInput): Promise<MadePlan | ActionRefused> {
    try {
      return await this.#deps.plans.make(input);
    } catch (error) {
      if (error instanceof IdentityNotOpen) return error;
      if (error instanceof RegistryNotLinked) return error;
      throw error;
    }
  }

  /** An owner hears why a registry cannot be read: its tags are known from an earlier reading. */
  async #requireReadable(
    { entityRef, intent, registryId }: Change,
    registry: Fact<Registry>,
  ): Promise<void> {
    const tags = registry.known
      ? registry.value.tags
      : {
          [ENTITY_REF_TAG]: [
            ...(await this.#deps.catalog.inTagsOf([registryId]))(registryId),
          ].join(','),
        };
    const reason = unlinkedReason(
      entityRef,
      { id: registryId.toString(), name: registryId.name, tags },
      this.#deps.config,
    );
    if (reason) throw new RegistryNotLinked(intent.kind, reason, 'registryId');
  }

  #ownership({ change, asker }: Question, entityRef: string) {
    return this.#fromCatalog(
      asker,
      `does not answer who owns ${change.entityRef}`,
      this.#deps.catalog.ownership(entityRef, requesterOf(asker)),
    );
  }

  /** An approval holds only as long as its giver has every relation that they could have the right by. */
  async #changesOfApprovers({
    asker,
    needs = [],
  }: Question): Promise<FieldChange[]> {
    const changes: FieldChange[] = [];
    for (const { by, entityRef, standing } of needs) {
      if (by === undefined) continue;
      const now = await this.#fromCatalog(
        asker,
        `does not answer about ${by}`,
        this.#deps.catalog.relationsOf(by, entityRef),
      );
      const kept = standing?.filter(words => now.includes(words));
      if (!standing || kept?.length !== standing.length) {
        changes.push({
          field: `approver ${by}`,
          shown: inWords(standing),
          now: inWords(kept),
        });
      }
    }
    return changes;
  }

  /** An answer of the catalog. Without a person who could try again, the operation does. */
  async #fromCatalog<T>(
    asker: Asker,
    problem: string,
    answer: Promise<T>,
  ): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof EntityUnknown || asker.kind !== 'plugin') {
        throw error;
      }
      throw new PreconditionUnavailable(
        'CatalogUnavailable',
        `The catalog ${problem}`,
      );
    }
  }

  /**
   * The entity with the registries that it names: as a requester may see it. For an approver it is read as the
   * plugin, since the permission that they are asked for may be on another entity.
   */
  async #entity({
    change,
    asker,
  }: Question): Promise<
    | { entityRef: string; named?: NamedRegistry[]; refusal?: undefined }
    | { refusal: Refusal }
  > {
    if (definitionOf(change.intent).registry === 'new') {
      // It may have no entity yet.
      return { entityRef: normalise(change.entityRef) };
    }
    try {
      return asker.kind === 'requester'
        ? await this.#deps.catalog.registriesOf(
            change.entityRef,
            asker.credentials,
          )
        : await this.#fromCatalog(
            asker,
            `did not answer whether ${change.entityRef} still names the registry`,
            this.#deps.catalog.registriesAsPlugin(change.entityRef),
          );
    } catch (error) {
      if (!(error instanceof EntityUnknown)) throw error;
      return {
        refusal: { error, change: entityChange(change, 'it does not exist') },
      };
    }
  }

  async #permissionRefusal(
    { asker, change: { intent } }: Question,
    entityRef: string,
    { exists }: OwnershipInCatalog,
  ): Promise<Refusal | undefined> {
    const { permissionChecker } = this.#deps;
    switch (asker.kind) {
      case 'plugin':
        return undefined;
      case 'approver': {
        const { operation, credentials } = asker;
        const error = await refusalToDecide(
          { action: 'approve', operation, credentials },
          permissionChecker,
        );
        return error && lacksPermission(error);
      }
      case 'requester': {
        const { credentials } = asker;
        for (const authority of authoritiesToAsk(intent, entityRef, exists)) {
          if (!(await permissionChecker.granted(authority, credentials))) {
            return lacksPermission(
              permissionChecker.missing(
                authority,
                authority.entityRef ? 'entityRef' : 'intent.kind',
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

  /** Requirements that the requester of a change lacks, and the approval that the configuration requires. */
  async #needs(
    { credentials }: Extract<Asker, { kind: 'requester' }>,
    {
      change: { intent },
      entityRef,
      requirements,
      effects,
      approvals,
    }: {
      change: Change;
      entityRef: string;
      requirements: Requirement[];
      effects: readonly Effect[];
      approvals: ApprovalSettings['approvals'];
    },
  ): Promise<Requirement[]> {
    const lacked = await this.#deps.permissionChecker.lackedOf(
      requirements,
      credentials,
    );
    const settings = [...approvalsOf(effects, intent)]
      .filter(kind => approvals.has(kind))
      .map(approvalSetting);
    return settings.length > 0
      ? [
          ...lacked,
          {
            permission: operationApprovePermission,
            entityRef,
            because: `this portal requires a second person (${settings.join(
              ', ',
            )})`,
          },
        ]
      : lacked;
  }
}

/**
 * Authorities that are needed to request a change at all. A person who creates a registry for an existing
 * entity acts for that entity, and the operation is in its history.
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
