import type { Plan } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { asAdmin } from '../__testUtils__/asAdmin';
import { testDatabases } from '../__testUtils__/databases';
import {
  acceptanceOf,
  registryId,
  startPortal,
  type TestPortal,
} from '../__testUtils__/portal';

const ORDERS = registryId('ordersimages');

describe.each(testDatabases({ fast: 'SQLite' }))(
  'faults seen through the API, on $name',
  ({ open }) => {
    let portal: TestPortal;
    let db: Knex;
    beforeEach(async () => {
      db = await open();
      portal = await startPortal({ db });
    });
    afterEach(() => portal.stop());

    const rotation = () =>
      portal.plan('orders-images', ORDERS, { kind: 'rotate' });
    const request = (plan: Plan, change: object = {}) =>
      acceptanceOf(plan, { reason: 'A test of faults', ...change });
    const versions = () =>
      portal.azure.state.key('kv-contoso-policy', 'ordersimages').versions
        .length;

    it('F5: a PATCH whose answer was lost is read back, not sent blindly again', async () => {
      portal.azure.faults.add({ method: 'PATCH', reset: 'after' });
      const before = versions();
      const operation = await portal.carryOut(await rotation());
      expect(operation).toMatchObject({ state: 'succeeded' });
      expect(versions()).toBe(before + 1);
      expect(
        portal.writes().filter(write => write.startsWith('PATCH')),
      ).toHaveLength(1);
    });

    it('F6: a rotation that was reset after Azure did it makes no second version', async () => {
      portal.azure.faults.add({
        method: 'POST',
        path: '/keys/ordersimages/rotate',
        reset: 'after',
        skip: 1, // the challenge
      });
      const before = versions();
      const operation = await portal.carryOut(await rotation());
      expect(operation).toMatchObject({ state: 'succeeded' });
      expect(versions()).toBe(before + 1);
    });

    it('F6: a rotation that was reset before Azure did it is made once', async () => {
      portal.azure.faults.add({
        method: 'POST',
        path: '/keys/ordersimages/rotate',
        reset: 'before',
        skip: 1,
      });
      const before = versions();
      const operation = await portal.carryOut(await rotation());
      expect(operation).toMatchObject({ state: 'succeeded' });
      expect(versions()).toBe(before + 1);
    });

    it('F7: a throttled PATCH waits as long as Azure asks, and goes on', async () => {
      portal.azure.faults.add({ method: 'PATCH', retryAfter: '1' });
      const operation = await portal.carryOut(await rotation());
      expect(operation).toMatchObject({ state: 'succeeded' });
    });

    it("F9: an operation of ARM that fails ends ours as failed, with Azure's words", async () => {
      portal.azure.faults.add({ method: 'PATCH', operation: 'fail' });
      const operation = await portal.carryOut(await rotation());
      expect(operation).toMatchObject({
        state: 'failed',
        steps: [{ state: 'done' }, { state: 'failed' }],
      });
      expect(operation.result?.message).toMatch(/Azure refused the change: .+/);
      // What was done before is said, and the registry is where it was.
      expect(operation.result?.message).toContain(
        'Completed before that: Version',
      );
      expect(operation.result?.message).not.toContain('../changes/operations');
      expect(portal.azure.state.registry('ordersimages').versionInUse).not.toBe(
        portal.azure.state.key('kv-contoso-policy', 'ordersimages').latest,
      );
    });

    it.each([
      { kind: 'make-key-version', version: 2, key: 'not a URI' },
      { kind: 'sign-with-key', version: 1 },
    ])(
      'F24: an operation of a newer release with the step %j is shown as it is',
      async spec => {
        const { id } = await portal.carryOut(await rotation());
        await db('operation_steps')
          .where({ operation_id: id, position: 0 })
          .update({ spec: JSON.stringify(spec) });
        const title = `Step ${spec.kind} (v${spec.version}), created by a newer release`;
        const one = await portal.request('GET', `/v1/operations/${id}`);
        expect(one.status).toBe(200);
        expect(one.body.steps[0]).toMatchObject({ kind: spec.kind, title });
        const list = await portal
          .as()
          .operations({ entityRef: 'resource:default/orders-images' });
        expect(list[0].steps[0]).toMatchObject({ title });
      },
    );

    it('F11: a double click is one operation', async () => {
      const plan = await rotation();
      const body = request(plan);
      const [one, two] = await Promise.all([
        portal.as().accept(body),
        portal.as().accept(body),
      ]);
      expect(two.id).toBe(one.id);
      await portal.untilEnded(one.id);
      const again = await portal.as().accept(body);
      expect(again.id).toBe(one.id);
    });

    it('F11: an idempotency key with another request is refused', async () => {
      const plan = await rotation();
      const body = request(plan);
      const { id } = await portal.as().accept(body);
      await portal.untilEnded(id);
      const next = await rotation();
      const { status, body: answer } = await portal.request(
        'POST',
        '/v1/operations',
        { body: request(next, { idempotencyKey: body.idempotencyKey }) },
      );
      expect(status).toBe(409);
      expect(answer.error.code).toBe('IDEMPOTENCY_KEY_REUSED');
    });

    it('F12: when two people accept at once, one wins and the other is shown the winner', async () => {
      const plans = await Promise.all([rotation(), rotation()]);
      const before = versions();
      const answers = await Promise.all(
        plans.map(plan =>
          portal.request('POST', '/v1/operations', { body: request(plan) }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
      const winner = answers.find(({ status }) => status === 202)!.body;
      const loser = answers.find(({ status }) => status === 409)!.body;
      expect(loser.error).toMatchObject({
        code: 'TARGET_BUSY',
        operationId: winner.id,
      });
      await portal.untilEnded(winner.id);
      expect(versions()).toBe(before + 1);
    });

    it('F14: a plan whose key was rotated meanwhile is refused with the difference, and nothing is written', async () => {
      const plan = await rotation();
      await asAdmin(portal.azure).rotateKey(
        'kv-contoso-policy',
        'ordersimages',
      );
      portal.azure.clearRequests();
      const { status, body } = await portal.request('POST', '/v1/operations', {
        body: request(plan),
      });
      expect(status).toBe(409);
      expect(body.error).toMatchObject({
        code: 'PLAN_DRIFTED',
        changes: [{ field: 'check converged', shown: 'pass', now: 'warn' }],
      });
      expect(portal.writes()).toEqual([]);
    });

    it('F18: a vault that may not be read is unknown, never fine', async () => {
      portal.azure.faults.add({
        path: '*/providers/Microsoft.KeyVault/vaults',
        status: 403,
        code: 'AuthorizationFailed',
        message: 'The client may not list vaults',
        times: 0,
      });
      await portal.deleteFacts();
      const [registry] = (
        await portal.as().registriesOf('resource:default/orders-images')
      ).registries;
      expect(registry).toMatchObject({
        state: { id: 'unknown' },
        vault: { known: false, problem: expect.stringMatching(/read|vault/i) },
      });
    });

    it('F8: what was known stays, with its age, when Azure does not answer', async () => {
      await portal.as().registriesOf('resource:default/orders-images');
      portal.azure.faults.add({ status: 503, times: 0 });
      // Facts may be five seconds old for somebody who presses Refresh: make them older.
      await portal.ageFacts(60_000);
      const [registry] = (
        await portal
          .as()
          .registriesOf('resource:default/orders-images', { refresh: true })
      ).registries;
      expect(registry).toMatchObject({
        kind: 'registry',
        state: { id: 'current' },
        freshness: { stale: true, problem: expect.any(String) },
      });
    });

    it('asks Azure nothing for facts that are younger than a minute, however many people ask', async () => {
      await portal.as().registriesOf('resource:default/orders-images');
      portal.azure.clearRequests();
      await Promise.all(
        Array.from({ length: 20 }, () =>
          portal.as().registriesOf('resource:default/orders-images'),
        ),
      );
      expect(portal.azure.requests()).toEqual([]);
    });

    it('asks Azure once or twice for facts that twenty people want at the same time', async () => {
      await portal.deleteFacts();
      portal.azure.clearRequests();
      await Promise.all(
        Array.from({ length: 20 }, () =>
          portal.as().registriesOf('resource:default/orders-images'),
        ),
      );
      const gets = portal.azure
        .requests()
        .filter(({ path }) => /registries\/ordersimages$/i.test(path));
      // A request that finds nothing stored right before the first answer is stored calls Azure once more.
      expect(gets.length).toBeLessThanOrEqual(2);
      expect(gets.length).toBeGreaterThan(0);
    });

    it("uses nobody else's plan, and no plan with another's hash", async () => {
      const plan = await rotation();
      const stolen = await portal.request('POST', '/v1/operations', {
        user: 'mallory',
        body: request(plan),
      });
      expect(stolen.status).toBe(404);
      const other = await rotation();
      const { status, body } = await portal.request('POST', '/v1/operations', {
        body: request(plan, { planHash: other.hash }),
      });
      expect(status).toBe(400);
      expect(body.error.field).toBe('planHash');
      expect(portal.writes()).toEqual([]);
    });
  },
);
