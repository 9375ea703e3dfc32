/** Effects of Azure's errors on a step: how long it waits, and which errors end it at once. */
import type { Intent } from 'backstage-plugin-acr-cmk-common';
import { asAdmin } from '../__testUtils__/asAdmin';
import { testDatabases } from '../__testUtils__/databases';
import { registryId } from '../__testUtils__/demoWorld';
import { FaultyEngine } from '../__testUtils__/faultyEngine';
import { PreconditionUnavailable } from './PreconditionUnavailable';

// The first test waits for PostgreSQL to start.
jest.setTimeout(120_000);

const ORDERS = registryId('ordersimages');
const RBAC = 'kv-contoso-rbac';
const MINUTE = 60_000;
/** Between two turns of a worker, as long as it waits at most. */
const TURN_MS = MINUTE;

describe.each(testDatabases({ fast: 'SQLite' }))(
  'what is waited for, on $name',
  ({ open }) => {
    const world = new FaultyEngine(open);
    afterEach(() => world.stop());

    it('F19: a refusal while a grant spreads is waited for, and no other one', async () => {
      await world.start({ rolePropagationSeconds: 300 });
      const intent: Intent = {
        kind: 'rotate',
        key: {
          kind: 'existing',
          keyIdentifier: `https://${RBAC}.vault.azure.net/keys/searchimages`,
        },
        grantAccess: true,
      };
      const { id } = await world.engine.accept(ORDERS, intent);
      const lines: string[] = [];
      const logger = { debug: (line: string) => lines.push(line) };
      await world.worker(() => ({ logger })).runOne();
      const waiting = 'Waiting until the new access is known everywhere';
      expect(await world.engine.operations.get(id)).toMatchObject({
        state: 'waiting',
        waitingFor: expect.stringContaining(waiting),
      });
      expect(lines.at(-1)).toMatch(
        new RegExp(`^Operation ${id} waits until 2\\d{3}-.*: ${waiting}`),
      );
      expect(await world.engine.runToEnd(id)).toMatchObject({
        state: 'succeeded',
      });

      world.azure.faults.add({ method: 'PATCH', status: 400, code: 'Other' });
      const refused = await world.carryOut(ORDERS, {
        kind: 'rotate',
        key: { kind: 'current', mode: 'manual' },
      });
      expect(refused).toMatchObject({
        state: 'failed',
        result: { code: 'Other' },
      });
    });

    it('F19: a right that our own credential lacks is not waited for, even after a grant', async () => {
      await world.start();
      world.azure.faults.add({
        method: 'PATCH',
        status: 403,
        code: 'AuthorizationFailed',
      });
      const operation = await world.carryOut(ORDERS, {
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

    it('a change that meets another one at Azure waits for it, and is sent once more', async () => {
      await world.start();
      const { id } = await world.engine.accept(ORDERS, { kind: 'rotate' });
      world.azure.faults.add({
        method: 'PATCH',
        status: 409,
        code: 'RegistryIsBusy',
      });
      world.azure.clearRequests();
      await world.worker().runOne();
      expect(await world.engine.operations.get(id)).toMatchObject({
        state: 'waiting',
        waitingFor: expect.stringContaining('another change under way'),
        steps: [{ state: 'done' }, { state: 'waiting', attempts: 0 }],
      });
      expect(await world.engine.runToEnd(id)).toMatchObject({
        state: 'succeeded',
        steps: [{ attempts: 1 }, { attempts: 1 }],
      });
      expect(world.patches().map(({ status }) => status)).toEqual([
        409,
        expect.any(Number),
      ]);
      expect(world.patches()).toHaveLength(2);
    });

    it('a conflict that stays ends the operation when its time is over', async () => {
      await world.start();
      const { id } = await world.engine.accept(ORDERS, { kind: 'rotate' });
      world.azure.faults.add({
        method: 'PATCH',
        status: 409,
        code: 'RegistryIsBusy',
        times: 0,
      });
      const states = [];
      for (let turn = 0; turn < 31; turn++) {
        await world.worker().runOne();
        states.push((await world.engine.operations.get(id))?.state);
        world.engine.clock.advance(TURN_MS);
      }
      expect(states).toEqual([...Array(30).fill('waiting'), 'failed']);
      expect(await world.engine.operations.get(id)).toMatchObject({
        result: {
          code: 'RegistryIsBusy',
          message: expect.stringContaining('Completed before that: Version'),
        },
      });
    });

    it('a write that Azure refused leaves nothing behind: what others make meanwhile is not ours', async () => {
      await world.start();
      const { id } = await world.engine.accept(registryId('shopimages'), {
        kind: 'rotate',
      });
      world.azure.faults.add({
        method: 'POST',
        path: '*/rotate',
        status: 429,
        code: 'Throttled',
      });
      await world.worker().runOne();
      expect(await world.engine.operations.get(id)).toMatchObject({
        state: 'waiting',
      });
      await asAdmin(world.azure).rotateKey(RBAC, 'shopimages');
      const ended = await world.engine.runToEnd(id);
      expect(ended).toMatchObject({
        state: 'failed',
        result: { code: 'PLAN_DRIFTED' },
      });
      expect(ended.outputs).toEqual({});
    });

    it('time in which no backend was there to try does not count', async () => {
      await world.start();
      const { id } = await world.engine.accept(ORDERS, { kind: 'rotate' });
      world.azure.faults.add({
        method: 'PATCH',
        status: 409,
        code: 'RegistryIsBusy',
        times: 0,
      });
      const turn = async () => {
        await world.worker().runOne();
        return (await world.engine.operations.get(id))?.state;
      };
      expect(await turn()).toBe('waiting');
      // Every backend is away for a night, and the conflict is still there afterwards.
      world.engine.clock.advance(8 * 60 * MINUTE);
      expect(await turn()).toBe('waiting');
      let tried = 0;
      for (let state; state !== 'failed'; tried += 1) {
        expect(tried).toBeLessThan(40);
        world.engine.clock.advance(TURN_MS);
        state = await turn();
      }
      // One minute of the night counts: a busy worker may be as late.
      expect(tried).toBe(29);
    });

    it('Azure has half an hour for a change from when it was sent, however long that took', async () => {
      await world.start({ operationSeconds: 120 });
      const { id } = await world.engine.accept(ORDERS, { kind: 'rotate' });
      world.azure.faults.add({
        method: 'PATCH',
        status: 409,
        code: 'RegistryIsBusy',
        times: 0,
      });
      for (let turn = 0; turn < 30; turn += 1) {
        await world.worker().runOne();
        world.pass(60);
      }
      world.azure.faults.clear();
      expect(await world.engine.runToEnd(id)).toMatchObject({
        state: 'succeeded',
      });
    });

    it('a write at which Azure hangs holds no revoke of the access to the key up, and leaves it standing', async () => {
      await world.start({ operationSeconds: 1_200 });
      const { id } = await world.engine.accept(ORDERS, { kind: 'rotate' });
      await world.worker().runOne();
      expect(await world.engine.operations.get(id)).toMatchObject({
        state: 'waiting',
        steps: [{ state: 'done' }, { state: 'waiting', attempts: 1 }],
      });
      const { id: revokeId } = await world.engine.accept(ORDERS, {
        kind: 'revoke',
        method: 'access-policy',
      });
      expect(await world.engine.runToEnd(revokeId)).toMatchObject({
        state: 'succeeded',
      });
      world.pass(1_800);
      expect(world.azure.state.registry('ordersimages').reach).toMatchObject({
        reaches: false,
      });
      expect(await world.engine.operations.get(id)).toMatchObject({
        state: 'failed',
        result: { code: 'TARGET_BUSY' },
      });
    });

    it('a conflict that never ends by itself is not waited for', async () => {
      await world.start();
      world.azure.faults.add({
        method: 'PATCH',
        status: 409,
        code: 'AlreadyInUse',
        times: 0,
      });
      world.azure.clearRequests();
      expect(await world.carryOut(ORDERS, { kind: 'rotate' })).toMatchObject({
        state: 'failed',
        result: { code: 'AlreadyInUse' },
      });
      expect(world.patches()).toHaveLength(1);
    });

    /** Carries a rotation on while the catalog does not answer. */
    async function withoutCatalog(turns: number) {
      const { id } = await world.engine.accept(ORDERS, { kind: 'rotate' });
      world.azure.clearRequests();
      const waiting = world.worker(() => ({
        changesSincePlan: async () => {
          throw new PreconditionUnavailable(
            'CatalogUnavailable',
            'The catalog does not answer',
          );
        },
      }));
      for (let turn = 0; turn < turns; turn++) {
        await waiting.runOne();
        world.engine.clock.advance(TURN_MS);
      }
      const operation = await world.engine.operations.get(id);
      return { id, operation };
    }

    it('an unreachable catalog is waited for before anything is written', async () => {
      await world.start();
      const { id, operation } = await withoutCatalog(2);
      expect(operation).toMatchObject({
        state: 'waiting',
        waitingFor: 'The catalog does not answer',
        steps: [{ attempts: 0 }, { state: 'pending' }],
      });
      expect(world.writes()).toEqual([]);
      expect(await world.engine.runToEnd(id)).toMatchObject({
        state: 'succeeded',
      });
    });

    it('a catalog that stays unreachable fails the operation with an error of its own, with nothing written', async () => {
      await world.start();
      const { operation } = await withoutCatalog(31);
      expect(operation).toMatchObject({
        state: 'failed',
        result: {
          code: 'CatalogUnavailable',
          message: 'The catalog does not answer',
        },
      });
      expect(world.writes()).toEqual([]);
    });
  },
);
