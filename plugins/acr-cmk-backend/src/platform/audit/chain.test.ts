import type { Knex } from 'knex';
import { openSqlite } from '../../__testUtils__/databases';
import { DatabaseClock } from '../database/clock';
import { AuditLog } from './AuditLog';
import {
  auditHash,
  type AuditRecord,
  breaksIn,
  canonicalJson,
  START,
} from './chain';

const OLIVIA = 'user:default/olivia';

/** Details with all that JSON can be awkward in. */
const AWKWARD: AuditRecord['details'][] = [
  { reason: 'Größe 你好 "quoted" \u0000 \u2028 \\ / \u007f' },
  {
    before: { latest: null },
    after: { latest: '0'.repeat(32), enabled: true },
  },
  { numbers: [0, -0, 1.5, 0.1, 1e21, 1e-7, 123456789012345680000, 5e-324] },
  { empty: {}, none: [], nested: { b: [1, null, { z: 1, a: 2 }] } },
  { '€': 1, '\r': 2, '\ufb33': 3, '\ud83d\ude00': 4, '\u0080': 5, ö: 6 },
  { '9': 1, '10': 2, aa: 3, a: 4, A: 5, _: 6, 'key with space': 7 },
  { lone: '\ud800', text: '' },
];

describe('the canonical JSON of the chain', () => {
  it('is that of RFC 8785, by the example of its section 3.2.4', () => {
    // eslint-disable-next-line no-loss-of-precision -- the RFC's own number
    const numbers = [
      333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001,
    ];
    const text = canonicalJson({
      numbers,
      string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    });
    expect(text).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts names by their UTF-16 code units, by the example of section 3.2.3', () => {
    const names = [
      '\u20ac',
      '\r',
      '\ufb33',
      '1',
      '\ud83d\ude00',
      '\u0080',
      '\u00f6',
    ];
    const text = canonicalJson(
      Object.fromEntries(names.map(name => [name, 0])),
    );
    expect(text).toBe(
      '{"\\r":0,"1":0,"\u0080":0,"\u00f6":0,"\u20ac":0,"\ud83d\ude00":0,"\ufb33":0}',
    );
  });
});

it('hashes a record the same in every release', () => {
  expect(
    auditHash({
      seq: 2,
      at: '2026-11-25T19:41:49.559Z',
      actor: OLIVIA,
      event: 'azure-write',
      entityRef: 'resource:default/shop-images',
      registryId:
        '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shop/providers/Microsoft.ContainerRegistry/registries/shopimages',
      operationId: '3f1b6f0e-6a50-4d0c-9b3f-0d8a1c2b3d4e',
      details: {
        step: 'make-key-version',
        before: { latest: null },
        after: { latest: '0'.repeat(32), enabled: true },
      },
      previousHash:
        '4d0e90f106fa3e83875a1562a9ff6eed65cb427f9b392fc282868ae8eae9c796',
    }),
  ).toBe('a08dfea853ffde94ba97064e693fe9e70f06732da93eb2214a6c1425b1594437');
});

describe('a chain', () => {
  let db: Knex;
  let records: AuditRecord[];
  beforeEach(async () => {
    db = await openSqlite();
    const audit = new AuditLog({ db, clock: new DatabaseClock(db) });
    for (const details of AWKWARD) {
      await audit.record({ event: 'azure-write', actor: OLIVIA, details });
    }
    records = await audit.list({});
  });
  afterEach(() => db.destroy());

  it('verifies as it is read back, whatever JSON its records hold', () => {
    expect(records).toHaveLength(AWKWARD.length);
    expect(breaksIn(records, START)).toEqual([]);
  });

  it('does not verify after a change of any record', () => {
    records.forEach((_, index) => {
      const changed = structuredClone(records);
      changed[index].actor = 'user:default/nobody';
      expect(breaksIn(changed)).toEqual([
        expect.objectContaining({ seq: index + 1 }),
      ]);
    });
  });

  it('names both that a record is missing and that the one after it was changed', () => {
    const [first, , third] = structuredClone(records);
    third.actor = 'user:default/nobody';
    expect(breaksIn([first, third], START)).toEqual([
      expect.objectContaining({ id: 'missing:1:3' }),
      expect.objectContaining({ id: expect.stringMatching(/^content:3:/) }),
    ]);
  });

  it('does not verify after a record was replaced by one with a hash of its own', () => {
    records.slice(0, -1).forEach((_, index) => {
      const replaced = structuredClone(records);
      const { hash: _hash, ...record } = replaced[index];
      record.actor = 'user:default/nobody';
      replaced[index] = { ...record, hash: auditHash(record) };
      // The record itself is sound; the one after it still holds the hash of the one that was there.
      expect(breaksIn(replaced)).toEqual([
        expect.objectContaining({
          seq: index + 2,
          why: 'does not hold the hash of the one before',
        }),
      ]);
    });
  });
});
