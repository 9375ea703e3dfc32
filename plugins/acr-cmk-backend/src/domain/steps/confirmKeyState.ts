import {
  keyHomeKind,
  type KeyIdentifier,
  RegistryId,
  vaultNameOfId,
} from 'backstage-plugin-acr-cmk-common';
import { az, ofKey, tryAPull } from './az';
import type { AzureAs } from '../../azure/azureAs';
import { orMissing } from './orMissing';
import {
  concludePull,
  observePull,
  pulledOutputs,
  pullInWords,
  pullsAfterRevoke,
  type PullTests,
  tryPull,
} from './pull';
import { keysOf } from './registryUpdate';
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
  registryId: RegistryId;
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
  ids: { registryId: RegistryId },
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
  pullsAfter: ({ usable, retired }) =>
    retired ? undefined : { wanted: usable ? 'answered' : 'refused' },

  async observe(context) {
    const { spec, azure } = context;
    const enabled = await enabledVersions(azure, spec);
    const usable = enabled.filter(version => spec.versions.includes(version));
    const now = await tryPull(azure, spec.registryId);
    const observations = [
      {
        what: 'usable versions',
        value: usable.length === 0 ? 'none' : usable.join(', '),
      },
      observePull(now),
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
    const other = await usedInstead(azure, spec, enabled);
    if (other) {
      return {
        status: 'unverified',
        observations: [
          ...observations,
          { what: 'version in use', value: `${other}` },
        ],
        message: `The versions cannot be used (proved), but the registry uses ${other} by now. Revoke again`,
      };
    }
    return {
      observations,
      ...pulledOutputs(now),
      ...proof(spec, { before: context.outputs.pullBefore, now }),
    };
  },
});

async function enabledVersions(
  azure: AzureAs,
  { vaultId, keyName }: ConfirmKeyState,
): Promise<string[]> {
  const key = (await orMissing(azure.keys.get(vaultId, keyName)))?.value;
  return (key?.versions ?? [])
    .filter(({ enabled }) => enabled)
    .map(({ version }) => version);
}

/** Another version or key that the registry uses after a revoke: it has followed its key since the plan, or was changed. */
async function usedInstead(
  azure: AzureAs,
  { usable, retired, registryId, vaultId, keyName }: ConfirmKeyState,
  enabled: readonly string[],
): Promise<KeyIdentifier | undefined> {
  if (usable || retired) return undefined;
  const registry = await orMissing(azure.registries.get(registryId));
  const inUse = registry && keysOf(registry.value).inUse;
  if (!inUse) return undefined;
  const isOfKey =
    inUse.keyName.toLowerCase() === keyName.toLowerCase() &&
    inUse.vaultName.toLowerCase() === vaultNameOfId(vaultId).toLowerCase();
  return isOfKey && !enabled.includes(inUse.version ?? '') ? undefined : inUse;
}

function proof(
  { usable, retired }: ConfirmKeyState,
  pulls: PullTests,
):
  | Omit<Extract<StepStatus, { status: 'done' }>, 'observations'>
  | Omit<Extract<StepStatus, { status: 'failed' }>, 'observations'> {
  if (usable) {
    return { status: 'done', message: 'The key can be used (proved)' };
  }
  if (!retired) {
    return {
      status: 'done',
      message: `The key cannot be used (proved). ${pullsAfterRevoke(pulls)}`,
    };
  }
  const { before, now } = pulls;
  if (concludePull(now, before) !== 'refused') {
    return {
      status: 'done',
      message: `The old version is disabled (proved); ${pullInWords(now)}`,
    };
  }
  if (concludePull(before) === 'refused') {
    return {
      status: 'done',
      message: `The old version is disabled (proved). ${pullsAfterRevoke(pulls)}`,
    };
  }
  return {
    status: 'failed',
    code: 'PULL_REFUSED',
    message: `The old version is disabled, and the registry refuses pulls. ${
      before
        ? 'It did not before, so it still needs that version'
        : 'Whether it did before is unknown, so it may still need that version'
    }. Enable it again at once`,
  };
}
