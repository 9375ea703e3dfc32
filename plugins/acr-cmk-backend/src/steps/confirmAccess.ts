/** What the steps share that prove, at the vault, who may use a key. */
import type { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { accessPathsInAzure, observePaths } from './accessInAzure';
import { tryPull } from './pull';
import type { Observation, StepContext } from './step';

export interface ConfirmAccess {
  version: 1;
  registryId: RegistryId;
  vaultId: string;
  keyName: string;
  principalId: string;
  /** Of the registry that is asked for a pull. */
  loginServer: string;
}

/** Access paths in Azure, and what a pull gets. */
export async function observeAccess({
  spec,
  azure,
}: StepContext<ConfirmAccess>): Promise<{
  paths: string[];
  pulled?: number;
  observations: Observation[];
}> {
  const paths = await accessPathsInAzure(azure, spec);
  const { status, observation } = await tryPull(azure, spec.loginServer);
  return {
    paths,
    pulled: status,
    observations: [observePaths(paths), observation],
  };
}
