import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import { readStep } from './index';
import { makeKeyVersion } from './makeKeyVersion';
import type { Checkpoint, StepInput } from './step';

const KEY = KeyIdentifier.parse('https://kv-shop.vault.azure.net/keys/shop');
const [OLD, OURS, THEIRS] = ['1', '2', '3'].map(digit => digit.repeat(32));

const step = readStep(makeKeyVersion.build({ key: KEY }))!;

/** Versions in the vault, newest first. */
const inputWith = (
  versions: string[],
  checkpoint: Checkpoint,
  enabled = true,
) =>
  ({
    azure: {
      keys: {
        listVersions: async () => ({
          value: versions.map(version => ({
            version,
            enabled,
            created: '2026-11-25T10:00:00Z',
          })),
        }),
      },
    },
    outputs: {},
    checkpoint,
    attempts: 1,
    now: 0,
    startedAt: 0,
  }) as unknown as StepInput;

describe('the versions that were there before a rotation', () => {
  it('are listed before its first try', async () => {
    expect(await step.prepare(inputWith([OLD], {}))).toEqual({
      versionsBefore: [OLD],
    });
  });

  it('are not listed again before another try: the first may have made one', async () => {
    const { versionsBefore } = await step.prepare(
      inputWith([OURS, OLD], { versionsBefore: [OLD] }),
    );
    expect(versionsBefore).toEqual([OLD]);
  });
});

describe('a version that a rotation made', () => {
  it('is the one that was not there before', async () => {
    const input = inputWith([OURS, OLD], { versionsBefore: [OLD] });
    expect(await step.observe(input)).toMatchObject({
      status: 'done',
      outputs: { newVersion: OURS },
    });
  });

  it('is none while there are only those from before', async () => {
    const input = inputWith([OLD], { versionsBefore: [OLD] });
    expect(await step.observe(input)).toMatchObject({ status: 'needs-write' });
  });

  it('is the newest of several', async () => {
    const input = inputWith([THEIRS, OURS, OLD], { versionsBefore: [OLD] });
    expect(await step.observe(input)).toMatchObject({
      status: 'done',
      outputs: { newVersion: THEIRS },
    });
  });

  it('is not used when somebody has disabled it', async () => {
    const input = inputWith([OURS, OLD], { versionsBefore: [OLD] }, false);
    expect(await step.observe(input)).toMatchObject({
      status: 'failed',
      code: 'NEW_VERSION_DISABLED',
    });
  });
});
