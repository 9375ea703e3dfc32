import { arm } from '../errors';
import { same } from './ids';
import type { CloudName } from '../types';

/** Azure compares location names without case and blanks. */
export const normalizeLocation = (name: string) =>
  name.toLowerCase().replace(/ /g, '');

/** The names of the regions of each cloud. */
const LOCATIONS: Record<CloudName, readonly string[]> = {
  public: [
    'eastus',
    'eastus2',
    'southcentralus',
    'westus2',
    'westus3',
    'centralus',
    'northcentralus',
    'westus',
    'westcentralus',
    'canadacentral',
    'canadaeast',
    'mexicocentral',
    'brazilsouth',
    'brazilsoutheast',
    'northeurope',
    'westeurope',
    'uksouth',
    'ukwest',
    'francecentral',
    'francesouth',
    'germanywestcentral',
    'germanynorth',
    'italynorth',
    'norwayeast',
    'norwaywest',
    'polandcentral',
    'spaincentral',
    'swedencentral',
    'switzerlandnorth',
    'switzerlandwest',
    'israelcentral',
    'qatarcentral',
    'uaecentral',
    'uaenorth',
    'southafricanorth',
    'southafricawest',
    'australiaeast',
    'australiasoutheast',
    'australiacentral',
    'australiacentral2',
    'centralindia',
    'southindia',
    'westindia',
    'eastasia',
    'southeastasia',
    'japaneast',
    'japanwest',
    'koreacentral',
    'koreasouth',
    'newzealandnorth',
  ],
  usGovernment: [
    'usgovvirginia',
    'usgovtexas',
    'usgovarizona',
    'usdodcentral',
    'usdodeast',
  ],
  china: [
    'chinanorth',
    'chinaeast',
    'chinanorth2',
    'chinaeast2',
    'chinanorth3',
    'chinaeast3',
  ],
};

export const locationsOf = (cloud: CloudName) => LOCATIONS[cloud];

/** Names as the metadata of a provider has them: `West Europe`. */
export const displayNamesOf = (cloud: CloudName) =>
  LOCATIONS[cloud].map(name =>
    name
      .split(/(?<=north|south|east|west|central)(?=[a-z])/)
      .map(word => word[0].toUpperCase() + word.slice(1))
      .join(' '),
  );

/** The location of everything in a world. */
export const WORLD_LOCATION: Record<CloudName, string> = {
  public: 'westeurope',
  usGovernment: 'usgovvirginia',
  china: 'chinanorth3',
};

/** The location of a new resource; throws Azure's error when it does not exist. */
export function readLocation(
  cloud: CloudName,
  value: string,
  type: string,
): string {
  const name = normalizeLocation(value);
  if (!LOCATIONS[cloud].includes(name)) {
    throw arm.locationNotAvailable(value, type, LOCATIONS[cloud]);
  }
  return name;
}

/** An existing resource cannot be created again in another location. */
export function checkSameLocation(
  present: { name: string; location: string; group: string },
  requested: unknown,
) {
  if (
    typeof requested === 'string' &&
    !same(normalizeLocation(requested), normalizeLocation(present.location))
  ) {
    throw arm.invalidResourceLocation(present, requested);
  }
}
