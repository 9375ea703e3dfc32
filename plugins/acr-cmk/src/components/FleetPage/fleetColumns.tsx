import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  useEntityPresentation,
  useEntityRefLink,
} from '@backstage/plugin-catalog-react';
import Link from '@material-ui/core/Link';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  findingTitle,
  type FleetRegistry,
  type FleetSort,
} from 'backstage-plugin-acr-cmk-common';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'react-router-dom';
import { acrCmkCardTranslationRef } from '../../translations/card';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { shortVersion } from '../shared/shortVersion';
import { stateStyles, Status } from '../shared/statusStyles';
import { Ago, Day } from '../shared/Time';
import { LastOperation } from './LastOperation';

const useStyles = makeStyles(
  {
    name: {
      display: 'block',
      minWidth: '9em',
      fontWeight: 500,
      overflowWrap: 'anywhere',
    },
    text: { overflowWrap: 'anywhere', maxWidth: '24em' },
    list: { listStyle: 'none', margin: 0, padding: 0 },
  },
  { name: 'AcrCmkFleetCells' },
);

interface CellProps {
  registry: FleetRegistry;
  /** Path of the registry's own view on this page. */
  ownView: string;
}

interface FleetColumn {
  id: string;
  shown: 'always' | 'at-first' | 'on-request';
  /** Order of the list that the column's header offers. */
  sort?: FleetSort;
  Cell(props: CellProps): ReactNode;
}

/**
 * A link to an entity by its title. Backstage's `EntityRefLink` takes several times as long to draw, and a
 * page has a hundred of them.
 */
function EntityLink({ entityRef }: { entityRef: string }) {
  const linkTo = useEntityRefLink();
  const { primaryTitle, secondaryTitle } = useEntityPresentation(entityRef);
  return (
    <Link component={RouterLink} to={linkTo(entityRef)} title={secondaryTitle}>
      {primaryTitle}
    </Link>
  );
}

/** Opens the tab of its entity; a registry without one has its own view here. */
function NameCell({ registry, ownView }: CellProps) {
  const classes = useStyles();
  const linkTo = useEntityRefLink();
  const [entity] = registry.entities;
  const to = entity
    ? `${linkTo(entity.entityRef)}/encryption?registry=${encodeURIComponent(
        registry.name,
      )}`
    : ownView;
  return (
    <>
      <Link component={RouterLink} to={to} className={classes.name}>
        {registry.name}
      </Link>
      <Typography variant="body2">{registry.resourceGroup}</Typography>
    </>
  );
}

function StateCell({ registry: { state, stale } }: CellProps) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const { t: tState } = useTranslationRef(acrCmkCardTranslationRef);
  return (
    <>
      <Status statusStyle={stateStyles[state.id]}>
        {tState(`state.${state.id}`)}
      </Status>
      {stale && ` (${t('table.stale')})`}
      <Typography variant="body2" className={classes.text}>
        {state.message}
      </Typography>
    </>
  );
}

/** Findings, worst first: why the registry needs attention. */
function WhyCell({ registry: { findings } }: CellProps) {
  const classes = useStyles();
  return (
    <ul className={classes.list}>
      {findings.map(id => (
        <li key={id}>{findingTitle(id)}</li>
      ))}
    </ul>
  );
}

function ModeCell({ registry: { versionMode } }: CellProps) {
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  return versionMode ? <>{t(`mode.${versionMode}`)}</> : null;
}

function VersionCell({ registry }: CellProps) {
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const { versionInUse, versionCreatedAt, behindSince } = registry;
  if (!versionInUse) return null;
  return (
    <>
      {shortVersion(versionInUse)}
      {versionCreatedAt && (
        <div>
          <Ago at={versionCreatedAt} />
        </div>
      )}
      {behindSince && (
        <div>
          {t('table.behind')} <Day at={behindSince} />
        </div>
      )}
    </>
  );
}

function EntityCell({ registry: { entities, hiddenEntities } }: CellProps) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  if (entities.length + hiddenEntities === 0) return <>{t('table.unbound')}</>;
  return (
    <ul className={classes.list}>
      {entities.map(({ entityRef }) => (
        <li key={entityRef}>
          <EntityLink entityRef={entityRef} />
        </li>
      ))}
      {hiddenEntities > 0 && (
        <li>{t('table.hidden', { count: hiddenEntities })}</li>
      )}
    </ul>
  );
}

function OwnerCell({ registry: { entities, owners: known } }: CellProps) {
  const classes = useStyles();
  // Includes owners that the catalog does not have.
  const owners = new Set([
    ...entities.flatMap(({ owner }) => owner ?? []),
    ...known,
  ]);
  return (
    <ul className={classes.list}>
      {[...owners].map(owner => (
        <li key={owner}>
          <EntityLink entityRef={owner} />
        </li>
      ))}
    </ul>
  );
}

/**
 * Columns of the page in their order, by the field of the API that each shows; `null` for a field that
 * has no column of its own.
 */
const COLUMN_OF_FIELD = {
  name: { id: 'registry', shown: 'always', sort: 'name', Cell: NameCell },
  state: { id: 'state', shown: 'always', sort: 'state', Cell: StateCell },
  findings: { id: 'why', shown: 'at-first', Cell: WhyCell },
  key: {
    id: 'key',
    shown: 'at-first',
    Cell: ({ registry: { key } }) =>
      key ? `${key.vaultName} / ${key.keyName}` : null,
  },
  versionMode: { id: 'mode', shown: 'at-first', Cell: ModeCell },
  versionInUse: {
    id: 'version',
    shown: 'at-first',
    sort: 'age',
    Cell: VersionCell,
  },
  expiresAt: {
    id: 'expires',
    shown: 'at-first',
    sort: 'expires',
    Cell: ({ registry: { expiresAt } }) =>
      expiresAt ? <Day at={expiresAt} inUtc /> : null,
  },
  entities: { id: 'entity', shown: 'at-first', Cell: EntityCell },
  owners: { id: 'owner', shown: 'at-first', Cell: OwnerCell },
  lastOperation: {
    id: 'operation',
    shown: 'at-first',
    Cell: ({ registry: { lastOperation } }) =>
      lastOperation && <LastOperation operation={lastOperation} />,
  },
  subscriptionId: {
    id: 'subscription',
    shown: 'on-request',
    Cell: ({ registry }) =>
      `${registry.subscriptionId} / ${registry.resourceGroup}`,
  },
  location: {
    id: 'location',
    shown: 'on-request',
    Cell: ({ registry }) => registry.location,
  },
  observedAt: {
    id: 'updated',
    shown: 'on-request',
    Cell: ({ registry: { observedAt } }) =>
      observedAt ? <Ago at={observedAt} /> : null,
  },
  registryId: null,
  resourceGroup: null,
  severity: null,
  versionCreatedAt: null,
  latestVersion: null,
  behindSince: null,
  hiddenEntities: null,
  unprovenOwners: null,
  stale: null,
  lagSeconds: null,
} as const satisfies Record<keyof Required<FleetRegistry>, FleetColumn | null>;

type ColumnOfField = typeof COLUMN_OF_FIELD;
/** Id of a column, as the URL of the page has it. */
export type Column = NonNullable<ColumnOfField[keyof ColumnOfField]>['id'];

export const FLEET_COLUMNS: readonly (FleetColumn & { id: Column })[] =
  Object.values(COLUMN_OF_FIELD).filter(column => column !== null);
