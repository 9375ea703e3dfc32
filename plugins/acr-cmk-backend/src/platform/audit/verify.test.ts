import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { openSqlite } from '../../__testUtils__/databases';
import { MovedClock } from '../../__testUtils__/movedTime';
import { AuditLog, type AuditRecord } from './AuditLog';
import { breaksIn } from './chain';

const BIN = resolve(__dirname, '../../../bin/acr-cmk-audit.js');

/** The tool as somebody would run it on an export. */
function verify(input: string, args: string[] = ['verify']) {
  return new Promise<{ code: number; output: string }>(done => {
    const child = execFile(
      process.execPath,
      [BIN, ...args],
      (error, stdout, stderr) =>
        done({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
    child.stdin?.end(input);
  });
}

async function someRecords(): Promise<AuditRecord[]> {
  const db = await openSqlite();
  try {
    const audit = new AuditLog({ db, clock: new MovedClock(db) });
    for (const reason of ['first', 'zweiter: ä \u2028 "quoted"', 'third']) {
      await audit.record({
        event: 'operation-cancelled',
        actor: 'user:default/olivia',
        entityRef: 'resource:default/shop-images',
        details: { reason, nested: { b: [1, null], a: undefined } },
      });
    }
    return await audit.list({});
  } finally {
    await db.destroy();
  }
}

describe('acr-cmk-audit verify', () => {
  let records: AuditRecord[];
  beforeAll(async () => {
    records = await someRecords();
  });

  it.each([
    ['an answer of the API', (all: object[]) => JSON.stringify({ items: all })],
    ['a list', (all: object[]) => JSON.stringify(all)],
    [
      'one record on each line',
      (all: object[]) => all.map(one => JSON.stringify(one)).join('\n'),
    ],
  ])('finds that the chain of %s holds', async (_what, format) => {
    const { code, output } = await verify(format(records));
    expect(output).toContain('The chain holds: 3 records, 1 to 3');
    expect(code).toBe(0);
  });

  it('says what is not in an export that begins later', async () => {
    const { output } = await verify(JSON.stringify(records.slice(1)));
    expect(output).toContain('What came before record 2 is not in the export');
  });

  it.each([
    [
      'a changed word',
      (all: AuditRecord[]) => {
        all[1].details.reason = 'other';
      },
      2,
    ],
    [
      'a changed person',
      (all: AuditRecord[]) => {
        all[2].actor = 'user:default/nobody';
      },
      3,
    ],
    [
      'a record left out',
      (all: AuditRecord[]) => {
        all.splice(1, 1);
      },
      3,
    ],
    [
      'two that were swapped',
      (all: AuditRecord[]) => {
        all.splice(1, 2, all[2], all[1]);
      },
      3,
    ],
  ])('points at %s', async (_what, change, seq) => {
    const changed = structuredClone(records);
    change(changed);
    const { code, output } = await verify(JSON.stringify(changed));
    expect(output).toContain(`Broken at record ${seq}`);
    expect(code).toBe(1);
    // The plugin itself comes to the same.
    expect(breaksIn(changed)[0].seq).toBe(seq);
  });

  it.each([
    [
      'a record that holds records',
      (all: object[]) =>
        [...all, { ...all[0], seq: 4, items: [] }]
          .map(one => JSON.stringify(one))
          .join('\n'),
    ],
    [
      'what stands beside the records',
      (all: object[]) => JSON.stringify({ items: all, records: [all[0]] }),
    ],
  ])('does not leave out %s', async (_what, format) => {
    const { code, output } = await verify(format(records));
    expect(output).toContain('Broken at record');
    expect(code).toBe(1);
  });

  it.each([
    ['in a record', '"actor":', '"actor":"user:default/nobody","actor":'],
    ['in its details', '"reason":', '"reason":"none","reas\\u006fn":'],
    ['beside the records', '{"items":', '{"items":[],"items":'],
  ])(
    'does not say that the chain holds when a name is twice %s',
    async (_where, name, twice) => {
      const json = JSON.stringify({ items: records });
      const { code, output } = await verify(json.replace(name, twice));
      expect(output).toContain('is twice in one object');
      expect(output).not.toContain('holds');
      expect(code).toBe(2);
    },
  );

  it.each([
    ['no JSON', 'nonsense', ['verify'], 'cannot be read'],
    ['nothing', '', ['verify'], 'There are no records'],
    ['another command', '', ['repair'], 'Usage:'],
  ])('ends with 2 for %s', async (_what, input, args, words) => {
    const { code, output } = await verify(input, args);
    expect(output).toContain(words);
    expect(code).toBe(2);
  });
});
