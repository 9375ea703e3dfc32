import { CONSUMER_TYPES } from './types';

/** Types of resources that disk encryption sets encrypt, and that name no key themselves. */
const ENCRYPTED_BY_SETS = [
  'Microsoft.Compute/disks',
  'Microsoft.Compute/snapshots',
];

/** Actions of the role docs/roles/key-consumer-reader.json. */
export const CONSUMER_READ_ACTIONS: readonly string[] = [
  ...CONSUMER_TYPES.map(({ type }) => type),
  ...ENCRYPTED_BY_SETS,
].map(type => `${type}/read`);
