import type { Knex } from 'knex';
import { testDatabases } from '../__testUtils__/databases';
import { ahead, NOW } from '../__testUtils__/encryptedRegistries';
import { insertOperation } from '../__testUtils__/operationRows';
import type { OperationRow } from '../platform/database/tables';
import {
  type Given,
  idOf,
  keep,
  Killer,
  listed,
  MINUTE_MS,
  PAYMENTS,
  PLATFORM,
  PortalNotifications,
  ProcessDied,
  SHOP,
  startNotifier,
} from './__testUtils__/notifierWorld';

jest.setTimeout(60_000);

const HEALTHY: Given = { name: 'shopimages', owner: SHOP };

const CAUSES: readonly [string, Partial<Given>, string, string][] = [
  [
    'a deleted key',
    { key: 'deleted' },
    '1 registry: the key, or its version in use, is deleted or disabled',
    'The key key was deleted on 25 Nov 2026, recoverable until 23 Feb 2027. Restore recovers the key.',
  ],
  [
    'a disabled version in use',
    { key: 'disabled' },
    '1 registry: the key, or its version in use, is deleted or disabled',
    'Version aaaaaaaa…, which the registry uses, is disabled. Restore enables the version again.',
  ],
  [
    'an expired version in use',
    { expires: ahead({ days: -1 }) },
    '1 registry: the key version in use has expired',
    'Version aaaaaaaa… expired on 24 Nov 2026: the vault unwraps, but no longer wraps. Rotate to a new version.',
  ],
  [
    'removed access',
    { noAccess: true },
    '1 registry: no access of the encryption identity to the key is known',
    'Restore, or give the object id 77777777-0000-4000-8000-000000000000 the key permissions get, wrapKey and unwrapKey in the vault kv-shopimages.',
  ],
  [
    'a detached identity',
    { detached: true },
    '1 registry: the encryption identity is not attached',
    'Attach the identity to the registry again',
  ],
  [
    'a closed vault',
    { firewall: 'closed' },
    '1 registry: a firewall keeps the registry from its key',
    'Allow trusted Microsoft services to bypass',
  ],
];

