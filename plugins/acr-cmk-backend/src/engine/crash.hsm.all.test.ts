import { describeCrashes } from '../__testUtils__/crashes';
import { testDatabases } from '../__testUtils__/databases';
import { hsmCrashCases } from '../__testUtils__/hsmIntentCases';

const [database] = testDatabases({ fast: 'SQLite' });

describe('a key in a Managed HSM', () => {
  it('has six operations that write role assignments of the HSM', () => {
    expect(hsmCrashCases).toHaveLength(6);
  });

  describeCrashes({ cases: hsmCrashCases, world: 'demo-hsm', database });
});
