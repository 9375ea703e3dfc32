/** Watches of pulls after a revoke and after a restore, to their end. */
import { mockServices } from '@backstage/backend-test-utils';
import { asAdmin } from '../../__testUtils__/asAdmin';
import { testDatabases } from '../../__testUtils__/databases';
import { registryId } from '../../__testUtils__/demoWorld';
import { FaultyEngine } from '../../__testUtils__/faultyEngine';
import { pull } from '../../__testUtils__/pull';
import { followUpPulls } from './followUpPulls';
import { toPulls } from './toOperation';

// The first test waits for PostgreSQL to start.
jest.setTimeout(120_000);

const MINUTE = 60_000;
const SHOP = registryId('shopimages');
const ARM = 'https://management.azure.com';
const ANSWERS = { how: 'anonymous', status: 401 };
const REFUSES = { how: 'anonymous', status: 403 };
/** Longer than a worker takes to see that the assignment is gone. */
const SPREADS_SECONDS = 300;

describe.each(testDatabases({ fast: 'SQLite' }))(
  'pulls after an operation, on $name',
  ({ open }) => {
    const world = new FaultyEngine(open);
    let sweep: () => Promise<void>;

    beforeEach(async () => {
      await world.start({ rolePropagationSeconds: SPREADS_SECONDS });
      const { db, clock, audit, azurePorts } = world.engine;
      const logger = mockServices.logger.mock();
      sweep = () =>
        followUpPulls({ azure: azurePorts, db, clock, audit, logger });
    });
    afterEach(() => world.stop());

    const pulls = async (id: string) =>
      (await world.engine.operations.get(id))?.pulls;
    const locks = () => world.engine.db('operation_locks').select();
    function later(ms: number) {
      world.engine.clock.advance(ms);
      world.azure.clock.advance(ms);
    }

    it('are tried until they are refused, holding nothing, and it says since when', async () => {
      const { id, state } = await world.carryOut(SHOP, {
        kind: 'revoke',
        method: 'role-assignment',
      });
      expect(state).toBe('succeeded');
      expect(await pull(world.azure, 'shopimages')).toBe(401);
      expect(await pulls(id)).toMatchObject({
        wanted: 'refused',
        state: 'watching',
        before: ANSWERS,
        last: ANSWERS,
      });
      expect(await locks()).toEqual([]);

      // Not due yet: no registry is called.
      world.azure.clearRequests();
      await sweep();
      expect(world.azure.requests()).toEqual([]);

      later(2 * MINUTE);
      await sweep();
      expect(await pulls(id)).toMatchObject({
        state: 'watching',
        last: ANSWERS,
      });

      later(SPREADS_SECONDS * 1000);
      expect(await pull(world.azure, 'shopimages')).toBe(403);
      await Promise.all([sweep(), sweep()]);
      const since = await world.engine.clock.now();
      const reached = await pulls(id);
      expect(reached).toMatchObject({ state: 'reached', last: REFUSES });
      expect(Math.abs(since - (reached?.since ?? 0))).toBeLessThan(10_000);
      expect(
        await world.engine.db('audit').where({ event: 'pulls-observed' }),
      ).toHaveLength(1);

      world.azure.clearRequests();
      later(10 * MINUTE);
      await sweep();
      expect(world.azure.requests()).toEqual([]);
    });

    it('count the regions of the registry, of which one is tested', async () => {
      const { send } = asAdmin(world.azure);
      for (const location of ['northeurope', 'eastus', 'West US 2']) {
        await send(
          'PUT',
          `${ARM}${SHOP}/replications/one?api-version=2025-11-01`,
          { location },
        );
      }
      const { id } = await world.carryOut(SHOP, {
        kind: 'revoke',
        method: 'role-assignment',
      });
      expect((await pulls(id))?.last?.regions).toBe(4);
      later(2 * SPREADS_SECONDS * 1000);
      await sweep();
      expect(toPulls((await pulls(id))!)).toMatchObject({
        state: 'reached',
        regions: 4,
      });

      // Without the right to list them, it is not known how many there are.
      world.azure.faults.add({
        path: '*/replications',
        status: 403,
        code: 'AuthorizationFailed',
        times: 0,
      });
      const restored = await world.carryOut(SHOP, { kind: 'restore' });
      expect(restored.state).toBe('succeeded');
      const seen = toPulls((await pulls(restored.id))!);
      expect(seen.status).toBeDefined();
      expect(seen.regions).toBeUndefined();
      expect(restored.steps.at(-1)?.message).toContain(
        'no longer refuses every request in one region; whether there are others is not known',
      );
    });

    it('end after two hours, with a record of it', async () => {
      const { id } = await world.carryOut(SHOP, {
        kind: 'revoke',
        method: 'role-assignment',
      });
      world.azure.faults.add({
        host: 'shopimages.azurecr.io',
        times: 0,
        status: 401,
      });
      later(3 * 60 * MINUTE);
      await sweep();
      expect(await pulls(id)).toMatchObject({
        state: 'unreached',
        last: ANSWERS,
      });
      // A request without a credential says nothing about pulls.
      expect((await world.engine.operations.get(id))?.state).toBe('succeeded');
    });

    it('end a revoke as not proven where a pull is still served after two hours', async () => {
      const { id } = await world.carryOut(SHOP, {
        kind: 'revoke',
        method: 'role-assignment',
      });
      const testPull = async () => ({ how: 'signed-in', status: 200 }) as const;
      const { db, clock, audit, azurePorts } = world.engine;
      const registries = { ...azurePorts.registries, testPull };
      const logger = mockServices.logger.mock();
      const served = () =>
        followUpPulls({ azure: { registries }, db, clock, audit, logger });

      later(60 * MINUTE);
      await served();
      expect((await world.engine.operations.get(id))?.state).toBe('succeeded');

      later(2 * 60 * MINUTE);
      await served();
      expect(await world.engine.operations.get(id)).toMatchObject({
        state: 'unverified',
        result: {
          message: expect.stringMatching(
            /removed \(proved\).*the registry still served one \(HTTP 200\)/,
          ),
        },
        pulls: { state: 'unreached' },
      });
      expect(logger.warn.mock.calls).toEqual([
        [expect.stringContaining('shopimages still serves pulls')],
      ]);
    });

    it('do not judge a revoke by an answer from before the end, nor one that was undone during the pull', async () => {
      const { id } = await world.carryOut(SHOP, {
        kind: 'revoke',
        method: 'role-assignment',
      });
      const { db, clock, audit, azurePorts } = world.engine;
      const logger = mockServices.logger.mock();
      const testPull = jest.fn();
      const registries = { ...azurePorts.registries, testPull };
      const look = () =>
        followUpPulls({ azure: { registries }, db, clock, audit, logger });
      const served = { how: 'signed-in', status: 200 };

      testPull.mockResolvedValueOnce(served);
      later(60 * MINUTE);
      await look();
      const [before] = await db('operations').where({ id });
      expect((await pulls(id))?.last).toMatchObject(served);

      testPull.mockRejectedValueOnce(new Error('no answer'));
      later(2 * 60 * MINUTE);
      await look();
      expect((await world.engine.operations.get(id))?.state).toBe('succeeded');
      expect(await pulls(id)).toMatchObject({ state: 'unreached' });
      expect((await pulls(id))?.last).toBeUndefined();

      const { pulls: watch, pulls_due_at: dueAt } = before;
      await db('operations')
        .where({ id })
        .update({ pulls: watch, pulls_due_at: dueAt });
      testPull.mockImplementationOnce(async () => {
        await db('operations').where({ id }).update({ undone_by: 'a-restore' });
        return served;
      });
      await look();
      expect((await world.engine.operations.get(id))?.state).toBe('succeeded');
      expect(await pulls(id)).toMatchObject({ state: 'stopped' });
      expect(logger.warn).not.toHaveBeenCalled();
    });

    // container-registry-vnet.md: "login attempt to https://xxxxxxx.azurecr.io/v2/ failed with status: 403 Forbidden".
    it('prove nothing where the network rules of the registry refuse this portal', async () => {
      await world.azure.outOfBand(
        'PATCH',
        `${ARM}${SHOP}?api-version=2025-11-01`,
        { properties: { networkRuleSet: { defaultAction: 'Deny' } } },
      );
      later(MINUTE);
      expect(await pull(world.azure, 'shopimages')).toBe(403);
      const closed = {
        state: 'untested',
        reason: 'closed',
        before: { ...REFUSES, notAdmitted: true },
        last: { ...REFUSES, notAdmitted: true },
      };
      const says = expect.stringContaining(
        'Pulls could not be tested: the registry is closed to this portal',
      );
      const revoke = await world.carryOut(SHOP, {
        kind: 'revoke',
        method: 'role-assignment',
      });
      expect(revoke).toMatchObject({
        state: 'succeeded',
        result: { message: says },
      });
      expect(await pulls(revoke.id)).toMatchObject({
        wanted: 'refused',
        ...closed,
      });
      later(SPREADS_SECONDS * 1000);
      const restore = await world.carryOut(SHOP, { kind: 'restore' });
      expect(restore).toMatchObject({
        state: 'succeeded',
        result: { message: says },
      });
      expect(await pulls(restore.id)).toMatchObject({
        wanted: 'answered',
        ...closed,
      });
      // It is over: no registry is called again.
      world.azure.clearRequests();
      later(2 * MINUTE);
      await sweep();
      expect(world.azure.requests()).toEqual([]);
    });

    it('are real ones where the read credential may pull, also from a registry that asks a revoked client to sign in', async () => {
      world.azure.assumptions.change({ revokedRegistryRefusesSignIn: false });
      await world.azure.outOfBand(
        'PUT',
        `${ARM}${SHOP}/providers/Microsoft.Authorization/roleAssignments/12345678-1234-4234-8234-123456789012?api-version=2022-04-01`,
        {
          properties: {
            roleDefinitionId: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
            principalId: world.azure.state.principalId('acr-cmk-reader'),
            principalType: 'ServicePrincipal',
          },
        },
      );
      later(SPREADS_SECONDS * 1000);
      const { id } = await world.carryOut(SHOP, {
        kind: 'revoke',
        method: 'role-assignment',
      });
      later(SPREADS_SECONDS * 1000);
      await sweep();
      const pulled = { how: 'signed-in', status: 200 };
      const refused = { how: 'signed-in', status: 403 };
      // Without a credential, nothing is to be seen of it.
      expect(await pull(world.azure, 'shopimages')).toBe(401);
      expect(await pulls(id)).toMatchObject({
        state: 'reached',
        before: pulled,
        last: refused,
      });
      const restore = await world.carryOut(SHOP, { kind: 'restore' });
      later(SPREADS_SECONDS * 1000);
      await sweep();
      expect(await pulls(restore.id)).toMatchObject({
        state: 'reached',
        before: refused,
        last: pulled,
      });
    });

    it('prove no restore where the registry answered 401 before it as well', async () => {
      world.azure.assumptions.change({ revokedRegistryRefusesSignIn: false });
      await world.carryOut(SHOP, { kind: 'revoke', method: 'role-assignment' });
      later(SPREADS_SECONDS * 1000);
      const { id, result } = await world.carryOut(SHOP, { kind: 'restore' });
      expect(result?.message).toMatch(/Pulls were not tested/);
      expect(await pulls(id)).toMatchObject({
        state: 'untested',
        reason: 'not-allowed',
        before: ANSWERS,
        last: ANSWERS,
      });
    });

    it('stop when a later operation changes what they get', async () => {
      const { id } = await world.carryOut(SHOP, {
        kind: 'revoke',
        method: 'role-assignment',
      });
      const restore = await world.carryOut(SHOP, { kind: 'restore' });
      expect(restore.state).toBe('succeeded');
      later(10 * MINUTE);
      await sweep();
      expect(await pulls(id)).toMatchObject({ state: 'stopped' });
    });

    it('stop when a later revoke takes away more, although nothing was given back', async () => {
      const { id } = await world.carryOut(SHOP, {
        kind: 'revoke',
        method: 'role-assignment',
      });
      later(MINUTE);
      const second = await world.carryOut(SHOP, {
        kind: 'revoke',
        method: 'disable-version',
      });
      expect(second.state).toBe('succeeded');
      later(10 * MINUTE);
      await sweep();
      expect(await pulls(id)).toMatchObject({ state: 'stopped' });
      expect(await pulls(second.id)).not.toMatchObject({ state: 'stopped' });
    });

    it('are tried after a restore until they are answered', async () => {
      const revoke = await world.carryOut(SHOP, {
        kind: 'revoke',
        method: 'role-assignment',
      });
      later(SPREADS_SECONDS * 1000);
      expect(await pull(world.azure, 'shopimages')).toBe(403);
      // The registry does not notice at once, although Azure let it read the vault.
      world.azure.faults.add({
        host: 'shopimages.azurecr.io',
        times: 0,
        status: 403,
      });
      const { id, state, result } = await world.carryOut(SHOP, {
        kind: 'restore',
      });
      expect(state).toBe('succeeded');
      expect(result?.message).toMatch(/still refuses pulls/);
      expect(await locks()).toEqual([]);
      expect(await pulls(id)).toMatchObject({
        wanted: 'answered',
        state: 'watching',
      });
      world.azure.faults.clear();
      later(2 * MINUTE);
      await sweep();
      expect(await pulls(id)).toMatchObject({
        state: 'reached',
        before: REFUSES,
        last: ANSWERS,
      });
      expect(await pull(world.azure, 'shopimages')).toBe(401);
      expect((await world.engine.operations.get(revoke.id))?.undoneBy).toBe(id);
    });

    it('a grant that has not spread is an expected wait in a restore, not a failure in the words of Azure', async () => {
      await world.carryOut(SHOP, { kind: 'revoke', method: 'role-assignment' });
      later(SPREADS_SECONDS * 1000);
      const { id } = await world.engine.accept(SHOP, { kind: 'restore' });
      const seen = new Set<string>();
      const worker = world.worker();
      for (let turn = 0; turn < 40; turn++) {
        await worker.runOne();
        const operation = await world.engine.operations.get(id);
        if (operation?.waitingFor) {
          const hasCountdown = operation.dueAt !== undefined;
          seen.add(`${operation.waitingFor} (countdown: ${hasCountdown})`);
        }
        if (operation?.state === 'succeeded') break;
        later(MINUTE);
      }
      expect(await world.engine.operations.get(id)).toMatchObject({
        state: 'succeeded',
      });
      expect([...seen].join()).toMatch(
        /Waiting until the new access is known everywhere/,
      );
      expect([...seen].join()).not.toMatch(
        /Azure says|Failed to access|countdown: false/,
      );
      expect(await pull(world.azure, 'shopimages')).toBe(401);
    });
  },
);
