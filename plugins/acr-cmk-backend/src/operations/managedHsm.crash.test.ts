import { describeCrashesOf } from '../__testUtils__/crashes';
import { hsmCrashCases } from '../__testUtils__/hsmIntentCases';

describe('a key in a Managed HSM', () => {
  it('has six operations that write role assignments of the HSM', () => {
    expect(hsmCrashCases).toHaveLength(6);
  });

  describeCrashesOf(hsmCrashCases, 'demo-hsm');
});
