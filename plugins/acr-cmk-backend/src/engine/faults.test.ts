import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { asAdmin } from '../__testUtils__/asAdmin';
import { testDatabases } from '../__testUtils__/databases';
import { registryId } from '../__testUtils__/demoWorld';
import { FaultyEngine, LEASE_SECONDS } from '../__testUtils__/faultyEngine';

// The first test waits for PostgreSQL to start.
jest.setTimeout(120_000);

const ORDERS = registryId('ordersimages');
const SHOP = registryId('shopimages');
const POLICY = 'kv-contoso-policy';
const RBAC = 'kv-contoso-rbac';

describe.each(testDatabases({ fast: 'SQLite' }))(
  'faults, on $name',
  ({ open }) => {
    const world = new FaultyEngine(open);
    afterEach(() => world.stop());

    const rotateOutside = (vault: string, key: string) =>
      asAdmin(world.azure).rotateKey(vault, key);

    it('F10: an automatic registry that does not follow in its time is unverified, never a success', async () => {
      await world.start();
      const operation = await world.carryOut(registryId('searchimages'), {
        kind: 'rotate',
        follow: 'wait',
      });
      expect(operation).toMatchObject({
        state: 'unverified',
        result: { message: expect.stringContaining('has not followed') },
      });
    });

    it('an automatic registry that is left to follow does so, and no PATCH is sent', async () => {
      await world.start();
      world.azure.clearRequests();
      const operation = await world.carryOut(SHOP, {
        kind: 'rotate',
        follow: 'wait',
      });
      expect(operation).toMatchObject({ state: 'succeeded' });
      expect(world.azure.state.registry('shopimages').versionInUse).toBe(
        world.azure.state.key(RBAC, 'shopimages').latest,
      );
      expect(world.patches()).toEqual([]);
    });

    /**
     * A worker pauses for two leases before its n-th announcement of a write, and another one
     * finishes meanwhile.
     *
     * @returns its outcome, and whether there was an n-th announcement
     */
    async function pausedAt(nth: number) {
      world.azure.reset();
      const { id } = await world.engine.accept(ORDERS, { kind: 'rotate' });
      const before = world.azure.state.key(POLICY, 'ordersimages').versions
        .length;
      let announced = 0;
      const paused = world.worker(deps => ({
        writes: new Proxy(deps.writes, {
          get(writes, name) {
            const value = Reflect.get(writes, name, writes);
            if (typeof value !== 'function') return value;
            return async (...args: unknown[]) => {
              if (name === 'write') announced += 1;
              if (name === 'write' && announced === nth) {
                world.engine.clock.advance(2 * LEASE_SECONDS * 1000);
                await world.engine.runToEnd(id);
              }
              return Reflect.apply(value, writes, args);
            };
          },
        }),
      }));
      await paused.runOne();
      const { state } = await world.engine.runToEnd(id);
      const { versions } = world.azure.state.key(POLICY, 'ordersimages');
      return {
        reached: announced >= nth,
        state,
        made: versions.length - before,
      };
    }

    it('F13: a worker that wakes up after its lease writes nothing any more', async () => {
      await world.start();
      const outcomes = [];
      for (let nth = 1; outcomes.at(-1)?.reached !== false; nth++) {
        outcomes.push(await pausedAt(nth));
      }
      expect(outcomes.length).toBeGreaterThan(5);
      for (const { state, made } of outcomes) {
        expect({ state, made }).toEqual({ state: 'succeeded', made: 1 });
      }
    });

    it('F15: a rotation by somebody else in the middle is reported as superseding ours', async () => {
      await world.start();
      const { id } = await world.engine.accept(SHOP, { kind: 'rotate' });
      const first = world.worker(deps => ({
        azure: {
          ...deps.azure,
          registries: new Proxy(deps.azure.registries, {
            get(registries, name) {
              const value = Reflect.get(registries, name, registries);
              return name === 'updateEncryption'
                ? async (...args: unknown[]) => {
                    await rotateOutside(RBAC, 'shopimages');
                    return Reflect.apply(value as never, registries, args);
                  }
                : value;
            },
          }),
        },
      }));
      await first.runOne();
      const operation = await world.engine.runToEnd(id);
      expect(operation).toMatchObject({
        state: 'failed',
        result: { code: 'SUPERSEDED' },
      });
      // The registry is on the newest version, and nothing was sent against it.
      expect(world.azure.state.registry('shopimages').versionInUse).toBe(
        world.azure.state.key(RBAC, 'shopimages').latest,
      );
    });

    it('F16: a second rotation before the first has converged is refused', async () => {
      await world.start();
      const { id } = await world.engine.accept(SHOP, {
        kind: 'rotate',
        follow: 'wait',
      });
      await world.worker().runOne();
      expect(await world.engine.operations.get(id)).toMatchObject({
        state: 'waiting',
      });
      await expect(
        world.engine.accept(SHOP, { kind: 'rotate' }),
      ).rejects.toThrow(
        `Operation ${id} is working on the key shopimages of the vault kv-contoso-rbac`,
      );
    });

    it('retiring a version on a registry that is revoked compares with the pull before, and raises no alarm', async () => {
      await world.start();
      await world.carryOut(ORDERS, { kind: 'revoke', method: 'access-policy' });
      const [{ version }] = world.azure.state.key(
        POLICY,
        'ordersimages',
      ).versions;
      expect(
        await world.carryOut(ORDERS, { kind: 'retire', version }),
      ).toMatchObject({
        state: 'succeeded',
        result: { message: expect.stringContaining('as it did before') },
      });
    });

    it('F21: a revoke that fails halfway names what was done, and is undone exactly', async () => {
      await world.start();
      world.azure.faults.add({
        method: 'PATCH',
        host: `${RBAC}.vault.azure.net`,
        skip: 1,
        times: 0,
        status: 400,
        code: 'BadParameter',
      });
      const revoke = await world.carryOut(SHOP, {
        kind: 'revoke',
        method: 'disable-all-versions',
      });
      world.azure.faults.clear();
      expect(revoke).toMatchObject({ state: 'failed' });
      expect(revoke.result?.message).toMatch(
        /Completed before that: Version [0-9a-f]{32} is disabled/,
      );
      const enabled = () =>
        world.azure.state
          .key(RBAC, 'shopimages')
          .versions.map(one => one.enabled);
      expect(enabled().filter(one => one)).toHaveLength(1);
      expect(await world.carryOut(SHOP, { kind: 'restore' })).toMatchObject({
        state: 'succeeded',
      });
      expect(enabled()).toEqual([true, true]);
    });

    it('F23: nothing is written to Azure while the database is away, and the rest is afterwards', async () => {
      await world.start();
      world.azure.clearRequests();
      const { id } = await world.engine.accept(ORDERS, { kind: 'rotate' });
      const writes = () => world.writes().length;
      let away = false;
      const leavingWithDatabase = <T extends object>(part: T): T =>
        new Proxy(part, {
          get(target, name) {
            const value = Reflect.get(target, name, target);
            if (typeof value !== 'function') return value;
            return async (...args: unknown[]) => {
              // It goes away right after Azure has made the version.
              away ||= name === 'write' && writes() > 0;
              if (away) throw new Error('The database is away');
              return Reflect.apply(value, target, args);
            };
          },
        });
      const cut = world.worker(({ operations, leases, writes: fenced }) => ({
        operations: leavingWithDatabase(operations),
        leases: leavingWithDatabase(leases),
        writes: leavingWithDatabase(fenced),
      }));
      await cut.runOne();
      await expect(cut.runOne()).rejects.toThrow('The database is away');
      expect(writes()).toBe(1);
      const before = world.azure.state.key(POLICY, 'ordersimages').versions
        .length;
      expect(await world.engine.runToEnd(id)).toMatchObject({
        state: 'succeeded',
      });
      expect(
        world.azure.state.key(POLICY, 'ordersimages').versions,
      ).toHaveLength(before);
      expect(writes()).toBe(2);
    });

    /** A registry whose last change, a rotation of ours, went wrong in Azure. */
    async function leftAs(state: 'Failed' | 'Updating') {
      await world.start();
      world.azure.faults.add({
        method: 'PATCH',
        path: '*/registries/shopimages',
        operation: state === 'Failed' ? 'fail' : 'hang',
      });
      await world.carryOut(SHOP, { kind: 'rotate' });
      const { value } = await world.engine.azurePorts.registries.get(
        RegistryId.parse(SHOP),
      );
      expect(value.provisioningState).toBe(state);
    }
    const everyVersionEnabled = () =>
      world.azure.state
        .key(RBAC, 'shopimages')
        .versions.every(({ enabled }) => enabled);

    it.each(['Failed', 'Updating'] as const)(
      'F35: a registry in the state %s can be revoked',
      async state => {
        await leftAs(state);
        expect(
          await world.carryOut(SHOP, {
            kind: 'revoke',
            method: 'disable-version',
          }),
        ).toMatchObject({ state: 'succeeded' });
        expect(everyVersionEnabled()).toBe(false);
      },
    );

    it('F35: a registry in the state Failed can be restored and rotated', async () => {
      await leftAs('Failed');
      await world.carryOut(SHOP, { kind: 'revoke', method: 'disable-version' });
      expect(await world.carryOut(SHOP, { kind: 'restore' })).toMatchObject({
        state: 'succeeded',
      });
      expect(everyVersionEnabled()).toBe(true);
      expect(await world.carryOut(SHOP, { kind: 'rotate' })).toMatchObject({
        state: 'succeeded',
      });
    });

    it('F35: a restore gives the key back while Azure hangs in Updating, and says what it waited for', async () => {
      await leftAs('Updating');
      await world.carryOut(SHOP, { kind: 'revoke', method: 'disable-version' });
      expect(await world.carryOut(SHOP, { kind: 'restore' })).toMatchObject({
        state: 'unverified',
        result: {
          message: expect.stringContaining('updating for half an hour'),
        },
      });
      expect(everyVersionEnabled()).toBe(true);
    });

    it('F24: a step of a newer release is parked, not guessed', async () => {
      await world.start();
      world.azure.clearRequests();
      const { id } = await world.engine.accept(ORDERS, { kind: 'rotate' });
      const [row] = await world.engine.db('operation_steps').where({
        operation_id: id,
        position: 0,
      });
      await world.engine
        .db('operation_steps')
        .where({ operation_id: id, position: 0 })
        .update({
          spec: JSON.stringify({ ...JSON.parse(row.spec), version: 2 }),
        });
      await world.worker().runOne();
      expect(await world.engine.operations.get(id)).toMatchObject({
        state: 'waiting',
        waitingFor: expect.stringContaining('was created by a newer release'),
      });
      // A newer release knows it.
      await world.engine
        .db('operation_steps')
        .where({ operation_id: id, position: 0 })
        .update({ spec: row.spec });
      expect(await world.engine.runToEnd(id)).toMatchObject({
        state: 'succeeded',
      });
    });
  },
);
