import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import { createKey } from './createKey';
import { readStep } from './index';
import type { Checkpoint, StepInput } from './step';

const KEY = KeyIdentifier.parse('https://kv-shop.vault.azure.net/keys/shop');
const VERSION = '1'.repeat(32);

const step = readStep(createKey.build({ key: KEY, type: 'RSA', size: 2048 }))!;

const inputWith = (key: object | undefined, checkpoint: Checkpoint) =>
  ({
    azure: {
      keys: { getInVault: async () => key && { value: key } },
    },
    outputs: {},
    checkpoint,
    attempts: 1,
    now: 0,
    startedAt: 0,
  }) as unknown as StepInput;

describe('a key that a plan creates', () => {
  const there = { type: 'RSA', size: 2048, version: VERSION };

  it('is ours when its name was free before the request', async () => {
    const input = inputWith(there, { keyWasFree: true });
    expect(await step.observe(input)).toMatchObject({
      status: 'done',
      outputs: { newVersion: VERSION },
    });
  });

  it('is never one that somebody else made under its name', async () => {
    expect(await step.observe(inputWith(there, {}))).toMatchObject({
      status: 'failed',
      code: 'KEY_NAME_TAKEN',
    });
  });

  it('keeps that its name was free before the request leaves', async () => {
    const input = inputWith(undefined, {});
    expect(await step.observe(input)).toMatchObject({ status: 'needs-write' });
    expect(await step.prepare(input)).toEqual({ keyWasFree: true });
  });
});
