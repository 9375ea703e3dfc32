import { createHash } from 'node:crypto';
import { KubernetesValidatorFunctions } from '@backstage/catalog-model';

/** Longest name of an entity. */
const LONGEST = 63;
/** Hex digits that keep shortened names distinct. */
const HASH_DIGITS = 10;

/**
 * Names of entities. Each follows from the name in Azure alone, so that it is the same in every run. The names
 * of registries and of vaults are unique in Azure, and neither they nor those of keys have a full
 * stop, so that no two things get one name.
 */
export const nameOf = {
  registry: (name: string) => fitting(`registry-${name}`),
  vault: (name: string) => fitting(`vault-${name}`),
  key: (vault: string, key: string) => fitting(`key-${vault}.${key}`),
};

function fitting(text: string): string {
  const name = text.toLowerCase();
  if (KubernetesValidatorFunctions.isValidObjectName(name)) return name;
  const hash = createHash('sha256')
    .update(name)
    .digest('hex')
    .slice(0, HASH_DIGITS);
  const start = name
    .slice(0, LONGEST - HASH_DIGITS - 1)
    .replace(/[^a-z0-9]+$/, '');
  return `${start}-${hash}`;
}
