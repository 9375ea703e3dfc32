import { mockServices } from '@backstage/backend-test-utils';
import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { testDatabases } from '../../__testUtils__/databases';
import { registryId, SUBSCRIPTION } from '../../__testUtils__/demoWorld';
import {
  INTERVAL_MS,
  startSyncWorld,
  type SyncWorld,
} from './__testUtils__/syncWorld';
import { Judge } from '../Judge';
import { queued, ReadQueue } from '../rows/ReadQueue';
import { Events } from './Events';
import { GRAPH_LAG_MS } from './PartitionReader';
import { smallAzure } from './__testUtils__/smallAzure';
import { SweepRecord } from './SweepRecord';
import { SyncState } from '../rows/SyncState';
import { createSync, createSyncStores } from '.';

jest.setTimeout(120_000);

const ARM = 'https://management.azure.com';
const ORDERS = registryId('ordersimages');
const ORDERS_ID = RegistryId.parse(ORDERS);

describe.each(testDatabases({ fast: 'SQLite' }))(
  'the sync on $name',
  database => {
    let world: SyncWorld;
    const start = async (
      options: Partial<Parameters<typeof startSyncWorld>[0]> = {},
    ) => {
      world = await startSyncWorld({ database, ...options });
    };
    afterEach(() => world.close());

    const listing = async (kind: 'registries' | 'vaults' | 'identities') =>
      (await world.rows.listings.get(kind, [SUBSCRIPTION]))[0];
    const knownRegistries = async () => {
      return world.db('registries').whereNotNull('facts').pluck('id');
    };
    const single = (calls: { path: string }[], type: RegExp) =>
      calls.filter(({ path }) => type.test(path)).map(({ path }) => path);
    const REGISTRY = /\/registries\/[^/]+$/i;
    const KEY = /\/keys\/[^/]+$/i;
    const VERSIONS = /\/keys\/[^/]+\/versions$/i;
    const WHOLE_SHOP = /\/keys\/shopimages$/i;
    const stateOf = () =>
      new SyncState({
        db: world.db,
        clock: { now: async () => world.azure.emulator.clock.now() },
      });
    const lastSweep = () => new SweepRecord(stateOf()).last();
    /** A turn that has to end when its sweep has begun. */
    const beginSweep = async () => {
      const stop = new AbortController();
      const note = ({ bindings }: { bindings?: unknown[] }) => {
        if (bindings?.includes('sweep')) stop.abort();
      };
      world.db.on('query', note);
      await world.sync.turn(stop.signal);
      world.db.removeListener('query', note);
    };
    const rotateOutside = () =>
      world.azure.emulator.outOfBand(
        'POST',
        'https://kv-contoso-rbac.vault.azure.net/keys/shopimages/rotate?api-version=7.5',
      );

    it('knows after its first run what Azure lists, and the key and the access behind each registry', async () => {
      await start();
      const { registries, vaults } = world.azure.ports;
      const listed = await registries.listBySubscription(SUBSCRIPTION);
      world.calls();
      await world.turns(1);
      for (const each of listed.value) {
        // Resource Graph does not show it.
        const { lastModified, ...facts } = each;
        const stored = await world.rows.registries.get(
          RegistryId.parse(facts.id),
        );
        expect(stored?.value).toMatchObject(facts);
      }
      const { value: allVaults } =
        await vaults.listBySubscription(SUBSCRIPTION);
      expect(await world.db('vaults').whereNotNull('facts')).toHaveLength(
        allVaults.length,
      );
      // Read just now, from a source that may lag.
      const now = world.azure.emulator.clock.now();
      for (const row of await world.db('vaults').whereNotNull('facts')) {
        const readAt = Number(row.read_at) + row.lag_ms;
        expect(now - readAt).toBeLessThan(GRAPH_LAG_MS);
        expect(row.lag_ms).toBe(GRAPH_LAG_MS);
      }
      const unread = await world
        .db('registries')
        .leftJoin('keys', join =>
          join
            .on('keys.vault_host', 'registries.vault_host')
            .on('keys.name', 'registries.key_name'),
        )
        .whereNotNull('registries.vault_host')
        .whereNull('keys.facts')
        .whereNull('keys.problem')
        .pluck('registries.id');
      expect(unread).toEqual([]);
      expect(await world.db('access').whereNull('facts')).toEqual([]);
      expect((await world.db('access')).length).toBeGreaterThan(0);
      for (const kind of ['registries', 'vaults', 'identities'] as const) {
        expect(await listing(kind)).toMatchObject({ problem: undefined });
      }
      expect((await listing('registries')).value).toBe(listed.value.length);
      expect(await queued(world.db)).toEqual([]);
      expect(world.warnings).toEqual([]);
      expect(
        world
          .calls()
          .filter(
            ({ method, path }) =>
              method !== 'GET' && !/resourcegraph/i.test(path),
          ),
      ).toEqual([]);
    });

    // resource-graph/overview.md, "Permissions in Azure Resource Graph": rows need the right to read their resource.
    it('lists a subscription by Resource Graph with the documented role, and over ARM where that lacks the subscription itself', async () => {
      await start();
      const LISTS =
        /\/providers\/Microsoft\.(ContainerRegistry\/registries|KeyVault\/vaults|ManagedIdentity\/userAssignedIdentities)$/i;
      const listsOfArm = () =>
        new Set(single(world.calls(), LISTS).map(path => LISTS.exec(path)![1]));
      await world.turns(1);
      expect((await lastSweep())?.state).toBe('whole');
      expect(listsOfArm()).toEqual(new Set());
      await world.azure.forbid(
        'reader',
        'Microsoft.Resources/subscriptions/read',
      );
      await world.interval();
      expect((await lastSweep())?.state).toBe('whole');
      expect(listsOfArm()).toEqual(
        new Set([
          'ContainerRegistry/registries',
          'KeyVault/vaults',
          'ManagedIdentity/userAssignedIdentities',
        ]),
      );
      expect(world.warnings).toEqual([]);
    });

    it.each([
      ['while they were listed', 0],
      ['just before, which Resource Graph may not show yet', 60_000],
    ])(
      'lists role assignments once more after an event that came %s',
      async (_when, later) => {
        await start();
        await world.turns(1);
        const { clock } = world.azure.emulator;
        /** Whether the next two sweeps list role assignments. */
        const areListed = async () => {
          const startOfLast = () =>
            world
              .db('sync_state')
              .where({ name: 'assignments' })
              .pluck('value');
          const before = await startOfLast();
          await world.interval();
          await world.interval();
          return (await startOfLast())[0] !== before[0];
        };
        expect(await areListed()).toBe(false);
        await new Events({
          ...createSyncStores({
            db: world.db,
            clock: { now: async () => clock.now() },
          }),
          db: world.db,
          clock: { now: async () => clock.now() },
          includes: () => true,
        }).take([
          {
            id: 'one',
            source: `/subscriptions/${SUBSCRIPTION}`,
            type: 'Microsoft.Resources.ResourceWriteSuccess',
            resourceUri: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments/11111111-2222-4333-8444-555555555555`,
          },
        ]);
        // A sweep that began then ends now.
        const assignments = world
          .db('sync_state')
          .where({ name: 'assignments' });
        await assignments.clone().update({ at: clock.now() });
        if (later > 0) {
          await assignments.update({ value: String(clock.now() + later) });
        }
        expect(await areListed()).toBe(true);
        expect(await areListed()).toBe(false);
      },
    );

    it('reads nothing one by one while nothing changes, lists each vault once in two intervals, and what is known gets younger', async () => {
      await start();
      await world.turns(1);
      // Those that are behind are looked at by themselves.
      await world.db('registries').update({
        version_mode: 'manual',
        version_in_use: world.db.raw(
          '(select listed_version from keys where vault_host = registries.vault_host and name = registries.key_name)',
        ),
      });
      await world.interval();
      world.calls();
      const before = await world.rows.registries.get(ORDERS_ID);
      await world.interval();
      await world.interval();
      const calls = world.calls();
      expect(single(calls, REGISTRY)).toEqual([]);
      expect(single(calls, KEY)).toEqual([]);
      const after = await world.rows.registries.get(ORDERS_ID);
      expect(after?.observedAt).toBeGreaterThan(Number(before?.observedAt));
      expect(after?.value).toEqual(before?.value);
      const vaults = await world
        .db('registries')
        .whereNotNull('vault_host')
        .countDistinct({ n: 'vault_host' });
      const lists = single(calls, /\/vaults\/[^/]+\/keys$/i);
      expect(new Set(lists).size).toBe(Number(vaults[0].n));
      // Two of a vault whose moment came at the beginning and at the end.
      expect(lists.length).toBeLessThan(2 * Number(vaults[0].n));
    });

    it('lists once more for who asked while a list was under way, and only once', async () => {
      await start();
      await world.turns(1);
      world.azure.emulator.clock.advance(INTERVAL_MS);
      await beginSweep();
      const started = async () => (await lastSweep())?.startedAt;
      const first = await started();
      expect((await lastSweep())?.state).toBe('running');
      world.azure.emulator.clock.advance(1_000);
      await world.sync.ask();
      await world.turns(1);
      expect(await lastSweep()).toMatchObject({
        state: 'whole',
        startedAt: first,
      });
      await world.turns(1);
      const second = await started();
      expect(second).toBeGreaterThan(first!);
      await world.turns(1);
      expect(await started()).toBe(second);
    });

    it('keeps a registry that an event has named while it is listed, and reads it', async () => {
      await start();
      const id = `${ORDERS.toLowerCase()}new`;
      const queue = new ReadQueue({
        db: world.db,
        clock: { now: async () => world.azure.emulator.clock.now() + 60_000 },
      });
      await queue.add([{ kind: 'registry', subject: id, reason: 'event' }]);
      world.azure.emulator.faults.add({
        path: /ordersimagesnew$/i,
        status: 500,
        times: 0,
      });
      await world.turns(1);
      const rows = () => world.db('registries').where({ id });
      expect(await rows()).toHaveLength(1);
      world.azure.emulator.faults.clear();
      await world.turns(2);
      expect(await rows().pluck('problem_kind')).toEqual(['not-found']);
    });

    it('is taken up by whichever replica has the next turn, part by part', async () => {
      await start();
      const replicas = [world.sync, world.replica()];
      const starts = new Set<number>();
      let turns = 0;
      while ((await lastSweep())?.state !== 'whole' && turns < 20) {
        const stop = new AbortController();
        // A turn with time for one part.
        const note = ({
          sql,
          bindings,
        }: {
          sql: string;
          bindings?: unknown[];
        }) => {
          if (/^insert/i.test(sql) && bindings?.includes('sweep')) stop.abort();
        };
        world.db.on('query', note);
        await replicas[turns % 2].turn(stop.signal);
        world.db.removeListener('query', note);
        world.azure.emulator.clock.advance(60_000);
        starts.add((await lastSweep())!.startedAt);
        turns += 1;
      }
      expect(await lastSweep()).toMatchObject({ state: 'whole' });
      expect(starts.size).toBe(1);
      expect(turns).toBeGreaterThan(4);
    });

    it('continues with the lists of ARM after those that have ended, and repeats none', async () => {
      await start();
      world.azure.emulator.faults.add({
        path: '/providers/Microsoft.ResourceGraph/resources',
        status: 403,
        code: 'AccessDenied',
        times: 0,
      });
      const stop = new AbortController();
      const note = ({ bindings }: { bindings?: unknown[] }) => {
        if (bindings?.includes('list-of-registries')) stop.abort();
      };
      world.calls();
      world.db.on('query', note);
      await world.sync.turn(stop.signal);
      world.db.removeListener('query', note);
      const begun = await lastSweep();
      expect(begun).toMatchObject({ state: 'running' });
      world.azure.emulator.clock.advance(60_000);
      await world.turns(1);
      expect(await lastSweep()).toMatchObject({
        state: 'whole',
        startedAt: begun!.startedAt,
        partitions: { all: 3, read: 3 },
      });
    });

    it('begins anew where another replica has listed since', async () => {
      await start();
      await world.turns(1);
      world.azure.emulator.clock.advance(INTERVAL_MS);
      await beginSweep();
      const paused = await lastSweep();
      world.azure.emulator.clock.advance(INTERVAL_MS);
      const startedAt = world.azure.emulator.clock.now();
      const state = stateOf();
      await state.set('sweep', { ...paused, state: 'whole', startedAt });
      await world.turns(1);
      expect(await lastSweep()).toMatchObject({ state: 'whole', startedAt });
    });

    it('reads a registry that somebody has changed, and only that one', async () => {
      await start();
      await world.turns(1);
      await world.azure.emulator.outOfBand(
        'PATCH',
        `${ARM}${ORDERS}?api-version=2025-11-01`,
        { tags: { changed: 'yes' } },
      );
      world.calls();
      await world.turns(6);
      const calls = single(world.calls(), REGISTRY).map(path =>
        path.toLowerCase(),
      );
      expect(calls.filter(path => path === ORDERS.toLowerCase())).toHaveLength(
        1,
      );
      expect((await world.rows.registries.get(ORDERS_ID))?.value?.tags).toEqual(
        {
          changed: 'yes',
        },
      );
    });

    it('knows a version that was made outside within two intervals, and the registry that follows it within another', async () => {
      await start();
      await world.turns(1);
      const key = { vaultName: 'kv-contoso-rbac', keyName: 'shopimages' };
      const before = await world.rows.keys.get(key);
      await rotateOutside();
      await world.interval();
      await world.interval();
      const { versions } = (await world.rows.keys.get(key))!.value!;
      expect(versions).toHaveLength(before!.value!.versions.length + 1);
      // Azure says within one hour.
      world.azure.emulator.clock.advance(60 * 60_000);
      await world.interval();
      const shop = await world.rows.registries.get(
        RegistryId.parse(registryId('shopimages')),
      );
      expect(shop?.value?.keyInUse?.version).toBe(versions[0].version);
    });

    it('reads a registry that is to follow its key as seldom as two intervals allow, and in the minutes after the hour that Azure says', async () => {
      await start({
        azure: { assumptions: { resourceGraphFollowDelaySeconds: null } },
      });
      await world.turns(1);
      await rotateOutside();
      world.calls();
      await world.turns(58);
      const shop = RegistryId.parse(registryId('shopimages'));
      const reads = single(world.calls(), /\/registries\/shopimages$/i);
      expect(reads.length).toBeGreaterThanOrEqual(5);
      expect(reads.length).toBeLessThanOrEqual(7);
      await world.turns(4);
      const [newest] = (await world.rows.keys.get({
        vaultName: 'kv-contoso-rbac',
        keyName: 'shopimages',
      }))!.value!.versions;
      const stored = await world.rows.registries.get(shop);
      expect(stored?.value?.keyInUse?.version).toBe(newest.version);
    });

    describe('of a key of which a registry uses an older version', () => {
      const DATA = registryId('shareddata', 'rg-platform').toLowerCase();
      const KEY_PATH = /\/keys\/platform-shared$/i;
      const stateAfter = async (intervals: number) => {
        for (let each = 0; each < intervals; each++) await world.interval();
        await new Judge({
          db: world.db,
          clock: { now: async () => world.azure.emulator.clock.now() },
          subscriptions: [SUBSCRIPTION],
          changesOf: async () => new Map(),
        }).judgeDue();
        const [state] = await world
          .db('registries')
          .where({ id: DATA })
          .pluck('state');
        return state;
      };
      const enable = (version: string, enabled: boolean) =>
        world.azure.emulator.outOfBand(
          'PATCH',
          `https://kv-contoso-rbac.vault.azure.net/keys/platform-shared/${version}?api-version=7.5`,
          { attributes: { enabled } },
        );
      const versions = async () => {
        const [row]: { inUse: string; listed: string }[] = await world
          .db('keys')
          .join('registries', 'registries.key_name', 'keys.name')
          .where('registries.id', DATA)
          .select(
            'registries.version_in_use as inUse',
            'keys.listed_version as listed',
          );
        return row;
      };

      it('knows within two intervals that this version was disabled, and that it is enabled again', async () => {
        await start();
        await world.turns(1);
        const { inUse, listed } = await versions();
        expect(inUse).not.toBe(listed);
        expect(await stateAfter(0)).toBe('behind-manual');
        await enable(inUse, false);
        expect(await stateAfter(2)).toBe('revoked');
        await enable(inUse, true);
        expect(await stateAfter(2)).toBe('behind-manual');
      });

      it('knows so when newer versions are disabled as well', async () => {
        await start();
        await world.turns(1);
        const { inUse, listed } = await versions();
        await enable(listed, false);
        expect(await stateAfter(2)).not.toBe('revoked');
        await enable(inUse, false);
        expect(await stateAfter(2)).toBe('revoked');
      });

      it('reads its versions with each list of its vault, and those of no key of which all use the newest', async () => {
        await start();
        await world.interval();
        world.calls();
        await world.interval();
        await world.interval();
        const calls = world.calls();
        const keys = single(calls, VERSIONS).map(path =>
          path.replace(/\/versions$/i, ''),
        );
        const lists = single(calls, /\/vaults\/kv-contoso-rbac\/keys$/i);
        expect(lists.length).toBeGreaterThan(0);
        expect(keys.filter(path => KEY_PATH.test(path))).toHaveLength(
          lists.length,
        );
        const older: { name: string }[] = await world
          .db('keys')
          .join('registries', join =>
            join
              .on('keys.vault_host', 'registries.vault_host')
              .on('keys.name', 'registries.key_name'),
          )
          .whereRaw('registries.version_in_use <> keys.listed_version')
          .distinct('keys.vault_host', 'keys.name');
        expect(new Set(keys.map(path => path.split('/').pop()))).toEqual(
          new Set(older.map(({ name }) => name)),
        );
      });
    });

    it('reads in the next turn what an operation has changed, also where no list shows it', async () => {
      await start();
      await world.turns(1);
      const place = { vaultName: 'kv-contoso-rbac', keyName: 'shopimages' };
      const known = (await world.rows.keys.get(place))!.value!;
      const older = known.versions.at(-1)!.version;
      await world.azure.emulator.outOfBand(
        'PATCH',
        `https://kv-contoso-rbac.vault.azure.net/keys/shopimages/${older}?api-version=7.5`,
        { attributes: { enabled: false } },
      );
      await world.rows.expire(
        { id: RegistryId.parse(registryId('shopimages')), named: [] },
        world.azure.emulator.clock.now(),
      );
      world.azure.emulator.clock.advance(1000);
      await world.turns(1);
      const { versions } = (await world.rows.keys.get(place))!.value!;
      expect(versions.at(-1)).toMatchObject({ version: older, enabled: false });
      expect(single(world.calls(), WHOLE_SHOP)).not.toEqual([]);
      await world.turns(1);
      expect(single(world.calls(), WHOLE_SHOP)).toEqual([]);
    });

    it('reads in the next turn a key that has changed since, also where a form has listed the vault in between', async () => {
      await start();
      await world.turns(1);
      const place = { vaultName: 'kv-contoso-rbac', keyName: 'shopimages' };
      const before = (await world.rows.keys.get(place))!.value!;
      await rotateOutside();
      const [vaultId] = await world
        .db('vaults')
        .where({ host: 'kv-contoso-rbac.vault.azure.net' })
        .pluck('id');
      const list = await world.azure.ports.keys.list(vaultId);
      const readAt = world.azure.emulator.clock.now();
      await world.rows
        .keysOf(place.vaultName)
        .keep(list.value, { readAt, azureAt: list.azureAt });
      world.azure.emulator.clock.advance(1000);
      await world.turns(1);
      const { versions } = (await world.rows.keys.get(place))!.value!;
      expect(versions).toHaveLength(before.versions.length + 1);
      expect(single(world.calls(), WHOLE_SHOP)).not.toEqual([]);
      await world.turns(1);
      expect(single(world.calls(), WHOLE_SHOP)).toEqual([]);
    });

    it('does not believe an older version that Resource Graph shows of a registry that ARM has read since', async () => {
      await start({
        azure: { assumptions: { resourceGraphFollowDelaySeconds: null } },
      });
      await world.turns(1);
      await rotateOutside();
      world.azure.emulator.clock.advance(60 * 60_000);
      await world.interval();
      await world.interval();
      const shop = RegistryId.parse(registryId('shopimages'));
      const { value } = await world.azure.ports.registries.get(shop);
      expect(
        (await world.rows.registries.get(shop))?.value?.encryption,
      ).toEqual(value.encryption);
    });

    it('is right when Resource Graph does not show versions in use at all', async () => {
      await start({
        azure: { assumptions: { resourceGraphShowsVersionInUse: false } },
      });
      const { value } =
        await world.azure.ports.registries.listBySubscription(SUBSCRIPTION);
      await world.turns(1);
      for (const facts of value) {
        const stored = await world.rows.registries.get(
          RegistryId.parse(facts.id),
        );
        expect(stored?.value?.encryption).toEqual(facts.encryption);
      }
      await world.interval();
      world.calls();
      await world.interval();
      // What the list lacks is not taken for a change again and again.
      expect(
        single(world.calls(), REGISTRY).map(path => path.toLowerCase()),
      ).not.toContain(ORDERS.toLowerCase());
    });

    it('forgets what was deleted, after a whole sweep', async () => {
      await start();
      await world.turns(1);
      const count = (await knownRegistries()).length;
      await world.azure.emulator.outOfBand(
        'DELETE',
        `${ARM}${registryId('plainimages')}?api-version=2025-11-01`,
      );
      await world.turns(18);
      expect(await knownRegistries()).toHaveLength(count - 1);
      expect(world.warnings).toEqual([]);
    });

    it.each([
      ['Resource Graph', () => undefined],
      [
        'ARM, where Resource Graph is refused',
        () =>
          world.azure.emulator.faults.add({
            path: '/providers/Microsoft.ResourceGraph/resources',
            status: 403,
            code: 'AccessDenied',
            times: 0,
          }),
      ],
    ])(
      'forgets the access of a registry that was deleted, and asks for it no more, with lists of %s',
      async (_lister, refuse) => {
        await start();
        refuse();
        await world.turns(1);
        const found = await world
          .db('access')
          .join('registries', join =>
            join
              .on('registries.principal_id', 'access.principal_id')
              .on('registries.vault_host', 'access.vault_host')
              .on('registries.key_name', 'access.key_name'),
          )
          .groupBy(
            'access.principal_id',
            'access.vault_host',
            'access.key_name',
          )
          .havingRaw('count(*) = 1')
          .orderBy('access.key_name')
          .min({ id: 'registries.id' })
          .first('access.principal_id', 'access.vault_host', 'access.key_name');
        const { id, ...only } = found as Record<string, string>;
        await world.azure.emulator.outOfBand(
          'DELETE',
          `${ARM}${id}?api-version=2025-11-01`,
        );
        await world.turns(18);
        expect(await world.db('access').where(only)).toEqual([]);
        expect(await world.db('access')).not.toEqual([]);
      },
    );

    describe('F27: of what Azure no longer shows', () => {
      const remaining = async () => {
        const rows = await world
          .db('registries')
          .whereNotNull('facts')
          .where(row =>
            row
              .whereNull('problem_kind')
              .orWhereNot('problem_kind', 'not-found'),
          )
          .pluck('id');
        return rows.length;
      };

      it('all is kept when the read credential has lost its rights, it is stale, and there is an alarm that says what to do', async () => {
        await start();
        await world.turns(1);
        const count = await remaining();
        await world.azure.forbid(
          'reader',
          'Microsoft.ContainerRegistry/registries/read',
        );
        await world.interval();
        await world.turns(6);
        expect(await remaining()).toBe(count);
        expect(await listing('registries')).toMatchObject({
          problem: { code: 'CountFell' },
        });
        expect(world.warnings.join()).toMatch(
          /Azure shows 0 of the registries of the subscription .* and \d+ are known/,
        );
        expect(await listing('vaults')).toMatchObject({ problem: undefined });
      });

      it('all is kept when the subscription itself is no longer shown, and the alarm names the right', async () => {
        await start();
        await world.turns(1);
        const count = await remaining();
        for (const { id } of world.azure.emulator.state.assignments(
          world.azure.emulator.state.principalId('acr-cmk-reader'),
        )) {
          await world.azure.emulator.outOfBand(
            'DELETE',
            `${ARM}${id}?api-version=2022-04-01`,
          );
        }
        await world.interval();
        await world.turns(6);
        expect(await remaining()).toBe(count);
        expect((await listing('registries')).problem).toMatchObject({
          kind: 'denied',
          message: expect.stringContaining(
            'Microsoft.ContainerRegistry/registries/read',
          ),
        });
        expect(world.warnings.join()).toContain(
          'The inventory is not complete',
        );
      });

      it('all is kept while Resource Graph is out, and ARM is asked in its place after a while', async () => {
        await start();
        await world.turns(1);
        const count = await remaining();
        world.azure.emulator.faults.add({
          path: '/providers/Microsoft.ResourceGraph/resources',
          status: 503,
          times: 0,
        });
        const old = (await listing('registries')).observedAt!;
        await world.interval();
        await world.interval();
        expect(await remaining()).toBe(count);
        expect(world.warnings.join()).toContain('could not be listed');
        expect((await listing('registries')).observedAt).toBe(old);
        await world.interval();
        await world.interval();
        expect((await listing('registries')).observedAt).toBeGreaterThan(old);
        expect(await remaining()).toBe(count);
      });

      it('lists of ARM are used at once where Resource Graph is refused', async () => {
        await start();
        world.azure.emulator.faults.add({
          path: '/providers/Microsoft.ResourceGraph/resources',
          status: 403,
          code: 'AccessDenied',
          times: 0,
        });
        await world.turns(2);
        const { value } =
          await world.azure.ports.registries.listBySubscription(SUBSCRIPTION);
        expect(await knownRegistries()).toHaveLength(value.length);
        expect(await world.db('access').whereNull('facts')).toEqual([]);
        expect(await listing('registries')).toMatchObject({
          value: value.length,
          problem: undefined,
        });
      });

      it.each([
        ['Resource Graph', () => undefined],
        [
          'ARM, where Resource Graph is refused',
          () =>
            world.azure.emulator.faults.add({
              path: '/providers/Microsoft.ResourceGraph/resources',
              status: 403,
              code: 'AccessDenied',
              times: 0,
            }),
        ],
      ])(
        'what ARM itself says is gone is believed one by one, and the alarm ends, with lists of %s',
        async (_lister, refuse) => {
          await start();
          refuse();
          await world.turns(1);
          const count = await remaining();
          const ids = (await knownRegistries()).slice(0, 3);
          for (const id of ids) {
            const { status } = await world.azure.emulator.outOfBand(
              'DELETE',
              `${ARM}${id}?api-version=2025-11-01`,
            );
            expect(status).toBe(202);
          }
          const gone = count - 3;
          await world.turns(6);
          expect(world.warnings.join()).toContain(
            'The sync does not treat a fall by more than a tenth as deletions',
          );
          expect(await knownRegistries()).toHaveLength(count);
          await world.turns(18);
          expect(await knownRegistries()).toHaveLength(gone);
          expect(await remaining()).toBe(gone);
          expect(await listing('registries')).toMatchObject({
            problem: undefined,
            value: gone,
          });
        },
      );
    });

    describe('F28: of parts', () => {
      it('one that is too large is read as two, and nothing is lost or doubled', async () => {
        await start();
        const names = ['shopimages', 'sharedbase', 'ordersimages'];
        const { azure } = await smallAzure(world.azure, names);
        const clock = { now: async () => world.azure.emulator.clock.now() };
        await createSync({
          db: world.db,
          clock,
          azure,
          rows: world.rows,
          stores: createSyncStores({ db: world.db, clock }),
          judge: async () => undefined,
          subscriptions: async () => [SUBSCRIPTION],
          logger: mockServices.logger.mock(),
          everyMs: INTERVAL_MS,
          byEvents: true,
        }).turn();
        expect(await lastSweep()).toMatchObject({
          state: 'whole',
          // Vaults, identities, other services, assignments, and registries in three parts: one of two was too large again.
          partitions: { all: 7, read: 7 },
        });
        const known = await world
          .db('registries')
          .whereNotNull('facts')
          .orderBy('name')
          .pluck('name');
        expect(known).toEqual([...names].sort());
      });

      it.each(['losing', 'doubling', 'looping', 'shrinking'] as const)(
        'no page is asked for by a token, so that one that is %s changes nothing',
        async resourceGraphPaging => {
          await start({ azure: { assumptions: { resourceGraphPaging } } });
          await world.turns(1);
          const { value } =
            await world.azure.ports.registries.listBySubscription(SUBSCRIPTION);
          const ids = await knownRegistries();
          expect(ids).toHaveLength(value.length);
          expect(world.warnings).toEqual([]);
        },
      );

      it('one that cannot be read leaves what is known as it is, and is tried again alone', async () => {
        await start();
        await world.turns(1);
        world.azure.emulator.clock.advance(INTERVAL_MS);
        // The counts at its start go through; the first two parts do not.
        world.azure.emulator.faults.add({
          path: '/providers/Microsoft.ResourceGraph/resources',
          skip: 4,
          times: 6,
          status: 500,
        });
        world.calls();
        await world.turns(1);
        expect((await lastSweep())?.state).toBe('whole');
        // Which subscriptions can be read, the counts before and after, five kinds; and what had failed.
        expect(
          single(world.calls(), /ResourceGraph\/resources$/i),
        ).toHaveLength(11 + 6);
      });
    });
  },
);
