import { execFile } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { WinstonLogger } from '@backstage/backend-defaults/rootLogger';
import type { Knex } from 'knex';
import { openSqlite } from '../../__testUtils__/databases';
import { DatabaseClock } from '../database/clock';
import { AuditIntegrity } from './AuditIntegrity';
import { AuditLog } from './AuditLog';
import { auditHash, type AuditRecord } from './chain';
import {
  type Checkpoint,
  CheckpointWriter,
  keyIdOf,
  signCheckpoint,
} from './checkpoints';

const BIN = resolve(__dirname, '../../../bin/acr-cmk-audit.js');

const OURS = generateKeyPairSync('ed25519');
const THEIRS = generateKeyPairSync('ed25519');

/** A chain that was changed, with every hash after the change made anew. */
function rehashed(records: AuditRecord[]): AuditRecord[] {
  let previousHash = records[0].previousHash;
  return records.map(({ hash: _hash, ...record }, index) => {
    const changed = { ...record, seq: index + 1, previousHash };
    previousHash = auditHash(changed);
    return { ...changed, hash: previousHash };
  });
}

describe('checkpoints', () => {
  let db: Knex;
  let audit: AuditLog;
  let directory: string;
  let records: AuditRecord[];
  let checkpoints: Checkpoint[];

  const integrity = () =>
    new AuditIntegrity({
      audit,
      onBreak: async () => undefined,
      onFurtherBreaks: async () => undefined,
    });
  const writer = (signingKey: KeyObject, published: Checkpoint[]) =>
    new CheckpointWriter({
      audit,
      integrity: integrity(),
      clock: new DatabaseClock(db),
      signingKey,
      publish: async checkpoint => {
        published.push(checkpoint);
      },
    });

  /** Nine records, with a checkpoint after the third, the sixth and the ninth. */
  beforeAll(async () => {
    db = await openSqlite();
    audit = new AuditLog({ db, clock: new DatabaseClock(db) });
    directory = mkdtempSync(join(tmpdir(), 'acr-cmk-audit-'));
    checkpoints = [];
    const ours = writer(OURS.privateKey, checkpoints);
    for (let n = 1; n <= 9; n += 1) {
      await audit.record({
        event: 'operation-ended',
        actor: `user:default/person-${n}`,
        details: { n },
      });
      if (n % 3 === 0) await ours.write();
    }
    records = await audit.list({});
  });
  afterAll(async () => {
    rmSync(directory, { recursive: true });
    await db.destroy();
  });

  const inFile = (name: string, text: string) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };
  const publicKeyFile = ({ publicKey }: { publicKey: KeyObject }) =>
    inFile(
      'public.pem',
      String(publicKey.export({ type: 'spki', format: 'pem' })),
    );

  const run = (args: string[]) =>
    new Promise<{ code: number; output: string }>(done => {
      const child = execFile(
        process.execPath,
        [BIN, ...args],
        (error, stdout, stderr) =>
          done({ code: Number(error?.code ?? 0), output: stdout + stderr }),
      );
      child.stdin?.end();
    });
  const verify = (exported: object[]) =>
    run(['verify', inFile('audit.json', JSON.stringify(exported))]);
  const verifyWith = (
    exported: object[],
    signed: string | object[] = checkpoints,
    key: { publicKey: KeyObject } = OURS,
  ) =>
    run([
      'verify',
      '--checkpoints',
      inFile(
        'checkpoints.log',
        typeof signed === 'string'
          ? signed
          : signed.map(one => JSON.stringify(one)).join('\n'),
      ),
      '--public-key',
      publicKeyFile(key),
      inFile('audit.json', JSON.stringify(exported)),
    ]);

  it('say what was the end of the chain, and which key signed it', () => {
    expect(checkpoints).toHaveLength(3);
    expect(checkpoints[1]).toEqual({
      kind: 'acr-cmk-audit-checkpoint',
      seq: 6,
      count: 6,
      hash: records[5].hash,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      keyId: keyIdOf(OURS.publicKey),
      signature: expect.any(String),
    });
  });

  it('agree with the chain that they were made of', async () => {
    const { code, output } = await verifyWith(records);
    expect(output).toContain(
      `3 checkpoints agree, the last one over record 9 at ${checkpoints[2].at}. Nothing came after it.`,
    );
    expect(code).toBe(0);
  });

  it('agree with a chain that has grown since, and name the records that none of them covers', async () => {
    const { output, code } = await verifyWith(records, checkpoints.slice(0, 2));
    expect(output).toContain('3 records came after it.');
    expect(code).toBe(0);
  });

  /** Changes that leave a chain which holds in itself: only a checkpoint is against it. */
  const forgeries: [what: string, forge: () => AuditRecord[], said: string][] =
    [
      [
        'truncated',
        () => records.slice(0, 7),
        'Records are missing at the end: the checkpoint of',
      ],
      [
        'rewritten and hashed again',
        () =>
          rehashed(
            records.map(record =>
              record.seq === 5
                ? { ...record, actor: 'user:default/nobody' }
                : record,
            ),
          ),
        'The chain was written again: record 6 is not the one that',
      ],
      [
        'without one of its records, and hashed again',
        () => rehashed(records.filter(({ seq }) => seq !== 2)),
        'The chain was written again: record 3 is not the one that',
      ],
      [
        'truncated and grown again',
        () =>
          rehashed([
            ...records.slice(0, 5),
            ...records.slice(5).map(record => ({ ...record, details: {} })),
            { ...records[8], details: {} },
          ]),
        'The chain was written again: record 6 is not the one that',
      ],
    ];

  it.each(forgeries)(
    'find a chain that was %s, which is not found without them',
    async (_what, forge, said) => {
      const forged = forge();
      expect((await verify(forged)).code).toBe(0);
      const { code, output } = await verifyWith(forged);
      expect(output).toContain(said);
      expect(code).toBe(1);
    },
  );

  it.each(forgeries)(
    'find a chain that was %s when its checkpoints were signed again with another key',
    async (_what, forge) => {
      const forged = forge();
      const last = forged[forged.length - 1];
      const signed = signCheckpoint(
        { ...checkpoints[2], seq: last.seq, hash: last.hash, count: last.seq },
        THEIRS.privateKey,
      );
      const { code, output } = await verifyWith(forged, [signed]);
      expect(output).toContain(
        `The checkpoint of ${signed.at} over record ${last.seq} is not signed with this key.`,
      );
      expect(code).toBe(1);
    },
  );

  it('find a chain that was written again also when the same key signed that, as long as one of the first is kept', async () => {
    const forged = rehashed(
      records.map(record => ({ ...record, actor: 'user:default/nobody' })),
    );
    const signed = signCheckpoint(
      { ...checkpoints[2], hash: forged[8].hash },
      OURS.privateKey,
    );
    expect((await verifyWith(forged, [signed])).code).toBe(0);
    const { code, output } = await verifyWith(forged, [signed, checkpoints[0]]);
    expect(output).toContain('The chain was written again: record 3');
    expect(code).toBe(1);
  });

  it.each<[what: string, change: Partial<Checkpoint>]>([
    ['number', { seq: 8 }],
    ['time', { at: '2026-01-01T00:00:00.000Z' }],
    ['count', { count: 10 }],
    ['signature', { signature: Buffer.alloc(64).toString('base64') }],
    ['signature, which is none', { signature: 'x' }],
  ])('are refused after a change of their %s', async (_what, change) => {
    const { code, output } = await verifyWith(records, [
      { ...checkpoints[2], ...change },
    ]);
    expect(output).toContain('is not signed with this key');
    expect(code).toBe(1);
  });

  it('are ignored when somebody else signed them, beside one of the key: a request can bring them into the log', async () => {
    const forged = signCheckpoint(
      { ...checkpoints[2], seq: 99, count: 99 },
      THEIRS.privateKey,
    );
    const request = `"GET / HTTP/1.1" 200 "-" "${JSON.stringify(forged)}"`;
    const log = [request, JSON.stringify(checkpoints[2])].join('\n');
    const { code, output } = await verifyWith(records, log);
    expect(output).toContain(
      'Ignored, since they are not signed with this key: 1 checkpoint.',
    );
    expect(code).toBe(0);
    expect((await verifyWith(records, request)).code).toBe(1);
  });

  it('are refused when there were fewer records than their numbers say', async () => {
    const signed = signCheckpoint(
      { ...checkpoints[1], count: 5 },
      OURS.privateKey,
    );
    const { code, output } = await verifyWith(records, [signed]);
    expect(output).toContain('counted 5 records up to record 6');
    expect(code).toBe(1);
  });

  it.each<[what: string, line: (checkpoint: Checkpoint) => string]>([
    [
      "the log of Backstage's auditor, in JSON",
      checkpoint =>
        JSON.stringify({
          level: 'info',
          message: 'acr-cmk.audit-checkpoint',
          isAuditEvent: true,
          meta: { checkpoint },
        }),
    ],
    [
      'a log of lines of text',
      checkpoint =>
        `2026-11-25T12:00:00Z acr-cmk info checkpoint ${JSON.stringify(
          checkpoint,
        )}`,
    ],
    ...(['with', 'without'] as const).map(
      (colours): [string, (checkpoint: Checkpoint) => string] => [
        `Backstage's plain log, ${colours} colours`,
        checkpoint => {
          const info = {
            [Symbol.for('level')]: 'info',
            level: 'info',
            message: 'acr-cmk.audit-checkpoint',
            plugin: 'acr-cmk',
            // In the order of Backstage's auditor: the line has other objects before it.
            actor: { actorId: 'plugin:acr-cmk', note: 'with } and "quotes" {' },
            status: 'succeeded',
            meta: { checkpoint },
          };
          const format = WinstonLogger.colorFormat();
          const written = format.transform(info, format.options ?? {});
          const line = String(
            (written as Record<symbol, unknown>)[Symbol.for('message')],
          );
          return colours === 'with' ? line : stripVTControlCharacters(line);
        },
      ],
    ),
    [
      'JSON inside the text of JSON',
      checkpoint =>
        JSON.stringify({ log: `info ${JSON.stringify({ checkpoint })}` }),
    ],
  ])('are found in %s', async (_what, line) => {
    const log = [
      'a line without any',
      ...checkpoints.map(line),
      '{"level":"info"}',
    ].join('\n');
    const { output, code } = await verifyWith(records, log);
    expect(output).toContain('3 checkpoints agree');
    expect(code).toBe(0);
  });

  it.each<[what: string, args: () => string[], said: string]>([
    [
      'without a key',
      () => ['verify', '--checkpoints', inFile('c', ''), inFile('a', '[]')],
      '--checkpoints and --public-key go together',
    ],
    [
      'in a file that has none',
      () => [
        'verify',
        '--checkpoints',
        inFile('c', 'nothing'),
        '--public-key',
        publicKeyFile(OURS),
        inFile('a', JSON.stringify(records)),
      ],
      'There are no checkpoints',
    ],
  ])('%s are not taken for good', async (_what, args, said) => {
    const { code, output } = await run(args());
    expect(output).toContain(said);
    expect(code).toBe(2);
  });

  it('name the breaks of the chain, signed with the rest', async () => {
    const published: Checkpoint[] = [];
    const { actor } = records[3];
    await db('audit').where({ seq: 4 }).update({ actor: 'x' });
    await writer(OURS.privateKey, published).write();
    await db('audit').where({ seq: 4 }).update({ actor });
    await writer(OURS.privateKey, published).write();
    const [damaged, intact] = published;
    expect(damaged.breaks).toEqual([expect.stringMatching(/^content:4:/)]);
    expect(intact).not.toHaveProperty('breaks');
    const { breaks, ...concealed } = damaged;
    const verified = async (checkpoint: object) =>
      run([
        'verify',
        ...['--checkpoints', inFile('damaged', JSON.stringify(checkpoint))],
        ...['--public-key', publicKeyFile(OURS)],
        inFile('records', JSON.stringify(records)),
      ]);
    expect(await verified(damaged)).toMatchObject({
      code: 0,
      output: expect.stringContaining(
        `had damage when it signed: ${breaks!.join(', ')} (first ${damaged.at}, last ${damaged.at}).`,
      ),
    });
    expect((await verified(concealed)).code).toBe(1);
  });

  it('name each break once in the output, with the first and the last time', async () => {
    const [one, two] = [
      'content:4:0123456789abcdef',
      'link:5:0123456789abcdef',
    ];
    const damaged = [
      { at: '2026-01-01T00:00:00.000Z', breaks: [one] },
      { at: '2026-01-01T01:00:00.000Z', breaks: [one, two] },
      { at: '2026-01-01T02:00:00.000Z', breaks: [one, two], furtherBreaks: 3 },
    ].map(own =>
      signCheckpoint({ ...checkpoints[2], ...own }, OURS.privateKey),
    );
    const { output, code } = await verifyWith(records, damaged);
    expect(
      output.split('\n').filter(line => line.includes('had damage')),
    ).toEqual([
      `The portal had damage when it signed: ${one} (first ${damaged[0].at}, last ${damaged[2].at}).`,
      `The portal had damage when it signed: ${two} (first ${damaged[1].at}, last ${damaged[2].at}).`,
      `The portal had damage when it signed: further breaks, without names (first ${damaged[2].at}, last ${damaged[2].at}).`,
    ]);
    expect(code).toBe(0);
  });

  it('say how many breaks they do not name', async () => {
    const published: Checkpoint[] = [];
    const breaks = [{ seq: 4, id: 'content:4:0123456789abcdef', why: 'x' }];
    await new CheckpointWriter({
      audit,
      integrity: {
        verify: async () => false,
        isVerified: true,
        breaks,
        furtherBreaks: 7,
      },
      clock: new DatabaseClock(db),
      signingKey: OURS.privateKey,
      publish: async checkpoint => {
        published.push(checkpoint);
      },
    }).write();
    expect(published).toMatchObject([
      { breaks: [breaks[0].id], furtherBreaks: 7 },
    ]);
    expect((await verifyWith(records, published)).code).toBe(0);
    const { furtherBreaks, ...concealed } = published[0];
    expect((await verifyWith(records, [concealed])).code).toBe(1);
  });

  it('are not written before the chain is verified to its end, also where a break is found already', async () => {
    const published: Checkpoint[] = [];
    const stopped = {
      verify: async () => false,
      isVerified: false,
      breaks: [{ seq: 4, id: 'content:4:0123456789abcdef', why: 'changed' }],
      furtherBreaks: 0,
    };
    const unverified = new CheckpointWriter({
      audit,
      integrity: stopped,
      clock: new DatabaseClock(db),
      signingKey: OURS.privateKey,
      publish: async checkpoint => {
        published.push(checkpoint);
      },
    });
    expect(await unverified.write()).toBeUndefined();
    expect(published).toEqual([]);
  });
});
