import { testDatabases } from '../../__testUtils__/databases';
import { changesOf } from '../../engine/changesOf';
import { Judge } from '../Judge';
import { startSyncWorld, type SyncWorld } from './__testUtils__/syncWorld';
import { queueReaderOf } from './__testUtils__/queueReaderOf';
import { ReadQueue } from '../rows/ReadQueue';

jest.setTimeout(120_000);

const REGISTRIES = 150;

describe.each(testDatabases({ fast: 'SQLite' }))(
  'a sync of many on $name',
  database => {
    let world: SyncWorld;
    afterEach(() => world.close());

    /** @returns the subscriptions of the fleet */
    async function startFleet(): Promise<string[]> {
      const subscriptions: string[] = [];
      world = await startSyncWorld({
        database,
        azure: { world: `fleet:${REGISTRIES}` as never },
        subscriptions,
      });
      const { state } = world.azure.emulator;
      const ids = state.registries().map(name => state.registry(name).id);
      subscriptions.push(...new Set(ids.map(id => id.split('/')[2])));
      return subscriptions;
    }

    /** Statements that some work sends. */
    async function statementsOf(
      work: () => Promise<unknown>,
    ): Promise<string[]> {
      const statements: string[] = [];
      const note = ({ sql }: { sql: string }) => statements.push(sql);
      world.db.on('query', note);
      await work();
      world.db.removeListener('query', note);
      return statements;
    }

    const commitsIn = (statements: readonly string[]) =>
      statements.filter(sql => /^commit/i.test(sql)).length;

    it('makes few transactions and statements, and judges with few', async () => {
      const subscriptions = await startFleet();
      const listing = await statementsOf(() => world.turns(1));
      const accesses = await world.db('access').whereNotNull('facts');
      const intoAccess = listing.filter(sql =>
        /^insert into .access/i.test(sql),
      );
      expect(accesses.length).toBeGreaterThan(30);
      expect(intoAccess.length).toBeLessThan(accesses.length / 3);
      expect(commitsIn(listing)).toBeLessThan(REGISTRIES / 4);

      const clock = { now: async () => world.azure.emulator.clock.now() };
      const judge = new Judge({
        db: world.db,
        clock,
        subscriptions,
        changesOf,
      });
      const judging = await statementsOf(async () => {
        expect(await judge.judgeDue()).toBe(REGISTRIES);
      });
      expect(judging.length).toBeLessThan(REGISTRIES / 3);
      expect(await world.db('registries').whereNull('state')).toEqual([]);
    });

    it('takes the vault that was read last, when one was made again in another group', async () => {
      const readOneByOne = () =>
        world.calls().filter(({ path }) => /roleAssignments$/i.test(path))
          .length;
      await startFleet();
      await world.turns(1);
      const before = readOneByOne();
      const vaults: { id: string; host: string }[] = await world
        .db('vaults')
        .where({ permission_model: 'rbac' })
        .select('id', 'host');
      const { length } = await world.db('access');
      expect(length).toBeGreaterThan(30);
      await world.db('vaults').insert(
        vaults.map(({ id, host }) => ({
          id: id.replace('/resourcegroups/', '/resourcegroups/earlier-'),
          subscription_id: 'elsewhere',
          host,
          permission_model: 'rbac',
          read_at: 1,
        })),
      );
      await world.db('access').delete();
      await world.db('sync_state').where({ name: 'assignments' }).delete();
      // The list is the first to tell of them.
      await world.sync.ask();
      await world.turns(1);
      expect(world.warnings).toEqual([]);
      expect(await world.db('access').whereNotNull('facts')).toHaveLength(
        length,
      );
      expect(readOneByOne()).toBe(before);
    });

    it('keeps many keys with few commits', async () => {
      world = await startSyncWorld({ database });
      await world.turns(1);
      const keys: { vault_host: string; name: string }[] = await world
        .db('keys')
        .whereNotNull('facts')
        .select('vault_host', 'name');
      const clock = { now: async () => world.azure.emulator.clock.now() };
      const queue = new ReadQueue({ db: world.db, clock });
      await queue.add(
        keys.map(({ vault_host, name }) => ({
          kind: 'key',
          subject: `${vault_host}/${name}`,
          reason: 'changed',
        })),
      );
      await world.db('keys').update({ read_at: 0 });
      const { rows } = world;
      const azure = world.azure.ports;
      const statements = await statementsOf(() =>
        queueReaderOf({
          db: world.db,
          queue,
          rows,
          azure,
          clock,
        }).readDue(),
      );
      expect(keys.length).toBeGreaterThan(5);
      expect(await world.db('keys').where('read_at', '>', 0)).toHaveLength(
        keys.length,
      );
      expect(commitsIn(statements)).toBeLessThan(keys.length / 2);
    });
  },
);
