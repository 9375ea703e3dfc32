import { acrCmkUsePermission } from 'backstage-plugin-acr-cmk-common';
import type { ActionDeps } from '.';
import { accept } from './accept';
import { acceptedPlan, operationOutput } from './schema';

export function registerAcceptRestorePlan(deps: ActionDeps): void {
  deps.registry.register({
    name: 'accept-restore-plan',
    title: 'Accept a plan to restore the key access of a container registry',
    description: `Carries out a plan of the intent "restore": the exact inverse of a revoke. Pulls and pushes work again after it; Azure gives no time for that.

Use it only after plan-key-operation with {"kind":"restore"}, with the id and the hash of its answer, and after the person has read that plan and agreed: somebody had a reason to revoke. Follow it with get-key-operation. Asking twice with the same plan begins one operation.

Example: {"planId":"2b0c8f8e-6f0e-4d43-9f0a-0d9a4f5b7a10","planHash":"<64 hex digits>","reason":"The incident is over"}`,
    visibilityPermission: acrCmkUsePermission,
    // It only adds: a grant, an enabled version, a recovered key.
    attributes: { readOnly: false, destructive: false, idempotent: true },
    examples: [
      {
        title: 'Undo a revoke',
        input: {
          planId: '2b0c8f8e-6f0e-4d43-9f0a-0d9a4f5b7a10',
          planHash: '0'.repeat(64),
          reason: 'The incident is over',
        },
      },
    ],
    schema: {
      input: z => z.object(acceptedPlan(z)),
      output: operationOutput,
    },
    action: ({ input, credentials }) =>
      accept({ intent: 'restore', input, credentials }, deps),
  });
}
