import type { Plan } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { testDatabases } from '../__testUtils__/databases';
import type { Effect } from '../domain/effects';
import type { NewOperation } from './AcceptanceStore';
import {
  storesOn,
  idOf,
  operationOn,
  type Stores,
  closeIntact,
} from './__testUtils__/operationStores';

// The first test waits for PostgreSQL to start.
jest.setTimeout(30_000);

describe.each(testDatabases())(
  'revokes whose target is taken, on $name',
  ({ open }) => {
    let db: Knex;
    let stores: Stores;
    beforeEach(async () => {
      db = await open();
      stores = storesOn(db);
    });
    afterEach(() => closeIntact(db));

    describe('a revoke whose target another operation has not begun to change', () => {
      const revoke = { intent: { kind: 'revoke' } } as const;
      const inWaitingPeriod = { waitingSeconds: 600 };
      const forApproval = { approvalExpiresAfterMs: 60_000 };

      it.each<[how: string, Partial<NewOperation>, Partial<Plan>]>([
        ['in its waiting period', {}, inWaitingPeriod],
        ['that waits for approval', forApproval, {}],
      ])(
        'cancels a rotation %s, which then says so',
        async (_how, ...first) => {
          const { id } = await stores.acceptances.accept(
            await operationOn(db, 'registry', ...first),
          );
          const { id: revokeId } = await stores.acceptances.accept(
            await operationOn(db, 'registry', {}, revoke),
          );
          expect(await stores.operations.get(id)).toMatchObject({
            state: 'cancelled',
            result: {
              code: 'TARGET_BUSY',
              message: expect.stringContaining(revokeId),
            },
          });
          expect(await db('operation_locks').pluck('operation_id')).toEqual([
            revokeId,
            revokeId,
          ]);
        },
      );

      it('leaves a revoke that waits for approval as it is: that takes something away as well', async () => {
        const { id } = await stores.acceptances.accept(
          await operationOn(db, 'registry', forApproval, revoke),
        );
        await stores.acceptances.accept(
          await operationOn(db, 'registry', {}, revoke),
        );
        expect(await stores.operations.get(id)).toMatchObject({
          state: 'awaiting-approval',
        });
      });

      it('is refused because of a revoke in its waiting period', async () => {
        const { id } = await stores.acceptances.accept(
          await operationOn(
            db,
            'registry',
            {},
            { ...revoke, ...inWaitingPeriod },
          ),
        );
        await expect(
          stores.acceptances.accept(
            await operationOn(db, 'registry', {}, revoke),
          ),
        ).rejects.toMatchObject({ code: 'TARGET_BUSY', operationId: id });
        expect(await stores.operations.get(id)).toMatchObject({
          state: 'waiting',
        });
      });
    });

    describe('a revoke whose target another operation works on', () => {
      const revoke = { intent: { kind: 'revoke' } } as const;
      /** A rotation that has begun and waits, with nothing sent and no worker. */
      async function waitingRotation(fields: object = {}, ofStep: object = {}) {
        const { id } = await stores.acceptances.accept(
          await operationOn(db, 'registry'),
        );
        await db('operations')
          .where({ id })
          .update({ state: 'waiting', started_at: 1, ...fields });
        await db('operation_steps')
          .where({ operation_id: id })
          .update({
            state: 'waiting',
            spec: JSON.stringify({
              kind: 'make-key-version',
              version: 1,
              key: 'https://kv-test.vault.azure.net/keys/k',
            }),
            ...ofStep,
          });
        return id;
      }
      const acceptRevoke = async (change: Partial<NewOperation> = {}) =>
        stores.acceptances.accept(
          await operationOn(db, 'registry', change, revoke),
        );

      it('ends it where it only waits and has sent nothing', async () => {
        const id = await waitingRotation();
        const { id: revokeId } = await acceptRevoke();
        expect(await stores.operations.get(id)).toMatchObject({
          state: 'failed',
          dueAt: undefined,
          result: {
            code: 'TARGET_BUSY',
            message: expect.stringContaining(
              `operation ${revokeId}, a revoke, went first`,
            ),
          },
          steps: [{ state: 'failed' }],
        });
        expect(await stores.leases.claim('worker')).toMatchObject({
          operationId: revokeId,
        });
        expect(await stores.leases.claim('worker')).toBeUndefined();
      });

      it.each<[what: string, fields: object]>([
        ['still queued', { waiting_for: null }],
        ['waiting to be tried again', { state: 'waiting', due_at: 2 ** 42 }],
        ['left by a lost worker', { lease_owner: 'lost', lease_until: 1 }],
      ])('ends it where nobody has begun it: %s', async (_what, fields) => {
        const { id } = await stores.acceptances.accept(
          await operationOn(db, 'registry'),
        );
        await db('operations').where({ id }).update(fields);
        const { id: revokeId } = await acceptRevoke();
        expect(await stores.operations.get(id)).toMatchObject({
          state: 'cancelled',
          result: { code: 'TARGET_BUSY' },
        });
        expect(await stores.leases.claim('worker')).toMatchObject({
          operationId: revokeId,
        });
        expect(await stores.leases.claim('worker')).toBeUndefined();
      });

      it('is refused while a worker has just taken it', async () => {
        const { id } = await stores.acceptances.accept(
          await operationOn(db, 'registry'),
        );
        expect(await stores.leases.claim('worker')).toBeDefined();
        await expect(acceptRevoke()).rejects.toMatchObject({ operationId: id });
      });

      it.each<[why: string, fields: object, ofStep: object]>([
        ['a worker has it', { lease_until: Date.now() + 60_000 }, {}],
        [
          'a write of a lost worker may still arrive',
          { settles_at: Date.now() + 60_000 },
          {},
        ],
        ['the effect of its write is not seen', {}, { attempts: 1 }],
      ])('is refused while %s', async (_why, fields, ofStep) => {
        const id = await waitingRotation(fields, ofStep);
        await expect(acceptRevoke()).rejects.toMatchObject({
          code: 'TARGET_BUSY',
          operationId: id,
        });
        expect(await stores.operations.get(id)).toMatchObject({
          state: 'waiting',
        });
      });
    });

    describe('a revoke while Azure hangs at a write that another operation has sent', () => {
      const registryId = idOf('registry');
      const key = 'kv-test/k';
      const keyUri = 'https://kv-test.vault.azure.net/keys/k';
      const changed: Effect = {
        kind: 'registry-changed',
        registryId: registryId.key,
        key,
      };
      const LOSS: Effect = {
        kind: 'registry-loses-key',
        registryId: registryId.key,
        key,
      };
      const byAccess: Effect[] = [
        { kind: 'access-removed', scope: '/vault', to: 'identity' },
        LOSS,
      ];
      const byVersion: Effect[] = [
        {
          kind: 'key-changed',
          key,
          change: 'version-disabled',
          version: '0'.repeat(32),
          usedBy: [registryId.key],
        },
        LOSS,
      ];
      const pointing = {
        kind: 'point-registry-at-key',
        version: 1,
        registryId: registryId.toString(),
        key: keyUri,
        mode: 'automatic',
        use: '0'.repeat(32),
        identity: 'system',
      };
      const making = { kind: 'make-key-version', version: 1, key: keyUri };

      /** A rotation whose step was sent, without an end. */
      async function hanging(spec: object, effects: Effect[]) {
        const { id } = await stores.acceptances.accept(
          await operationOn(db, 'registry', { effects }),
        );
        await db('operations')
          .where({ id })
          .update({ state: 'waiting', started_at: 1, attempts: 1 });
        await db('operation_steps')
          .where({ operation_id: id })
          .update({
            state: 'waiting',
            attempts: 1,
            spec: JSON.stringify(spec),
          });
        return id;
      }
      const acceptRevoke = async (effects: Effect[]) =>
        stores.acceptances.accept(
          await operationOn(
            db,
            'registry',
            { effects },
            { intent: { kind: 'revoke' } },
          ),
        );

      it('goes first where the write has the registry use the key that it loses, and says that the write may still arrive', async () => {
        const id = await hanging(pointing, [changed]);
        const { id: revokeId } = await acceptRevoke(byAccess);
        expect(await stores.operations.get(id)).toMatchObject({
          state: 'failed',
          result: {
            code: 'TARGET_BUSY',
            message: expect.stringMatching(
              /Send the key k without a version to registry.*, and Azure may still carry out the last write, because operation .*, a revoke, went first/,
            ),
          },
          steps: [{ state: 'failed', attempts: 1 }],
        });
        expect(await db('operation_locks').distinct('operation_id')).toEqual([
          { operation_id: revokeId },
        ]);
      });

      it.each<[why: string, spec: object, effects: Effect[], revoke: Effect[]]>(
        [
          [
            'may have the registry use another version than the revoke disables',
            pointing,
            [changed],
            byVersion,
          ],
          [
            'may give the registry another key',
            pointing,
            [
              changed,
              {
                kind: 'registry-begins-to-use-key',
                registryId: registryId.key,
                key: 'kv-test/other',
                usedBy: [],
              },
            ],
            byAccess,
          ],
          [
            'may give it another identity',
            pointing,
            [
              changed,
              {
                kind: 'registry-reached-by-identity',
                registryId: registryId.key,
                identity: 'system',
              },
            ],
            byAccess,
          ],
          ['may make a version', making, [changed], byAccess],
          ['has effects that are not known', pointing, [], byAccess],
        ],
      )('waits for a write that %s', async (_why, spec, effects, revoke) => {
        const id = await hanging(spec, effects);
        await expect(acceptRevoke(revoke)).rejects.toMatchObject({
          code: 'TARGET_BUSY',
          operationId: id,
        });
      });
    });
  },
);
