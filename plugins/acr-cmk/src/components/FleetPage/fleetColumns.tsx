import {
  findingTitle,
  type FleetRegistry,
  type FleetSort,
} from 'backstage-plugin-acr-cmk-common';
import type { ReactNode } from 'react';
import { useRegistryPath } from '../../hooks/useRegistryPath';
import { useCardTexts } from '../../translations/card';
import { useFleetTexts } from '../../translations/fleet';
import { lazyOrNotice } from '../shared/lazyOrNotice';
import { RouteLink } from '../shared/RouteLink';
import { shortVersion } from '../shared/shortVersion';
import { stateStyles, Status } from '../shared/statusStyles';
import { Ago, Day, For } from '../shared/Time';
import { EntityLink, Owners } from './EntityLink';
import { keyInWords } from './keyInWords';

// With the texts of the tab. At first the column is not shown.
const LastOperation = lazyOrNotice(() =>
  import('./LastOperation').then(m => m.LastOperation),
);

interface CellProps {
  registry: FleetRegistry;
  /** Path of the registry's own view on this page. */
  ownView: string;
}

interface FleetColumn {
  id: string;
  /** Share of the width. */
  width: number;
  /** Text on hover: what the line may cut. */
  titleOf?(registry: FleetRegistry): string | undefined;
  shown: 'always' | 'at-first' | 'on-request';
  /** Order of the list that the column's header offers. */
  sort?: FleetSort;
  Cell(props: CellProps): ReactNode;
}

/** Opens the tab of its entity; a registry without one has its own view here. */
function NameCell({ registry, ownView }: CellProps) {
  const pathOf = useRegistryPath();
  const [entity] = registry.entities;
  const to = entity ? pathOf(entity.entityRef, registry.name) : ownView;
  return <RouteLink to={to}>{registry.name}</RouteLink>;
}

function StateCell({ registry: { state, stale } }: CellProps) {
  const t = useFleetTexts();
  const tState = useCardTexts();
  return (
    <>
      <Status statusStyle={stateStyles[state.id]}>
        {tState(`state.${state.id}`)}
      </Status>
      {stale && ` (${t('table.stale')})`}
    </>
  );
}

/** Reason why the registry needs attention, in a few words: its worst finding, and how many there are besides. */
function WhyCell({ registry: { state, findings } }: CellProps) {
  const [worst, ...others] = findings;
  if (worst === undefined) {
    return state.id === 'current' ? null : <>{state.message}</>;
  }
  return (
    <>
      {findingTitle(worst)}
      {others.length > 0 && ` +${others.length}`}
    </>
  );
}

/** The whole reason: the message of the state, and every finding. */
const reasonOf = ({ state, findings }: FleetRegistry) =>
  [state.message, ...findings.map(findingTitle)].join('\n');

function ModeCell({ registry: { versionMode } }: CellProps) {
  const t = useFleetTexts();
  return versionMode ? <>{t(`mode.${versionMode}`)}</> : null;
}

/** Time for which the registry is behind, or else its version. */
function VersionCell({ registry }: CellProps) {
  const t = useFleetTexts();
  const { versionInUse, behindSince } = registry;
  if (!versionInUse) return null;
  return behindSince ? (
    <>
      {t('table.behind')} <For since={behindSince} />
    </>
  ) : (
    <>{shortVersion(versionInUse)}</>
  );
}

function EntityCell({ registry: { entities, hiddenEntities } }: CellProps) {
  const t = useFleetTexts();
  if (entities.length + hiddenEntities === 0) return <>{t('table.unbound')}</>;
  return (
    <ul>
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

/** Includes owners that the catalog does not have. */
const ownersOf = ({ entities, owners }: FleetRegistry): string[] => [
  ...new Set([...entities.flatMap(({ owner }) => owner ?? []), ...owners]),
];

/**
 * Columns of the page in their order, by the field of the API that each shows; `null` for a field that
 * has no column of its own.
 */
const COLUMN_OF_FIELD = {
  name: {
    id: 'registry',
    shown: 'always',
    width: 12,
    sort: 'name',
    titleOf: ({ name, resourceGroup }) => `${resourceGroup} / ${name}`,
    Cell: NameCell,
  },
  state: {
    id: 'state',
    shown: 'always',
    width: 13.3,
    sort: 'state',
    titleOf: reasonOf,
    Cell: StateCell,
  },
  findings: {
    id: 'why',
    shown: 'at-first',
    width: 17,
    titleOf: reasonOf,
    Cell: WhyCell,
  },
  key: {
    id: 'key',
    shown: 'at-first',
    width: 10,
    titleOf: ({ key }) => key && keyInWords(key),
    Cell: ({ registry: { key } }) => (key ? keyInWords(key) : null),
  },
  versionMode: { id: 'mode', shown: 'at-first', width: 7.5, Cell: ModeCell },
  versionInUse: {
    id: 'version',
    shown: 'at-first',
    width: 11.5,
    sort: 'age',
    titleOf: ({ versionInUse, behindSince }) =>
      behindSince ? undefined : versionInUse,
    Cell: VersionCell,
  },
  expiresAt: {
    id: 'expires',
    shown: 'at-first',
    width: 9.6,
    sort: 'expires',
    Cell: ({ registry: { expiresAt } }) =>
      expiresAt ? <Day at={expiresAt} inUtc /> : null,
  },
  owners: {
    id: 'owner',
    shown: 'at-first',
    width: 11.2,
    titleOf: registry => ownersOf(registry).join('\n'),
    Cell: ({ registry }) => (
      <Owners of={{ owners: ownersOf(registry), otherOwners: 0 }} />
    ),
  },
  entities: {
    id: 'entity',
    shown: 'on-request',
    width: 10,
    titleOf: ({ entities }) =>
      entities.map(({ entityRef }) => entityRef).join('\n'),
    Cell: EntityCell,
  },
  lastOperation: {
    id: 'operation',
    shown: 'on-request',
    width: 16,
    Cell: ({ registry: { lastOperation } }) =>
      lastOperation ? <LastOperation operation={lastOperation} /> : null,
  },
  subscriptionId: {
    id: 'subscription',
    shown: 'on-request',
    width: 16,
    titleOf: ({ subscriptionId, resourceGroup }) =>
      `${subscriptionId} / ${resourceGroup}`,
    Cell: ({ registry }) =>
      `${registry.subscriptionId} / ${registry.resourceGroup}`,
  },
  location: {
    id: 'location',
    shown: 'on-request',
    width: 8,
    Cell: ({ registry }) => registry.location,
  },
  observedAt: {
    id: 'updated',
    shown: 'on-request',
    width: 9,
    Cell: ({ registry: { observedAt } }) =>
      observedAt ? <Ago at={observedAt} /> : null,
  },
  registryId: null,
  resourceGroup: null,
  severity: null,
  versionCreatedAt: null,
  latestVersion: null,
  behindSince: null,
  stateSince: null,
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
