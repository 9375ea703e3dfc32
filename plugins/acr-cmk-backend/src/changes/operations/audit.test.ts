import { mockServices } from '@backstage/backend-test-utils';
import {
  messageOf,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';
import { ORDERS } from './__testUtils__/orders';

describe('the record of who did what', () => {
  let portal: TestPortal;
  afterEach(() => portal.stop());

  it('is refused without its permission', async () => {
    portal = await startPortal();
    portal.forbid('acr-cmk.audit.read');
    expect(await messageOf(portal.as().audit())).toContain(
      'acr-cmk.audit.read',
    );
  });

  it("Backstage's auditor gets the end of an operation, with the person and without a request", async () => {
    const outcomes: string[] = [];
    const events: unknown[] = [];
    let received: (event: unknown) => void;
    const ended = new Promise(resolve => {
      received = resolve;
    });
    const auditor = mockServices.auditor.mock();
    auditor.createEvent.mockImplementation(async event => {
      events.push(event);
      const end = (outcome: string) => async () => {
        outcomes.push(`${event.eventId} ${outcome}`);
        if (event.eventId === 'operation-ended') received(event);
      };
      return { success: end('success'), fail: end('fail') };
    });
    portal = await startPortal({ features: [auditor.factory] });
    const { id } = await portal.carryOut(
      await portal.plan('orders-images', ORDERS, { kind: 'rotate' }),
    );
    expect(await ended).toEqual({
      eventId: 'operation-ended',
      severityLevel: 'medium',
      meta: {
        actor: 'user:default/olivia',
        operationId: id,
        intent: 'rotate',
        registryId: ORDERS,
        state: 'succeeded',
      },
    });
    expect(events).toContainEqual(
      expect.objectContaining({
        eventId: 'operation-accept',
        request: expect.anything(),
        meta: expect.objectContaining({ actor: 'user:default/olivia' }),
      }),
    );
    expect(outcomes).toEqual([
      'plan success',
      'operation-accept success',
      'operation-ended success',
    ]);
  });
});
