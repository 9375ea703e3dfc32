import type { Check, Fact, VaultFacts } from 'backstage-plugin-acr-cmk-common';
import type { AzurePorts } from '../../azure/ports';
import {
  noLocks,
  ownRights,
  type Right,
  rightsOf,
  scopesWithLocks,
} from '../../domain/rights';
import type { StepSpec } from '../../domain/steps';
import { gives, groupOf, isInHsm } from '../../domain/steps/rights';
import type { Freshness, Inventory } from '../../inventory/Inventory';

/** The checks that follow from the steps of a plan: our own rights, and locks in the way. */
export async function ownChecks(
  {
    steps,
    vaults,
    freshness,
  }: { steps: StepSpec[]; vaults: Fact<VaultFacts>[]; freshness: Freshness },
  {
    inventory,
    azure,
  }: { inventory: Inventory; azure: Pick<AzurePorts, 'has' | 'access'> },
): Promise<Check[]> {
  if (steps.length === 0) return [];
  const isPreview = freshness.asKnown === true;
  const known = vaults.flatMap(vault => (vault.known ? [vault.value] : []));
  const vaultNamed = (name: string) =>
    known.find(vault => vault.name.toLowerCase() === name.toLowerCase());
  const rights = steps
    .flatMap(step => rightsOf(step, key => vaultNamed(key.vaultName)?.id))
    .filter(({ credential }) => azure.has(credential));
  const nameOf = ({ credential, scope }: Right) =>
    `${credential} ${scope}`.toLowerCase();
  const byName = new Map(rights.map(right => [nameOf(right), right]));
  // What is allowed in a resource group is allowed on everything in it: a preview asks about few groups, not about each
  // of many registries.
  const permissionsAt = async (
    { scope, credential }: Pick<Right, 'scope' | 'credential'>,
    needed: readonly Right[],
  ) => {
    if (!isPreview) {
      return inventory.access.permissions(scope, credential, freshness);
    }
    const above = await inventory.access.permissions(
      groupOf(scope),
      credential,
      freshness,
    );
    return above.known &&
      needed.every(right => !isInHsm(right) && gives(above.value, right))
      ? above
      : inventory.access.permissions(scope, credential, freshness);
  };
  const [permissions, objectIds, locks] = await Promise.all([
    Promise.all(
      [...byName].map(
        async ([name, { scope, credential }]) =>
          [
            name,
            await permissionsAt(
              { scope, credential },
              rights.filter(right => nameOf(right) === name),
            ),
          ] as const,
      ),
    ),
    Promise.all(
      [...new Set(rights.map(({ credential }) => credential))].map(
        async credential =>
          [credential, await azure.access.objectIdOf(credential)] as const,
      ),
    ),
    Promise.all(
      scopesWithLocks(steps).map(
        async scope =>
          [
            scope,
            isPreview
              ? await inventory.access.knownLocks(scope, freshness)
              : await inventory.access.locks(scope, freshness),
          ] as const,
      ),
    ),
  ]);
  const permissionsOf = new Map(permissions);
  const objectIdOf = new Map(objectIds);
  const locksAt = new Map(locks);
  return [
    ownRights(rights, {
      permissions: right => permissionsOf.get(nameOf(right)),
      vault: vaultNamed,
      objectId: credential => objectIdOf.get(credential),
    }),
    noLocks(steps, scope => locksAt.get(scope)),
  ];
}
