import { useApi } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import Link from '@material-ui/core/Link';
import { makeStyles } from '@material-ui/core/styles';
import TableCell from '@material-ui/core/TableCell';
import TableRow from '@material-ui/core/TableRow';
import Typography from '@material-ui/core/Typography';
import type {
  FleetKey,
  FleetKeyVersion,
} from 'backstage-plugin-acr-cmk-common';
import { Link as RouterLink } from 'react-router-dom';
import { acrCmkApiRef } from '../../api';
import { useMayCreateCampaign } from '../../hooks/useCampaigns';
import { useFleetKeys, useFleetSummary } from '../../hooks/useFleet';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { shortVersion } from '../shared/shortVersion';
import { checkStyles, Status } from '../shared/statusStyles';
import { Day, Until } from '../shared/Time';
import { CsvButton } from './CsvButton';
import { Owners } from './EntityLink';
import { FleetFilters } from './FleetFilters';
import { FleetBody, FleetContent, FleetHead } from './FleetFrame';
import { changed, filterOf, listOf } from './fleetSearch';
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

const nameOf = ({ vaultName, keyName }: FleetKey) =>
  `${vaultName} / ${keyName}`;

const ANSWERS = ['unused', 'in-use', 'unknown'] as const;

const retirementStyles = {
  unused: checkStyles.pass,
  'in-use': checkStyles.warn,
  unknown: checkStyles.unknown,
};

const useStyles = makeStyles(
  theme => ({
    pressed: { backgroundColor: theme.palette.action.selected },
  }),
  { name: 'AcrCmkFleetKeys' },
);

/** Keys in one line each, with the users of each version below, and which versions can be retired. */
export function FleetKeys() {
  const classes = useStyles();
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
    filter: filterOf(search),
    page: shown.map(({ uri }) => uri),
    total: matching,
    named,
  });
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
        <Button
          size="small"
          variant="outlined"
          aria-pressed={unused === true}
          className={unused ? classes.pressed : undefined}
          onClick={() =>
            show(changed(search, { unused: unused ? undefined : true }))
          }
        >
          {t('keys.unused')}
        </Button>
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
                <Typography>
                  {unused ? t('keys.noneUnused') : t('keys.none')}
                </Typography>
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
              <SelectionBar
                of="keys"
                selection={selection}
                total={total}
                // The API has no filter by unused versions for a change.
                mayChooseAll={!unused}
              />
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
    <ScanTable
      label={t('keys.title')}
      items={items}
      keyOf={({ uri }) => uri}
      selection={
        selection && {
          ...selection,
          label: key => t('selection.one', { name: nameOf(key) }),
          allLabel: t('selection.page'),
        }
      }
      columns={[
        {
          id: 'key',
          title: t('keys.key'),
          width: 22,
          titleOf: nameOf,
          cell: nameOf,
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
        label: key => t('keys.versionsOf', { key: nameOf(key) }),
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

const COLUMNS = [
  ['version', '18%'],
  ['usedBy', '20%'],
  ['retire', '34%'],
  ['created', '14%'],
  ['expires', '14%'],
] as const;

function Versions({ of }: { of: FleetKey }) {
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  return (
    <>
      {of.problem && <Typography variant="body2">{of.problem}</Typography>}
      <ScrollableTable
        label={nameOf(of)}
        columns={COLUMNS.map(([column, width]) => ({
          title: t(`keys.${column}`),
          width,
        }))}
      >
        {of.versions.map(version => (
          <VersionRow key={version.version} of={version} />
        ))}
      </ScrollableTable>
      {of.moreVersions > 0 && (
        <Typography variant="body2">
          {t('keys.moreVersions', { count: of.moreVersions })}
        </Typography>
      )}
    </>
  );
}

function VersionRow({ of }: { of: FleetKeyVersion }) {
  const classes = useCellStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const { holders, registries, hiddenRegistries, retirement } = of;
  const more = registries - holders.length;
  return (
    <TableRow>
      <TableCell
        component="th"
        scope="row"
        role="rowheader"
        className={classes.cell}
      >
        {shortVersion(of.version)}
        {of.newest && <> · {t('keys.newest')}</>}
        {of.enabled === false && <> · {t('keys.disabled')}</>}
      </TableCell>
      <TableCell className={classes.cell}>
        {registries + hiddenRegistries === 0
          ? t('keys.nobody')
          : holders.map(({ name }) => name).join(', ')}
        {more > 0 && <> {t('keys.more', { count: more })}</>}
        {hiddenRegistries > 0 && (
          <div>{t('keys.hidden', { count: hiddenRegistries })}</div>
        )}
      </TableCell>
      <TableCell className={classes.cell}>
        {retirement && (
          <>
            <Status statusStyle={retirementStyles[retirement.answer]}>
              {t(`keys.retirement.${retirement.answer}`)}
            </Status>
            {retirement.since && (
              <>
                {' '}
                {t('keys.since')} <Day at={retirement.since} />
              </>
            )}
            <Typography variant="body2">{retirement.message}</Typography>
          </>
        )}
      </TableCell>
      <TableCell className={classes.cell}>
        {of.created && <Day at={of.created} />}
      </TableCell>
      <TableCell className={classes.cell}>
        {of.expires && <Day at={of.expires} inUtc />}
      </TableCell>
    </TableRow>
  );
}
