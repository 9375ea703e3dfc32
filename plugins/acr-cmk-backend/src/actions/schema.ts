import type { Operation } from 'backstage-plugin-acr-cmk-common';
import type { z as zod } from 'zod/v3';

type Zod = typeof zod;

export const entityRef = (z: Zod) =>
  z
    .string()
    .min(5)
    .max(200)
    .describe(
      'Ref in full of the catalog entity that names the registry in its annotations, such as resource:default/shop-images',
    );

export const registryId = (z: Zod) =>
  z
    .string()
    .min(1)
    .max(400)
    .describe('ARM id of the registry, as get-registry-encryption tells it');

/** As the API writes them. */
export const uuid = (z: Zod) =>
  z
    .string()
    .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);

/** What every action that carries a plan out asks for. */
export const acceptedPlan = (z: Zod) => ({
  planId: uuid(z).describe('Of the plan, from plan-key-operation'),
  planHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe(
      'Of the same plan. It is refused when the facts behind it have changed; create a new plan then, and read it',
    ),
  reason: z
    .string()
    .min(3)
    .max(500)
    .describe('Why, in one line, for the record: what the person said'),
});

export const operationOutput = (z: Zod) =>
  z.object({
    operationId: z.string(),
    state: z
      .string()
      .describe(
        'awaiting-approval, queued, running or waiting while it goes on; succeeded, failed, cancelled, rejected or unverified at its end',
      ),
    isOver: z.boolean(),
    registryName: z.string(),
    requestedBy: z.string(),
    steps: z.array(
      z.object({
        title: z.string(),
        state: z.string(),
        message: z.string().optional(),
      }),
    ),
    waitsFor: z.string().optional(),
    result: z.string().optional(),
    code: z.string().optional(),
  });

/** An operation as the actions show it. */
export function toOutput(operation: Operation, isOver: boolean) {
  const { waiting, result, approval } = operation;
  const waitsFor =
    approval?.state === 'pending'
      ? 'A second person has to approve it on the registry’s Encryption tab; the one who asked cannot, and no program can'
      : waiting?.message;
  return {
    operationId: operation.id,
    state: operation.state,
    isOver,
    registryName: operation.registryName,
    requestedBy: operation.requestedBy,
    steps: operation.steps.map(({ title, state, message }) => ({
      title,
      state,
      ...(message && { message }),
    })),
    ...(waitsFor && { waitsFor }),
    ...(result && { result: result.message }),
    ...(result?.code && { code: result.code }),
  };
}
