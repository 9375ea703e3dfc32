import { expectSuccess } from '../Azure';
import { ensureKeyAt, rotateKey, versionsOf } from '../keys';
import type { Lab, Measurements, Probe } from '../probe';
import type { Steps } from '../steps';

/** One more than what two documented pages begin with. */
const VERSIONS = 27;
/** Key Vault makes 20 keys in ten seconds. */
const PAUSE_MS = 500;

/** How many versions one page of a list has. */
export const pages: Probe = {
  id: 'pages',
  title: 'how many entries a page of keys has',
  about: ['keyPageSize'],

  async *run(lab: Lab): Steps<Measurements> {
    const { azure, names } = lab;
    const key = `https://${names.vault('policies')}.${
      azure.cloud.vaultSuffix
    }/keys/probe-pages`;
    yield* ensureKeyAt(lab, key);
    let { length } = await versionsOf(lab, key);
    for (; length < VERSIONS; length++) {
      await rotateKey(lab, key);
      yield PAUSE_MS;
    }
    const { json } = expectSuccess(
      'list the versions of a key',
      azure.record(
        'list the versions of a key',
        await azure.vault('GET', `${key}/versions`),
      ),
    );
    return { keyPageSize: { value: json.value.length } };
  },
};
