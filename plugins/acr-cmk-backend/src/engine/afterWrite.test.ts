/** F5, F38: what becomes of an operation that has written, when Azure does not say how it ended. */
import { type Intent, RegistryId } from 'backstage-plugin-acr-cmk-common';
import { testDatabases } from '../__testUtils__/databases';
import { asAdmin } from '../__testUtils__/asAdmin';
import { registryId } from '../__testUtils__/demoWorld';
import { FaultyEngine } from '../__testUtils__/faultyEngine';
import { FRESH } from '../inventory/Inventory';

// The first test waits for PostgreSQL to start.
jest.setTimeout(120_000);

const ORDERS = registryId('ordersimages');
const SHOP = registryId('shopimages');
const RBAC = 'kv-contoso-rbac';

describe.each(testDatabases({ fast: 'SQLite' }))(
  'after a write, on $name',
  ({ open }) => {
    const world = new FaultyEngine(open);
    beforeEach(() => world.start());
    afterEach(() => world.stop());

    /** Works on it once; `then` comes right after the first write to a key. */
    async function begin(method: string, then: () => void) {
      const worker = world.worker(deps => ({
        azure: {
          ...deps.azure,
          keys: new Proxy(deps.azure.keys, {
            get(keys, name) {
              const value = Reflect.get(keys, name, keys);
              if (name !== method) return value;
              return async (...args: any[]) => {
                try {
                  return await Reflect.apply(value as never, keys, args);
                } finally {
                  then();
                }
              };
            },
          }),
        },
      }));
      await worker.runOne();
    }

    it('F5: five cut connections do not end a revoke, and no more is sent than needed', async () => {
      world.azure.faults.add({
        method: 'PATCH',
        path: '/keys/*',
        principal: 'revoker',
        reset: 'before',
        times: 5,
      });
      const { id } = await world.engine.accept(SHOP, {
        kind: 'revoke',
        method: 'disable-version',
      });
      const operation = await world.engine.runToEnd(id);
      expect(operation).toMatchObject({
        state: 'succeeded',
        steps: [0, 6, 0].map(attempts => ({ attempts })),
      });
    });

    it('proves no revoke of a registry that has followed to another version meanwhile', async () => {
      world.azure.faults.add({
        method: 'PATCH',
        path: '/keys/*',
        principal: 'revoker',
        reset: 'before',
        times: 1,
      });
      const { id } = await world.engine.accept(SHOP, {
        kind: 'revoke',
        method: 'disable-version',
      });
      await world.worker().runOne();
      const admin = asAdmin(world.azure);
      await admin.rotateKey('kv-contoso-rbac', 'shopimages');
      await admin.changeRegistry(SHOP, {
        properties: {
          encryption: {
            status: 'enabled',
            keyVaultProperties: {
              keyIdentifier:
                'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
              identity: world.azure.state.registry('shopimages').identity,
            },
          },
        },
      });
      const operation = await world.engine.runToEnd(id);
      expect(world.azure.state.registry('shopimages').reach.reaches).toBe(true);
      expect(operation).toMatchObject({
        state: 'unverified',
        result: { message: expect.stringContaining('Revoke again') },
      });
    });

    it('F5: a write that never has an effect ends after half an hour, and says how often it was sent', async () => {
      world.azure.faults.add({
        method: 'PATCH',
        path: '/keys/*',
        principal: 'revoker',
        reset: 'before',
        times: 0,
      });
      const startedAt = await world.engine.clock.now();
      const operation = await world.carryOut(SHOP, {
        kind: 'revoke',
        method: 'disable-version',
      });
      expect(operation.state).toBe('failed');
      expect(operation.endedAt! - startedAt).toBeGreaterThan(30 * 60_000);
      expect(operation.result?.message).toMatch(
        /Sent to Azure, effect not confirmed: Disable version .+ \(\d+×\)\. Refresh the Encryption tab to see whether it took effect$/,
      );
    });

    it('F5: a write that Azure accepts and does not show is given time before it is sent again', async () => {
      const { id } = await world.engine.accept(SHOP, {
        kind: 'revoke',
        method: 'disable-version',
      });
      let sent = 0;
      const worker = world.worker(deps => ({
        azure: {
          ...deps.azure,
          keys: Object.assign(Object.create(deps.azure.keys), {
            setEnabled: async () => {
              sent += 1;
              if (sent > 2) throw new Error('It is sent again and again');
              return {};
            },
          }),
        },
      }));
      const afterTurn = async () => {
        await worker.runOne();
        world.pass(60);
        const { state, waitingFor } = (await world.engine.operations.get(id))!;
        return { sent, state, waitingFor };
      };
      const shown = (times: number) =>
        `Azure does not show the effect of the write yet (sent ${times} times)`;
      const waits = { state: 'waiting', waitingFor: shown(1) };
      expect(await afterTurn()).toEqual({ sent: 1, ...waits });
      expect(await afterTurn()).toEqual({
        sent: 2,
        ...waits,
        waitingFor: shown(2),
      });
      expect(await world.engine.runToEnd(id)).toMatchObject({
        state: 'succeeded',
        steps: [0, 3, 0].map(attempts => ({ attempts })),
      });
    });

    it.each([
      [403, 'AuthorizationFailed'],
      [401, 'InvalidAuthenticationToken'],
      [409, 'Conflict'],
    ])(
      'F38: a read that is refused with %i after a write is tried again',
      async (status, code) => {
        const { id } = await world.engine.accept(ORDERS, { kind: 'rotate' });
        await begin('rotate', () =>
          world.azure.faults.add({
            method: 'GET',
            path: '/keys/*',
            principal: 'rotator',
            status,
            code,
            times: 4,
          }),
        );
        expect(await world.engine.operations.get(id)).toMatchObject({
          state: 'waiting',
        });
        expect(await world.engine.runToEnd(id)).toMatchObject({
          state: 'succeeded',
          steps: [{ attempts: 1 }, { attempts: 1 }],
        });
      },
    );

    it.each([
      [
        'a revoke that changes no access, after ten minutes',
        { kind: 'revoke', method: 'disable-version' },
        'setEnabled',
        [10, 12],
      ],
      [
        'a rotation that grants access, after half an hour: that takes time to be known everywhere',
        {
          kind: 'rotate',
          key: { kind: 'new-key', vaultName: RBAC, keyName: 'another' },
          grantAccess: true,
        },
        'create',
        [30, 32],
      ],
    ] as const)(
      'F38: a read that stays refused ends %s; the write is named meanwhile, and at the end',
      async (_what, intent, method, [least, most]) => {
        const { id } = await world.engine.accept(SHOP, intent as Intent);
        await begin(method, () =>
          world.azure.faults.add({
            method: 'GET',
            host: `${RBAC}.vault.azure.net`,
            status: 403,
            code: 'Forbidden',
            times: 0,
          }),
        );
        const written = /Sent to Azure, effect not confirmed: .+ \(1×\)/;
        const waiting = await world.engine.operations.get(id);
        expect(waiting).toMatchObject({ state: 'waiting' });
        expect(waiting?.waitingFor).toMatch(written);
        const since = await world.engine.clock.now();
        const operation = await world.engine.runToEnd(id);
        expect(operation.state).toBe('failed');
        expect(operation.result?.message).toMatch(written);
        const minutes = (operation.endedAt! - since) / 60_000;
        expect(minutes).toBeGreaterThan(least);
        expect(minutes).toBeLessThan(most + 1);
      },
    );

    it('F14: facts from before an operation that failed are read again, however young they are', async () => {
      const { id } = await world.engine.accept(SHOP, {
        kind: 'revoke',
        method: 'disable-version',
      });
      world.azure.faults.add({
        method: 'PATCH',
        path: '/keys/*',
        status: 400,
        code: 'BadParameter',
        times: 0,
      });
      await world.worker().runOne();
      expect(await world.engine.operations.get(id)).toMatchObject({
        state: 'failed',
      });
      world.azure.clearRequests();
      await world.engine.inventory.registry(RegistryId.parse(SHOP), FRESH);
      expect(
        world.azure.requests().map(({ path }) => path.toLowerCase()),
      ).toContain(SHOP.toLowerCase());
    });

    it('F38: a read that is refused before any write ends the operation at once', async () => {
      const { id } = await world.engine.accept(ORDERS, { kind: 'rotate' });
      world.azure.faults.add({
        method: 'GET',
        path: '/keys/*',
        principal: 'rotator',
        status: 403,
        code: 'Forbidden',
        times: 0,
      });
      await world.worker().runOne();
      expect(await world.engine.operations.get(id)).toMatchObject({
        state: 'failed',
      });
    });
  },
);
