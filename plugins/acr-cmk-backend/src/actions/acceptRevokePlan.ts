import { acrCmkUsePermission } from 'backstage-plugin-acr-cmk-common';
import type { ActionDeps } from '.';
import { accept } from './accept';
import { acceptedPlan, operationOutput } from './schema';

export function registerAcceptRevokePlan(deps: ActionDeps): void {
  deps.registry.register({
    name: 'accept-revoke-plan',
    title:
      "Ask for a plan to revoke a container registry's access to its key to be carried out",
    description: `Asks for a plan of the intent "revoke" to be carried out: the registry loses access to its key, and every pull and push is refused until accept-restore-plan.

Use it in an emergency only, when a person asks for exactly this, after plan-key-operation with {"kind":"revoke"}, and after the person has read which registries it affects. A second person has to approve it on the registry's Encryption tab and types the registry's name there, which no program can. Follow it with get-key-operation.

Example: {"planId":"2b0c8f8e-6f0e-4d43-9f0a-0d9a4f5b7a10","planHash":"<64 hex digits>","reason":"Credentials of the build were stolen"}`,
    visibilityPermission: acrCmkUsePermission,
    attributes: { readOnly: false, destructive: true, idempotent: true },
    examples: [
      {
        title: 'Stop every pull',
        input: {
          planId: '2b0c8f8e-6f0e-4d43-9f0a-0d9a4f5b7a10',
          planHash: '0'.repeat(64),
          reason: 'Credentials of the build were stolen',
        },
      },
    ],
    schema: {
      input: z => z.object(acceptedPlan(z)),
      output: operationOutput,
    },
    action: ({ input, credentials }) =>
      accept({ intent: 'revoke', input, credentials }, deps),
  });
}
