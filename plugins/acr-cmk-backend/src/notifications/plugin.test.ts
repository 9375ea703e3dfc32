import { createServiceFactory } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import {
  notificationService,
  type NotificationSendOptions,
} from '@backstage/plugin-notifications-node';
import { openSqlite } from '../__testUtils__/databases';
import {
  acceptanceOf,
  registryId,
  startPortal,
  type TestPortal,
} from '../__testUtils__/portal';
import { until } from '../__testUtils__/until';

const ORDERS = registryId('ordersimages');

/** Requests a revoke that waits for approval. */
async function askForRevoke(portal: TestPortal): Promise<void> {
  const plan = await portal.plan('orders-images', ORDERS, { kind: 'revoke' });
  await portal.as().accept(
    acceptanceOf(plan, {
      reason: 'It may have leaked',
      confirmation: 'ordersimages',
    }),
  );
}

const config = {
  approvals: { revoke: 'required' },
  approvers: [
    {
      permissions: ['acr-cmk.operation.approve'],
      groups: ['group:default/platform-team'],
    },
  ],
  notifications: { enabled: true },
};

describe('notifications of the plugin', () => {
  let portal: TestPortal | undefined;
  afterEach(() => portal?.stop());

  it('go to Backstage at once when approval is wanted', async () => {
    const sent: NotificationSendOptions[] = [];
    portal = await startPortal({
      config,
      features: [
        createServiceFactory({
          service: notificationService,
          deps: {},
          factory: () => ({ send: async options => void sent.push(options) }),
        }),
      ],
    });
    await askForRevoke(portal);
    await until(
      'it was sent',
      () => sent,
      ({ length }) => length > 0,
    );
    expect(sent).toEqual([
      {
        recipients: {
          type: 'entity',
          entityRef: 'group:default/platform-team',
          excludeEntityRef: 'user:default/olivia',
        },
        payload: expect.objectContaining({
          title: expect.stringMatching(/^Approval wanted: /),
          topic: 'approvals',
          scope: expect.stringMatching(/^approval:/),
        }),
      },
    ]);
  });

  it('change nothing in a portal without the notifications plugin, except for one line in the log', async () => {
    const logger = mockServices.logger.mock();
    logger.child.mockReturnValue(logger);
    const db = await openSqlite();
    portal = await startPortal({ db, config, features: [logger.factory] });
    await askForRevoke(portal);
    await until(
      'it was tried',
      () => db('notification_messages').pluck('problem'),
      ([problem]) => problem !== null && problem !== undefined,
    );
    const lines = logger.warn.mock.calls.filter(([line]) =>
      /Notifications cannot be sent/.test(line),
    );
    expect(lines).toEqual([
      [expect.stringContaining('Install the notifications plugin')],
    ]);
    const { registries } = await portal
      .as()
      .registriesOf('resource:default/orders-images');
    expect(registries).toHaveLength(1);
  });

  it('are off unless they are switched on', async () => {
    const db = await openSqlite();
    portal = await startPortal({
      db,
      config: { approvals: { revoke: 'required' } },
    });
    await askForRevoke(portal);
    expect(await db('notification_messages')).toEqual([]);
    expect(
      await db('sync_state').where('name', 'like', 'notifications-%'),
    ).toEqual([]);
  });
});
