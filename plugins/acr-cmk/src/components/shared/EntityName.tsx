import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { parseEntityRef } from '@backstage/catalog-model';

/** A link to an entity; the text as it is when it is no entity ref. */
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
