import { NOBODY } from '../__testUtils__/nobody';
import { utcTimeAfter } from 'backstage-plugin-acr-cmk-common';
/**
 * F30: a worker that is stopped, or hears late from the database, around its write.
 */
import { asAdmin } from '../__testUtils__/asAdmin';
import { testDatabases } from '../__testUtils__/databases';
import { registryId } from '../__testUtils__/demoWorld';
import { FaultyEngine, LEASE_SECONDS } from '../__testUtils__/faultyEngine';
import { writesEndBy } from '../azure/transport/call';
import { isoTime } from '../platform/database/clock';
import { toOperation } from '../changes/operations/toOperation';
import { ApprovalStore } from './ApprovalStore';
import type { RunnerDeps } from './run';

// The first test waits for PostgreSQL to start.
jest.setTimeout(120_000);

const SHOP = registryId('shopimages');
/** Longest duration of a call to Azure. */
const CALL_SECONDS = 20;
const RBAC = 'kv-contoso-rbac';
const REVOKE = { kind: 'revoke', method: 'disable-version' } as const;

describe.each(testDatabases())('leases, on $name', ({ open }) => {
  const world = new FaultyEngine(open);
  beforeEach(() => world.start());
  afterEach(() => world.stop());

  /** `then` comes between the durable announcement of a write and the write. */
  const betweenFenceAndWrite =
    (then: () => Promise<void> | void) =>
    (deps: RunnerDeps): Partial<RunnerDeps> => ({
      writes: new Proxy(deps.writes, {
        get(writes, name) {
          const value = Reflect.get(writes, name, writes);
          if (typeof value !== 'function') return value;
          return async (...args: any[]) => {
            const answer = await Reflect.apply(value, writes, args);
            if (name === 'write' && args[1].audit?.event === 'azure-write') {
              await then();
            }
            return answer;
          };
        },
      }),
    });
  const usable = () =>
    world.azure.state.key(RBAC, 'shopimages').versions.map(one => one.enabled);
  const sent = () =>
    world.writes().filter(({ path }) => path.startsWith('/keys/')).length;

  /** A process that is gone once it has announced its write: it neither writes nor gives the lease back. */
  async function killedBeforeWrite(id: string) {
    await world
      .worker(
        betweenFenceAndWrite(() => {
          throw new Error('killed');
        }),
      )
      .runOne();
    await world.engine
      .db('operations')
      .where({ id })
      .update({
        lease_until: (await world.engine.clock.now()) + LEASE_SECONDS * 1000,
      });
  }

  it('F30: a worker that was stopped before its write until the lease was over does not send it', async () => {
    const before = usable();
    const { id } = await world.engine.accept(SHOP, REVOKE);
    let after: boolean[] | undefined;
    const stopped = world.worker(
      betweenFenceAndWrite(async () => {
        world.pass(2 * LEASE_SECONDS);
        expect(await world.engine.runToEnd(id)).toMatchObject({
          state: 'succeeded',
        });
        expect(await world.carryOut(SHOP, { kind: 'restore' })).toMatchObject({
          state: 'succeeded',
        });
        after = usable();
        world.azure.clearRequests();
      }),
    );
    await stopped.runOne();
    expect(after).toEqual(before);
    expect(sent()).toBe(0);
    expect(usable()).toEqual(before);
  });

  it('F30: a worker with less of its lease than a call may take renews it before it sends', async () => {
    const { id } = await world.engine.accept(SHOP, REVOKE);
    let left: number | undefined;
    const slow = world.worker(deps => ({
      ...betweenFenceAndWrite(() => world.pass(LEASE_SECONDS - 10))(deps),
      azure: {
        ...deps.azure,
        keys: new Proxy(deps.azure.keys, {
          get(keys, name) {
            const value = Reflect.get(keys, name, keys);
            if (name !== 'setEnabled') return value;
            return async (...args: any[]) => {
              const row = await world.engine
                .db('operations')
                .where({ id })
                .first('lease_until');
              left =
                Number(row!.lease_until) - (await world.engine.clock.now());
              return Reflect.apply(value as never, keys, args);
            };
          },
        }),
      },
    }));
    await slow.runOne();
    expect(left).toBeGreaterThan(world.engine.azurePorts.callLimitMs);
    expect(sent()).toBe(1);
    expect(await world.engine.operations.get(id)).toMatchObject({
      state: 'succeeded',
    });
  });

  it('F30: an operation that changed hands keeps its locks until no write of its first worker can arrive, and observes again', async () => {
    const { id } = await world.engine.accept(SHOP, REVOKE);
    await killedBeforeWrite(id);
    world.pass(LEASE_SECONDS + 1);
    const heir = world.worker();
    await heir.runOne();
    // The step whose first write is unknown may be given some time before it is sent again.
    world.pass(5);
    await heir.runOne();
    expect(usable()).toEqual([true, false]);
    expect(await world.engine.operations.get(id)).toMatchObject({
      state: 'waiting',
      waitingFor: expect.stringContaining('Its former worker was lost'),
    });
    await expect(
      world.engine.accept(SHOP, { kind: 'restore' }),
    ).rejects.toThrow(`Operation ${id} is working on the registry shopimages`);

    // Something undoes the revoke while it is being waited.
    const { version } = world.azure.state
      .key(RBAC, 'shopimages')
      .versions.find(({ enabled }) => !enabled)!;
    await asAdmin(world.azure).enableVersion(
      [RBAC, 'shopimages', version],
      true,
    );
    expect(await world.engine.runToEnd(id)).toMatchObject({
      state: 'succeeded',
    });
    expect(usable()).toEqual([true, false]);
    const records = await world.engine.audit.list({});
    expect(records.map(({ event }) => event)).toContain('observed-again');
  });

  it('F30: an operation whose locks are free, because its proof has begun, writes nothing when it observes again', async () => {
    const { id } = await world.engine.accept(SHOP, REVOKE);
    await killedBeforeWrite(id);
    world.pass(LEASE_SECONDS + 1);
    const heir = world.worker();
    await heir.runOne();
    world.pass(5);
    await heir.runOne();
    const { db, clock } = world.engine;
    await db('operations')
      .where({ id })
      .update({ proving_since: await clock.now() });
    await db('operation_locks').where({ operation_id: id }).delete();
    const { version } = world.azure.state
      .key(RBAC, 'shopimages')
      .versions.find(({ enabled }) => !enabled)!;
    await asAdmin(world.azure).enableVersion(
      [RBAC, 'shopimages', version],
      true,
    );
    expect(await world.engine.runToEnd(id)).toMatchObject({
      state: 'succeeded',
      result: { message: expect.stringContaining('its effect is gone') },
    });
    expect(usable()).toEqual([true, true]);
  });

  it('F30: a worker whose write the database did not take sends nothing, although its own clock gives it time', async () => {
    const { id } = await world.engine.accept(SHOP, REVOKE);
    const heir = world.worker();
    let before: unknown;
    const overtaken = world.worker(({ changesSincePlan }) => ({
      changesSincePlan: async operation => {
        const changes = await changesSincePlan(operation);
        // By the clock of the database alone, as after a change of that.
        world.engine.clock.advance(2 * LEASE_SECONDS * 1000);
        await heir.runOne();
        before = await world.engine.operations.get(id);
        world.azure.clearRequests();
        return changes;
      },
    }));
    await overtaken.runOne();
    expect(sent()).toBe(0);
    expect(await world.engine.operations.get(id)).toEqual(before);
  });

  it('F30: an operation that fails after it changed hands keeps its locks until no write of its first worker can arrive', async () => {
    const { id } = await world.engine.accept(SHOP, REVOKE);
    await killedBeforeWrite(id);
    world.azure.faults.add({
      method: 'PATCH',
      path: '/keys/*',
      status: 403,
      code: 'Forbidden',
      times: 0,
    });
    world.pass(LEASE_SECONDS + 1);
    const heir = world.worker();
    await heir.runOne();
    // The write of the first worker may have left, so it is given some time before it is sent again.
    world.pass(5);
    await heir.runOne();
    expect(await world.engine.operations.get(id)).toMatchObject({
      state: 'waiting',
      waitingFor: expect.stringContaining('Its former worker was lost'),
    });
    expect(await world.engine.db('operation_locks')).not.toEqual([]);
    expect(await world.engine.runToEnd(id)).toMatchObject({ state: 'failed' });
    expect(await world.engine.db('operation_locks')).toEqual([]);
  });

  /** A worker that is stopped while it calls Azure: what comes `then` happens before its request leaves. */
  const stoppedInCall = (then: (send: () => Promise<unknown>) => unknown) =>
    world.worker(deps => ({
      azure: {
        ...deps.azure,
        keys: new Proxy(deps.azure.keys, {
          get(keys, name) {
            const value = Reflect.get(keys, name, keys);
            if (name !== 'setEnabled') return value;
            return (...args: any[]) =>
              then(() => Reflect.apply(value, keys, args) as Promise<unknown>);
          },
        }),
      },
    }));

  it('F30: a worker that was stopped in its call until the lease was over does not send it', async () => {
    const before = usable();
    await world.engine.accept(SHOP, REVOKE);
    let calls = 0;
    await stoppedInCall(send => {
      calls += 1;
      world.pass(2 * LEASE_SECONDS);
      return send();
    }).runOne();
    expect(calls).toBe(1);
    expect(sent()).toBe(0);
    expect(usable()).toEqual(before);
  });

  it.each([
    ['', undefined],
    [', also when its answer is lost', 'after' as const],
  ])(
    'F30: a write that was sent after the lease was lost is on record%s, and a restore is offered',
    async (_also, reset) => {
      const { id } = await world.engine.accept(SHOP, REVOKE);
      await stoppedInCall(async send => {
        // With the request on its way.
        world.pass(2 * LEASE_SECONDS);
        await world.engine.runToEnd(id);
        await world.carryOut(SHOP, { kind: 'restore' });
        if (reset) {
          world.azure.faults.add({
            method: 'PATCH',
            path: '/keys/shopimages/*',
            reset,
          });
        }
        return writesEndBy(Infinity, send);
      }).runOne();
      expect(usable()).toEqual([true, false]);
      expect((await world.engine.audit.list({})).at(-1)).toMatchObject({
        event: 'late-write',
        operationId: id,
        details: { kind: 'set-version-enabled' },
      });
      // What was known of the registry is read anew, so it can be restored at once.
      expect(await world.carryOut(SHOP, { kind: 'restore' })).toMatchObject({
        state: 'succeeded',
      });
      expect(usable()).toEqual([true, true]);
    },
  );

  it('F30: an operation waits after a late write of its first worker until no more of them can arrive', async () => {
    const { id } = await world.engine.accept(SHOP, REVOKE);
    const heir = world.worker();
    await stoppedInCall(async send => {
      world.pass(2 * LEASE_SECONDS);
      // It sees no effect, and gives Azure some time.
      await heir.runOne();
      return writesEndBy(Infinity, send);
    }).runOne();
    expect(usable()).toEqual([true, false]);
    world.pass(5);
    await heir.runOne();
    expect(await world.engine.operations.get(id)).toMatchObject({
      state: 'waiting',
      waitingFor: expect.stringContaining('Its former worker was lost'),
    });
    world.pass(CALL_SECONDS);
    await heir.runOne();
    expect(await world.engine.operations.get(id)).toMatchObject({
      state: 'succeeded',
    });
  });

  it('F30: an operation that is about to end waits for a late write that was recorded meanwhile', async () => {
    const { id } = await world.engine.accept(SHOP, REVOKE);
    const row = () => world.engine.db('operations').where({ id }).first();
    let ends = 0;
    await world
      .worker(deps => ({
        invalidate: async operation => {
          ends += 1;
          await deps.writes.lateWrite(id, { kind: 'set-version-enabled' });
          await deps.invalidate(operation);
        },
      }))
      .runOne();
    expect(ends).toBe(1);
    expect((await row())!.ended_at).toBeNull();
    world.pass(2 * LEASE_SECONDS);
    expect(await world.engine.runToEnd(id)).toMatchObject({
      state: 'succeeded',
    });
    const { ended_at, settles_at } = (await row())!;
    expect(Number(ended_at)).toBeGreaterThanOrEqual(Number(settles_at));
  });

  it('F30: a worker that takes an operation after a late write waits for that write too', async () => {
    const { leases, writes, db } = world.engine;
    const { id } = await world.engine.accept(SHOP, REVOKE);
    const settlesAt = async () =>
      (await db('operations').where({ id }).first())!.settles_at;
    await leases.claim('frozen');
    world.pass(2 * LEASE_SECONDS);
    await writes.lateWrite(id, { kind: 'set-version-enabled' });
    const late = await settlesAt();
    expect(late).not.toBeNull();
    await leases.claim('heir');
    expect(await settlesAt()).toEqual(late);
  });

  it('says that a worker stopped answering, and when another takes over, before the lease ends', async () => {
    const { operations, leases, db, clock, audit } = world.engine;
    const approvals = new ApprovalStore({ db, clock, audit });
    const { id } = await world.engine.accept(SHOP, REVOKE);
    const killed = (await leases.claim('killed'))!;
    const waiting = async () =>
      toOperation((await operations.get(id))!, [], {
        ...NOBODY,
        approvers: new Map(),
      }).waiting;
    const { revision } = (await operations.get(id))!;

    // It may be in the middle of a call.
    world.pass(CALL_SECONDS - 1);
    await world.worker().runOne();
    expect(await waiting()).toBeUndefined();

    world.pass(2);
    await world.worker().runOne();
    const until = Number(
      (await world.engine.db('operations').where({ id }).first())!.lease_until,
    );
    expect(await waiting()).toEqual({
      message: 'Its worker was lost. Another one takes over',
      until: isoTime(until),
    });
    // So that its watchers see the change.
    expect((await operations.get(id))!.revision).toBe(revision + 1);
    await expect(
      approvals.cancel(id, { actor: 'user:default/olivia', reason: 'No' }),
    ).rejects.toThrow(
      `its worker was lost; another one takes over by ${utcTimeAfter(until)}`,
    );

    // It was only slow.
    expect(await leases.renew(killed)).toBe(true);
    expect(await waiting()).toBeUndefined();
  });
});
