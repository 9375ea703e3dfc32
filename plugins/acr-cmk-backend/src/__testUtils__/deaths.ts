/** Deaths of a backend's process by SIGKILL, right after it has written something for a campaign. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { RUNNER_WRITES } from '../changes/campaigns/__testUtils__/campaignWorld';
import { CampaignStore } from '../changes/campaigns/CampaignStore';
import { AcceptanceStore, type NewOperation } from '../engine/AcceptanceStore';
import { Leases } from '../engine/Leases';
import type { Lease } from '../engine/types';
import { type OperationChange, WorkerWrites } from '../engine/WorkerWrites';

/** A death of a process. */
export interface Death {
  boundary: string;
  /** A member or its operation, or how far the campaign was. */
  at: string;
}

export const ACCEPTED = 'after acceptances.accept';

/** Boundaries of a worker in each operation of a campaign, but for the answer of Azure. */
export const WORKER_BOUNDARIES = [
  'after leases.claim',
  'after writes.write: running',
  'after writes.write: azure-write',
  'after writes.write: azure-answered',
  'after writes.write: step-ended',
  'after writes.write: proving',
  'after writes.write: operation-ended',
];

/** Members that end between two deaths of the runner at one boundary. */
const ENDS = 4;

export const deathsIn = (file: string): Death[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))
    : [];

export function addDeath(file: string, death: Death): void {
  appendFileSync(file, `${JSON.stringify(death)}\n`);
}

/** Name of a worker's write, by the change that it makes. */
const nameOf = ({ audit, provingSince, step, state }: OperationChange) =>
  audit?.event ??
  (provingSince === undefined ? undefined : 'proving') ??
  step?.state ??
  state ??
  'azure-answered';

/** Calls `after` with each call of a method that has answered. */
function follow<T extends object>(
  type: { prototype: T },
  name: string,
  after: (of: {
    target: T;
    args: readonly any[];
    answer: unknown;
  }) => Promise<void> | void,
): void {
  const prototype = type.prototype as Record<string, any>;
  const method = prototype[name];
  prototype[name] = async function followed(this: T, ...args: unknown[]) {
    const answer = await method.apply(this, args);
    await after({ target: this, args, answer });
    return answer;
  };
}

async function endedIn(store: CampaignStore, id: string): Promise<number> {
  return (await store.counts(id))
    .filter(({ state }) => state === 'succeeded')
    .reduce((sum, { count }) => sum + count, 0);
}

/**
 * Makes this process kill itself at the first boundary that is due:
 *
 * - after the acceptance of each member's operation
 * - after each kind of write of the campaign's runner, again when some more members have ended
 * - after each kind of write of a worker, the first time, and at one of them in each member's operation
 *
 * @param file - deaths of its predecessors, to which it adds its own
 */
export function dieAtBoundaries(file: string): void {
  const deaths = deathsIn(file);
  const operations = deaths.flatMap(({ boundary, at }) =>
    boundary === ACCEPTED ? at : [],
  );
  const hasDied = (at: Partial<Death>) =>
    deaths.some(
      death =>
        death.boundary === at.boundary && (at.at ?? death.at) === death.at,
    );
  const die = (death: Death) => {
    addDeath(file, death);
    process.kill(process.pid, 'SIGKILL');
  };

  for (const name of RUNNER_WRITES.acceptances) {
    follow(AcceptanceStore, name, ({ args: [operation] }) => {
      const { id }: NewOperation = operation;
      die({ boundary: ACCEPTED, at: id });
    });
  }
  for (const name of RUNNER_WRITES.store) {
    follow(CampaignStore, name, async ({ target }) => {
      const [campaign] = await target.list({ limit: 1 });
      if (campaign?.startedAt === undefined) return;
      const { id, state } = campaign;
      const progress = Math.floor((await endedIn(target, id)) / ENDS);
      const death = {
        boundary: `after store.${name}`,
        at: `${state} ${progress}`,
      };
      if (!hasDied(death)) die(death);
    });
  }

  const workerAt = (boundary: string, at: string) => {
    const turn = operations.indexOf(at) % WORKER_BOUNDARIES.length;
    const isTurn = boundary === WORKER_BOUNDARIES[turn];
    if (!hasDied({ boundary }) || (isTurn && !hasDied({ boundary, at }))) {
      die({ boundary, at });
    }
  };
  follow(Leases, 'claim', ({ answer }) => {
    const lease = answer as Lease | undefined;
    if (lease) workerAt('after leases.claim', lease.operationId);
  });
  follow(WorkerWrites, 'write', ({ args: [lease, change] }) =>
    workerAt(`after writes.write: ${nameOf(change)}`, lease.operationId),
  );
}
