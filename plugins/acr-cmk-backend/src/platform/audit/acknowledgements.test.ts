import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { acknowledgedBreaks } from './acknowledgements';

const BIN = resolve(__dirname, '../../../bin/acr-cmk-audit.js');
const OURS = generateKeyPairSync('ed25519');
const THEIRS = generateKeyPairSync('ed25519');
const IDS = ['content:4:0123456789abcdef', 'missing:8:11'];

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
  const read = (signed: string[], signingKey?: KeyObject) => {
    const invalid: string[] = [];
    const ids = acknowledgedBreaks(
      { publicKey: OURS.publicKey, signed },
      { signingKey, onInvalid: message => invalid.push(message) },
    );
    return { ids: [...ids], invalid };
  };

  it('signs breaks as known, with the reason and the time', () => {
    const line = signedBy(OURS);
    expect(JSON.parse(line)).toMatchObject({
      kind: 'acr-cmk-audit-acknowledgement',
      breaks: IDS,
      reason: 'A migration',
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    expect(read([line])).toEqual({ ids: IDS, invalid: [] });
  });

  it.each<[what: string, line: () => string]>([
    ['another key has signed', () => signedBy(THEIRS)],
    [
      'names another break than was signed',
      () => signedBy(OURS).replace('missing:8:11', 'missing:8:12'),
    ],
    ['is of another kind', () => '{"kind":"x","breaks":[],"signature":""}'],
    ['is not JSON', () => 'missing:8:11'],
  ])('counts for nothing when it %s', (_what, line) => {
    const { ids, invalid } = read([line(), signedBy(OURS)]);
    expect(ids).toEqual(IDS);
    expect(invalid).toEqual([
      expect.stringContaining('acrCmk.audit.acknowledgements.signed[0]'),
    ]);
  });

  it('counts for nothing when the key signs checkpoints, and so is in the configuration', () => {
    const { ids, invalid } = read([signedBy(OURS)], OURS.privateKey);
    expect(ids).toEqual([]);
    expect(invalid).toEqual([expect.stringContaining('signs checkpoints')]);
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
