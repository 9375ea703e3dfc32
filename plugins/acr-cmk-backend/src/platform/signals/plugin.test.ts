import { createServiceFactory } from '@backstage/backend-plugin-api';
import {
  type SignalPayload,
  signalsServiceRef,
} from '@backstage/plugin-signals-node';
import {
  acceptanceOf,
  registryId,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';
import { until } from '../../__testUtils__/until';

const ORDERS = registryId('ordersimages');
const ENTITY = 'resource:default/orders-images';

describe('signals of the plugin', () => {
  let portal: TestPortal;
  let sent: SignalPayload[];
  beforeAll(async () => {
    sent = [];
    portal = await startPortal({
      config: { approvals: { revoke: 'required' } },
      features: [
        createServiceFactory({
          service: signalsServiceRef,
          deps: {},
          factory: () => ({
            publish: async signal => void sent.push(signal as SignalPayload),
          }),
        }),
      ],
    });
  });
  afterAll(() => portal.stop());

  const tokenOf = async (entityRef: string) => {
    const { registries } = await portal.as().registriesOf(entityRef);
    const [registry] = registries;
    return registry.kind === 'registry' ? registry.changeToken! : '';
  };
  const untilSignalled = (token: string) =>
    until(
      'the registry has changed',
      () => sent,
      all =>
        all.some(({ message }) => (message.tokens as string[]).includes(token)),
    );

  it('report that a registry is known, once it is judged', async () => {
    expect(await untilSignalled(await tokenOf(ENTITY))).not.toEqual([]);
  });

  it('report an operation that was asked for, and one that was decided about', async () => {
    const token = await tokenOf(ENTITY);
    await untilSignalled(token);
    const plan = await portal.plan('orders-images', ORDERS, { kind: 'revoke' });
    sent = [];
    const { id } = await portal.as().accept(
      acceptanceOf(plan, {
        reason: 'It may have leaked',
        confirmation: 'ordersimages',
      }),
    );
    await untilSignalled(token);
    sent = [];
    await portal.as('priya').reject(id, 'Not this one');
    expect(await untilSignalled(token)).not.toEqual([]);
  });

  it('report an operation that has ended', async () => {
    const token = await tokenOf(ENTITY);
    const plan = await portal.plan('orders-images', ORDERS, { kind: 'rotate' });
    const ended = await portal.carryOut(plan);
    expect(ended.state).toBe('succeeded');
    await untilSignalled(token);
  });

  it('name no registry, and nothing of it', async () => {
    expect(sent.length).toBeGreaterThan(0);
    for (const { recipients, channel, message } of sent) {
      expect({ recipients, channel }).toEqual({
        recipients: { type: 'broadcast' },
        channel: 'acr-cmk:changes',
      });
      expect(Object.keys(message)).toEqual(['tokens']);
      for (const token of message.tokens as string[]) {
        expect(token).toMatch(/^[\w-]{22}$/);
      }
    }
  });
});