describe.each(testDatabases())('lost access, on $name', database => {
  let db: Knex;
  let now: number;
  let portal: PortalNotifications;
  let log: string[];
  beforeEach(async () => {
    db = await database.open();
    now = NOW;
    log = [];
    portal = new PortalNotifications();
    await listed(db, now);
  });
  afterEach(() => db.destroy());

  const turn = () => startNotifier({ db, portal, now: () => now, log }).turn();

  /** A minute passes, the inventory sees these registries, and notifications are sent. */
  async function seen(...registries: readonly Given[]): Promise<void> {
    now += MINUTE_MS;
    await keep(db, registries, now);
    await turn();
  }

  const titles = (recipient: string) =>
    portal.to(recipient).map(({ topic, title }) => [topic, title]);
  const BACK = ['access-back', 'shopimages can use its key in full again'];

  it.each(CAUSES)(
    'by %s is told once to owner and platform team, with the way back, and so is its end',
    async (_cause, change, sentence, wayBack) => {
      const title = sentence.replace('1 registry', 'shopimages');
      await seen(HEALTHY);
      expect(portal.shown).toEqual([]);
      await seen({ ...HEALTHY, ...change });
      await seen({ ...HEALTHY, ...change });
      for (const recipient of [SHOP, PLATFORM]) {
        expect(portal.to(recipient)).toEqual([
          expect.objectContaining({
            title,
            topic: 'access-lost',
            description: expect.stringContaining(`${sentence}: shopimages`),
            link: `/acr-cmk/registries?registry=${encodeURIComponent(
              idOf('shopimages').toLowerCase(),
            )}`,
            sent: 1,
          }),
        ]);
        expect(portal.to(recipient)[0].description).toContain(wayBack);
        // No word of it looks like a link.
        expect(portal.to(recipient)[0].description).not.toContain('[.]');
      }
      await seen(HEALTHY);
      await seen(HEALTHY);
      for (const recipient of [SHOP, PLATFORM]) {
        expect(titles(recipient)).toEqual([['access-lost', title], BACK]);
      }
    },
  );

  it('of forty registries by one key is one message to each owner, and one when it is back', async () => {
    const forty = Array.from({ length: 40 }, (_, index): Given => ({
      name: `registry${String(index).padStart(2, '0')}`,
      owner: index < 30 ? SHOP : PAYMENTS,
      vault: 'kv-shared',
    }));
    await seen(...forty);
    await seen(...forty.map(each => ({ ...each, key: 'deleted' }) as const));
    await seen(...forty);
    const lost = 'the key, or its version in use, is deleted or disabled';
    for (const [recipient, count] of [
      [SHOP, 30],
      [PAYMENTS, 10],
      [PLATFORM, 40],
    ] as const) {
      expect(titles(recipient)).toEqual([
        ['access-lost', `${count} registries: ${lost}`],
        ['access-back', `${count} registries can use their key in full again`],
      ]);
    }
    expect(portal.to(SHOP)[0].description).toBe(
      `30 registries: ${lost}: registry00, registry01, registry02, registry03, registry04 and 25 more. The key key was deleted on 25 Nov 2026, recoverable until 23 Feb 2027. Restore recovers the key.`,
    );
    expect(portal.to(SHOP).map(({ link }) => link)).toEqual([
      `/acr-cmk/registries?state=unreachable,revoked,expired&owner=${encodeURIComponent(SHOP)}`,
      `/acr-cmk/registries?owner=${encodeURIComponent(SHOP)}`,
    ]);
  });

  it('that was so at the first reading is one message, and none before everything is known', async () => {
    await db('facts').update({ read_at: null });
    const lost: Given[] = [
      { ...HEALTHY, key: 'deleted' },
      { name: 'walled', owner: SHOP, firewall: 'closed' },
    ];
    await seen(...lost);
    expect(portal.shown).toEqual([]);
    await listed(db, now);
    await seen(...lost);
    expect(titles(SHOP)).toEqual([
      ['access-lost', '2 registries are unreachable, revoked or expired'],
    ]);
  });

  it('is neither told nor ended by what cannot be read', async () => {
    const unreadable = async (findings: string[], undecided: string[]) => {
      now += MINUTE_MS;
      await db('registries').update({
        state: findings.length > 0 ? 'unreachable' : 'unknown',
        findings: JSON.stringify(findings),
        undecided: JSON.stringify(undecided),
      });
      await turn();
    };
    await seen(HEALTHY);
    await unreadable([], ['version-unusable', 'no-access-path']);
    expect(portal.shown).toEqual([]);
    await seen({ ...HEALTHY, noAccess: true });
    await unreadable([], ['no-access-path']);
    await unreadable(['no-access-path'], []);
    await unreadable([], ['no-access-path']);
    // Access is there again. Whether the key is too cannot be read.
    await unreadable([], ['version-unusable']);
    expect(titles(SHOP)).toHaveLength(1);
    await unreadable([], []);
    expect(titles(SHOP)).toEqual([
      ['access-lost', expect.stringContaining('no access of')],
      BACK,
    ]);
    expect(log).toEqual([
      expect.stringMatching(
        /^Access to keys is lost\. 1 registry: no access of the encryption identity to the key is known: shopimages\. .* Restore, or give/,
      ),
    ]);
  });

  it('by a second cause is told too, and is back when none is left', async () => {
    await seen(HEALTHY);
    await seen({ ...HEALTHY, key: 'disabled' });
    await seen({ ...HEALTHY, key: 'disabled', firewall: 'closed' });
    await seen({ ...HEALTHY, firewall: 'closed' });
    expect(titles(SHOP).map(([topic]) => topic)).toEqual([
      'access-lost',
      'access-lost',
    ]);
    await seen(HEALTHY);
    expect(titles(SHOP).slice(2)).toEqual([BACK]);
    await seen({ ...HEALTHY, key: 'disabled' });
    expect(titles(SHOP)).toHaveLength(4);
  });

  it('is told once by two replicas at the same time, and after the portal was away', async () => {
    await seen(HEALTHY);
    for (const change of [{ noAccess: true }, {}] as const) {
      now += MINUTE_MS;
      await keep(db, [{ ...HEALTHY, ...change }], now);
      portal.isAway = true;
      await Promise.all([turn(), turn()]);
      await turn();
      portal.isAway = false;
      now += 5 * MINUTE_MS;
      await Promise.all([turn(), turn()]);
    }
    expect(portal.reported.filter(each => each.startsWith(SHOP))).toEqual([
      `${SHOP} shopimages can use its key in full again`,
      `${SHOP} shopimages to the key is known`,
    ]);
    expect(portal.shown.every(({ sent }) => sent === 1)).toBe(true);
  });

  it.each([
    ['lost', { noAccess: true }, 'to the key is known'],
    ['back', {}, 'can use its key in full again'],
  ] as const)(
    'is told once as %s, wherever the process dies between noting and telling',
    async (_what, change, reported) => {
      await seen(HEALTHY);
      if (!('noAccess' in change)) await seen({ ...HEALTHY, noAccess: true });
      now += MINUTE_MS;
      await keep(db, [{ ...HEALTHY, ...change }], now);
      const open = await database.copyOf(db);
      const before = now;
      /** @returns the number of statements of the turn in which it dies */
      const dies = async (diesBefore: number) => {
        const copy = await open();
        portal = new PortalNotifications();
        now = before;
        const next = () =>
          startNotifier({ db: copy, portal, now: () => now }).turn();
        const killer = new Killer(copy);
        killer.diesBefore = diesBefore;
        const end = await next().catch(error => error);
        const { statements } = killer;
        killer.release();
        // The next process, and the time when a claimed message is sent again.
        await next();
        now += 5 * MINUTE_MS;
        await next();
        await copy.destroy();
        expect({ diesBefore, died: end instanceof ProcessDied }).toEqual({
          diesBefore,
          died: diesBefore < Infinity,
        });
        expect({ diesBefore, reported: portal.reported }).toEqual({
          diesBefore,
          reported: [PLATFORM, SHOP].map(to => `${to} shopimages ${reported}`),
        });
        // At most the one that was on its way is sent again, and updates itself.
        const again = portal.shown.filter(({ sent }) => sent > 1);
        expect(again.length).toBeLessThanOrEqual(1);
        expect(again.every(({ sent }) => sent === 2)).toBe(true);
        return statements;
      };
      const statements = await dies(Infinity);
      expect(statements).toBeGreaterThan(20);
      for (let statement = 0; statement < statements; statement++) {
        await dies(statement);
      }
    },
  );

  /** A revoke of this portal that has begun to write now. */
  const revoke = (change: { state?: OperationRow['state'] } = {}) =>
    insertOperation(db, {
      id: 'revoke',
      kind: 'revoke',
      registry_key: idOf('shopimages').toLowerCase(),
      plan: JSON.stringify({ registryId: idOf('shopimages') }),
      attempts: 1,
      created_at: now,
      started_at: now,
      effects: JSON.stringify([{ kind: 'access-removed' }]),
      ...change,
    });

  it('by a revoke of this portal is left to its own message, until the registry was seen with its key again', async () => {
    await seen(HEALTHY);
    await revoke();
    await seen({ ...HEALTHY, noAccess: true });
    // The restore is done before the inventory has seen it.
    await db('operations').update({ undone_by: 'restore' });
    await seen({ ...HEALTHY, noAccess: true });
    await seen(HEALTHY);
    expect(portal.shown).toEqual([]);
    await db('operations').update({ undone_by: null });
    await seen({ ...HEALTHY, noAccess: true });
    expect(titles(SHOP)).toEqual([
      ['access-lost', expect.stringContaining('no access of')],
    ]);
  });

  it.each([
    ['a firewall', { firewall: 'closed' }],
    ['the deletion of its key', { key: 'deleted' }],
  ] as const)(
    'by %s is told also while a revoke of the access stands',
    async (_cause, change) => {
      await seen(HEALTHY);
      await revoke();
      await seen({ ...HEALTHY, noAccess: true, ...change });
      expect(titles(SHOP)).toHaveLength(1);
    },
  );

  it.each(['failed', 'unverified'] as const)(
    'is told after a revoke of this portal that has ended as %s',
    async state => {
      await seen(HEALTHY);
      await revoke({ state });
      await seen({ ...HEALTHY, noAccess: true });
      expect(titles(SHOP)).toHaveLength(1);
    },
  );
});
