import { arm } from '../errors';
import { same } from './ids';
import type { CloudName } from '../types';

interface Location {
  name: string;
  displayName: string;
  group: string;
}

type Region = [group: string, displayNames: string[]];

const PUBLIC_REGIONS: Region[] = [
  [
    'US',
    [
      'East US',
      'East US 2',
      'South Central US',
      'West US 2',
      'West US 3',
      'Central US',
      'North Central US',
      'West US',
      'West Central US',
    ],
  ],
  ['Canada', ['Canada Central', 'Canada East']],
  ['Mexico', ['Mexico Central']],
  ['South America', ['Brazil South', 'Brazil Southeast']],
  [
    'Europe',
    [
      'North Europe',
      'West Europe',
      'UK South',
      'UK West',
      'France Central',
      'France South',
      'Germany West Central',
      'Germany North',
      'Italy North',
      'Norway East',
      'Norway West',
      'Poland Central',
      'Spain Central',
      'Sweden Central',
      'Switzerland North',
      'Switzerland West',
    ],
  ],
  [
    'Middle East',
    ['Israel Central', 'Qatar Central', 'UAE Central', 'UAE North'],
  ],
  ['Africa', ['South Africa North', 'South Africa West']],
  [
    'Asia Pacific',
    [
      'Australia East',
      'Australia Southeast',
      'Australia Central',
      'Australia Central 2',
      'Central India',
      'South India',
      'West India',
      'East Asia',
      'Southeast Asia',
      'Japan East',
      'Japan West',
      'Korea Central',
      'Korea South',
      'New Zealand North',
    ],
  ],
];

/** Azure compares location names without case and blanks. */
export const normalizeLocation = (name: string) =>
  name.toLowerCase().replace(/ /g, '');

const toLocations = (regions: Region[]): readonly Location[] =>
  regions.flatMap(([group, displayNames]) =>
    displayNames.map(displayName => ({
      name: normalizeLocation(displayName),
      displayName,
      group,
    })),
  );

const LOCATIONS: Record<CloudName, readonly Location[]> = {
  public: toLocations(PUBLIC_REGIONS),
  usGovernment: toLocations([
    [
      'US Government',
      [
        'USGov Virginia',
        'USGov Texas',
        'USGov Arizona',
        'USDoD Central',
        'USDoD East',
      ],
    ],
  ]),
  china: toLocations([
    [
      'China',
      [
        'China North',
        'China East',
        'China North 2',
        'China East 2',
        'China North 3',
        'China East 3',
      ],
    ],
  ]),
};

export const locationsOf = (cloud: CloudName) => LOCATIONS[cloud];

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
  if (!LOCATIONS[cloud].some(location => location.name === name)) {
    throw arm.locationNotAvailable(
      value,
      type,
      LOCATIONS[cloud].map(location => location.name),
    );
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
