import type { Plan, RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Authority } from '../authority/PermissionChecker';
import type { EntitiesBehind } from '../catalog/CatalogLinks';
import { consumersOf } from '../catalog/consumersOf';
import {
  type Change,
  definitionOf,
  type MadePlan,
  planHash,
} from '../cmk/plan';
import { describeStep } from '../steps';
import { PLAN_LIFETIME_MS } from '../cmk/timing';
import { isoTime } from '../database/clock';

/** A plan as people read it: what was made, with an id, an expiry and whose approval it needs. */
export function toPlan(of: {
  planId: string;
  change: Change;
  made: MadePlan;
  /** Epoch milliseconds. */
  now: number;
  behind: (id: RegistryId) => EntitiesBehind;
  /** Who has to say yes before it begins. */
  needs: readonly Authority[];
  /** Of an intent that takes something away. */
  waitingSeconds: number;
}): Plan {
  const { planId, change, made, now, needs } = of;
  const { entityRef, intent } = change;
  const { draft, fingerprint } = made;
  const id = made.registry?.registryId ?? change.registryId;
  const registryId = id.toString();
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
    checks: draft.checks,
    steps: draft.steps.map(describeStep),
    consumers: consumersOf(draft.affected, id, of.behind),
    inverse: {
      available: draft.inverse.steps.length > 0,
      message: draft.inverse.message,
    },
    confirmation: { typedName: draft.typedName },
    methods: draft.methods,
    approval:
      needs.length > 0
        ? {
            required: true,
            message: `Another person with the permission ${needs
              .map(({ permission }) => permission.name)
              .join(' or ')} has to approve it before it begins.`,
          }
        : { required: false },
    waitingSeconds: definitionOf(intent).takesAway ? of.waitingSeconds : 0,
    blocked:
      draft.steps.length === 0 ||
      draft.checks.some(({ status }) => status === 'fail'),
  };
}
