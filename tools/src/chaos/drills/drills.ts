/**
 * Drills: they take place in each run, whatever the seed chooses. Each has registries of its own, which are as
 * before when it is over.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { LEASE_SECONDS } from '../world/settings';
import { newTarget } from '../world/people';
import { grantRequest, TWO_ASSIGNMENTS } from './scene';
import type { Stage } from './Stage';

export interface Drill {
  /** A sentence that is true when it went well. */
  name: string;
  run(stage: Stage): Promise<void>;
}

const RESTORE = { kind: 'restore' } as const;
const byRoles = { kind: 'revoke', method: 'role-assignment' } as const;

/** Time in which a request that was announced leaves. Milliseconds. */
const UNDER_WAY_MS = 300;
/** More than a lease, so that another worker has the operation then. Milliseconds. */
const PAST_LEASE_MS = (LEASE_SECONDS + 5) * 1000;
/** Until a timer is due that was moved. Milliseconds. */
const SOON_MS = 5_000;

/** The second of two assignments is not deleted: what is half revoked is given back whole. */
const halfRevoked: Drill = {
  name: 'a revoke that Azure refuses half-way is undone whole',
  async run(stage) {
    await stage.fault({
      method: 'DELETE',
      path: `/roleAssignments\\/(${TWO_ASSIGNMENTS.join('|')})$/`,
      principal: 'revoker',
      status: 403,
      code: 'AuthorizationFailed',
      skip: 1,
      // A write is sent again whose refusal could not be recorded.
      times: 10,
    });
    const revoke = await stage.request('drillhalf', byRoles);
    const { state } = await stage.ended(revoke);
    if (state !== 'failed') throw new Error(`the revoke is ${state}`);
    await stage.carryOut('drillhalf', RESTORE);
  },
};

const restoredByTimer: Drill = {
  name: 'a revoke with a timer is restored by it',
  async run(stage) {
    const revoke = await stage.carryOut('drilltimer', {
      ...byRoles,
      restoreAfterMinutes: 5,
    });
    const { db } = stage.world.database;
    const [{ restores_at: dueAt }] = await db('operations')
      .where({ id: revoke })
      .whereNotNull('restores_at')
      .update({ restores_at: Date.now() + SOON_MS })
      .returning('restores_at');
    stage.timers.push({ operationId: revoke, dueAt: Number(dueAt) });
    await stage.until(
      'the automatic restore',
      async () => (await stage.row(revoke)).undone_by ?? undefined,
    );
  },
};

const stackedRevokes: Drill = {
  name: 'one restore undoes three revokes of a registry',
  async run(stage) {
    const revokes = [];
    for (const method of [
      'disable-version',
      'role-assignment',
      'disable-all-versions',
    ] as const) {
      revokes.push(
        await stage.carryOut('drillstack', { kind: 'revoke', method }),
      );
    }
    const restore = await stage.carryOut('drillstack', RESTORE);
    for (const revoke of revokes) {
      const { undone_by: undoneBy } = await stage.row(revoke);
      if (undoneBy !== restore) {
        throw new Error(`the revoke ${revoke} is undone by ${undoneBy}`);
      }
    }
  },
};

const decided: Drill = {
  name: 'a request is cancelled, another one rejected, and the third carried out when it is approved',
  async run(stage) {
    const ask = () =>
      stage.request('drillretire', {
        kind: 'retire',
        version: stage.olderVersionOf('drillretire'),
      });
    const expectEnd = async (id: string, wanted: string) => {
      const { state } = await stage.ended(id);
      if (state !== wanted) throw new Error(`${id} is ${state}, not ${wanted}`);
    };
    const cancelled = await ask();
    await stage.cancel(cancelled);
    await expectEnd(cancelled, 'cancelled');
    const rejected = await ask();
    await stage.decide(rejected, 'reject');
    await expectEnd(rejected, 'rejected');
    await expectEnd(await ask(), 'succeeded');
  },
};

/** The watch of a restore ends when a revoke has changed what pulls get. */
const watchEnds: Drill = {
  name: 'pulls after a restore are no longer watched once the registry is revoked again',
  async run(stage) {
    await stage.carryOut('drillpulls', byRoles);
    const restore = await stage.carryOut('drillpulls', RESTORE);
    await stage.carryOut('drillpulls', byRoles);
    const { pulls } = await stage.row(restore);
    if (!pulls) throw new Error('no pulls are tried after the restore');
    const watch = { ...JSON.parse(pulls), state: 'watching' };
    delete watch.checkedAt;
    const until = Date.now() + 3_600_000;
    // As if the registry had still refused pulls when the restore ended.
    await stage.world.database
      .db('operations')
      .where({ id: restore })
      .update({
        pulls: JSON.stringify({ ...watch, until }),
        pulls_due_at: 1000,
      });
    const seen = await stage.until('the end of a watch of pulls', async () => {
      const now = JSON.parse((await stage.row(restore)).pulls!);
      return now.state !== 'watching' || now.checkedAt ? now : undefined;
    });
    if (seen.state !== 'stopped') {
      throw new Error(`they are ${seen.state} (${JSON.stringify(seen.last)})`);
    }
    await stage.carryOut('drillpulls', RESTORE);
  },
};

