import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';

/** True when the URI names a version of the key that the registry uses. */
export function isVersionOf(present: string | null, uri: string): boolean {
  const named = KeyIdentifier.tryParse(uri);
  const used = KeyIdentifier.tryParse(present)?.versionless;
  return Boolean(used && named?.version && named.versionless.equals(used));
}
