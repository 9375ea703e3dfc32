import { saysVault } from '../__testUtils__/encryptedRegistries';
import { hsmIntentCases } from '../__testUtils__/hsmIntentCases';
import { describeIntents } from '../__testUtils__/intents';

jest.setTimeout(60_000);

describe('a key in a Managed HSM', () => {
  describeIntents({
    cases: hsmIntentCases,
    world: 'demo-hsm',
    turnSeconds: 600,
    // A case that moves between the HSM and a vault names both.
    faultsOf: ({ name }, { plan, operation }) =>
      /from (a vault|the HSM) to/.test(name)
        ? []
        : saysVault([plan, operation]),
  });
});
