import crypto from 'node:crypto';
import { expectSuccess } from '../Azure';
import { ensureKeyAt, rotateKey, setAttributes } from '../keys';
import type { Lab, Measurements, Probe } from '../probe';
import type { Steps } from '../steps';

const ALGORITHM = 'RSA-OAEP-256';
/** In the past, whatever the machine's clock says. Seconds since 1970. */
const LONG_AGO = { nbf: 1_000_000_000, exp: 1_000_000_001 };

/** Whether a version that is disabled or has expired still unwraps what it wrapped before. */
export const unwrap: Probe = {
  id: 'unwrap',
  title: 'whether a disabled or an expired version unwraps',
  about: ['disabledVersionUnwraps', 'expiredVersionUnwraps'],

  async *run(lab: Lab): Steps<Measurements> {
    const { azure, names } = lab;
    const key = `https://${names.vault('policies')}.${
      azure.cloud.vaultSuffix
    }/keys/probe-unwrap`;
    yield* ensureKeyAt(lab, key);
    const stillUnwraps = async (attributes: Record<string, unknown>) => {
      const { json } = await rotateKey(lab, key);
      const { kid } = json.key;
      const wrapped = expectSuccess(
        'wrap with a key',
        await azure.vault('POST', `${kid}/wrapkey`, {
          body: {
            alg: ALGORITHM,
            value: crypto.randomBytes(32).toString('base64url'),
          },
        }),
      );
      await setAttributes(lab, kid, attributes);
      const { status } = await azure.vault('POST', `${kid}/unwrapkey`, {
        body: {
          alg: ALGORITHM,
          value: wrapped.json.value,
        },
      });
      return { value: status === 200 };
    };
    return {
      disabledVersionUnwraps: await stillUnwraps({ enabled: false }),
      expiredVersionUnwraps: await stillUnwraps(LONG_AGO),
    };
  },
};
