import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { openSqlite } from '../__testUtils__/databases';
import { DatabaseClock } from '../database/clock';
// Eight records that the first version of AuditLog has written, with all that JSON can be awkward in.
import firstVersion from './__fixtures__/chainOfFirstVersion.json';
import { AuditLog } from './AuditLog';
import {
  auditHash,
  type AuditRecord,
  breaksIn,
  canonicalJson,
  START,
} from './chain';

const OLD = firstVersion as AuditRecord[];

/** Canonical JSON as the first version of AuditLog wrote it for its hashes. */
function firstCanonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(item => firstCanonicalJson(item)).join(',')}]`;
  }
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([name, field]) =>
          `${JSON.stringify(name)}:${firstCanonicalJson(field)}`,
      )
      .join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

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

  it('is the same as in the first version for every JSON value', () => {
    const json = fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 });
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), json), value => {
        // As it is stored and read back.
        const stored = JSON.parse(JSON.stringify(value));
        expect(canonicalJson(stored)).toBe(firstCanonicalJson(stored));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a chain of the first version', () => {
  let db: Knex;
  beforeEach(async () => {
    db = await openSqlite();
  });
  afterEach(() => db.destroy());

  it('was hashed over the text of the first version', () => {
    for (const { hash, ...record } of OLD) {
      expect(
        createHash('sha256').update(firstCanonicalJson(record)).digest('hex'),
      ).toBe(hash);
    }
  });

  it('verifies, accepts new records, and verifies with them', async () => {
    await db('audit').insert(
      OLD.map(record => ({
        seq: record.seq,
        at: Date.parse(record.at),
        actor: record.actor,
        event: record.event,
        entity_ref: record.entityRef ?? null,
        registry_id: record.registryId ?? null,
        operation_id: record.operationId ?? null,
        details: JSON.stringify(record.details),
        previous_hash: record.previousHash,
        hash: record.hash,
      })),
    );
    const { seq, hash } = OLD[OLD.length - 1];
    await db('audit_head').update({ seq, hash });
    const audit = new AuditLog({ db, clock: new DatabaseClock(db) });
    await audit.record({
      event: 'operation-ended',
      actor: 'user:default/olivia',
      details: { state: 'succeeded' },
    });
    const records = await audit.list({});
    expect(records).toHaveLength(OLD.length + 1);
    expect(records.slice(0, -1)).toEqual(OLD);
    expect(breaksIn(records, START)).toEqual([]);
  });

  it('does not verify after a change of any record', () => {
    OLD.forEach((_, index) => {
      const changed = structuredClone(OLD);
      changed[index].actor = 'user:default/nobody';
      expect(breaksIn(changed)).toEqual([
        expect.objectContaining({ seq: index + 1 }),
      ]);
    });
  });

  it('does not verify after a record was replaced by one with a hash of its own', () => {
    OLD.slice(0, -1).forEach((_, index) => {
      const replaced = structuredClone(OLD);
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
