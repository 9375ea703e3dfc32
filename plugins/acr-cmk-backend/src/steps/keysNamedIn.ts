import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import type { AnySpec } from './step';

/**
 * The keys that stored steps are about. Steps are kept as text, so this is a door for the ids in
 * them; a step of a newer release may mean something else by the field, and names none.
 */
export function keysNamedIn(specs: readonly AnySpec[]): KeyIdentifier[] {
  const uris = specs.flatMap(spec =>
    'key' in spec && typeof spec.key === 'string' ? [spec.key] : [],
  );
  return [...new Set(uris)].flatMap(uri => KeyIdentifier.tryParse(uri) ?? []);
}
