import { describeCrashesOf } from '../__testUtils__/crashes';
import { hsmCrashCases } from '../__testUtils__/hsmIntentCases';

describe('a key in a Managed HSM', () => {
  describeCrashesOf(hsmCrashCases, 'demo-hsm');
});
