import { hostname } from 'node:os';
import { ConfigReader } from '@backstage/config';
import type { Knex } from 'knex';
import { testDatabases } from '../../__testUtils__/databases';
import { Backends, readConfig } from '.';

const GUID = '11111111-2222-4333-8444-555555555555';
const SECRET = 'not-for-any-row';
const NOW = 1_800_000_000_000;
const HOST = hostname();

describe.each(testDatabases({ fast: 'SQLite' }))(
  'the backends of a database, on $name',
  ({ open }) => {
    let db: Knex;
    let now: number;
    let errors: string[];
    let infos: string[];
    beforeEach(async () => {
      db = await open();
      now = NOW;
      errors = [];
      infos = [];
    });
    afterEach(() => db.destroy());

    const start = async (acrCmk: object = {}) => {
      const backends = new Backends({
        db,
        clock: { now: async () => now },
        config: readConfig(new ConfigReader({ acrCmk } as never)),
        logger: {
          error: message => errors.push(String(message)),
          info: message => infos.push(message),
        },
      });
      await backends.announce();
      return backends;
    };
    const required = { approvals: { revoke: 'required' } };

    it('say nothing of equal settings', async () => {
      await start(required);
      expect(await (await start(required)).differences()).toEqual([]);
      expect(errors).toEqual([]);
    });

    it('log which settings differ once, and that they differ no more', async () => {
      const lax = await start();
      const strict = await start(required);
      await strict.announce();
      expect(errors).toEqual([
        expect.stringContaining(
          `different settings: acrCmk.approvals.revoke is none (${HOST}) and required (${HOST}). Give them the same app-config`,
        ),
      ]);
      await lax.leave();
      await strict.announce();
      expect(infos).toEqual([expect.stringContaining('the same settings')]);
    });

    it('compare approvals, shared keys, scopes, vaults and credentials, and store no secret', async () => {
      await start();
      const app = { tenantId: GUID, clientId: GUID, clientSecret: SECRET };
      const other = await start({
        scopes: [`/subscriptions/${GUID}`],
        vaults: ['kv-shop'],
        approvals: { restore: 'required', sharedKeys: 'refuse' },
        azure: { credentials: { read: app, rotate: app } },
      });
      const differing = await other.differences();
      expect(differing.map(text => text.split(' ')[0])).toEqual([
        'acrCmk.approvals.restore',
        'acrCmk.approvals.sharedKeys',
        'acrCmk.azure.credentials.read',
        'acrCmk.azure.credentials.rotate',
        'acrCmk.scopes',
        'acrCmk.vaults',
      ]);
      const rows = await db('sync_state').pluck('value');
      expect(rows.join()).not.toContain(SECRET);
    });

    it('apply the stricter approval of each, until the stricter one ends', async () => {
      const lax = await start({ approvals: { rotate: 'required' } });
      const strict = await start({
        approvals: { revoke: 'required', sharedKeys: 'refuse' },
      });
      for (const each of [lax, strict]) {
        expect(await each.strictestApprovals()).toEqual({
          approvals: new Set(['rotate', 'revoke']),
          sharedKeys: 'refuse',
        });
      }
      await strict.leave();
      await strict.announce();
      expect(await lax.strictestApprovals()).toEqual({
        approvals: new Set(['rotate']),
        sharedKeys: 'ask',
      });
    });

    it('forget one that was killed, after three minutes without an announcement', async () => {
      const lax = await start();
      await start(required);
      now += 3 * 60_000;
      await lax.announce();
      expect((await lax.strictestApprovals()).approvals.size).toBe(1);
      now += 1;
      expect((await lax.strictestApprovals()).approvals.size).toBe(0);
      await lax.announce();
      expect(
        await db('sync_state').where('name', 'like', 'backend:%'),
      ).toHaveLength(1);
    });
  },
);
