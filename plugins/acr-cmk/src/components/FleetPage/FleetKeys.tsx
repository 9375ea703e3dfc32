import { useApi } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Link from '@material-ui/core/Link';
import type { Theme } from '@material-ui/core/styles';
import TableCell from '@material-ui/core/TableCell';
import TableRow from '@material-ui/core/TableRow';
import Typography from '@material-ui/core/Typography';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import type {
  FleetKey,
  FleetKeyVersion,
  FleetScope,
} from 'backstage-plugin-acr-cmk-common';
import { Link as RouterLink } from 'react-router-dom';
import { acrCmkApiRef } from '../../api';
import { useMayCreateCampaign } from '../../hooks/useCampaigns';
import { useFleetKeys, useFleetSummary } from '../../hooks/useFleet';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { shortVersion } from '../shared/shortVersion';
import { checkStyles, severityStyles, Status } from '../shared/statusStyles';
import { Day, Until } from '../shared/Time';
import { CsvButton } from './CsvButton';
import { Owners } from './EntityLink';
import { FleetFilters } from './FleetFilters';
import { FilterToggle } from './FilterToggle';
import { FleetBody, FleetContent, FleetHead } from './FleetFrame';
import { changed, filterOf, listOf } from './fleetSearch';
import { keyInWords } from './keyInWords';
import { PageButtons } from './PageButtons';
import { ScanTable } from './ScanTable';
import { ScopeNotice } from './ScopeNotice';
import { ScrollableTable, useCellStyles } from './ScrollableTable';
import { SearchIncomplete } from './SearchIncomplete';
import { SelectionBar } from './SelectionBar';
import { useFleetSearch } from './useFleetSearch';
import { useSelection, type Selection } from './useSelection';

const EVERYTHING = {};

const named = (keys: string[]) => ({ keys });

const ANSWERS = ['unused', 'in-use', 'unknown'] as const;

const retirementStyles = {
  unused: checkStyles.pass,
  'in-use': severityStyles.info,
  unknown: checkStyles.unknown,
};

const isWhole = ({
  unreadableSubscriptions,
  unreadableGroups = 0,
}: FleetScope) => unreadableSubscriptions + unreadableGroups === 0;

/** Keys in one line each, with the users of each version below, and which versions can be retired. */
export function FleetKeys() {
  const api = useApi(acrCmkApiRef);
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const { search, show } = useFleetSearch();
  const { unused } = search;
  const filter = { ...filterOf(search), unused };
  const keys = useFleetKeys({ ...filter, cursor: search.cursor });
  const everything = useFleetSummary(EVERYTHING);
  const mayChange = useMayCreateCampaign(keys.data !== undefined);
  const { items: shown = [], total: matching = 0 } = keys.data ?? {};
  const selection = useSelection({
    filter,
    page: shown.map(({ uri }) => uri),
    total: matching,
    named,
  });
  // Others may use what nobody is known to use.
  const isUnknown = everything.data && !isWhole(everything.data.scope);
  const noneUnused = isUnknown ? 'keys.usersUnknown' : 'keys.noneUnused';
  return (
    <FleetBody>
      <FleetHead
        total={keys.data && t('keys.total', { count: keys.data.total })}
      >
        <ScopeNotice of={everything} beside={keys} />
      </FleetHead>
      <FleetFilters
        search={search}
        counts={everything.data?.counts}
        show={show}
      >
        <FilterToggle
          on={unused === true}
          onToggle={() =>
            show(changed(search, { unused: unused ? undefined : true }))
          }
        >
          {t('keys.unused')}
        </FilterToggle>
        <CsvButton
          file="registry-keys"
          load={() => api.fleet.keysCsv(filter)}
        />
      </FleetFilters>
      <FleetContent of={keys} label={t('loading')}>
        {({ items, total, nextCursor, searchIncomplete }) => (
          <>
            {searchIncomplete && <SearchIncomplete />}
            <div role="status">
              {items.length === 0 && (
                <Typography>{t(unused ? noneUnused : 'keys.none')}</Typography>
              )}
            </div>
            {items.length > 0 && (
              <>
                <Keys
                  items={items}
                  selection={mayChange ? selection : undefined}
                />
                <PageButtons
                  search={search}
                  nextCursor={nextCursor}
                  shown={items.length}
                  total={total}
                  show={show}
                />
              </>
            )}
            {mayChange && (
              <SelectionBar of="keys" selection={selection} total={total} />
            )}
          </>
        )}
      </FleetContent>
    </FleetBody>
  );
}

