import { setTimeout as delay } from 'node:timers/promises';
import { type Operation } from 'backstage-plugin-acr-cmk-common';
import knexFactory, { type Knex } from 'knex';
import { ask, control, headersOf, type Person, type Portal } from './portal';
import { print } from './report';
import { CONNECTIONS, ROTATIONS, SLOW_UPDATES, WAITING } from './settings';

interface Burst {
  api: string;
  headers: Record<string, string>;
  /** An operation that waits for approval. */
  operationId: string;
  plan: object;
}

/** The burst of a person, who has a rotation wait for approval first. */
export async function burstOf(portal: Portal, person: Person): Promise<Burst> {
  const { id: operationId, plan } = await requestRotation(portal, person);
  return {
    api: `${portal.url}/api/acr-cmk/v1`,
    headers: await headersOf(portal, person),
    operationId,
    plan,
  };
}

/** A rotation of a registry of the person, which waits for approval. */
async function requestRotation(portal: Portal, person: Person) {
  for (const { id: registryId, entityRef } of person.owned) {
    const plan = { entityRef, registryId, intent: { kind: 'rotate' } };
    const post = (name: string, body: object) =>
      ask<{ id: string; hash: string }>(
        portal,
        person,
        `acr-cmk/v1/${name}`,
        body,
      );
    try {
      const { id: planId, hash: planHash } = await post('plans', plan);
      const { id } = await post('operations', {
        planId,
        planHash,
        reason: 'Something to watch',
        idempotencyKey: `bench-${planId}`,
      });
      return { id, plan, planHash };
    } catch {
      // It has no key, or its key cannot be rotated: the next one.
    }
  }
  throw new Error(`No registry of ${person.team} can be rotated`);
}

interface Rotation {
  id: string;
  registryId: string;
}

/** Rotations of several people that wait for Azure's update of a registry. */
export async function waitingRotations(portal: Portal): Promise<Rotation[]> {
  await control(portal.azure, 'POST', '/assumptions', SLOW_UPDATES);
  const [approver] = portal.readers;
  const rotations: Rotation[] = [];
  for (const person of portal.people.slice(0, ROTATIONS)) {
    const { id, plan, planHash } = await requestRotation(portal, person);
    const at = `acr-cmk/v1/operations/${id}`;
    await ask(portal, approver, `${at}/approve`, { planHash });
    const isUpdating = async () => {
      const { waiting, result } = await ask<Operation>(portal, person, at);
      if (result) throw new Error(`${at}: ${result.message}`);
      return waiting?.message === 'Azure is changing the registry';
    };
    while (!(await isUpdating())) await delay(500);
    rotations.push({ id, registryId: plan.registryId });
  }
  return rotations;
}

export async function withDatabase<T>(
  { database }: Portal,
  work: (db: Knex) => Promise<T>,
): Promise<T> {
  const db = knexFactory({
    client: 'better-sqlite3',
    connection: { filename: database },
    useNullAsDefault: true,
  });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

const COPIES = '00000000-0000-4000-8000-';
/** Due time of what nobody has looked at since it was copied. */
const COPIED = 1;

const copyOf = (n: number) => `${COPIES}${String(n).padStart(12, '0')}`;

/** Copies operations, as they wait, into many that are due. */
export function copyRotations(
  portal: Portal,
  rotations: Rotation[],
): Promise<void> {
  const ids = rotations.map(({ id }) => id);
  return withDatabase(portal, db =>
    db.transaction(async trx => {
      const operations = await trx('operations').whereIn('id', ids);
      const steps = await trx('operation_steps').whereIn('operation_id', ids);
      for (let n = 0; n < WAITING; n += 1) {
        const { id: original } = rotations[n % rotations.length];
        const operation = operations.find(each => each.id === original);
        const id = copyOf(n);
        await trx('operations').insert({
          ...operation,
          id,
          idempotency_key: id,
          due_at: COPIED,
          lease_owner: null,
          lease_until: null,
        });
        await trx('operation_steps').insert(
          steps
            .filter(step => step.operation_id === original)
            .map(step => ({ ...step, operation_id: id })),
        );
      }
    }),
  );
}

export function removeCopies(portal: Portal): Promise<void> {
  return withDatabase(portal, async db => {
    const isCopy = `${COPIES}%`;
    await db('operation_steps').whereLike('operation_id', isCopy).delete();
    await db('operations').whereLike('id', isCopy).delete();
  });
}

export function untilLookedAt(portal: Portal): Promise<void> {
  return withDatabase(portal, async db => {
    const isDue = () => db('operations').where({ due_at: COPIED }).first('id');
    while (await isDue()) await delay(200);
  });
}

/** Requests that one person sends as fast as they are answered, by name. */
export const BURSTS: Record<
  string,
  { count: number; send: (burst: Burst) => Promise<Response> }
> = {
  // These stay open during the other bursts.
  streams: {
    count: 200,
    send: ({ api, headers, operationId }) =>
      fetch(`${api}/operations/${operationId}/events`, { headers }),
  },
  plans: {
    count: 500,
    send: ({ api, headers, plan }) =>
      fetch(`${api}/plans`, {
        method: 'POST',
        headers,
        body: JSON.stringify(plan),
      }),
  },
  reads: {
    count: 500,
    send: ({ api, headers }) => fetch(`${api}/fleet/summary`, { headers }),
  },
};

/** Sends each burst when told its name, and prints the statuses of the answers. */
export async function runBursts(burst: Burst): Promise<void> {
  // A stream whose response nobody refers to is closed.
  const streams: unknown[] = [];
  for await (const data of process.stdin) {
    const name = String(data);
    const { count, send } = BURSTS[name];
    const one = async () => {
      const response = await send(burst).catch(() => undefined);
      if (name === 'streams') streams.push(response);
      else await response?.arrayBuffer();
      // 0 for a connection that was reset: more than the system lets wait.
      return response?.status ?? 0;
    };
    const statuses: number[] = [];
    const connection = async () => {
      while (statuses.length < count) {
        const at = statuses.push(0) - 1;
        statuses[at] = await one();
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
    print(JSON.stringify(statuses));
  }
}