/**
 * A worker is frozen in its write until another one has taken over, and a second worker is killed in its write
 * meanwhile: two backends may then have written. With a single backend, nobody takes over: it is killed alone.
 */
const lostWorkers: Drill = {
  name: 'operations are continued whose workers were frozen or killed in a write',
  async run(stage) {
    if (stage.world.backends.length < 2) {
      await killed(stage);
      return;
    }
    await stage.fault({
      method: 'POST',
      path: '/keys/drillfrozen/rotate',
      delayMs: 5000,
    });
    const frozen = await stage.request('drillfrozen', { kind: 'rotate' });
    const sleeper = await stage.writing(frozen, 'make-key-version');
    await delay(UNDER_WAY_MS);
    sleeper.process.freeze(PAST_LEASE_MS);
    stage.away.add(sleeper);
    const woken = delay(PAST_LEASE_MS).then(() => {
      sleeper.process.resume();
      stage.away.delete(sleeper);
    });
    await killed(stage);
    await woken;
    await stage.ended(frozen);
    const { db } = stage.world.database;
    const late = await db('audit')
      .where({ operation_id: frozen, event: 'late-write' })
      .first('seq');
    if (!late) throw new Error(`${frozen} has no late write on record`);
  },
};

/** Its worker dies in the first write, and the second one is refused. */
async function killed(stage: Stage): Promise<void> {
  const { registryId, entityRef } = newTarget('drillkilled');
  await stage.fault({
    method: 'POST',
    path: '/keys/drillkilled/rotate',
    delayMs: 4000,
  });
  await stage.fault({
    method: 'PATCH',
    path: registryId,
    status: 400,
    code: 'Broken',
    // Once more when the writes of its former worker can no longer arrive.
    times: 3,
  });
  const id = await stage.request('drillkilled', { kind: 'rotate' });
  const victim = await stage.writing(id, 'make-key-version');
  await delay(UNDER_WAY_MS);
  stage.away.add(victim);
  await victim.process.kill();
  await stage.world.revive(victim.process);
  stage.away.delete(victim);
  const { state, outputs } = await stage.ended(id);
  if (state !== 'failed') throw new Error(`the rotation ${id} is ${state}`);
  const { newVersion } = JSON.parse(outputs);
  const { registries } = await stage.backend
    .as('olivia')
    .registriesOf(entityRef);
  const shown = registries.flatMap(each =>
    each.kind === 'registry' && each.key?.known ? each.key.versions : [],
  );
  if (!shown.some(({ version }) => version === newVersion)) {
    throw new Error(
      `after the failed rotation ${id} the tab does not show the version ${newVersion} that it made`,
    );
  }
}

/** Somebody takes the access away again before the restore has seen it. */
const takenAgain: Drill = {
  name: 'a restore whose grant is taken away meanwhile does not succeed before it is there again',
  async run(stage) {
    await stage.carryOut('drillunseen', byRoles);
    const { registryId } = newTarget('drillunseen');
    await stage.fault({
      method: 'GET',
      path: `${registryId}/operationStatuses/*`,
      delayMs: 6000,
    });
    const restore = await stage.request('drillunseen', RESTORE);
    await stage.writing(restore, 'resend-key');
    // Azure's own operation lasts two seconds, and its end is read after six.
    await delay(3500);
    const stepOf = async (kind: string) => {
      const [step] = await stage.world.database
        .db('operation_steps')
        .where({ operation_id: restore })
        .whereLike('spec', `%"kind":"${kind}"%`);
      return step;
    };
    const { spec } = await stepOf('create-role-assignment');
    const { principalId } = JSON.parse(spec).assignment;
    for (const { id } of await stage.outsider.assignments(principalId)) {
      await stage.outsider.deleteAssignment(id);
    }
    await stage.until('the restore to miss the access', async () => {
      const { state } = await stage.row(restore);
      const confirm = await stepOf('confirm-restored');
      return state !== 'running' && confirm.state !== 'pending'
        ? state
        : undefined;
    });
    await stage.outsider.grant(
      grantRequest(principalId, { key: 'drillunseen' }),
    );
    const { state } = await stage.ended(restore);
    if (state !== 'succeeded') throw new Error(`the restore is ${state}`);
  },
};

/** Drills that take place at the same time. */
export const drills: readonly Drill[] = [
  halfRevoked,
  restoredByTimer,
  stackedRevokes,
  decided,
  watchEnds,
  lostWorkers,
  takenAgain,
];
