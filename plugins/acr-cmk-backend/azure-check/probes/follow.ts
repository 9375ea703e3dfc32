import { grant, withdraw } from '../access';
import { rotateKey, versionsOf } from '../keys';
import { after, type Measured, type Span, until } from '../measured';
import type { Lab, Measurements, Probe } from '../probe';
import { query } from '../resourceGraph';
import type { Steps } from '../steps';

/** "Within one hour", says Microsoft. Seconds. */
const LIMIT = 4 * 3600;
/** How long after the registry should have followed it gets its key back. Seconds. */
const MARGIN = 600;

const keyUriOf = (row: any): string | undefined =>
  row?.properties?.encryption?.keyVaultProperties?.versionedKeyIdentifier;

/** When an automatic registry follows its key, when it tries again, and when Resource Graph knows. */
export const follow: Probe = {
  id: 'follow',
  title: 'when an automatic registry follows a new version of its key',
  about: [
    'followDelaySeconds',
    'followRetrySeconds',
    'resourceGraphShowsVersionInUse',
    'resourceGraphFollowDelaySeconds',
  ],

  async *run(lab: Lab): Steps<Measurements> {
    const { azure, names, time } = lab;
    const key = names.keyUri('follow');
    const uses = (kid: string) => async () => {
      const { json } = await azure.arm('GET', names.registryId('follow'));
      return keyUriOf(json) === kid;
    };
    // An earlier try may have left a version that it has not followed yet.
    const present = (await versionsOf(lab, key)).pop()!;
    const given = await grant(lab, 'follow');
    yield* until(
      { time, start: given, limitSeconds: 2 * LIMIT },
      uses(present),
    );

    const rotated = await rotateKey(lab, key);
    azure.record('rotate a key', rotated);
    const { kid } = rotated.json.key;
    const followed = yield* until(
      { time, start: rotated, limitSeconds: LIMIT },
      uses(kid),
    );
    azure.record(
      'show a registry that has followed',
      await azure.arm('GET', names.registryId('follow')),
    );
    const rowOf = async () =>
      (
        await query(
          lab,
          `resources | where id =~ '${names.registryId('follow')}'`,
        )
      ).json.data[0];
    const row = await rowOf();
    const shows = keyUriOf(row) !== undefined;
    const indexed =
      shows && followed.atMost !== null
        ? yield* until(
            { time, start: rotated, limitSeconds: followed.atMost + LIMIT },
            async () => keyUriOf(await rowOf()) === kid,
          )
        : undefined;
    return {
      followDelaySeconds: { seconds: followed },
      resourceGraphShowsVersionInUse:
        row === undefined
          ? { unknown: 'Resource Graph has no row of the registry' }
          : { value: shows },
      resourceGraphFollowDelaySeconds: indexed
        ? { seconds: after(indexed, followed) }
        : { unknown: 'rows do not have the version in use' },
      followRetrySeconds: yield* retryOf(lab, followed),
    };
  },
};

/** The registry cannot reach its key when it should follow, and has it back a little later. */
async function* retryOf(lab: Lab, usual: Span): Steps<Measured> {
  if (usual.atMost === null) return { unknown: 'the registry never followed' };
  const { azure, names, time } = lab;
  await withdraw(lab, 'follow');
  const rotated = await rotateKey(lab, names.keyUri('follow'));
  yield (usual.atMost + MARGIN) * 1000;
  await grant(lab, 'follow');
  const limit = usual.atMost + MARGIN + LIMIT;
  const total = yield* until(
    { time, start: rotated, limitSeconds: limit },
    async () => {
      const { json } = await azure.arm('GET', names.registryId('follow'));
      return keyUriOf(json) === rotated.json.key.kid;
    },
  );
  return { seconds: after(total, usual) };
}
