import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { auditHash, START } from './chain';
import { signCheckpoint } from './checkpoints';

const BIN = resolve(__dirname, '../../../bin/acr-cmk-audit.js');
const OURS = generateKeyPairSync('ed25519');
const CHECKPOINTS = generateKeyPairSync('ed25519');
const THEIRS = generateKeyPairSync('ed25519');
const IDS = ['content:4:0123456789abcdef', 'missing:1:3'];
/** Two records, between which one is missing. */
const RECORDS = (() => {
  const first = {
    seq: 1,
    at: '2026-11-25T12:00:00.000Z',
    actor: 'user:default/olivia',
    event: 'step-ended' as const,
    details: {},
    previousHash: START.hash,
  };
  const hash = auditHash(first);
  const third = { ...first, seq: 3, previousHash: hash };
  return [
    { ...first, hash },
    { ...third, hash: auditHash(third) },
  ];
})();

describe('acr-cmk-audit acknowledge', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'acr-cmk-audit-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const keyFile = (key: KeyObject) => {
    const file = join(directory, 'key.pem');
    writeFileSync(file, key.export({ type: 'pkcs8', format: 'pem' }));
    return file;
  };
  const acknowledge = (args: string[]) =>
    String(
      execFileSync(process.execPath, [BIN, 'acknowledge', ...args], {
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    ).trim();
  const signedBy = ({ privateKey }: { privateKey: KeyObject }) =>
    acknowledge([
      ...['--key', keyFile(privateKey), '--reason', 'A migration', ...IDS],
    ]);
  const publicKeyFile = (name: string, { publicKey }: typeof OURS) => {
    const file = join(directory, name);
    writeFileSync(file, publicKey.export({ type: 'spki', format: 'pem' }));
    return file;
  };
  /** Verifies the records beside these acknowledgements. */
  const verifyWith = (lines: string[], args: string[] = []) => {
    const file = join(directory, 'acknowledged');
    writeFileSync(file, lines.join('\n'));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        ...[BIN, 'verify', '--acknowledged', file],
        ...['--operator-key', publicKeyFile('operator.pem', OURS)],
        ...['--public-key', publicKeyFile('public.pem', CHECKPOINTS)],
        ...args,
      ],
      { input: JSON.stringify(RECORDS) },
    );
    return { status, output: `${stdout}${stderr}` };
  };

  it('signs breaks as known, with the reason and the time', () => {
    const line = signedBy(OURS);
    expect(JSON.parse(line)).toMatchObject({
      kind: 'acr-cmk-audit-acknowledgement',
      breaks: IDS,
      reason: 'A migration',
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    const { status, output } = verifyWith([line]);
    expect(output).toMatch(
      /Known break at record 3: it comes after 1 \(missing:1:3\)\. Acknowledged at .*: A migration/,
    );
    expect(status).toBe(0);
  });

  describe('beside checkpoints of a record with a known break', () => {
    const [, { seq, hash }] = RECORDS;
    const at = '2026-11-25T13:00:00.000Z';
    const verifyCheckpoint = (own: {
      count: number;
      breaks?: string[];
      seq?: number;
      hash?: string;
    }) => {
      const checkpoint = signCheckpoint(
        { seq, hash, at, ...own },
        CHECKPOINTS.privateKey,
      );
      const file = join(directory, 'checkpoints.log');
      writeFileSync(file, JSON.stringify(checkpoint));
      return verifyWith([signedBy(OURS)], ['--checkpoints', file]);
    };

    it('accepts those that counted the records that were left, and does not warn of the break', () => {
      const { status, output } = verifyCheckpoint({
        count: 2,
        breaks: ['missing:1:3'],
      });
      expect(output).toContain('1 checkpoint agrees');
      expect(output).not.toContain('had damage');
      expect(output).toContain(
        'The chain holds but for 1 known break: 2 records',
      );
      expect(status).toBe(0);
    });

    it('accepts those from before the damage', () => {
      expect(verifyCheckpoint({ count: 3 }).status).toBe(0);
    });

    it('accepts those over a record that is missing by the break, which cannot be compared', () => {
      const lost = { seq: 2, hash: 'f'.repeat(64), count: 2 };
      expect(verifyCheckpoint(lost).status).toBe(0);
      expect(verifyCheckpoint({ ...lost, count: 1 }).status).toBe(1);
      expect(verifyCheckpoint({ ...lost, seq: 1, count: 1 }).status).toBe(1);
    });

    it('accepts those that do not name every break', () => {
      const furtherBreaks = 1;
      const own = { count: 2, breaks: [IDS[0]], furtherBreaks };
      expect(verifyCheckpoint(own).status).toBe(0);
    });

    it.each([
      [
        'a gap that is not known',
        { count: 1, breaks: ['missing:0:2', IDS[1]] },
      ],
      ['a gap without its break', { count: 2 }],
      ['fewer records than the gap explains', { count: 1, breaks: [IDS[1]] }],
      ['all records and a gap', { count: 3, breaks: [IDS[1]] }],
    ])('refuses those with %s', (_what, own) => {
      const { status, output } = verifyCheckpoint(own);
      expect(output).toContain(`counted ${own.count} records up to record 3`);
      expect(status).toBe(1);
    });
  });

  it.each<[what: string, line: () => string]>([
    ['another key has signed', () => signedBy(THEIRS)],
    [
      'names another break than was signed',
      () => signedBy(OURS).replace('missing:1:3', 'missing:1:4'),
    ],
    ['is of another kind', () => '{"kind":"x","breaks":[],"signature":""}'],
    ['is not JSON', () => 'missing:1:3'],
  ])('counts for nothing when it %s', (_what, line) => {
    const alone = verifyWith([line()]);
    expect(alone.output).toContain('Ignored');
    expect(alone.output).toContain('Broken at record 3');
    expect(alone.status).toBe(1);
    expect(verifyWith([line(), signedBy(OURS)]).status).toBe(0);
  });

  it('is refused without the key of the checkpoints, unless the portal has none', () => {
    const acknowledged = join(directory, 'acknowledged');
    writeFileSync(acknowledged, signedBy(OURS));
    const verifyBy = (args: string[]) =>
      spawnSync(
        process.execPath,
        [
          ...[BIN, 'verify', '--acknowledged', acknowledged],
          ...['--operator-key', publicKeyFile('operator.pem', OURS), ...args],
        ],
        { input: JSON.stringify(RECORDS) },
      );
    const refused = verifyBy([]);
    expect(String(refused.stderr)).toContain(
      '--operator-key needs the --public-key of the checkpoints',
    );
    expect(refused.status).toBe(2);
    expect(verifyBy(['--no-checkpoints']).status).toBe(0);
    const both = publicKeyFile('public.pem', CHECKPOINTS);
    expect(verifyBy(['--no-checkpoints', '--public-key', both]).status).toBe(2);
  });

  it('counts for nothing when the key signs checkpoints, and so is in the configuration', () => {
    const { status, output } = verifyWith(
      [signedBy(OURS)],
      [
        ...['--checkpoints', join(directory, 'acknowledged')],
        ...['--public-key', publicKeyFile('checkpoints.pem', OURS)],
      ],
    );
    expect(output).toContain('is the key that signs checkpoints');
    expect(status).toBe(2);
  });

  it.each<[what: string, args: () => string[]]>([
    ['a key', () => ['--reason', 'x', ...IDS]],
    ['a reason', () => ['--key', keyFile(OURS.privateKey), ...IDS]],
    ['a break', () => ['--key', keyFile(OURS.privateKey), '--reason', 'x']],
  ])('needs %s', (_what, args) => {
    expect(() => acknowledge(args())).toThrow(
      expect.objectContaining({ status: 2 }),
    );
  });
});
