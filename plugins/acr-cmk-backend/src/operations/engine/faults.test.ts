import {
  type Emulator,
  type EmulatorOptions,
  startEmulator,
  trustInThisProcess,
} from 'azure-emulator';
import type { Intent } from 'backstage-plugin-acr-cmk-common';
import { testDatabases } from '../../__testUtils__/databases';
import { registryId } from '../../__testUtils__/demoWorld';
import {
  type Engine,
  engineParts,
  portsTo,
  silentLogger,
  startEngine,
} from '../../__testUtils__/engine';
import { OperationsWorker } from './OperationsWorker';
import { PreconditionUnavailable } from './PreconditionUnavailable';
import type { RunnerDeps } from './run';

// The first test waits for PostgreSQL to start.
jest.setTimeout(120_000);

const ORDERS = registryId('ordersimages');
const SHOP = registryId('shopimages');
const POLICY = 'kv-contoso-policy';
const RBAC = 'kv-contoso-rbac';
const LEASE_SECONDS = 60;

describe.each(testDatabases())('faults, on $name', ({ open }) => {
  let azure: Emulator;
  let distrust: () => void;
  let engine: Engine;

  async function start(options: Partial<EmulatorOptions> = {}) {
    azure = await startEmulator({
      world: 'demo',
      operationSeconds: 0,
      rolePropagationSeconds: 0,
      ...options,
    });
    distrust = trustInThisProcess(azure);
    engine = await startEngine(portsTo(azure), await open(), azure);
  }
  afterEach(async () => {
    await engine.stop();
    distrust();
    await azure.close();
  });

  async function carryOut(registry: string, intent: Intent) {
    const { id } = await engine.accept(registry, intent);
    return engine.runToEnd(id);
  }
  const rotateOutside = (vault: string, key: string) =>
    azure.outOfBand(
      'POST',
      `https://${vault}.vault.azure.net/keys/${key}/rotate?api-version=7.5`,
    );

  /** A worker of another process, on the same tables. */
  function worker(
    change: (deps: RunnerDeps) => Partial<RunnerDeps> = () => ({}),
  ) {
    const { deps } = engineParts({
      db: engine.db,
      clock: engine.clock,
      azurePorts: engine.azurePorts,
      leaseSeconds: LEASE_SECONDS,
    });
    return new OperationsWorker({
      owner: 'a-worker',
      logger: silentLogger,
      pause: async () => undefined,
      pollMs: 0,
      concurrency: 1,
      deps: { ...deps, ...change(deps) },
    });
  }

  it('F10: an automatic registry that does not follow in its time is unverified, never a success', async () => {
    await start();
    const operation = await carryOut(registryId('searchimages'), {
      kind: 'rotate',
      follow: 'wait',
    });
    expect(operation).toMatchObject({
      state: 'unverified',
      result: { message: expect.stringContaining('has not followed') },
    });
  });

  it('an automatic registry that is left to follow does so, and no PATCH is sent', async () => {
    await start();
    azure.clearRequests();
    const operation = await carryOut(SHOP, { kind: 'rotate', follow: 'wait' });
    expect(operation).toMatchObject({ state: 'succeeded' });
    expect(azure.state.registry('shopimages').versionInUse).toBe(
      azure.state.key(RBAC, 'shopimages').latest,
    );
    expect(azure.requests().filter(({ method }) => method === 'PATCH')).toEqual(
      [],
    );
  });

  /**
   * A worker falls asleep for two leases before its n-th announcement of a write, and another one
   * finishes meanwhile.
   *
   * @returns what came of it, and whether there was an n-th announcement
   */
  async function asleepAt(nth: number) {
    azure.reset();
    const { id } = await engine.accept(ORDERS, { kind: 'rotate' });
    const before = azure.state.key(POLICY, 'ordersimages').versions.length;
    let announced = 0;
    const sleeper = worker(deps => ({
      store: new Proxy(deps.store, {
        get(store, name) {
          const value = Reflect.get(store, name, store);
          if (typeof value !== 'function') return value;
          return async (...args: unknown[]) => {
            if (name === 'write') announced += 1;
            if (name === 'write' && announced === nth) {
              engine.clock.advance(2 * LEASE_SECONDS * 1000);
              await engine.runToEnd(id);
            }
            return Reflect.apply(value, store, args);
          };
        },
      }),
    }));
    await sleeper.runOne();
    const { state } = await engine.runToEnd(id);
    const { versions } = azure.state.key(POLICY, 'ordersimages');
    return { slept: announced >= nth, state, made: versions.length - before };
  }

  it('F13: a worker that wakes up after its lease writes nothing any more', async () => {
    await start();
    const outcomes = [];
    for (let nth = 1; outcomes.at(-1)?.slept !== false; nth++) {
      outcomes.push(await asleepAt(nth));
    }
    expect(outcomes.length).toBeGreaterThan(5);
    for (const { state, made } of outcomes) {
      expect({ state, made }).toEqual({ state: 'succeeded', made: 1 });
    }
  });

  it('F15: a rotation by somebody else in the middle is reported as superseding ours', async () => {
    await start();
    const { id } = await engine.accept(SHOP, { kind: 'rotate' });
    const first = worker(deps => ({
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
    const operation = await engine.runToEnd(id);
    expect(operation).toMatchObject({
      state: 'failed',
      result: { code: 'SUPERSEDED' },
    });
    // The registry is on the newest version, and nothing was sent against it.
    expect(azure.state.registry('shopimages').versionInUse).toBe(
      azure.state.key(RBAC, 'shopimages').latest,
    );
  });

  it('F16: a second rotation before the first has converged is refused', async () => {
    await start();
    const { id } = await engine.accept(SHOP, {
      kind: 'rotate',
      follow: 'wait',
    });
    await worker().runOne();
    expect(await engine.store.get(id)).toMatchObject({ state: 'waiting' });
    await expect(engine.accept(SHOP, { kind: 'rotate' })).rejects.toThrow(
      `Operation ${id} works on this registry or its key`,
    );
  });

  it('F19: a grant that has not spread is waited for, and only that refusal is', async () => {
    await start({ rolePropagationSeconds: 300 });
    const intent: Intent = {
      kind: 'rotate',
      key: {
        kind: 'existing',
        keyIdentifier: `https://${RBAC}.vault.azure.net/keys/searchimages`,
      },
      grantAccess: true,
    };
    const { id } = await engine.accept(ORDERS, intent);
    await worker().runOne();
    expect(await engine.store.get(id)).toMatchObject({
      state: 'waiting',
      waitingFor: expect.stringContaining('Failed to access KeyId'),
    });
    expect(await engine.runToEnd(id)).toMatchObject({ state: 'succeeded' });

    azure.faults.add({ method: 'PATCH', status: 400, code: 'Other' });
    const refused = await carryOut(ORDERS, {
      kind: 'rotate',
      key: { kind: 'current', mode: 'manual' },
    });
    expect(refused).toMatchObject({
      state: 'failed',
      result: { code: 'Other' },
    });
  });

  it('F19: a right that our own credential lacks is not waited for, even after a grant', async () => {
    await start();
    azure.faults.add({
      method: 'PATCH',
      status: 403,
      code: 'AuthorizationFailed',
    });
    const operation = await carryOut(ORDERS, {
      kind: 'rotate',
      key: {
        kind: 'existing',
        keyIdentifier: `https://${RBAC}.vault.azure.net/keys/searchimages`,
      },
      grantAccess: true,
    });
    expect(operation).toMatchObject({
      state: 'failed',
      result: {
        code: 'AuthorizationFailed',
        message: expect.stringContaining('registries/write'),
      },
    });
  });

  const patches = () =>
    azure.requests().filter(({ method }) => method === 'PATCH');

  it('a change that meets another one at Azure waits for it, and is sent once more', async () => {
    await start();
    const { id } = await engine.accept(ORDERS, { kind: 'rotate' });
    azure.faults.add({ method: 'PATCH', status: 409, code: 'RegistryIsBusy' });
    azure.clearRequests();
    await worker().runOne();
    expect(await engine.store.get(id)).toMatchObject({
      state: 'waiting',
      waitingFor: expect.stringContaining('another change under way'),
      steps: [{ state: 'done' }, { state: 'waiting', attempts: 0 }],
    });
    expect(await engine.runToEnd(id)).toMatchObject({
      state: 'succeeded',
      steps: [{ attempts: 1 }, { attempts: 1 }],
    });
    expect(patches().map(({ status }) => status)).toEqual([
      409,
      expect.any(Number),
    ]);
    expect(patches()).toHaveLength(2);
  });

  it('a conflict that stays ends the operation when its time is over', async () => {
    await start();
    azure.faults.add({
      method: 'PATCH',
      status: 409,
      code: 'RegistryIsBusy',
      times: 0,
    });
    expect(await carryOut(ORDERS, { kind: 'rotate' })).toMatchObject({
      state: 'failed',
      result: {
        code: 'RegistryIsBusy',
        message: expect.stringContaining('Done before that: Version'),
      },
    });
    expect(patches().length).toBeGreaterThan(10);
  });

  it('a conflict that never ends by itself is not waited for', async () => {
    await start();
    azure.faults.add({
      method: 'PATCH',
      status: 409,
      code: 'AlreadyInUse',
      times: 0,
    });
    azure.clearRequests();
    expect(await carryOut(ORDERS, { kind: 'rotate' })).toMatchObject({
      state: 'failed',
      result: { code: 'AlreadyInUse' },
    });
    expect(patches()).toHaveLength(1);
  });

  /** Carries a rotation on while the catalog does not answer, for so many turns of a minute. */
  async function withoutCatalog(turns: number) {
    const { id } = await engine.accept(ORDERS, { kind: 'rotate' });
    azure.clearRequests();
    const waiting = worker(() => ({
      changesSincePlan: async () => {
        throw new PreconditionUnavailable(
          'CatalogUnavailable',
          'The catalog does not answer',
        );
      },
    }));
    for (let turn = 0; turn < turns; turn++) {
      await waiting.runOne();
      engine.clock.advance((LEASE_SECONDS + 1) * 1000);
    }
    const operation = await engine.store.get(id);
    const written = azure
      .requests()
      .filter(({ path, method }) => method !== 'GET' && path.includes('/keys/'))
      .filter(({ status }) => status !== 401);
    return { id, operation, written };
  }

  it('a catalog that is away is waited for, before anything is written', async () => {
    await start();
    const { id, operation, written } = await withoutCatalog(3);
    expect(operation).toMatchObject({
      state: 'waiting',
      waitingFor: 'The catalog does not answer',
      steps: [{ attempts: 0 }, { state: 'pending' }],
    });
    expect(written).toEqual([]);
    expect(await engine.runToEnd(id)).toMatchObject({ state: 'succeeded' });
  });

  it('a catalog that stays away ends the operation under its own name, with nothing written', async () => {
    await start();
    const { operation, written } = await withoutCatalog(40);
    expect(operation).toMatchObject({
      state: 'failed',
      result: {
        code: 'CatalogUnavailable',
        message: 'The catalog does not answer',
      },
    });
    expect(written).toEqual([]);
  });

  it('F21: a revoke that is half done names the half, and can be undone exactly', async () => {
    await start();
    azure.faults.add({
      method: 'PATCH',
      host: `${RBAC}.vault.azure.net`,
      skip: 1,
      times: 0,
      status: 400,
      code: 'BadParameter',
    });
    const revoke = await carryOut(SHOP, {
      kind: 'revoke',
      method: 'disable-all-versions',
    });
    azure.faults.clear();
    expect(revoke).toMatchObject({ state: 'failed' });
    expect(revoke.result?.message).toMatch(
      /Done before that: Version [0-9a-f]{32} is disabled/,
    );
    const enabled = () =>
      azure.state.key(RBAC, 'shopimages').versions.map(one => one.enabled);
    expect(enabled().filter(one => one)).toHaveLength(1);
    expect(await carryOut(SHOP, { kind: 'restore' })).toMatchObject({
      state: 'succeeded',
    });
    expect(enabled()).toEqual([true, true]);
  });

  it('F23: while the database is away nothing is written to Azure, and afterwards the rest', async () => {
    await start();
    azure.clearRequests();
    const { id } = await engine.accept(ORDERS, { kind: 'rotate' });
    const writes = () =>
      azure
        .requests()
        .filter(
          ({ method, path, status }) =>
            method !== 'GET' && status !== 401 && !path.endsWith('/token'),
        ).length;
    let away = false;
    const cut = worker(deps => ({
      store: new Proxy(deps.store, {
        get(store, name) {
          const value = Reflect.get(store, name, store);
          if (typeof value !== 'function') return value;
          return async (...args: unknown[]) => {
            // It goes away right after Azure has made the version.
            away ||= name === 'write' && writes() > 0;
            if (away) throw new Error('The database is away');
            return Reflect.apply(value, store, args);
          };
        },
      }),
    }));
    await cut.runOne();
    await cut.runOne();
    expect(writes()).toBe(1);
    const before = azure.state.key(POLICY, 'ordersimages').versions.length;
    expect(await engine.runToEnd(id)).toMatchObject({ state: 'succeeded' });
    expect(azure.state.key(POLICY, 'ordersimages').versions).toHaveLength(
      before,
    );
    expect(writes()).toBe(2);
  });

  it('F24: a step of a newer release is parked, not guessed', async () => {
    await start();
    azure.clearRequests();
    const { id } = await engine.accept(ORDERS, { kind: 'rotate' });
    const [row] = await engine.db('operation_steps').where({
      operation_id: id,
      position: 0,
    });
    await engine
      .db('operation_steps')
      .where({ operation_id: id, position: 0 })
      .update({
        spec: JSON.stringify({ ...JSON.parse(row.spec), version: 2 }),
      });
    await worker().runOne();
    expect(await engine.store.get(id)).toMatchObject({
      state: 'waiting',
      waitingFor: expect.stringContaining('does not know the step'),
    });
    // A newer release knows it.
    await engine
      .db('operation_steps')
      .where({ operation_id: id, position: 0 })
      .update({ spec: row.spec });
    expect(await engine.runToEnd(id)).toMatchObject({ state: 'succeeded' });
  });
});
