import {
  apiZod,
  isTerminal,
  type Operation,
} from 'backstage-plugin-acr-cmk-common';
import type { z as zod } from 'zod/v3';

type Zod = typeof zod;

export const entityRef = (z: Zod) =>
  apiZod(z, 'EntityRef').describe(
    'Ref in full of the catalog entity that names the registry in its annotations, such as resource:default/shop-images',
  );

export const registryId = (z: Zod) =>
  apiZod(z, 'ArmId').describe(
    'ARM id of the registry, from get-registry-encryption',
  );

/** Input of every action that carries a plan out. */
export const acceptedPlan = (z: Zod) => ({
  planId: apiZod(z, 'Uuid').describe('Of the plan, from plan-key-operation'),
  planHash: apiZod(z, 'Sha256').describe(
    'Of the same plan. It is refused when the facts behind it have changed; create a new plan then, and read it',
  ),
  reason: apiZod(z, 'Reason').describe(
    'Why, in one line, for the record: what the person said',
  ),
});

export const operationOutput = (z: Zod) =>
  z.object({
    operationId: z.string(),
    state: z
      .string()
      .describe(
        'awaiting-approval, queued, running or waiting while it is in progress; succeeded, failed, cancelled, rejected or unverified at its end',
      ),
    isOver: z.boolean(),
    registryName: z.string(),
    requestedBy: z.string(),
    automatic: z
      .boolean()
      .optional()
      .describe(
        'The timer of a revoke started it, and no person did; requestedBy asked for the revoke',
      ),
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

/** Output of an action for an operation. */
export function toOutput(operation: Operation) {
  const { waiting, result, approval } = operation;
  const waitsFor =
    approval?.state === 'pending'
      ? 'A second person has to approve it on the registry’s Encryption tab; the one who asked cannot, and no program can'
      : waiting?.message;
  return {
    ...operation,
    operationId: operation.id,
    isOver: isTerminal(operation.state),
    waitsFor,
    result: result?.message,
    code: result?.code,
  };
}
