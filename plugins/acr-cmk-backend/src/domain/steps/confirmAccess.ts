/** Parts shared by the steps that prove, at the vault, which principals may use a key. */
import {
  keyHomeKind,
  type RegistryId,
  vaultNameOfId,
} from 'backstage-plugin-acr-cmk-common';
import { accessPathsInAzure, observePaths } from './accessInAzure';
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
  paths: string[];
  pulls: PullTests;
  observations: Observation[];
}> {
  const paths = await accessPathsInAzure(azure, spec);
  const now = await tryPull(azure, spec.registryId);
  return {
    paths,
    pulls: { before: outputs.pullBefore, now },
    observations: [observePaths(paths), observePull(now)],
  };
}
