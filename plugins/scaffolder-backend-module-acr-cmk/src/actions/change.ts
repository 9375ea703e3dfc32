import type { LoggerService } from '@backstage/backend-plugin-api';
import type { ActionContext } from '@backstage/plugin-scaffolder-node';
import type { Intent, Plan } from 'backstage-plugin-acr-cmk-common';
import { clientOf } from '../clientOf';
import { toTaskError } from '../errors';
import { carryOut } from '../operations/carryOut';
import type { Ports } from '../ports';
import { fullEntityRef, outcomeOf, output, registryOf } from './common';

/** Input of every action that changes something. */
interface ChangeInput {
  entityRef: string;
  registryId?: string;
  reason: string;
  wait?: boolean;
}

/** The part of an input that has these fields. */
export function pick<Input extends object, Field extends keyof Input>(
  input: Input,
  fields: Record<Field, unknown>,
): Pick<Input, Field> {
  return Object.fromEntries(
    Object.entries(input).filter(([name]) => name in fields),
  ) as Pick<Input, Field>;
}

type ChangeContext = ActionContext<any, any> & { logger: LoggerService };

/** One change, from the step's input to its output. */
export async function change(
  ctx: ChangeContext,
  asked: {
    input: ChangeInput;
    intent: Intent;
    /** Throws if the plan must not be accepted, even with approvals. */
    requireAcceptable?: (plan: Plan) => void;
  },
  ports: Ports,
): Promise<void> {
  const { input, intent, requireAcceptable } = asked;
  try {
    const client = await clientOf(ctx, ports);
    const entityRef = fullEntityRef(input.entityRef);
    const registryId = await registryOf(
      { entityRef, registryId: input.registryId },
      client,
    );
    const done = await carryOut(
      {
        request: { entityRef, registryId, intent },
        reason: input.reason,
        wait: input.wait ?? true,
        requireAcceptable,
      },
      ctx,
      { client, sleep: ports.sleep },
    );
    output(ctx, await outcomeOf(done, { client, logger: ctx.logger }));
  } catch (error) {
    throw toTaskError(error);
  }
}
