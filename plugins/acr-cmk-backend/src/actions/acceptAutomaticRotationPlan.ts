import { acrCmkUsePermission } from 'backstage-plugin-acr-cmk-common';
import type { ActionDeps } from '.';
import { accept } from './accept';
import { acceptedPlan, operationOutput } from './schema';

export function registerAcceptAutomaticRotationPlan(deps: ActionDeps): void {
  deps.registry.register({
    name: 'accept-automatic-rotation-plan',
    title: 'Accept a plan for automatic rotation of a container registry',
    description: `Carries out a plan of the intent "automatic-rotation": the vault's rotation policy of the registry's key changes, and the registry follows new versions or not, as the plan says.

Use it only after plan-key-operation with {"kind":"automatic-rotation", ...}, with the id and the hash of its answer, and after the person has read that plan and agreed: the policy holds for every registry that uses the key. Follow it with get-key-operation. Asking twice with the same plan begins one operation.

Example: {"planId":"2b0c8f8e-6f0e-4d43-9f0a-0d9a4f5b7a10","planHash":"<64 hex digits>","reason":"Keys rotate every quarter"}`,
    visibilityPermission: acrCmkUsePermission,
    // It replaces the policy that was there.
    attributes: { readOnly: false, destructive: true, idempotent: true },
    examples: [
      {
        title: 'Set up automatic rotation',
        input: {
          planId: '2b0c8f8e-6f0e-4d43-9f0a-0d9a4f5b7a10',
          planHash: '0'.repeat(64),
          reason: 'Keys rotate every quarter',
        },
      },
    ],
    schema: {
      input: z => z.object(acceptedPlan(z)),
      output: operationOutput,
    },
    action: ({ input, credentials }) =>
      accept({ intent: 'automatic-rotation', input, credentials }, deps),
  });
}
