import { type Answer, expectSuccess } from './Azure';
import type { Purpose } from './names';
import type { Lab } from './probe';
import type { Steps } from './steps';

/** How long Key Vault may take until what was done to a key shows. Seconds. */
const PATIENCE = 300;

/** The ids of a key's versions, the oldest first. */
export async function versionsOf(lab: Lab, key: string): Promise<string[]> {
  const found: { kid: string; created: number }[] = [];
  let next: string | null = `${key}/versions`;
  while (next) {
    const page: Answer = expectSuccess(
      'list the versions of a key',
      await lab.azure.vault('GET', next),
    );
    for (const { kid, attributes } of page.json.value) {
      found.push({ kid, created: Number(attributes.created) });
    }
    next = page.json.nextLink ?? null;
  }
  // Those of the same second keep the order of the list.
  return found.sort((a, b) => a.created - b.created).map(({ kid }) => kid);
}

export async function makeKey({ azure }: Lab, key: string): Promise<Answer> {
  return expectSuccess(
    'make a key',
    await azure.vault('POST', `${key}/create`, {
      body: { kty: 'RSA', key_size: 2048 },
    }),
  );
}

export async function rotateKey({ azure }: Lab, key: string): Promise<Answer> {
  return expectSuccess(
    'rotate a key',
    await azure.vault('POST', `${key}/rotate`),
  );
}

export async function setAttributes(
  { azure }: Lab,
  kid: string,
  attributes: Record<string, unknown>,
): Promise<Answer> {
  return expectSuccess(
    'change a key version',
    await azure.vault('PATCH', kid, { body: { attributes } }),
  );
}

export const deletedUrl = (key: string) =>
  key.replace('/keys/', '/deletedkeys/');

/** The key is there, all its versions are enabled: made, or recovered, or enabled. */
export async function* ensureKey(lab: Lab, purpose: Purpose): Steps<void> {
  const key = lab.names.keyUri(purpose);
  yield* ensureKeyAt(lab, key);
  for (const kid of await versionsOf(lab, key)) {
    await setAttributes(lab, kid, { enabled: true });
  }
}

/** The same for any key, without a look at its versions. */
export async function* ensureKeyAt(lab: Lab, key: string): Steps<void> {
  const { azure, time } = lab;
  const giveUpAt = time.now() + PATIENCE * 1000;
  for (;;) {
    const present = await azure.vault('GET', key);
    if (present.status === 200) return;
    if (present.status !== 404) expectSuccess('read a key', present);
    const deleted = await azure.vault('GET', deletedUrl(key));
    const answer =
      deleted.status === 200
        ? await azure.vault('POST', `${deletedUrl(key)}/recover`)
        : await azure.vault('POST', `${key}/create`, {
            body: {
              kty: 'RSA',
              key_size: 2048,
            },
          });
    // 409: it is being deleted or recovered.
    if (answer.status !== 409 || time.now() >= giveUpAt) {
      expectSuccess('make or recover a key', answer);
    }
    yield 2000;
  }
}
