import type { ConfirmRestored, ConfirmRevoked } from '../cmk/steps';
import type { Observation } from '../operations/engine/types';
import { accessPathsInAzure, SPREAD_DEADLINE_MS } from './accessInAzure';
import { tryPull } from './pull';
import { defineStep, type StepContext } from './step';

const pathsLeft = ({
  spec,
  azure,
}: StepContext<ConfirmRevoked | ConfirmRestored>) =>
  accessPathsInAzure(azure, spec);

const pull = ({ spec, azure }: StepContext<ConfirmRevoked | ConfirmRestored>) =>
  tryPull(azure, spec.loginServer);

function observationsOf(
  paths: readonly string[],
  pulled: { observation: Observation },
): Observation[] {
  return [
    {
      what: 'access paths to the key',
      value: paths.length === 0 ? 'none' : paths.join('; '),
    },
    pulled.observation,
  ];
}

/**
 * Proves at the vault that no access path is left. When the registry itself notices is not
 * documented, so a pull that still works is told, not taken for a failure.
 */
export const confirmRevoked = defineStep<ConfirmRevoked>({
  kind: 'confirm-revoked',
  version: 1,
  credential: 'read',

  async observe(context) {
    const paths = await pathsLeft(context);
    const pulled = await pull(context);
    const observations = observationsOf(paths, pulled);
    if (paths.length > 0) {
      return context.now - context.startedAt > SPREAD_DEADLINE_MS
        ? {
            status: 'unverified',
            observations,
            message: `An access path is left: ${paths.join('; ')}`,
          }
        : {
            status: 'in-progress',
            observations,
            message: 'Azure still shows an access path',
            checkAgainSeconds: 10,
          };
    }
    return {
      status: 'done',
      observations,
      message:
        pulled.status === 403
          ? 'Vault access removed (proved), and a pull is refused (HTTP 403)'
          : 'Vault access removed (proved). The registry may serve pulls for a while: when it notices is not documented',
    };
  },
});

/** Proves at the vault that the access path is back, and asks the registry for a pull. */
export const confirmRestored = defineStep<ConfirmRestored>({
  kind: 'confirm-restored',
  version: 1,
  credential: 'read',

  async observe(context) {
    const paths = await pathsLeft(context);
    const pulled = await pull(context);
    const observations = observationsOf(paths, pulled);
    const late = context.now - context.startedAt > SPREAD_DEADLINE_MS;
    if (paths.length === 0) {
      return late
        ? {
            status: 'unverified',
            observations,
            message: 'Azure does not show the access path',
          }
        : {
            status: 'in-progress',
            observations,
            message: 'Azure does not show the access path yet',
            checkAgainSeconds: 10,
          };
    }
    if (pulled.status === 403) {
      return late
        ? {
            status: 'unverified',
            observations,
            message:
              'Vault access is back (proved), but pulls are still refused',
          }
        : {
            status: 'in-progress',
            observations,
            message:
              'Vault access is back (proved); the registry still refuses pulls',
            checkAgainSeconds: 10,
          };
    }
    return {
      status: 'done',
      observations,
      message:
        pulled.status === undefined
          ? 'Vault access is back (proved). Whether pulls work could not be tried'
          : `Vault access is back (proved), and a pull is answered (HTTP ${pulled.status})`,
    };
  },
});
