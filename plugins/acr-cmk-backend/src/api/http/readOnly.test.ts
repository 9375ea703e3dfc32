/** A portal whose only credential is `read`, with every route and action called by everybody. */
import {
  type Intent,
  type Plan,
  openApiDocument,
} from 'backstage-plugin-acr-cmk-common';
import { startEmulator } from 'azure-emulator';
import {
  acceptanceOf,
  registryId,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';

const ENTITY = 'resource:default/orders-images';
const ORDERS = registryId('ordersimages');
const PEOPLE = ['olivia', 'priya', 'daniel', 'vera'];

/** One intent of each kind that can be asked for without an earlier operation. */
const INTENTS: Intent[] = [
  { kind: 'rotate' },
  ...openApiDocument.components.schemas.RevokeMethodId.enum.map(
    method => ({ kind: 'revoke', method }) as Intent,
  ),
  { kind: 'automatic-rotation', rotation: { kind: 'off' } },
  { kind: 'retire', version: 'a'.repeat(32) },
];

/** A value for each parameter of a path. */
const VALUES: Record<string, string> = {
  kind: 'resource',
  namespace: 'default',
  name: 'orders-images',
  id: '00000000-0000-4000-8000-000000000000',
  vault: 'kv-contoso-policy',
  key: 'ordersimages',
  subscription: '11111111-2222-4333-8444-555555555555',
  resourceGroup: 'rg-shop',
  position: '1',
  stage: '1',
};

describe('a portal with the read credential alone', () => {
  let portal: TestPortal;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const azure = await startEmulator({
      world: 'demo',
      operationSeconds: 0,
      rolePropagationSeconds: 0,
    });
    close = () => azure.close();
    const { tenantId, principals } = azure.ready;
    portal = await startPortal({
      azure,
      config: {
        // Its holder may do everything in Azure.
        azure: { credentials: { read: { tenantId, ...principals.admin } } },
        operations: { retire: true, deleteKey: true },
      },
    });
  });
  afterAll(async () => {
    await portal.stop();
    await close();
  });

  it('refuses every plan, and names the credential that is missing', async () => {
    for (const user of PEOPLE) {
      for (const intent of INTENTS) {
        const { status, body } = await portal.request('POST', '/v1/plans', {
          user,
          body: { entityRef: ENTITY, registryId: ORDERS, intent },
        });
        if (status !== 201) continue;
        const plan: Plan = body;
        expect([intent, plan.blocked]).toEqual([intent, true]);
        const accepted = await portal.request('POST', '/v1/operations', {
          user,
          body: acceptanceOf(plan, {
            reason: 'A test of a portal that only reads',
            confirmation: 'ordersimages',
          }),
        });
        expect(accepted.status).toBeGreaterThanOrEqual(400);
      }
    }
    const { body } = await portal.request('POST', '/v1/plans', {
      body: { entityRef: ENTITY, registryId: ORDERS, intent: INTENTS[0] },
    });
    expect(JSON.stringify(body)).toContain('acrCmk.azure.credentials.rotate');
    expect(portal.writes()).toEqual([]);
  });

  it('writes nothing on any route', async () => {
    const routes = Object.entries(openApiDocument.paths).flatMap(
      ([path, methods]) =>
        Object.keys(methods)
          .filter(method => /^(get|post|put|patch|delete)$/.test(method))
          .map(method => [method.toUpperCase(), path]),
    );
    expect(routes.length).toBeGreaterThan(40);
    const body = {
      entityRef: ENTITY,
      registryId: ORDERS,
      intent: { kind: 'rotate' },
      reason: 'A test of a portal that only reads',
      planId: VALUES.id,
      planHash: 'a'.repeat(64),
    };
    for (const user of PEOPLE) {
      for (const [method, path] of routes) {
        // A stream of events does not end.
        if (path.endsWith('/events')) continue;
        await portal
          .request(
            method,
            path.replace(/\{(\w+)\}/g, (_, name) => VALUES[name] ?? 'x'),
            { user, ...(method === 'GET' ? {} : { body }) },
          )
          // An answer that is no JSON, such as a list as CSV.
          .catch(error => {
            if (!(error instanceof SyntaxError)) throw error;
          });
      }
    }
    expect(portal.writes()).toEqual([]);
  });

  it('writes nothing by any action', async () => {
    const actions = '/.backstage/actions';
    for (const user of PEOPLE) {
      const { body } = await portal.request('GET', `${actions}/v1/actions`, {
        user,
      });
      expect(body.actions.length).toBeGreaterThan(5);
      for (const { id } of body.actions) {
        for (const input of [
          { entityRef: ENTITY, registryId: ORDERS, intent: INTENTS[0] },
          {
            planId: VALUES.id,
            planHash: 'a'.repeat(64),
            reason: 'A test of a portal that only reads',
          },
        ]) {
          await portal.request('POST', `${actions}/v2/actions/${id}/invoke`, {
            user,
            body: { input },
          });
        }
      }
    }
    expect(portal.writes()).toEqual([]);
  });
});