function Keys(props: { items: readonly FleetKey[]; selection?: Selection }) {
  const { items, selection } = props;
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  return (
    <ScanTable<FleetKey>
      label={t('keys.title')}
      items={items}
      keyOf={({ uri }) => uri}
      selection={
        selection && {
          ...selection,
          label: key => t('selection.one', { name: keyInWords(key) }),
          allLabel: t('selection.page'),
        }
      }
      columns={[
        {
          id: 'key',
          title: t('keys.key'),
          width: 22,
          titleOf: keyInWords,
          cell: keyInWords,
        },
        {
          id: 'registries',
          title: t('keys.usedBy'),
          width: 16,
          cell: key => <Users of={key} />,
        },
        {
          id: 'owners',
          title: t('keys.owners'),
          width: 16,
          titleOf: ({ owners }) => owners.join('\n'),
          cell: key => <Owners of={key} />,
        },
        {
          id: 'rotates',
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
          id: 'retire',
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
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  return (
    <>
      <Link component={RouterLink} to={listOf(of)} underline="always">
        {t('keys.registries', { count: of.registries })}
      </Link>
      {of.hiddenRegistries > 0 && (
        <> · {t('keys.hidden', { count: of.hiddenRegistries })}</>
      )}
    </>
  );
}

/** The answers for the old versions of a key, each with its number; what can be retired first. */
function Retirable({ of: { versions } }: { of: FleetKey }) {
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const counts = ANSWERS.map(answer => ({
    answer,
    count: versions.filter(({ retirement }) => retirement?.answer === answer)
      .length,
  })).filter(({ count }) => count > 0);
  if (counts.length === 0) return null;
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
    Cell: ({ of: { created } }: OfVersion) =>
      created ? <Day at={created} /> : null,
  },
  {
    id: 'expires',
    width: 14,
    Cell: ({ of: { expires } }: OfVersion) =>
      expires ? <Day at={expires} inUtc /> : null,
  },
] as const;

/** A table whose lines are as high as their texts, and on a phone a card for each version. */
function Versions({ of }: { of: FleetKey }) {
  const classes = useCellStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const isNarrow = useMediaQuery(
    (theme: Theme) => theme.breakpoints.down('xs'),
    { noSsr: true },
  );
  const label = keyInWords(of);
  return (
    <>
      {of.problem && <Typography variant="body2">{of.problem}</Typography>}
      {isNarrow ? (
        <ScanTable<FleetKeyVersion>
          label={label}
          items={of.versions}
          keyOf={({ version }) => version}
          columns={VERSION_COLUMNS.map(({ id, width, Cell }) => ({
            id,
            title: t(`keys.${id}`),
            width,
            cell: version => <Cell of={version} />,
          }))}
        />
      ) : (
        <ScrollableTable
          label={label}
          columns={VERSION_COLUMNS.map(({ id, width }) => ({
            title: t(`keys.${id}`),
            width: `${width}%`,
          }))}
        >
          {of.versions.map(version => (
            <TableRow key={version.version}>
              {VERSION_COLUMNS.map(({ id, Cell }, index) => (
                <TableCell
                  key={id}
                  className={classes.cell}
                  {...(index === 0 && {
                    component: 'th',
                    scope: 'row',
                    role: 'rowheader',
                  })}
                >
                  <Cell of={version} />
                </TableCell>
              ))}
            </TableRow>
          ))}
        </ScrollableTable>
      )}
      {of.moreVersions > 0 && (
        <Typography variant="body2">
          {t('keys.moreVersions', { count: of.moreVersions })}
        </Typography>
      )}
    </>
  );
}

interface OfVersion {
  of: FleetKeyVersion;
}

function VersionName({ of }: OfVersion) {
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  return (
    <>
      {shortVersion(of.version)}
      {of.newest && <> · {t('keys.newest')}</>}
      {of.enabled === false && <> · {t('keys.disabled')}</>}
    </>
  );
}

function VersionUsers({ of }: OfVersion) {
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
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
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
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
