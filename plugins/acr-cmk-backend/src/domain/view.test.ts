import { bundleWith, NOW } from '../__testUtils__/encryptedRegistries';
import { freshnessOf } from './view';

describe('freshnessOf', () => {
  const read = (change: { observedAt: number; lagMs?: number }) => {
    const bundle = bundleWith();
    const registry = {
      known: true as const,
      value: bundle.registry,
      azureAt: NOW,
      ...change,
    };
    return freshnessOf(registry, bundle, NOW + 60_000);
  };

  it('has the time of the reading, and the lag of its source beside it', () => {
    const lagMs = 5 * 60_000;
    expect(read({ observedAt: NOW - lagMs, lagMs })).toMatchObject({
      observedAt: new Date(NOW).toISOString(),
      ageSeconds: 60,
      lagSeconds: 300,
    });
  });

  it('has no lag where no source has one', () => {
    const { lagSeconds, ageSeconds } = read({ observedAt: NOW - 1_000 });
    expect([lagSeconds, ageSeconds]).toEqual([undefined, 61]);
  });
});
