import { AzureError } from '../azure/AzureError';
import type { AzurePorts } from '../azure/ports';
import type { ConfirmKeyState } from '../cmk/steps';
import { SPREAD_DEADLINE_MS } from './accessInAzure';
import { tryPull } from './pull';
import { defineStep } from './step';

async function usableVersions(
  azure: AzurePorts,
  { vaultId, keyName, versions }: ConfirmKeyState,
): Promise<string[]> {
  try {
    const { value } = await azure.keys.get(vaultId, keyName);
    return value.versions
      .filter(({ enabled, version }) => enabled && versions.includes(version))
      .map(({ version }) => version);
  } catch (error) {
    if (error instanceof AzureError && error.kind === 'not-found') return [];
    throw error;
  }
}

/**
 * Proves by the read credential, over ARM, that versions can or cannot be used. When the registry
 * itself notices is not documented, so a pull that still works is told, not taken for a failure.
 */
export const confirmKeyState = defineStep<ConfirmKeyState>({
  kind: 'confirm-key-state',
  version: 1,
  credential: 'read',

  async observe({ spec, azure, now, startedAt }) {
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
      return now - startedAt > SPREAD_DEADLINE_MS
        ? { status: 'unverified', observations, message }
        : {
            status: 'in-progress',
            observations,
            message,
            checkAgainSeconds: 10,
          };
    }
    if (spec.usable) {
      return {
        status: 'done',
        observations,
        message: 'The key can be used (proved)',
      };
    }
    if (spec.retired) {
      return pulled.status === 403
        ? {
            status: 'failed',
            observations,
            code: 'PULL_REFUSED',
            message:
              'The old version is disabled, and the registry refuses pulls: it needs that version after all. Enable it again in the vault at once',
          }
        : {
            status: 'done',
            observations,
            message: `The old version is disabled (proved)${
              pulled.status === undefined
                ? ''
                : `, and a pull is answered (HTTP ${pulled.status})`
            }`,
          };
    }
    return {
      status: 'done',
      observations,
      message:
        pulled.status === 403
          ? 'The key cannot be used (proved), and a pull is refused (HTTP 403)'
          : 'The key cannot be used (proved). The registry may serve pulls for a while: when it notices is not documented',
    };
  },
});
