import { randomUUID } from 'node:crypto';
import type { OperationState } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import { insertOperation } from '../../__testUtils__/operationRows';
import { requireRoomToWait } from './requireRoomToWait';

jest.setTimeout(60_000);

const NOW = Date.parse('2026-11-25T12:00:00Z');
const OLIVIA = 'user:default/olivia';

describe.each(testDatabases())('requireRoomToWait on $name', ({ open }) => {
  let db: Knex;
  beforeEach(async () => {
    db = await open();
  });
  afterEach(() => db.destroy());

  const accept = ({
    requestedBy = OLIVIA,
    kind = 'rotate',
    state = 'awaiting-approval' as OperationState,
    createdAt = NOW,
    approval = 'pending' as string | null,
    campaignId = null as string | null,
    expiresAt = NOW + 24 * 60 * 60_000,
  } = {}) =>
    db.transaction(async trx => {
      const id = randomUUID();
      await insertOperation(trx, {
        id,
        requested_by: requestedBy,
        state,
        kind,
        approval,
        campaign_id: campaignId,
        created_at: createdAt,
        approval_expires_at: expiresAt,
      });
      await requireRoomToWait(trx, {
        id,
        requestedBy,
        kind,
        now: NOW,
        waitingRequests: 2,
      });
    });
  const refused = {
    code: 'LIMIT_REACHED',
    limit: 'waitingRequests',
    message: expect.stringContaining('wait for approval'),
  };

  it('lets two requests of a person wait, however many are accepted at once', async () => {
    await accept({ state: 'running' });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, () => accept()),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual([
      ...Array(2).fill('fulfilled'),
      ...Array(4).fill('rejected'),
    ]);
    expect(
      await db('operations').where({ state: 'awaiting-approval' }),
    ).toHaveLength(2);
    await expect(accept()).rejects.toMatchObject(refused);
    await accept({ requestedBy: 'user:default/peter' });
  });

  it('counts no operation of a campaign', async () => {
    const cancelled = { state: 'cancelled', campaignId: 'campaign' } as const;
    await accept(cancelled);
    await accept(cancelled);
    await accept();
    await accept();
    await expect(accept()).rejects.toMatchObject(refused);
  });

  it('counts revokes apart', async () => {
    await accept();
    await accept();
    await accept({ kind: 'revoke' });
    await accept({ kind: 'revoke' });
    await expect(accept({ kind: 'revoke' })).rejects.toMatchObject(refused);
  });

  it('counts a request that its requester cancelled for an hour, since it was announced', async () => {
    const cancelled = { state: 'cancelled' } as const;
    await accept({ ...cancelled, createdAt: NOW - 60 * 60_000 });
    await accept({ ...cancelled, createdAt: NOW - 60 * 60_000 });
    // It was never announced.
    await accept({ ...cancelled, approval: null });
    await accept(cancelled);
    await accept(cancelled);
    await expect(accept()).rejects.toMatchObject(refused);
  });

  it('says when there is room: when the first stops counting, by itself or by a decision', async () => {
    await accept({ expiresAt: NOW + 2 * 60 * 60_000 });
    await accept({ state: 'cancelled', createdAt: NOW - 20 * 60_000 });
    // Of a short time to decide, its own end does not count.
    await expect(accept({ expiresAt: NOW + 60_000 })).rejects.toMatchObject({
      ...refused,
      retryAfterSeconds: 40 * 60,
      message: expect.stringMatching(
        /Have one of them decided, or try again after 25 Nov 2026, 12:40 UTC$/,
      ),
    });
  });
});
