import { bareVaultName, isHsmName } from 'backstage-plugin-acr-cmk-common';
import type { Texts } from '../../translations/ref';

/**
 * Words for what a key is in: the only source of "vault" or "Managed HSM" in texts about a certain key.
 *
 * @param vaultName - as the product writes it, `<name>.managedhsm` for a Managed HSM
 */
export function keyHomeWords(t: Texts, vaultName: string) {
  const kind = isHsmName(vaultName) ? 'hsm' : 'vault';
  const name = bareVaultName(vaultName);
  return {
    title: t(`home.${kind}.title`),
    openInAzure: t(`home.${kind}.openInAzure`),
    home: t(`home.${kind}.named`, { name }),
  };
}

/** Asks for one of these: an HSM is named only where there is one. */
export function vaultQuestion(t: Texts, vaultNames: string[]): string {
  return t(
    vaultNames.some(isHsmName) ? 'keyChoice.vaultOrHsm' : 'home.vault.title',
  );
}

/** Label of a vault's permission model; a Managed HSM has its own. */
export function permissionModelInWords(
  t: Texts,
  vault: { name: string; permissionModel: 'rbac' | 'access-policy' },
): string {
  return t(
    isHsmName(vault.name) ? 'vault.hsm-rbac' : `vault.${vault.permissionModel}`,
  );
}
