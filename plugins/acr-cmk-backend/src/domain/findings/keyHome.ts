import { keyHome, keyHomeKind } from 'backstage-plugin-acr-cmk-common';
import { firewallOf } from '../firewall';
import { type FindingRule, OK } from './rule';

/** Rules about the Key Vault or Managed HSM that holds the key. */
export const keyHomeRules: readonly FindingRule[] = [
  /** The vault's firewall is closed to Azure's trusted services, so no registry gets through. */
  {
    id: 'vault-firewall',
    severity: 'error',
    state: 'unreachable',
    access: { blocked: { rotation: 'no-help' } },
    notifies: 'firewall-closed',
    check({ key, vault }) {
      if (!vault.known) {
        return {
          verdict: 'undecided',
          message: `Could not determine whether the ${keyHomeKind(
            key.vaultName,
          )}'s firewall lets the registry through`,
          detail: vault.problem.message,
        };
      }
      if (firewallOf(vault.value) !== 'closed') return OK;
      return {
        verdict: 'found',
        message: `The firewall of the ${keyHome(
          key.vaultName,
        )} is closed, also to Azure's trusted services`,
        detail: 'Container Registry is one of them',
        remedy: `Allow trusted Microsoft services to bypass the ${keyHomeKind(
          key.vaultName,
        )}'s firewall (networkAcls: bypass = AzureServices).`,
      };
    },
  },
  /** A deleted key of this vault could be purged, and the registry's data with it. */
  {
    id: 'purge-protection-off',
    severity: 'warning',
    state: null,
    access: 'none',
    notifies: null,
    check({ key, vault }) {
      if (!vault.known) {
        return {
          verdict: 'undecided',
          message: `Could not determine whether the ${keyHomeKind(
            key.vaultName,
          )} has purge protection`,
          detail: vault.problem.message,
        };
      }
      if (vault.value.purgeProtection) return OK;
      if (vault.value.purgeProtection === undefined) {
        return {
          verdict: 'undecided',
          message: `Azure does not show whether the ${keyHome(
            key.vaultName,
          )} has purge protection`,
        };
      }
      return {
        verdict: 'found',
        message: `The ${keyHome(
          key.vaultName,
        )} has no purge protection: a purged key destroys the images`,
        remedy: `Turn on purge protection for the ${keyHomeKind(
          key.vaultName,
        )}. It cannot be turned off again.`,
      };
    },
  },
];
