import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseDuration } from '../state/durations';
import { AzureError } from '../errors';
import { problemWithFault } from './faults';
import type { EventDelivery } from './eventDelivery';
import type { Parts } from '../server';
import type { Azure } from '../types';
import {
  asRecord,
  optionalArray,
  optionalString,
  readBody,
  requiredString,
} from '../http/body';

interface Controls extends Pick<
  Parts,
  'azure' | 'faults' | 'requestLog' | 'assumptions'
> {
  world: string;
  reset(): void;
  deliverEvents(delivery: EventDelivery): Promise<{ status: number }>;
}

interface ControlAnswer {
  status: number;
  body: unknown;
}

type Control = (
  controls: Controls,
  body: Record<string, unknown>,
) => ControlAnswer | Promise<ControlAnswer>;

const okay = (body: unknown): ControlAnswer => ({ status: 200, body });
const badRequest = (message: string): ControlAnswer => ({
  status: 400,
  body: { error: { code: 'BadRequest', message } },
});

/** The control API on the proxy's own address. */
const CONTROLS: Record<string, Control> = {
  'GET /healthz': ({ world }) => okay({ status: 'ok', world }),
  'GET /requests': ({ requestLog }) => okay(requestLog.all()),
  'DELETE /requests': ({ requestLog }) => {
    requestLog.clear();
    return okay([]);
  },
  'GET /clock': ({ azure }) => okay(clockOf(azure)),
  'POST /clock': moveClock,
  'GET /faults': ({ faults }) =>
    okay(
      faults.all().map(fault => ({ ...fault, path: fault.path?.toString() })),
    ),
  'POST /faults': ({ faults }, body) => {
    const problem = problemWithFault(body);
    return problem
      ? badRequest(problem)
      : { status: 201, body: { id: faults.add(body).id } };
  },
  'DELETE /faults': ({ faults }) => {
    faults.clear();
    return okay([]);
  },
  'GET /assumptions': ({ assumptions }) => okay(assumptions.current),
  'POST /assumptions': ({ assumptions }, body) => {
    assumptions.change(body);
    return okay(assumptions.current);
  },
  'DELETE /assumptions': ({ assumptions }) => {
    assumptions.reset();
    return okay(assumptions.current);
  },
  'GET /registries': ({ azure }) =>
    okay(
      azure.store
        .all('registries')
        .map(({ id, name, tags }) => ({ id, name, tags })),
    ),
  'POST /events': async ({ deliverEvents }, body) =>
    okay(await deliverEvents(readDelivery(body))),
  'POST /reset': ({ reset, world }) => {
    reset();
    return okay({ world });
  },
};

function clockOf({ clock }: Azure) {
  return {
    now: new Date(clock.now()).toISOString(),
    frozen: clock.frozen,
  };
}

const CLOCK_FIELDS = ['advance', 'set', 'freeze', 'unfreeze', 'reset'];

function moveClock(
  { azure }: Controls,
  body: Record<string, unknown>,
): ControlAnswer {
  const unknownField = Object.keys(body).find(
    name => !CLOCK_FIELDS.includes(name),
  );
  if (unknownField || !Object.keys(body).length) {
    return badRequest(
      `Send one of ${CLOCK_FIELDS.join(', ')}${
        unknownField ? `, not '${unknownField}'` : ''
      }.`,
    );
  }
  const { advance, set } = body;
  const ms = typeof advance === 'string' ? parseDuration(advance) : undefined;
  if (advance !== undefined && ms === undefined) {
    return badRequest(
      "'advance' must be an ISO 8601 duration such as PT1H or P30D.",
    );
  }
  const at = typeof set === 'string' ? Date.parse(set) : undefined;
  if (set !== undefined && !Number.isFinite(at)) {
    return badRequest("'set' must be a time such as 2030-01-01T00:00:00Z.");
  }
  if (body.reset === true) azure.clock.reset();
  if (body.unfreeze === true) azure.clock.unfreeze();
  if (at !== undefined) azure.clock.set(at);
  if (ms !== undefined) azure.clock.advance(ms);
  // Frozen at the moment that was set: not a millisecond later.
  if (body.freeze === true) {
    azure.clock.freeze(at === undefined ? undefined : at + (ms ?? 0));
  }
  azure.catchUp();
  azure.store.commit();
  return okay(clockOf(azure));
}

function readDelivery(body: Record<string, unknown>): EventDelivery {
  const audience = optionalString(body.audience, 'audience');
  return {
    url: requiredString(body.url, 'url'),
    events: (optionalArray(body.events, 'events') ?? []).map(event =>
      asRecord(event, 'events'),
    ),
    ...(audience && { audience }),
    ...(body.tokenVersion === 2 && { tokenVersion: 2 as const }),
  };
}

export async function control(
  controls: Controls,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (incoming.url ?? '/')
    .replace(/\?.*$/, '')
    .replace(/(.)\/$/, '$1');
  const handler = CONTROLS[`${incoming.method} ${path}`];
  let answer: ControlAnswer;
  try {
    answer = handler
      ? await handler(controls, await readBody(incoming))
      : {
          status: 404,
          body: {
            error: {
              code: 'NotFound',
              message: `Unknown control request. Available: ${Object.keys(
                CONTROLS,
              ).join(', ')}.`,
            },
          },
        };
  } catch (error) {
    answer =
      error instanceof AzureError
        ? {
            status: error.status,
            body: error.body('arm', { correlationId: '', at: 0 }),
          }
        : badRequest((error as Error).message);
  }
  response.writeHead(answer.status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(answer.body)}\n`);
}
