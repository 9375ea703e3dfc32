import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { type Intent, isTerminal } from 'backstage-plugin-acr-cmk-common';
import type { ActionDeps } from '.';
import { toOutput } from './schema';

/** Has a plan of this intent carried out: asked twice, it is the same operation. */
export async function accept(
  {
    intent,
    input,
    credentials,
  }: {
    intent: Intent['kind'];
    input: {
      planId: string;
      planHash: string;
      reason: string;
    };
    credentials: BackstageCredentials;
  },
  { services, person }: ActionDeps,
) {
  const operation = await services.acceptance.accept(
    {
      ...input,
      intent,
      origin: 'program',
      idempotencyKey: `action-${input.planId}`,
    },
    person(credentials),
  );
  return { output: toOutput(operation, isTerminal(operation.state)) };
}
