import { REVOKE_KINDS, type RevokeKind } from 'azure-emulator';
import { grant, withdraw } from '../access';
import { type Answer, expectSuccess, refusalOf } from '../Azure';
import { pullImage } from '../image';
import {
  deletedUrl,
  ensureKey,
  rotateKey,
  setAttributes,
  versionsOf,
} from '../keys';
import { after, type Measured, type Span, until } from '../measured';
import type { Lab, Measurements, Probe } from '../probe';
import type { Steps } from '../steps';
import { compareRefusal } from '../words';

/** How long a pull may take to notice; longer is "never". Seconds. */
const LIMIT = 4 * 3600;

/** The kind that also shows what somebody without credentials gets. */
const SIGN_IN_KIND: RevokeKind = 'keyDisabled';

/** Its status and code are asked for each kind of revoke; here it is about the words. */
const WORDS = 'refusals.registry.keyOutOfReach';

function wordsOf({ azure }: Lab, refusal: Answer): Measured {
  const name = 'registry.keyOutOfReach';
  const found = compareRefusal(name, refusal, {
    values: {},
    scrubber: azure.scrubber,
  });
  if (!('value' in found)) return found;
  const { message } = found.value as { message?: string };
  return { value: message === undefined ? {} : { message } };
}

interface Revoke {
  revoke(lab: Lab): Promise<Answer>;
  restore(lab: Lab): Steps<Answer>;
  /** What is known already of how late the vault itself notices. */
  vaultDelay?: { revoke: string; restore: string };
}

/** The version of its key that a registry uses. */
async function versionInUse({ azure, names }: Lab, kind: RevokeKind) {
  const { json } = await azure.arm('GET', names.registryId(kind));
  return String(
    json.properties.encryption.keyVaultProperties.versionedKeyIdentifier,
  );
}

async function setAll(lab: Lab, enabled: boolean): Promise<Answer> {
  const answers: Answer[] = [];
  for (const kid of await versionsOf(lab, lab.names.keyUri('keyDisabled'))) {
    answers.push(await setAttributes(lab, kid, { enabled }));
  }
  return answers[answers.length - 1];
}

const byGrant = (
  kind: RevokeKind,
  vaultDelay: Revoke['vaultDelay'],
): Revoke => ({
  revoke: lab => withdraw(lab, kind),
  // eslint-disable-next-line require-yield
  restore: async function* restore(lab) {
    return grant(lab, kind);
  },
  vaultDelay,
});

const REVOKES: Record<RevokeKind, Revoke> = {
  roleRemoved: byGrant('roleRemoved', {
    revoke: 'roleRemovalDelaySeconds',
    restore: 'roleAssignmentDelaySeconds',
  }),
  accessPolicyRemoved: byGrant('accessPolicyRemoved', {
    revoke: 'accessPolicyDelaySeconds',
    restore: 'accessPolicyDelaySeconds',
  }),
  versionDisabled: {
    revoke: async lab =>
      setAttributes(lab, await versionInUse(lab, 'versionDisabled'), {
        enabled: false,
      }),
    // eslint-disable-next-line require-yield
    restore: async function* restore(lab) {
      const kid = await versionInUse(lab, 'versionDisabled');
      return setAttributes(lab, kid, { enabled: true });
    },
  },
  keyDisabled: {
    revoke: lab => setAll(lab, false),
    // eslint-disable-next-line require-yield
    restore: async function* restore(lab) {
      return setAll(lab, true);
    },
  },
  keyDeleted: {
    revoke: async ({ azure, names }) =>
      expectSuccess(
        'delete a key',
        await azure.vault('DELETE', names.keyUri('keyDeleted')),
      ),
    async *restore({ azure, names }) {
      const url = `${deletedUrl(names.keyUri('keyDeleted'))}/recover`;
      for (;;) {
        const answer = await azure.vault('POST', url);
        // For some seconds it is still being deleted.
        if (answer.status !== 409 && answer.status !== 404) {
          return expectSuccess('recover a key', answer);
        }
        yield 1000;
      }
    },
  },
};

/** What the registry adds to what its vault takes. */
function ownDelay(lab: Lab, total: Span, vaultDelay?: string): Measured {
  if (vaultDelay === undefined) return { seconds: total };
  const known = Object.values(lab.state.results)
    .map(({ measured }) => measured[vaultDelay])
    .find(Boolean);
  return known && 'seconds' in known
    ? { seconds: after(total, known.seconds) }
    : { unknown: `${vaultDelay} is not known, which is a part of it` };
}

function pullProbe(kind: RevokeKind): Probe {
  const name = (field: string) => `pulls.${kind}.${field}`;
  return {
    id: `pulls-${kind}`,
    title: `what a pull gets when this was done: ${kind}`,
    about: [
      ...['stopAfterSeconds', 'returnAfterSeconds', 'status', 'code'].map(name),
      ...(kind === SIGN_IN_KIND ? ['revokedRegistryRefusesSignIn', WORDS] : []),
    ],

    async *run(lab: Lab): Steps<Measurements> {
      const { azure, names, time } = lab;
      const { revoke, restore, vaultDelay } = REVOKES[kind];
      const host = names.loginServer(kind);
      let last: Answer | undefined;
      const pulls = async () => {
        last = await pullImage(azure, host);
        return last.status === 200;
      };

      // As it was before, also when an earlier try was interrupted.
      yield* ensureKey(lab, kind);
      const given = await grant(lab, kind);
      if (kind === 'versionDisabled') {
        const versions = await versionsOf(lab, names.keyUri(kind));
        if (versions.length < 2) await rotateKey(lab, names.keyUri(kind));
      }
      const ready = yield* until(
        { time, start: given, limitSeconds: LIMIT },
        pulls,
      );
      if (ready.atMost === null) throw new Error('The registry has no image');

      const revoked = await revoke(lab);
      const stop = yield* until(
        { time, start: revoked, limitSeconds: LIMIT },
        async () => !(await pulls()),
      );
      const stopped: Measurements = {
        [name('stopAfterSeconds')]: ownDelay(lab, stop, vaultDelay?.revoke),
      };
      if (stop.atMost === null) {
        yield* restore(lab);
        const unknown = `pulls went on for ${LIMIT} seconds`;
        return {
          ...stopped,
          ...Object.fromEntries(
            this.about
              .filter(each => !(each in stopped))
              .map(each => [each, { unknown }]),
          ),
        };
      }
      const refusal = azure.record(`pull after a revoke: ${kind}`, last!);
      const anonymous = await azure.anonymous('GET', `https://${host}/v2/`);
      const restored = yield* restore(lab);
      const back = yield* until(
        { time, start: restored, limitSeconds: LIMIT },
        pulls,
      );
      return {
        ...stopped,
        [name('returnAfterSeconds')]: ownDelay(lab, back, vaultDelay?.restore),
        [name('status')]: { value: refusal.status },
        [name('code')]: { value: refusalOf(refusal).code },
        ...(kind === SIGN_IN_KIND && {
          revokedRegistryRefusesSignIn: { value: anonymous.status !== 401 },
          [WORDS]: wordsOf(lab, refusal),
        }),
      };
    },
  };
}

/** What pulls get after each kind of revoke and restore, how long after, and with which words. */
export const pulls: Probe[] = REVOKE_KINDS.map(pullProbe);
