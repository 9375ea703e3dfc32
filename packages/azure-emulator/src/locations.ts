import { arm } from './errors';
import { same } from './ids';

interface Location {
  name: string;
  displayName: string;
  group: string;
}

const REGIONS: [group: string, displayNames: string[]][] = [
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

export const LOCATIONS: readonly Location[] = REGIONS.flatMap(
  ([group, displayNames]) =>
    displayNames.map(displayName => ({
      name: normalizeLocation(displayName),
      displayName,
      group,
    })),
);

/** The location of a new resource; throws Azure's error when it does not exist. */
export function readLocation(value: string, type: string): string {
  const name = normalizeLocation(value);
  if (!LOCATIONS.some(location => location.name === name)) {
    throw arm.locationNotAvailable(
      value,
      type,
      LOCATIONS.map(location => location.name),
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
