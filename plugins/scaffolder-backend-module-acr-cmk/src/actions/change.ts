import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  type ActionContext,
  createTemplateAction,
  type TemplateExample,
} from '@backstage/plugin-scaffolder-node';
import {
  apiFields,
  type Intent,
  type Plan,
} from 'backstage-plugin-acr-cmk-common';
import type { z as zod } from 'zod/v3';
import { clientOf } from '../clientOf';
import { toTaskError } from '../errors';
import { carryOut } from '../operations/carryOut';
import type { Ports } from '../ports';
import { fullEntityRef, outcomeOf, output, registryOf } from './common';
import { changeInput, changeOutput, registryInput } from './schema';

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

type Fields = Record<string, (z: typeof zod) => zod.ZodTypeAny>;

/** Makes an action that changes a registry; its input has the fields of the intent. */
export function createChangeAction(
  ports: Ports,
  action: {
    id: string;
    kind: Intent['kind'];
    /** Schema of the intent in the API document. */
    intent: Parameters<typeof apiFields>[0];
    description: string;
    examples: TemplateExample[];
    /** Input that is not part of the intent. */
    moreInput?: Fields;
    /** Throws if the plan must not be accepted, even with approvals. */
    requireAcceptable?: (plan: Plan, input: Record<string, unknown>) => void;
  },
) {
  const { id, kind, description, examples, requireAcceptable } = action;
  const fields = apiFields(action.intent) as Fields;
  return createTemplateAction({
    id,
    description,
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...registryInput,
        ...changeInput,
        ...fields,
        ...action.moreInput,
      } as Fields,
      output: changeOutput,
    },
    async handler(ctx) {
      await change(
        ctx,
        {
          input: ctx.input as unknown as ChangeInput,
          intent: { kind, ...pick(ctx.input, fields) } as Intent,
          requireAcceptable: plan => requireAcceptable?.(plan, ctx.input),
        },
        ports,
      );
    },
  });
}
