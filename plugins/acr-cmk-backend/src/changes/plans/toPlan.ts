import {
  type Dependents,
  type Need,
  type Plan,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { askedOf, needsInWords } from '../gate/approvers';
import { type Requirement, toNeed } from '../gate/authoritiesOf';
import type { EntitiesBehind } from '../../catalog/CatalogLinks';
import { consumersOf } from '../../catalog/consumersOf';
import {
  entitiesOfServices,
  presentServices,
  servicesOf,
} from '../../catalog/servicesOf';
import type { Change } from '../../domain/plan/change';
import type { Approvers } from '../../platform/config';
import { definitionOf } from '../../domain/plan/intents';
import type { MadePlan } from '../../domain/plan/draft';
import { planHash } from '../../domain/plan/fingerprint';
import { effectOnService } from '../../domain/plan/otherServices';
import { outcomeOf } from '../../domain/plan/outcomes';
import { describeStep } from '../../domain/steps';
import { PLAN_LIFETIME_MS } from '../../domain/timing';
import { isoTime } from '../../platform/database/clock';

/** Registries that a plan affects, in its order. A stored plan is text, so this is a door for ids. */
export const consumerIdsOf = ({ consumers }: Pick<Plan, 'consumers'>) =>
  consumers.map(({ registryId }) => RegistryId.parse(registryId));

/** Entities that the tags of the other Azure services of a plan name. */
export const entitiesInTagsOf = ({ services }: Pick<Plan, 'services'>) =>
  entitiesOfServices(services);

/** Entities behind what a plan affects, as somebody may see them. */
export interface SeenEntities {
  behind: (id: RegistryId) => EntitiesBehind;
  /** Entities that tags of other Azure services name. */
  inTags: (entityRefs: readonly string[]) => EntitiesBehind;
}

/** Reader of plans, and the names of approvers. */
export interface Reader extends SeenEntities {
  /** `acrCmk.approvers` */
  approvers: Approvers;
  /** Absent where a list needs none. */
  dependents?: Dependents;
}

/** A plan as one reader may see it. The other entities that it shows depend on the reader, not on the requester. */
export function presentPlan(
  plan: Plan,
  { behind, inTags, approvers, dependents }: Reader,
): Plan {
  const ids = consumerIdsOf(plan);
  const consumers = plan.consumers.map((consumer, index) => {
    const { visible, hidden } = behind(ids[index]);
    return {
      ...consumer,
      inCatalog: visible.length + hidden > 0,
      entities: visible,
      hiddenEntities: hidden,
    };
  });
  const services = plan.services && presentServices(plan.services, inTags);
  const shown = shownIn({ ...plan, consumers, services }, approvers);
  const { needs } = plan.approval;
  return {
    ...plan,
    consumers,
    ...(services && { services }),
    ...(dependents && { dependents }),
    approval: needs
      ? {
          ...plan.approval,
          message: messageOf(needs, shown),
          needs: needs.map(need => presentNeed(need, shown)),
        }
      : plan.approval,
  };
}

/** Entities and people that a reader of a plan may be told of. */
interface Shown {
  /** Entities that the reader sees, in lower case. */
  seen: ReadonlySet<string>;
  /** Owners of those entities, in lower case, where the reader sees them behind a registry. */
  owners: ReadonlyMap<string, string>;
  approvers: Approvers;
}

/** Everything that the reader of a presented plan sees in it anyway. */
export function shownIn(
  {
    entityRef,
    consumers,
    services = [],
  }: Pick<Plan, 'entityRef' | 'consumers' | 'services'>,
  approvers: Approvers,
): Shown {
  const entities = [
    ...consumers,
    ...services.flatMap(({ resources }) => resources),
  ].flatMap(user => user.entities);
  return {
    seen: new Set([
      entityRef.toLowerCase(),
      ...entities.map(one => one.entityRef.toLowerCase()),
    ]),
    owners: new Map(
      entities.flatMap(one =>
        one.owner
          ? [[one.entityRef.toLowerCase(), one.owner.toLowerCase()]]
          : [],
      ),
    ),
    approvers,
  };
}

/** Text about these needs, as one reader may see them. */
export function messageOf(
  needs: readonly Pick<Need, 'permission' | 'entityRef' | 'because'>[],
  { seen, owners, approvers }: Shown,
): string {
  return needsInWords(
    approvers,
    needs.map(need => {
      const hidden = isHidden(need, seen);
      return {
        ...need,
        hidden,
        entityRef: hidden ? undefined : need.entityRef?.toLowerCase(),
        owner: ownerOf(need, owners),
      };
    }),
  );
}

/** A need with those who are asked, and without the name of an entity that its reader may not see. */
export function presentNeed<N extends Need>(
  { entityRef, ...need }: N,
  of: Shown,
): N {
  const owner = ownerOf({ entityRef }, of.owners);
  const shown = {
    ...need,
    askedOf: askedOf(of.approvers, { permission: need.permission, owner }),
  };
  if (entityRef === undefined) return shown as unknown as N;
  return (isHidden({ entityRef }, of.seen)
    ? { ...shown, hiddenEntity: true }
    : { ...shown, entityRef }) as unknown as N;
}

/** Whether the reader may not see the entity of a need. */
function isHidden(
  { entityRef }: Pick<Need, 'entityRef'>,
  seen: ReadonlySet<string>,
): boolean {
  return entityRef !== undefined && !seen.has(entityRef.toLowerCase());
}

/** Owner of the entity of a need, where its reader may see the entity. */
function ownerOf(
  { entityRef }: Pick<Need, 'entityRef'>,
  owners: ReadonlyMap<string, string>,
): string | undefined {
  return entityRef === undefined
    ? undefined
    : owners.get(entityRef.toLowerCase());
}

/** Entities that somebody sees in a plan. */
export function seenBy(plan: Plan, of: SeenEntities): ReadonlySet<string> {
  const approvers = new Map();
  return shownIn(presentPlan(plan, { ...of, approvers }), approvers).seen;
}

/** A plan as people read it: what was made, with an id, an expiry and whose approval it needs. */
export function toPlan(of: {
  planId: string;
  change: Change;
  made: MadePlan;
  /** Epoch milliseconds. */
  now: number;
  /** Approvals that are necessary before it begins. */
  needs: readonly Requirement[];
  /** Waiting period of an intent that takes something away. */
  waitingSeconds: number;
}): Plan {
  const { planId, change, made, now, needs } = of;
  const { entityRef, intent } = change;
  const { draft, fingerprint } = made;
  const id = made.registry?.registryId ?? change.registryId;
  const registryId = id.toString();
  const blocked =
    draft.steps.length === 0 ||
    draft.checks.some(({ status }) => status === 'fail');
  return {
    id: planId,
    hash: planHash({ planId, entityRef, registryId }, fingerprint),
    createdAt: isoTime(now),
    expiresAt: isoTime(now + PLAN_LIFETIME_MS),
    entityRef,
    registryId,
    registryName: made.registry?.name ?? id.name,
    intent,
    summary: draft.summary,
    before: draft.before,
    after: draft.after,
    ...(draft.changes.length > 0 && { changes: draft.changes }),
    checks: draft.checks,
    steps: draft.steps.map(describeStep),
    consumers: consumersOf(draft.affected, {
      self: id,
      outcomeOf: registry =>
        outcomeOf(registry, draft, registry.registryId.equals(id)),
    }),
    ...(draft.services.length > 0 && {
      services: servicesOf(
        draft.services,
        new Set(draft.effects.flatMap(one => ('key' in one && one.key) || [])),
        one => effectOnService(one, draft.effects),
      ),
    }),
    ...(made.afterwards && !blocked && { afterwards: made.afterwards }),
    inverse: {
      available:
        draft.inverse.by !== undefined || draft.inverse.steps.length > 0,
      ...(draft.inverse.by && { by: draft.inverse.by }),
      message: draft.inverse.message,
    },
    confirmation: { typedName: draft.typedName },
    methods: draft.methods,
    approval:
      needs.length > 0
        ? {
            required: true,
            needs: needs.map(need => ({ ...toNeed(need), at: undefined })),
          }
        : { required: false },
    waitingSeconds: definitionOf(intent).takesAway ? of.waitingSeconds : 0,
    blocked,
  };
}
