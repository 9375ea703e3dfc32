/** Parts shared by the steps that delete and recover a key. */
import {
  type KeyIdentifier,
  keyHomeKind,
} from 'backstage-plugin-acr-cmk-common';
import type { AzureAs } from '../../azure/azureAs';
import { READ_DELETED } from '../../azure/permissions';
import { orMissing } from './orMissing';
import type { Observation } from './step';

/** Place of a key. Between the keys and the deleted keys it shows in neither for some seconds. */
export type KeyPlace = 'there' | 'soft-deleted' | 'neither';

export async function placeOf(
  azure: AzureAs,
  key: KeyIdentifier,
): Promise<KeyPlace> {
  if (await orMissing(azure.keys.getDeleted(key))) return 'soft-deleted';
  // The list, not the newest version: Key Vault does not hand out a disabled one.
  const versions = await orMissing(azure.keys.listVersions(key));
  return versions && versions.value.length > 0 ? 'there' : 'neither';
}

/** Rights that `placeOf` needs, as roles and as access policies name them. */
export const rightsToPlace = ({
  isInHsm,
}: KeyIdentifier): [action: string, permission: string][] => [
  ['keys/read', 'get'],
  // A vault has it in the one above.
  ...(isInHsm ? [[READ_DELETED, 'get'] as [string, string]] : []),
];

/** `in the vault`, `in the Managed HSM`, `soft-deleted`, or that Azure shows it in neither place. */
export const placeInWords = (
  place: KeyPlace,
  { vaultName }: Pick<KeyIdentifier, 'vaultName'>,
) => {
  const home = keyHomeKind(vaultName);
  if (place === 'there') return `in the ${home}`;
  return place === 'neither'
    ? `neither in the ${home} nor soft-deleted`
    : place;
};

export const observePlace = (
  place: KeyPlace,
  key: Pick<KeyIdentifier, 'vaultName'>,
): Observation[] => [{ what: 'key', value: placeInWords(place, key) }];

/** Interval at which a key is read while it moves, in seconds. Our choice. */
export const MOVING_SECONDS = 5;
/** Time for which a key may show nowhere before it counts as gone. Seen: five seconds. Our choice. */
export const GONE_DEADLINE_MS = 5 * 60_000;
