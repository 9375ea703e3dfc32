import type { ConfirmRestored, ConfirmRevoked } from '../../cmk/steps';
import type { Look } from '../types';
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

function looksOf(paths: readonly string[], pulled: { look: Look }): Look[] {
  return [
    {
      what: 'access paths to the key',
      value: paths.length === 0 ? 'none' : paths.join('; '),
    },
    pulled.look,
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
    const looks = looksOf(paths, pulled);
    if (paths.length > 0) {
      return context.now - context.startedAt > SPREAD_DEADLINE_MS
        ? {
            is: 'unconfirmed',
            looks,
            sentence: `An access path is left: ${paths.join('; ')}`,
          }
        : {
            is: 'not-yet',
            looks,
            sentence: 'Azure still shows an access path',
            lookAgainSeconds: 10,
          };
    }
    return {
      is: 'done',
      looks,
      sentence:
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
    const looks = looksOf(paths, pulled);
    const late = context.now - context.startedAt > SPREAD_DEADLINE_MS;
    if (paths.length === 0) {
      return late
        ? {
            is: 'unconfirmed',
            looks,
            sentence: 'Azure does not show the access path',
          }
        : {
            is: 'not-yet',
            looks,
            sentence: 'Azure does not show the access path yet',
            lookAgainSeconds: 10,
          };
    }
    if (pulled.status === 403) {
      return late
        ? {
            is: 'unconfirmed',
            looks,
            sentence:
              'Vault access is back (proved), but pulls are still refused',
          }
        : {
            is: 'not-yet',
            looks,
            sentence:
              'Vault access is back (proved); the registry still refuses pulls',
            lookAgainSeconds: 10,
          };
    }
    return {
      is: 'done',
      looks,
      sentence:
        pulled.status === undefined
          ? 'Vault access is back (proved). Whether pulls work could not be tried'
          : `Vault access is back (proved), and a pull is answered (HTTP ${pulled.status})`,
    };
  },
});
