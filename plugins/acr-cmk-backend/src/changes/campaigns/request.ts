/** The door for what people and programs request of a campaign. */
import {
  type AzureCloudName,
  type CampaignFilter,
  type CampaignIntent,
  type CampaignRequest,
  type CampaignSelection,
  InvalidInput,
  KeyIdentifier,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { requirePolicyThatRotates } from '../../domain/plan/policyLimits';
import { momentOf } from '../../registries/fleet/filter';

/** Selected things, with their ids as values. */
export type SelectedThings =
  | { kind: 'registries'; ids: RegistryId[] }
  | { kind: 'keys'; keys: KeyIdentifier[] }
  | { kind: 'filter'; filter: CampaignFilter };

/** A requested campaign, with its ids as values. */
export interface CampaignChange extends CampaignRequest {
  intent: CampaignIntent;
  selected: SelectedThings;
}

/**
 * Parses a request that fits the API document.
 *
 * @param cloud - where everything is; a key of another cloud is refused
 * @throws InvalidInput that names the field
 */
export function campaignChangeOf(
  { intent, selection }: CampaignRequest,
  cloud: AzureCloudName,
): CampaignChange {
  if (intent.kind === 'automatic-rotation') {
    requirePolicyThatRotates(intent.policy, 'intent.policy');
  }
  return { intent, selection, selected: selectedThings(selection, cloud) };
}

function selectedThings(
  { registryIds, filter, keys }: CampaignSelection,
  cloud: AzureCloudName,
): SelectedThings {
  const given = [registryIds, filter, keys].filter(one => one !== undefined);
  if (given.length !== 1) {
    throw new InvalidInput(
      'selection',
      'must have exactly one of registryIds, filter and keys',
    );
  }
  if (registryIds) {
    const ids = registryIds.map((text, index) =>
      RegistryId.parse(text, `selection.registryIds.${index}`),
    );
    requireEachOnce(
      'selection.registryIds',
      ids.map(({ key }) => key),
    );
    return { kind: 'registries', ids };
  }
  if (keys) {
    const parsed = keys.map((text, index) =>
      keyOf(text, `selection.keys.${index}`, cloud),
    );
    requireEachOnce(
      'selection.keys',
      parsed.map(({ keyOfKey }) => keyOfKey),
    );
    return { kind: 'keys', keys: parsed };
  }
  return { kind: 'filter', filter: checkedFilter(filter ?? {}) };
}

/** @throws InvalidInput that names the second place of a thing that is selected twice */
function requireEachOnce(field: string, names: readonly string[]): void {
  const second = names.findIndex((name, index) => names.indexOf(name) < index);
  if (second < 0) return;
  throw new InvalidInput(
    `${field}.${second}`,
    `is the same as ${field}.${names.indexOf(names[second])}, whatever the case of its letters. Select each once`,
  );
}

function keyOf(
  text: string,
  field: string,
  cloud: AzureCloudName,
): KeyIdentifier {
  const key = KeyIdentifier.parse(text, field, cloud);
  if (key.version) {
    throw new InvalidInput(
      field,
      `must have no version; use ${key.versionless}`,
    );
  }
  return key;
}

function checkedFilter(filter: CampaignFilter): CampaignFilter {
  const { expiresBefore, search } = filter;
  if (expiresBefore !== undefined) {
    momentOf(expiresBefore, 'selection.filter.expiresBefore');
  }
  return { ...filter, search: search?.trim() || undefined };
}
