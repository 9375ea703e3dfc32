import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { parseEntityRef } from '@backstage/catalog-model';

/** A link to an entity; plain text when it is not an entity ref. */
export function EntityName({ entityRef }: { entityRef: string }) {
  return isEntityRef(entityRef) ? (
    <EntityRefLink entityRef={entityRef} />
  ) : (
    <>{entityRef}</>
  );
}

function isEntityRef(text: string): boolean {
  try {
    return parseEntityRef(text).name !== '' && text.includes(':');
  } catch {
    return false;
  }
}
