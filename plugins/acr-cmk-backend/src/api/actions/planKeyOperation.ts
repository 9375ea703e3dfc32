import {
  apiUnion,
  type Plan,
  servicesInWords,
} from 'backstage-plugin-acr-cmk-common';
import type { z as zod } from 'zod/v3';
import type { ActionDeps } from './deps';
import { changeOf } from '../../changes/plans/PlanService';
import { entityRef, registryId } from './schema';

const EXAMPLE_REGISTRY =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shop/providers/Microsoft.ContainerRegistry/registries/shopimages';

/** Intents that an action can carry out. */
const INTENTS = [
  'RotateIntent',
  'AutomaticRotationIntent',
  'RestoreIntent',
] as const;

export function registerPlanKeyOperation({
  registry,
  services,
  person,
  revokes,
}: ActionDeps): void {
  registry.register({
    name: 'plan-key-operation',
    title: 'Plan a key operation',
    description: `What a change of a registry's key would do, what it would affect, and how it could be undone. Answers with a plan and its hash, and writes nothing to Azure.

Use it before ${
      revokes
        ? 'accept-rotate-plan, accept-automatic-rotation-plan, accept-restore-plan and accept-revoke-plan'
        : 'accept-rotate-plan, accept-automatic-rotation-plan and accept-restore-plan'
    }, which take the plan's id and hash. Show the person the summary, the steps, the checks that did not pass and the consumers, and continue only if they agree. A plan is good for fifteen minutes, for the person who made it. When "blocked" is true it cannot be carried out; the failed checks say why and what to do.

Example: {"entityRef":"resource:default/shop-images","registryId":"/subscriptions/…/registries/shopimages","intent":{"kind":"rotate"}} plans a new version of the key in use. {"kind":"restore"} gives back everything that is missing.`,
    attributes: { readOnly: true, destructive: false, idempotent: true },
    examples: [
      {
        title: 'A new version of the key in use',
        input: {
          entityRef: 'resource:default/shop-images',
          registryId: EXAMPLE_REGISTRY,
          intent: { kind: 'rotate' },
        },
      },
      {
        title: 'Follow new versions of the key from now on',
        input: {
          entityRef: 'resource:default/shop-images',
          registryId: EXAMPLE_REGISTRY,
          intent: {
            kind: 'rotate',
            key: { kind: 'current', mode: 'automatic' },
          },
        },
      },
      {
        title: 'Have the vault rotate the key every 90 days',
        input: {
          entityRef: 'resource:default/shop-images',
          registryId: EXAMPLE_REGISTRY,
          intent: {
            kind: 'automatic-rotation',
            rotation: { kind: 'on', policy: { timeAfterCreate: 'P90D' } },
          },
        },
      },
    ],
    schema: {
      input: z =>
        z
          .object({
            entityRef: entityRef(z),
            registryId: registryId(z),
            intent: apiUnion(
              z,
              revokes ? [...INTENTS, 'RevokeIntent'] : INTENTS,
            ),
          })
          .strict(),
      output: planOutput,
    },
    async action({ input, credentials }) {
      const plan = await services.plans.plan(
        changeOf(input, services.plans.cloud),
        { credentials: person(credentials), origin: 'program' },
      );
      return { output: toOutput(plan) };
    },
  });
}

function planOutput(z: typeof zod) {
  return z.object({
    planId: z.string(),
    planHash: z.string(),
    expiresAt: z.string(),
    registryName: z.string(),
    summary: z.string(),
    blocked: z.boolean(),
    steps: z.array(z.object({ title: z.string(), writes: z.boolean() })),
    checks: z
      .array(
        z.object({
          id: z.string(),
          status: z.string(),
          message: z.string(),
          remedy: z.string().optional(),
        }),
      )
      .describe('Those that did not pass'),
    versionBefore: z.string().optional(),
    versionAfter: z.string().optional(),
    alsoAffected: z
      .array(z.string())
      .describe('Other registries that it affects'),
    otherServices: z
      .array(z.string())
      .describe(
        'Resources of other Azure services that it affects. The check other-services says whether they were looked at',
      ),
    undo: z.string().describe('Whether and how it can be undone'),
    needsApproval: z.boolean(),
    noRoom: z
      .string()
      .describe(
        'Why the plan cannot be accepted now: too many requests of the person wait for approval',
      )
      .optional(),
    waitingSeconds: z.number(),
    typedName: z
      .string()
      .describe('What a person has to type as confirmation')
      .optional(),
  });
}

function toOutput(plan: Plan) {
  return {
    ...plan,
    planId: plan.id,
    planHash: plan.hash,
    steps: plan.steps,
    checks: plan.checks.filter(({ status }) => status !== 'pass'),
    versionBefore: plan.before.versionedKeyIdentifier ?? undefined,
    versionAfter: plan.after.versionedKeyIdentifier ?? undefined,
    alsoAffected: plan.consumers
      .filter(({ self }) => !self)
      .map(({ registryName }) => registryName),
    otherServices: servicesInWords(plan.services),
    undo: plan.inverse.message,
    // A person types the name of a registry whose key a program wants to take.
    needsApproval:
      plan.approval.required || plan.confirmation.typedName !== null,
    noRoom: plan.approval.noRoom,
    typedName: plan.confirmation.typedName ?? undefined,
  };
}
