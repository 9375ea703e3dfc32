import type { Plan } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { testDatabases } from '../__testUtils__/databases';
import { DatabaseClock } from '../platform/database/clock';
import {
  storesOn,
  idOf,
  operationOn,
  type Stores,
  closeIntact,
  end,
} from './__testUtils__/operationStores';

// The first test waits for PostgreSQL to start.
jest.setTimeout(30_000);

describe.each(testDatabases())(
  'targets that are kept for a revoke, on $name',
  ({ open }) => {
    let db: Knex;
    let stores: Stores;
    beforeEach(async () => {
      db = await open();
      stores = storesOn(db);
    });
    afterEach(() => closeIntact(db));

    describe('a target that is kept for a revoke', () => {
      const [KEY_LOCK, REGISTRY_LOCK] = [
        'key:of-registry',
        idOf('registry').key,
      ];
      const locks = [REGISTRY_LOCK, KEY_LOCK];
      const MINUTE = 60_000;
      const of = (kind: string) =>
        operationOn(db, 'registry', {}, { intent: { kind } as Plan['intent'] });
      const forApproval = {
        approvalExpiresAfterMs: 60 * MINUTE,
        needs: [{ permission: 'acr-cmk.operation.approve', because: 'a test' }],
      };

      it('lets nothing else begin while its request waits for approval, for a while', async () => {
        let offset = 0;
        const inner = new DatabaseClock(db);
        stores = storesOn(db, {
          now: async trx => (await inner.now(trx)) + offset,
        });
        const request = await operationOn(db, 'registry', forApproval, {
          intent: { kind: 'revoke' },
        });
        await stores.acceptances.accept(request);
        await expect(
          stores.acceptances.accept(await of('rotate')),
        ).rejects.toMatchObject({
          code: 'TARGET_BUSY',
          operationId: undefined,
          message: expect.stringMatching(
            /^A revoke that concerns .* was requested, and goes first\. Try again after /,
          ),
        });
        offset = 16 * MINUTE;
        await stores.acceptances.accept(await of('rotate'));
      });

      it('is free for a restore, and for a revoke, which ends it', async () => {
        await stores.acceptances.keepForRevoke({
          registryKey: REGISTRY_LOCK,
          requestedBy: 'user:default/tester',
          locks,
          needs: [],
        });
        const restore = await stores.acceptances.accept(await of('restore'));
        await end(stores, restore.id);
        const { id } = await stores.acceptances.accept(await of('revoke'));
        await end(stores, id);
        expect(
          await stores.acceptances.accept(await of('rotate')),
        ).toMatchObject({ state: 'queued' });
      });

      it('stays kept for one person when the revoke of another is cancelled, or begins', async () => {
        const claim = {
          registryKey: REGISTRY_LOCK,
          requestedBy: 'user:default/first',
          locks,
          needs: [],
        };
        const kept = () => stores.operations.keptForRevoke('rotate', locks);
        const intent = { kind: 'revoke' } as Plan['intent'];
        const waiting = await stores.acceptances.accept(
          await operationOn(db, 'registry', forApproval, { intent }),
        );
        await stores.acceptances.keepForRevoke(claim);
        await stores.approvals.cancel(waiting.id, {
          actor: 'user:default/tester',
          reason: 'A test',
        });
        expect(await kept()).toBeDefined();
        await end(
          stores,
          (await stores.acceptances.accept(await of('revoke'))).id,
        );
        expect(await kept()).toBeDefined();
        const own = { ...forApproval, requestedBy: claim.requestedBy };
        const { id } = await stores.acceptances.accept(
          await operationOn(db, 'registry', own, { intent }),
        );
        await stores.approvals.cancel(id, {
          actor: claim.requestedBy,
          reason: 'A test',
        });
        expect(await kept()).toBeUndefined();
      });

      it('is only its own registry where others have to agree', async () => {
        await stores.acceptances.keepForRevoke({
          registryKey: REGISTRY_LOCK,
          requestedBy: 'user:default/tester',
          locks,
          needs: [{ permission: 'acr-cmk.key.revoke' }],
        });
        expect(
          await stores.operations.keptForRevoke('rotate', [KEY_LOCK]),
        ).toBeUndefined();
        expect(
          await stores.operations.keptForRevoke('rotate', [REGISTRY_LOCK]),
        ).toMatchObject({ target: REGISTRY_LOCK });
      });

      it('is kept when a request that was approved no longer fits, not when a person rejects it', async () => {
        for (const [code, kept] of [
          ['PLAN_DRIFTED', true],
          [undefined, false],
        ] as const) {
          const request = await operationOn(db, 'registry', forApproval, {
            intent: { kind: 'revoke' },
          });
          const { id } = await stores.acceptances.accept(request);
          if (kept) await db('revoke_claims').delete();
          await stores.approvals.reject(id, {
            actor: 'user:default/second',
            reason: 'A test',
            code,
            message: 'A test',
          });
          expect(
            (await stores.operations.keptForRevoke('rotate', locks)) !==
              undefined,
          ).toBe(kept);
        }
      });
    });
  },
);
