import type { EncryptionFields } from 'backstage-plugin-acr-cmk-common';

/** The settings that a plan can change, in the order in which they are shown. */
export const PLAN_FIELDS = [
  'status',
  'keyIdentifier',
  'versionedKeyIdentifier',
  'identity',
  'keyRotationEnabled',
] as const satisfies readonly (keyof EncryptionFields)[];

export type PlanField = (typeof PLAN_FIELDS)[number];

export function isPlanField(name: string): name is PlanField {
  return PLAN_FIELDS.some(field => field === name);
}

/** URI of a key up to the placeholder of the backend for a version that the vault will name. */
export const withoutPlaceholder = (uri: string): string =>
  uri.replace(/\/<new version>$/, '');
