/** Parts shared by the steps that prove, at the vault, which principals may use a key. */
import {
  keyHomeKind,
  type RegistryId,
  vaultNameOfId,
} from 'backstage-plugin-acr-cmk-common';
import {
  accessInAzure,
  type AccessInAzure,
  observePaths,
} from './accessInAzure';
import { observePull, type PullTests, tryPull } from './pull';
import type { Observation, StepContext } from './step';

export interface ConfirmAccess {
  version: 1;
  registryId: RegistryId;
  vaultId: string;
  keyName: string;
  principalId: string;
  /** Login server of the registry, for a pull. */
  loginServer: string;
}

/** `Vault access` or `Managed HSM access` */
export function accessInWords({
  vaultId,
}: Pick<ConfirmAccess, 'vaultId'>): string {
  const kind = keyHomeKind(vaultNameOfId(vaultId));
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)} access`;
}

/** Access paths in Azure, and what a pull gets. */
export async function observeAccess({
  spec,
  azure,
  outputs,
}: StepContext<ConfirmAccess>): Promise<{
  access: AccessInAzure;
  pulls: PullTests;
  observations: Observation[];
}> {
  const access = await accessInAzure(azure, spec);
  const now = await tryPull(azure, spec.registryId);
  return {
    access,
    pulls: { before: outputs.pullBefore, now },
    observations: [observePaths(access.paths), observePull(now)],
  };
}
