import { useApi } from '@backstage/core-plugin-api';
import Typography from '@material-ui/core/Typography';
import type {
  FleetKey,
  FleetKeyVersion,
} from 'backstage-plugin-acr-cmk-common';
import { acrCmkApiRef } from '../../api';
import { useMayCreateCampaign } from '../../hooks/useCampaigns';
import {
  EVERYTHING,
  useFleetKeys,
  useFleetSummary,
} from '../../hooks/useFleet';
import { useFleetTexts } from '../../translations/fleet';
import { DataTable } from '../shared/DataTable';
import { joined } from '../shared/joined';
import { RouteLink } from '../shared/RouteLink';
import { shortVersion } from '../shared/shortVersion';
import { checkStyles, severityStyles, Status } from '../shared/statusStyles';
import { Day, Until } from '../shared/Time';
import { Owners } from './EntityLink';
import { FilterToggle } from '../shared/FilterToggle';
import { FleetView } from './FleetView';
import { changed, filterOf, listOf } from './fleetSearch';
import { keyInWords } from './keyInWords';
import { useFleetSearch } from './useFleetSearch';
import { useSelection, type Selection } from './useSelection';

const ANSWERS = ['unused', 'in-use', 'unknown'] as const;

const retirementStyles = {
  unused: checkStyles.pass,
  'in-use': severityStyles.info,
  unknown: checkStyles.unknown,
};

/** Keys in one line each, with the users of each version below, and which versions can be retired. */
export function FleetKeys() {
  const api = useApi(acrCmkApiRef);
  const t = useFleetTexts();
  const { search, show } = useFleetSearch();
  const { unused } = search;
  const filter = { ...filterOf(search), unused };
  const keys = useFleetKeys({ ...filter, cursor: search.cursor });
  const summary = useFleetSummary(EVERYTHING);
  const mayChange = useMayCreateCampaign(keys.data !== undefined);
  const { items: shown = [], total: matching = 0 } = keys.data ?? {};
  const selection = useSelection({
    of: 'keys',
    filter,
    page: shown.map(({ uri }) => uri),
    total: matching,
  });
  const chosen = mayChange ? selection : undefined;
  return (
    <FleetView
      of={keys}
      summary={summary}
      title={keys.data && t('keys.total', { count: keys.data.total })}
      controls={
        <FilterToggle
          on={unused === true}
          onToggle={() =>
            show(changed(search, { unused: unused ? undefined : true }))
          }
        >
          {t('keys.unused')}
        </FilterToggle>
      }
      file={{ name: 'registry-keys', load: () => api.fleet.keysCsv(filter) }}
      none={
        <Typography>{t(unused ? 'keys.noneUnused' : 'keys.none')}</Typography>
      }
      selection={chosen && { of: 'keys', chosen }}
    >
      {({ items }) => <Keys items={items} selection={chosen} />}
    </FleetView>
  );
}

function Keys(props: { items: readonly FleetKey[]; selection?: Selection }) {
  const { items, selection } = props;
  const t = useFleetTexts();
  return (
    <DataTable<FleetKey>
      label={t('keys.title')}
      items={items}
      keyOf={({ uri }) => uri}
      nameOf={keyInWords}
      selection={selection}
      columns={[
        {
          title: t('keys.key'),
          width: 22,
          cell: keyInWords,
        },
        {
          title: t('keys.usedBy'),
          width: 16,
          cell: key => <Users of={key} />,
        },
        {
          title: t('keys.owners'),
          width: 16,
          titleOf: ({ owners }) => owners.join('\n'),
          cell: key => <Owners of={key} />,
        },
        {
          title: t('keys.rotates'),
          width: 14,
          cell: ({ rotatesAt, rotatesByPolicy }) =>
            rotatesAt ? (
              <Until at={rotatesAt} />
            ) : (
              rotatesByPolicy === false && t('keys.noPolicy')
            ),
        },
        {
          title: t('keys.older'),
          width: 20,
          titleOf: ({ problem }) => problem,
          cell: key => <Retirable of={key} />,
        },
      ]}
      detail={{
        label: key => t('keys.versionsOf', { key: keyInWords(key) }),
        render: key => <Versions of={key} />,
      }}
    />
  );
}

