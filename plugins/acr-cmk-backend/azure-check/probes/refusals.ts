import { expectSuccess } from '../Azure';
import { deletedUrl, ensureKeyAt, rotateKey, setAttributes } from '../keys';
import { until } from '../measured';
import type { Lab, Measurements, Probe } from '../probe';
import { REFUSAL_REQUESTS } from '../refusals';
import { settled } from '../waiting';
import type { Steps } from '../steps';
import { compareRefusal } from '../words';

/** Refusals of keys that have to be made for it, in the order in which a key comes to them. */
const OF_KEYS = [
  'vault.keyDisabled',
  'vault.keyOutsideDates',
  'vault.keyOperation',
  'vault.isBeingDeleted',
  'vault.isDeletedButRecoverable',
  'vault.isBeingRecovered',
];
const BUSY = 'registry.busy';
/** Seconds. */
const LIMIT = 600;
const LONG_AGO = { nbf: 1_000_000_000, exp: 1_000_000_001 };

const named = (name: string) => `refusals.${name}`;

/** The status, code and words of what Azure refuses. */
export const refusals: Probe = {
  id: 'refusals',
  title: 'status, code and words of refusals',
  about: [...REFUSAL_REQUESTS.map(({ name }) => name), ...OF_KEYS, BUSY].map(
    named,
  ),

  async *run(lab: Lab): Steps<Measurements> {
    const { azure } = lab;
    const found: Measurements = {};
    for (const { name, ask, values } of REFUSAL_REQUESTS) {
      const answer = azure.record(`refused: ${name}`, await ask(lab));
      found[named(name)] = compareRefusal(name, answer, {
        values: values?.(lab) ?? {},
        scrubber: azure.scrubber,
      });
      // What was accepted against all expectation has to end first.
      if (answer.status === 201) {
        yield* settled(lab, name, lab.names.registryId('follow'));
      }
    }
    return {
      ...found,
      ...(yield* busy(lab)),
      ...(yield* ofVersions(lab)),
      ...(yield* ofDeletion(lab)),
    };
  },
};

async function* busy(lab: Lab): Steps<Measurements> {
  const { azure, names } = lab;
  const id = names.registryId('follow');
  const tag = (probe: string) =>
    azure.arm('PATCH', id, { body: { tags: { ...names.tags, probe } } });
  await tag('first');
  const second = azure.record(`refused: ${BUSY}`, await tag('second'));
  yield* settled(lab, 'update a registry', id);
  const values = { registry: names.registry('follow') };
  return {
    [named(BUSY)]: compareRefusal(BUSY, second, {
      values,
      scrubber: azure.scrubber,
    }),
  };
}

const keyOf = ({ azure, names }: Lab, name: string) =>
  `https://${names.vault('policies')}.${azure.cloud.vaultSuffix}/keys/${name}`;

const wrap = ({ azure }: Lab, kid: string) =>
  azure.vault('POST', `${kid}/wrapkey`, {
    body: {
      alg: 'RSA-OAEP-256',
      value: Buffer.alloc(32, 1).toString('base64url'),
    },
  });

async function* ofVersions(lab: Lab): Steps<Measurements> {
  const { azure } = lab;
  const key = keyOf(lab, 'probe-refused');
  yield* ensureKeyAt(lab, key);
  const values = { operation: 'wrapKey' };
  const refusedOf = async (name: string, attributes: object) => {
    const { json } = await rotateKey(lab, key);
    await setAttributes(lab, json.key.kid, { ...attributes });
    const answer = azure.record(
      `refused: ${name}`,
      await wrap(lab, json.key.kid),
    );
    return compareRefusal(name, answer, { values, scrubber: azure.scrubber });
  };
  const disabled = await refusedOf('vault.keyDisabled', { enabled: false });
  const expired = await refusedOf('vault.keyOutsideDates', LONG_AGO);
  const signing = expectSuccess(
    'make a key',
    await azure.vault('POST', `${keyOf(lab, 'probe-signing')}/create`, {
      body: {
        kty: 'RSA',
        key_size: 2048,
        key_ops: ['sign', 'verify'],
      },
    }),
  );
  const operation = azure.record(
    'refused: vault.keyOperation',
    await wrap(lab, signing.json.key.kid),
  );
  return {
    [named('vault.keyDisabled')]: disabled,
    [named('vault.keyOutsideDates')]: expired,
    [named('vault.keyOperation')]: compareRefusal(
      'vault.keyOperation',
      operation,
      { values, scrubber: azure.scrubber },
    ),
  };
}

/** The name of a key while it is deleted and recovered. */
async function* ofDeletion(lab: Lab): Steps<Measurements> {
  const { azure, time } = lab;
  const name = 'probe-name';
  const key = keyOf(lab, name);
  yield* ensureKeyAt(lab, key);
  const isThere = (url: string) => async () =>
    (await azure.vault('GET', url)).status === 200;
  yield* until(
    { time, start: await azure.vault('GET', key), limitSeconds: LIMIT },
    isThere(key),
  );
  const createAgain = async (refusal: string) =>
    compareRefusal(
      refusal,
      azure.record(
        `refused: ${refusal}`,
        await azure.vault('POST', `${key}/create`, { body: { kty: 'RSA' } }),
      ),
      { values: { key: name }, scrubber: azure.scrubber },
    );
  const deleted = expectSuccess(
    'delete a key',
    await azure.vault('DELETE', key),
  );
  const deleting = await createAgain('vault.isBeingDeleted');
  yield* until(
    { time, start: deleted, limitSeconds: LIMIT },
    isThere(deletedUrl(key)),
  );
  const recoverable = await createAgain('vault.isDeletedButRecoverable');
  const recovered = expectSuccess(
    'recover a key',
    await azure.vault('POST', `${deletedUrl(key)}/recover`),
  );
  const recovering = await createAgain('vault.isBeingRecovered');
  yield* until({ time, start: recovered, limitSeconds: LIMIT }, isThere(key));
  return {
    [named('vault.isBeingDeleted')]: deleting,
    [named('vault.isDeletedButRecoverable')]: recoverable,
    [named('vault.isBeingRecovered')]: recovering,
  };
}
