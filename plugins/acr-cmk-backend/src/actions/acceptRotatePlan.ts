import { acrCmkUsePermission } from 'backstage-plugin-acr-cmk-common';
import type { ActionDeps } from '.';
import { accept } from './accept';
import { acceptedPlan, operationOutput } from './schema';

export function registerAcceptRotatePlan(deps: ActionDeps): void {
  deps.registry.register({
    name: 'accept-rotate-plan',
    title: 'Accept a plan to rotate the key of a container registry',
    description: `Carries out a plan of the intent "rotate": the registry switches to a new version, another key, another mode or another identity, as the plan says.

Use it only after plan-key-operation, with the id and the hash of its answer, and after the person has read that plan and agreed. It answers as soon as the operation is durable; follow it with get-key-operation. Asking twice with the same plan begins one operation. It is refused when the facts behind the plan have changed (PLAN_DRIFTED): create a new plan then.

Example: {"planId":"2b0c8f8e-6f0e-4d43-9f0a-0d9a4f5b7a10","planHash":"<64 hex digits>","reason":"Quarterly rotation"}`,
    visibilityPermission: acrCmkUsePermission,
    // Nothing is lost by it, but it replaces what the registry is set to, and MCP calls only
    // additions not destructive.
    attributes: { readOnly: false, destructive: true, idempotent: true },
    examples: [
      {
        title: 'Carry a rotation out',
        input: {
          planId: '2b0c8f8e-6f0e-4d43-9f0a-0d9a4f5b7a10',
          planHash: '0'.repeat(64),
          reason: 'Quarterly rotation',
        },
      },
    ],
    schema: {
      input: z => z.object(acceptedPlan(z)),
      output: operationOutput,
    },
    action: ({ input, credentials }) =>
      accept({ intent: 'rotate', input, credentials }, deps),
  });
}
