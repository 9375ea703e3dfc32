import { expectSuccess } from '../Azure';
import { deletedUrl, ensureKeyAt } from '../keys';
import { until } from '../measured';
import type { Lab, Measurements, Probe } from '../probe';
import type { Steps } from '../steps';

/** Seconds. */
const LIMIT = 600;

/** How long a key is nowhere while it is deleted and recovered. */
export const deletedKeys: Probe = {
  id: 'deleted-keys',
  title: 'how long a key is nowhere while it is deleted and recovered',
  about: ['deletedKeyDelaySeconds', 'recoveredKeyDelaySeconds'],

  async *run(lab: Lab): Steps<Measurements> {
    const { azure, names, time } = lab;
    const key = `https://${names.vault('policies')}.${
      azure.cloud.vaultSuffix
    }/keys/probe-deleted`;
    const isThere = (url: string) => async () =>
      (await azure.vault('GET', url)).status === 200;

    yield* ensureKeyAt(lab, key);
    yield* until(
      { time, start: await azure.vault('GET', key), limitSeconds: LIMIT },
      isThere(key),
    );
    const deleted = expectSuccess(
      'delete a key',
      await azure.vault('DELETE', key),
    );
    azure.record('delete a key', deleted);
    const gone = yield* until(
      { time, start: deleted, limitSeconds: LIMIT },
      isThere(deletedUrl(key)),
    );
    const recovered = expectSuccess(
      'recover a key',
      await azure.vault('POST', `${deletedUrl(key)}/recover`),
    );
    azure.record('recover a key', recovered);
    const back = yield* until(
      { time, start: recovered, limitSeconds: LIMIT },
      isThere(key),
    );
    return {
      deletedKeyDelaySeconds: { seconds: gone },
      recoveredKeyDelaySeconds: { seconds: back },
    };
  },
};
