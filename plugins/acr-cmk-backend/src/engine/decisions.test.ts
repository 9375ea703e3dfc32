import type { Knex } from 'knex';
import { testDatabases } from '../__testUtils__/databases';
import { DatabaseClock } from '../platform/database/clock';
import {
  storesOn,
  beforeUpdate,
  operationOn,
  type Stores,
  closeIntact,
  end,
} from './__testUtils__/operationStores';

// The first test waits for PostgreSQL to start.
jest.setTimeout(30_000);

describe.each(testDatabases())(
  'decisions that meet a worker or each other, on $name',
  ({ name, open }) => {
    let db: Knex;
    let stores: Stores;
    beforeEach(async () => {
      db = await open();
      stores = storesOn(db);
    });
    afterEach(() => closeIntact(db));

    /** Writes to Azure, if it gets the operation. */
    async function work(): Promise<boolean> {
      const lease = await stores.leases.claim('worker');
      if (!lease) return false;
      const fenced = await stores.writes.write(lease, {
        step: { position: 0, state: 'running', attempts: 1 },
      });
      await stores.writes.write(lease, { state: 'waiting', release: true });
      return fenced;
    }

    it('F33: a cancellation that meets the first write of a worker, which then lets go, finds the write', async () => {
      const { id } = await stores.acceptances.accept(
        await operationOn(db, 'registry'),
      );
      const lease = (await stores.leases.claim('worker'))!;
      const writeAndLetGo = async () => {
        await stores.writes.write(lease, {
          step: { position: 0, state: 'running', attempts: 1 },
        });
        await stores.writes.write(lease, { state: 'waiting', release: true });
      };
      if (name === 'PostgreSQL') {
        // Between whatever the cancellation has read and its update.
        await beforeUpdate(db, writeAndLetGo);
      } else {
        // SQLite has one writer at a time, so the worker comes before the transaction.
        const inner = new DatabaseClock(db);
        let first = true;
        const cancelling = storesOn(db, {
          now: async trx => {
            if (first) {
              first = false;
              await writeAndLetGo();
            }
            return inner.now(trx);
          },
        });
        stores.approvals = cancelling.approvals;
      }
      await expect(
        stores.approvals.cancel(id, {
          actor: 'user:default/x',
          reason: 'Too late',
        }),
      ).rejects.toThrow('it has written to Azure');
      expect(await stores.operations.get(id)).toMatchObject({
        state: 'waiting',
      });
      expect(await db('operation_locks')).toHaveLength(2);
    });

    it('F33: an operation that a worker has in hand is not cancelled: it may be about to write', async () => {
      const { id } = await stores.acceptances.accept(
        await operationOn(db, 'registry'),
      );
      const lease = (await stores.leases.claim('worker'))!;
      await expect(
        stores.approvals.cancel(id, {
          actor: 'user:default/x',
          reason: 'In between',
        }),
      ).rejects.toThrow('a worker is working on it now; try again');
      expect(await stores.writes.write(lease, { state: 'running' })).toBe(true);
    });

    it('F33: a worker that comes after a cancellation writes nothing', async () => {
      const { id } = await stores.acceptances.accept(
        await operationOn(db, 'registry'),
      );
      const lease = (await stores.leases.claim('worker'))!;
      await stores.writes.write(lease, { state: 'waiting', release: true });
      await stores.approvals.cancel(id, {
        actor: 'user:default/x',
        reason: 'In time',
      });
      expect(
        await stores.writes.write(lease, {
          step: { position: 0, state: 'running', attempts: 1 },
        }),
      ).toBe(false);
      expect(await stores.operations.get(id)).toMatchObject({
        state: 'cancelled',
        steps: [{ attempts: 0 }],
      });
    });

    it('never cancels what has written to Azure', async () => {
      for (let round = 0; round < 20; round++) {
        const { id } = await stores.acceptances.accept(
          await operationOn(db, 'registry'),
        );
        const [wrote, cancelled] = await Promise.all([
          work(),
          stores.approvals
            .cancel(id, { actor: 'user:default/x', reason: 'Race' })
            .then(
              () => 'cancelled',
              error => error.code,
            ),
        ]);
        expect(cancelled).toBe(wrote ? 'OPERATION_STATE' : 'cancelled');
        if (wrote) await end(stores, id);
      }
    });

    it('keeps the agreements of two people who approve at once', async () => {
      const [read, rotate] = ['acr-cmk.registry.read', 'acr-cmk.key.rotate'];
      const { id } = await stores.acceptances.accept(
        await operationOn(db, 'registry', {
          approvalExpiresAfterMs: 60_000,
          needs: [read, rotate].map(permission => ({
            permission,
            because: 'a test',
          })),
        }),
      );
      const approve = (permission: string) =>
        stores.approvals.approve(id, {
          actor: `user:default/${permission}`,
          meets: need =>
            need.permission === permission ? ['owner'] : undefined,
        });
      const areMet = await Promise.all([approve(read), approve(rotate)]);
      expect(areMet.sort()).toEqual([false, true]);
      expect(await stores.operations.get(id)).toMatchObject({
        approval: { state: 'approved' },
      });
    });
  },
);
