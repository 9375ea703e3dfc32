import type { Operation } from 'backstage-plugin-acr-cmk-common';
import {
  acceptanceOf,
  registryId,
  startPortal,
  type TestPortal,
} from '../../__testUtils__/portal';

const ORDERS = registryId('ordersimages');

describe('what waits for approval', () => {
  let portal: TestPortal;
  let operation: Operation;
  beforeAll(async () => {
    portal = await startPortal({
      config: {
        approvals: {
          revoke: 'required',
          rotate: 'required',
        },
      },
    });
    const plan = await portal.plan('orders-images', ORDERS, { kind: 'revoke' });
    operation = await portal.as().accept(
      acceptanceOf(plan, {
        reason: 'It may have leaked',
        confirmation: 'ordersimages',
      }),
    );
  });
  afterAll(() => portal.stop());
  beforeEach(() => portal.decide(() => true));

  const waitingOf = (user: string) => portal.as(user).fleet.waiting();

  it('is shown to somebody else who may approve it, with what takes a decision', async () => {
    const { items, complete, decided } = await waitingOf('priya');
    expect([complete, decided]).toEqual([true, []]);
    expect(items).toEqual([
      {
        id: operation.id,
        planHash: operation.plan.hash,
        kind: 'revoke',
        summary: operation.plan.summary,
        registryId: ORDERS,
        registryName: 'ordersimages',
        entityRef: 'resource:default/orders-images',
        requestedBy: 'user:default/olivia',
        reason: 'It may have leaked',
        createdAt: operation.createdAt,
        expiresAt: operation.approval?.expiresAt,
        consumers: operation.plan.consumers.length,
        needs: [
          'this portal requires a second person (acrCmk.approvals.revoke)',
        ],
      },
    ]);
  });

  it('is not shown to the one who asked for it', async () => {
    expect((await waitingOf('olivia')).items).toEqual([]);
  });

  it('is not shown to those who may not approve it, even if they may see it', async () => {
    portal.forbid('acr-cmk.operation.approve');
    expect((await waitingOf('priya')).items).toEqual([]);
  });

  it('needs no permission to see the fleet', async () => {
    portal.decide(permission => permission === 'acr-cmk.operation.approve');
    expect((await waitingOf('priya')).items).toHaveLength(1);
  });

  it('is exactly what each may approve by its own operation', async () => {
    for (const user of ['olivia', 'priya', 'paul']) {
      const { actions } = await portal.as(user).operation(operation.id);
      const may = actions.some(
        ({ action, allowed }) => action === 'approve' && allowed,
      );
      expect((await waitingOf(user)).items).toHaveLength(may ? 1 : 0);
    }
  });

  it('is over when it was decided about', async () => {
    await portal.as('paul').reject(operation.id, 'Not this one');
    expect((await waitingOf('priya')).items).toEqual([]);
  });

  it('tells the one who decided, and nobody else, what became of it', async () => {
    const { endedAt, approval } = await portal
      .as('paul')
      .operation(operation.id);
    expect(approval).toMatchObject({ state: 'rejected', byCaller: 'rejected' });
    expect((await waitingOf('paul')).decided).toEqual([
      {
        id: operation.id,
        kind: 'revoke',
        registryId: ORDERS,
        registryName: 'ordersimages',
        entityRef: 'resource:default/orders-images',
        decision: 'rejected',
        decidedAt: approval?.at,
        state: 'rejected',
        endedAt,
        message:
          'Rejected by user:default/paul: Not this one. Nothing was written',
      },
    ]);
    for (const user of ['olivia', 'priya']) {
      expect((await waitingOf(user)).decided).toEqual([]);
      const seen = await portal.as(user).operation(operation.id);
      expect(seen.approval?.byCaller).toBeUndefined();
    }
  });

  it('has one name while it waits, when it was decided about and in the fleet', async () => {
    const plan = await portal.plan('orders-images', ORDERS, {
      kind: 'rotate',
      key: { kind: 'current', mode: 'automatic' },
    });
    const { id } = await portal
      .as()
      .accept(acceptanceOf(plan, { reason: 'Follow new versions' }));
    const kinds = async (user: string) => {
      const { items, decided } = await waitingOf(user);
      return [...items, ...decided]
        .filter(one => one.id === id)
        .map(({ kind }) => kind);
    };
    expect(await kinds('priya')).toEqual(['change-mode']);
    await portal.as('paul').reject(id, 'Not today');
    expect(await kinds('paul')).toEqual(['change-mode']);
    const { items } = await portal
      .as('priya')
      .fleet.registries({ search: 'ordersimages' });
    expect(items.map(({ lastOperation }) => lastOperation?.kind)).toEqual([
      'change-mode',
    ]);
  });
});
