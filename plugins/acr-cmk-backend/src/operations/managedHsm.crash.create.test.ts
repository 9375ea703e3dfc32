import { describeCrashesOf } from '../__testUtils__/crashes';
import { hsmIntentCases } from '../__testUtils__/hsmIntentCases';

describe('a key in a Managed HSM', () => {
  describeCrashesOf(
    hsmIntentCases.filter(({ name }) => !/^(rotate|revoke|restore)/.test(name)),
    'demo-hsm',
  );
});
