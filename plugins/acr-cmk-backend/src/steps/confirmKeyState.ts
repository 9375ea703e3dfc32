import { keyHomeKind, vaultNameOfId } from 'backstage-plugin-acr-cmk-common';
import { az, ofKey, tryAPull } from './az';
import type { AzureAs } from '../azure/azureAs';
import { orMissing } from './orMissing';
import { answerToPull, isRefused, pulledOutputs, tryPull } from './pull';
import { defineStep, type StepStatus } from './step';
import { inProgressUntil, SPREAD_DEADLINE_MS } from './timing';

/** Proves that versions of a key can be used, or cannot, by what the vault says. Writes nothing. */
export interface ConfirmKeyState {
  kind: 'confirm-key-state';
  version: 1;
  vaultId: string;
  keyName: string;
  /** Versions that are checked. */
  versions: string[];
  usable: boolean;
  /** The registry has left these versions and must go on serving pulls. */
  retired?: true;
  /** Login server of the registry, for a pull. */
  loginServer: string;
}

/**
 * Proves it over ARM, where no right in the vault is needed. When the registry itself notices is
 * not documented, so a pull that still works is recorded, not taken for a failure.
 */
export const confirmKeyState = defineStep<ConfirmKeyState>({
  kind: 'confirm-key-state',
  version: 1,
  credential: 'read',

  title({ usable, retired, vaultId }) {
    const home = keyHomeKind(vaultNameOfId(vaultId));
    if (usable) return `Verify that the ${home} shows the key as usable`;
    return retired
      ? 'Verify that the old version is disabled, and that a pull is still answered'
      : `Verify that the ${home} shows the key as unusable, and try a pull`;
  },
  target: ({ vaultId, keyName }) => `${vaultId}/keys/${keyName}`,
  commands: ({ vaultId, keyName, loginServer }) => [
    `${az('keyvault key list-versions', {
      ...ofKey({ vaultName: vaultNameOfId(vaultId), keyName }),
      query: '[].[kid, attributes.enabled]',
    })} || echo 'The key is not there'`,
    tryAPull(loginServer),
  ],
  pullsAfter: ({ loginServer, usable, retired }) =>
    retired
      ? undefined
      : { loginServer, wanted: usable ? 'answered' : 'refused' },

  async observe(context) {
    const { spec, azure } = context;
    const usable = await usableVersions(azure, spec);
    const pulled = await tryPull(azure, spec.loginServer);
    const observations = [
      {
        what: 'usable versions',
        value: usable.length === 0 ? 'none' : usable.join(', '),
      },
      pulled.observation,
    ];
    const asWanted = spec.usable
      ? usable.length === spec.versions.length
      : usable.length === 0;
    if (!asWanted) {
      const message = spec.usable
        ? 'Azure does not show the versions as usable yet'
        : `Azure still shows usable versions: ${usable.join(', ')}`;
      return inProgressUntil(context, {
        deadlineMs: SPREAD_DEADLINE_MS,
        checkAgainSeconds: 10,
        observations,
        message,
        overdue: message,
      });
    }
    const before = context.outputs.pullBefore;
    return {
      observations,
      ...pulledOutputs(pulled.status),
      ...proof(spec, { before, now: pulled.status }),
    };
  },
});

async function usableVersions(
  azure: AzureAs,
  { vaultId, keyName, versions }: ConfirmKeyState,
): Promise<string[]> {
  const key = (await orMissing(azure.keys.get(vaultId, keyName)))?.value;
  return (key?.versions ?? [])
    .filter(({ enabled, version }) => enabled && versions.includes(version))
    .map(({ version }) => version);
}

/** @param pulls - HTTP status of a pull before the change and now, where it could be tried */
function proof(
  { usable, retired }: ConfirmKeyState,
  { before, now: pulled }: { before?: number; now?: number },
):
  | Omit<Extract<StepStatus, { status: 'done' }>, 'observations'>
  | Omit<Extract<StepStatus, { status: 'failed' }>, 'observations'> {
  if (usable) {
    return { status: 'done', message: 'The key can be used (proved)' };
  }
  if (!retired) {
    return {
      status: 'done',
      message: isRefused(pulled)
        ? 'The key cannot be used (proved), and a pull is refused (HTTP 403)'
        : 'The key cannot be used (proved). The registry may serve pulls for a while, because when it notices is not documented: pulls are tested until the registry refuses them',
    };
  }
  if (pulled === 403 && before === 403) {
    return {
      status: 'done',
      message:
        'The old version is disabled (proved). A pull is refused (HTTP 403), as it was before',
    };
  }
  if (pulled === 403) {
    return {
      status: 'failed',
      code: 'PULL_REFUSED',
      message:
        'The old version is disabled, and the registry refuses pulls: it needs that version after all. Enable it again at once',
    };
  }
  const answered = pulled === undefined ? '' : `, and ${answerToPull(pulled)}`;
  return {
    status: 'done',
    message: `The old version is disabled (proved)${answered}`,
  };
}
