import {
  useEntityPresentation,
  useEntityRefLink,
} from '@backstage/plugin-catalog-react';
import type { FleetKey } from 'backstage-plugin-acr-cmk-common';
import { useFleetTexts } from '../../translations/fleet';
import { RouteLink } from '../shared/RouteLink';

/**
 * A link to an entity by its title. Backstage's `EntityRefLink` takes several times as long to draw, and a
 * page has a hundred of them.
 */
export function EntityLink(props: {
  entityRef: string;
  /** Path below the page of the entity. */
  path?: string;
}) {
  const { entityRef, path = '' } = props;
  const linkTo = useEntityRefLink();
  const { primaryTitle, secondaryTitle } = useEntityPresentation(entityRef);
  return (
    <RouteLink to={`${linkTo(entityRef)}${path}`} title={secondaryTitle}>
      {primaryTitle}
    </RouteLink>
  );
}

/** Links to owners, and the number of the others. */
export function Owners(props: {
  of: Pick<FleetKey, 'owners' | 'otherOwners'>;
}) {
  const { owners, otherOwners } = props.of;
  const t = useFleetTexts();
  if (owners.length + otherOwners === 0) return null;
  return (
    <ul>
      {owners.map(owner => (
        <li key={owner}>
          <EntityLink entityRef={owner} />
        </li>
      ))}
      {otherOwners > 0 && <li>{t('keys.more', { count: otherOwners })}</li>}
    </ul>
  );
}