function Users({ of }: { of: FleetKey }) {
  const t = useFleetTexts();
  const others = of.services.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <RouteLink to={listOf(of)} underline="always">
        {t('keys.registries', { count: of.registries })}
      </RouteLink>
      {of.hiddenRegistries > 0 && (
        <> · {t('keys.hidden', { count: of.hiddenRegistries })}</>
      )}
      {others > 0 && <> · {t('keys.others', { count: others })}</>}
    </>
  );
}

/** The answers for the old versions of a key, each with its number; what can be retired first. Without any, why nothing is known. */
function Retirable({ of: { problem, versions } }: { of: FleetKey }) {
  const t = useFleetTexts();
  const counts = ANSWERS.map(answer => ({
    answer,
    count: versions.filter(({ retirement }) => retirement?.answer === answer)
      .length,
  })).filter(({ count }) => count > 0);
  if (counts.length === 0) return <>{problem}</>;
  return (
    <Status statusStyle={retirementStyles[counts[0].answer]}>
      {counts
        .map(({ answer, count }) => t(`keys.count.${answer}`, { count }))
        .join(', ')}
    </Status>
  );
}

/** Columns of the versions of a key. */
const VERSION_COLUMNS = [
  { id: 'version', width: 18, Cell: VersionName },
  { id: 'usedBy', width: 20, Cell: VersionUsers },
  { id: 'retire', width: 34, Cell: Retirement },
  {
    id: 'created',
    width: 14,
    Cell: ({ of: { created } }: OfVersion) => created && <Day at={created} />,
  },
  {
    id: 'expires',
    width: 14,
    Cell: ({ of: { expires } }: OfVersion) =>
      expires && <Day at={expires} inUtc />,
  },
] as const;

function Versions({ of }: { of: FleetKey }) {
  const t = useFleetTexts();
  return (
    <>
      {of.problem && <Typography variant="body2">{of.problem}</Typography>}
      <OtherServices of={of} />
      <DataTable
        wraps
        label={keyInWords(of)}
        items={of.versions}
        keyOf={({ version }) => version}
        columns={VERSION_COLUMNS.map(({ id, width, Cell }) => ({
          title: t(`keys.${id}`),
          width,
          cell: (version: FleetKeyVersion) => <Cell of={version} />,
        }))}
      />
      {of.moreVersions > 0 && (
        <Typography variant="body2">
          {t('keys.moreVersions', { count: of.moreVersions })}
        </Typography>
      )}
    </>
  );
}

/** Other services that use a key, and how far these were looked at. */
function OtherServices({ of }: { of: FleetKey }) {
  const t = useFleetTexts();
  const counts = of.services.map(
    ({ service, count }) => `${count} × ${service}`,
  );
  return (
    <Typography variant="body2">
      {joined(
        [
          counts.length > 0 &&
            t('keys.services', { counts: counts.join(', ') }),
          t(`keys.servicesLookedAt.${of.servicesLookedAt}`),
        ],
        ' ',
      )}
    </Typography>
  );
}

interface OfVersion {
  of: FleetKeyVersion;
}

function VersionName({ of }: OfVersion) {
  const t = useFleetTexts();
  return (
    <>
      {shortVersion(of.version)}
      {of.newest && <> · {t('keys.newest')}</>}
      {of.enabled === false && <> · {t('keys.disabled')}</>}
    </>
  );
}

function VersionUsers({ of }: OfVersion) {
  const t = useFleetTexts();
  const { holders, registries, hiddenRegistries, retirement } = of;
  const nobody =
    retirement?.answer === 'unknown'
      ? t('keys.retirement.unknown')
      : t('keys.nobody');
  const more = registries - holders.length;
  return (
    <>
      {registries + hiddenRegistries === 0
        ? nobody
        : holders.map(({ name }) => name).join(', ')}
      {more > 0 && <> {t('keys.more', { count: more })}</>}
      {hiddenRegistries > 0 && (
        <div>{t('keys.hidden', { count: hiddenRegistries })}</div>
      )}
    </>
  );
}

function Retirement({ of: { retirement } }: OfVersion) {
  const t = useFleetTexts();
  if (!retirement) return null;
  return (
    <>
      <Status statusStyle={retirementStyles[retirement.answer]}>
        {t(`keys.retirement.${retirement.answer}`)}
      </Status>
      <Typography variant="body2">{retirement.message}</Typography>
    </>
  );
}
