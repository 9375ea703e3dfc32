import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { parseEntityRef } from '@backstage/catalog-model';
import { Fragment } from 'react';
import { useTexts } from '../../translations/ref';

/** A link to an entity; plain text when it is not an entity ref. */
export function EntityName({ entityRef }: { entityRef: string }) {
  return isEntityRef(entityRef) ? (
    <EntityRefLink entityRef={entityRef} />
  ) : (
    <>{entityRef}</>
  );
}

/** Links to entities, separated by commas. */
export function EntityNames({ of }: { of: readonly string[] }) {
  return (
    <>
      {of.map((entityRef, index) => (
        <Fragment key={entityRef}>
          {index > 0 && ', '}
          <EntityName entityRef={entityRef} />
        </Fragment>
      ))}
    </>
  );
}

/** "shop-images · owned by team-shop". */
export function OwnedEntity(props: { entityRef: string; owner?: string }) {
  const { entityRef, owner } = props;
  const t = useTexts();
  return (
    <>
      <EntityName entityRef={entityRef} />
      {owner && (
        <>
          {' · '}
          {t('affected.ownedBy')} <EntityName entityRef={owner} />
        </>
      )}
    </>
  );
}

function isEntityRef(text: string): boolean {
  try {
    return parseEntityRef(text).name !== '' && text.includes(':');
  } catch {
    return false;
  }
}
