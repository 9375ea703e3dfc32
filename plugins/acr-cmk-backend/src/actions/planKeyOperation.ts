import {
  acrCmkUsePermission,
  type Intent,
  type Plan,
} from 'backstage-plugin-acr-cmk-common';
import type { z as zod } from 'zod/v3';
import type { ActionDeps } from '.';
import { changeOf } from '../plans/PlanService';
import { entityRef, registryId, uuid } from './schema';

const EXAMPLE_REGISTRY =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shop/providers/Microsoft.ContainerRegistry/registries/shopimages';

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
    }, which take the plan's id and hash. Show the person the summary, the steps, the checks that did not pass and the consumers, and go on only when they agree. A plan is good for fifteen minutes, for the person who made it. When "blocked" is true it cannot be carried out; the failed checks say why and what to do.

Example: {"entityRef":"resource:default/shop-images","registryId":"/subscriptions/…/registries/shopimages","intent":{"kind":"rotate"}} plans a new version of the key in use. {"kind":"restore"} undoes the latest revoke.`,
    visibilityPermission: acrCmkUsePermission,
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
        z.object({
          entityRef: entityRef(z),
          registryId: registryId(z),
          intent: intent(z, revokes),
        }),
      output: planOutput,
    },
    async action({ input, credentials }) {
      const plan = await services.plans.plan(
        changeOf(
          {
            entityRef: input.entityRef,
            registryId: input.registryId,
            intent: input.intent as Intent,
          },
          services.plans.cloud,
        ),
        person(credentials),
      );
      return { output: toOutput(plan) };
    },
  });
}

/** Intents that an action can carry out. Revoke is not among them unless it is switched on. */
function intent(z: typeof zod, revokes: boolean) {
  const mode = () => z.enum(['automatic', 'manual']);
  const rotate = z
    .object({
      kind: z.literal('rotate'),
      key: z
        .discriminatedUnion('kind', [
          z.object({ kind: z.literal('new-version') }).strict(),
          z
            .object({ kind: z.literal('current'), mode: mode().optional() })
            .strict(),
          z
            .object({
              kind: z.literal('existing'),
              keyIdentifier: z.string().min(1).max(300),
            })
            .strict(),
          z
            .object({
              kind: z.literal('new-key'),
              vaultName: z
                .string()
                .regex(
                  /^[A-Za-z][0-9A-Za-z-]{1,22}[0-9A-Za-z](\.managedhsm)?$/,
                ),
              keyName: z.string().regex(/^[0-9A-Za-z-]{1,127}$/),
              mode: mode().optional(),
              type: z.enum(['RSA', 'RSA-HSM']).optional(),
              size: z
                .union([z.literal(2048), z.literal(3072), z.literal(4096)])
                .optional(),
            })
            .strict(),
        ])
        .describe('Default: a new version of the key in use')
        .optional(),
      follow: z.enum(['now', 'wait']).optional(),
      identity: z.string().min(1).max(400).optional(),
      grantAccess: z.boolean().optional(),
    })
    .strict();
  const duration = () =>
    z
      .string()
      .regex(
        /^P(?=[0-9])([0-9]{1,2}Y)?([0-9]{1,3}M)?([0-9]{1,3}W)?([0-9]{1,4}D)?$/,
      );
  const automaticRotation = z
    .object({
      kind: z.literal('automatic-rotation'),
      rotation: z.discriminatedUnion('kind', [
        z
          .object({
            kind: z.literal('on'),
            policy: z
              .object({
                timeAfterCreate: duration().optional(),
                timeBeforeExpiry: duration().optional(),
                expiryTime: duration().optional(),
                notifyBeforeExpiry: duration().optional(),
              })
              .strict()
              .describe(
                "The vault's rotation policy, as ISO 8601 durations: timeAfterCreate or timeBeforeExpiry, at least P7D; expiryTime at least P28D",
              ),
          })
          .strict(),
        z.object({ kind: z.literal('off') }).strict(),
        z
          .object({
            kind: z.literal('as-before'),
            operationId: uuid(z)
              .describe('The operation to undo. Default: the latest one')
              .optional(),
          })
          .strict(),
      ]),
    })
    .strict();
  const restore = z
    .object({
      kind: z.literal('restore'),
      operationId: uuid(z)
        .describe('The revoke to undo. Default: the latest one')
        .optional(),
      onlyOperation: z
        .boolean()
        .describe(
          'Give back only what the revoke `operationId` took away. Default: everything that is missing',
        )
        .optional(),
    })
    .strict();
  const revoke = z
    .object({
      kind: z.literal('revoke'),
      method: z
        .enum([
          'access-policy',
          'role-assignment',
          'disable-version',
          'disable-all-versions',
          'delete-key',
        ])
        .optional(),
      restoreAfterMinutes: z.number().int().min(5).max(10_080).optional(),
    })
    .strict();
  return revokes
    ? z.discriminatedUnion('kind', [rotate, automaticRotation, restore, revoke])
    : z.discriminatedUnion('kind', [rotate, automaticRotation, restore]);
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
    undo: z.string().describe('Whether and how it can be undone'),
    needsApproval: z.boolean(),
    waitingSeconds: z.number(),
    typedName: z
      .string()
      .describe('What a person has to type as confirmation')
      .optional(),
  });
}

function toOutput(plan: Plan) {
  return {
    planId: plan.id,
    planHash: plan.hash,
    expiresAt: plan.expiresAt,
    registryName: plan.registryName,
    summary: plan.summary,
    blocked: plan.blocked,
    steps: plan.steps.map(({ title, writes }) => ({ title, writes })),
    checks: plan.checks
      .filter(({ status }) => status !== 'pass')
      .map(({ id, status, message, remedy }) => ({
        id,
        status,
        message,
        remedy,
      })),
    versionBefore: plan.before.versionedKeyIdentifier ?? undefined,
    versionAfter: plan.after.versionedKeyIdentifier ?? undefined,
    alsoAffected: plan.consumers
      .filter(({ self }) => !self)
      .map(({ registryName }) => registryName),
    undo: plan.inverse.message,
    needsApproval: plan.approval.required,
    waitingSeconds: plan.waitingSeconds,
    typedName: plan.confirmation.typedName ?? undefined,
  };
}
