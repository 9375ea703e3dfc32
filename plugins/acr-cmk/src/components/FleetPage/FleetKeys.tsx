import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Link from '@material-ui/core/Link';
import TableCell from '@material-ui/core/TableCell';
import TableRow from '@material-ui/core/TableRow';
import Typography from '@material-ui/core/Typography';
import type {
  FleetKey,
  FleetKeyVersion,
} from 'backstage-plugin-acr-cmk-common';
import { Link as RouterLink } from 'react-router-dom';
import { useFleetKeys, useFleetSummary } from '../../hooks/useFleet';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { EntityName } from '../shared/EntityName';
import { shortVersion } from '../shared/shortVersion';
import { checkStyles, Status } from '../shared/statusStyles';
import { Day, Until } from '../shared/Time';
import { FleetCard, FleetCards } from './FleetCard';
import { FleetFilters } from './FleetFilters';
import { FleetBody, FleetContent } from './FleetFrame';
import { filterOf, parametersOf, searchFrom } from './fleetSearch';
import { PageButtons } from './PageButtons';
import { ScopeNotice } from './ScopeNotice';
import { ScrollableTable, useCellStyles } from './ScrollableTable';
import { SearchIncomplete } from './SearchIncomplete';
import { useFleetSearch } from './useFleetSearch';

const EVERYTHING = {};

/** Keys with their versions, the users of each, and which versions can be retired. */
export function FleetKeys() {
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const { search, show } = useFleetSearch();
  const keys = useFleetKeys({ ...filterOf(search), cursor: search.cursor });
  const everything = useFleetSummary(EVERYTHING);
  return (
    <FleetBody>
      <ScopeNotice of={everything} beside={keys} />
      <FleetFilters
        search={search}
        counts={everything.data?.counts}
        show={show}
      />
      <FleetContent of={keys} label={t('loading')}>
        {({ items, nextCursor, searchIncomplete }) => (
          <>
            {searchIncomplete && <SearchIncomplete />}
            <div role="status">
              {items.length === 0 && <Typography>{t('keys.none')}</Typography>}
            </div>
            {items.length > 0 && (
              <>
                <FleetCards label={t('keys.title')}>
                  {items.map(key => (
                    <li key={`${key.vaultName} ${key.keyName}`}>
                      <KeyOfFleet of={key} />
                    </li>
                  ))}
                </FleetCards>
                <PageButtons
                  search={search}
                  nextCursor={nextCursor}
                  show={show}
                />
              </>
            )}
          </>
        )}
      </FleetContent>
    </FleetBody>
  );
}

const COLUMNS = [
  ['version', '18%'],
  ['usedBy', '20%'],
  ['retire', '34%'],
  ['created', '14%'],
  ['expires', '14%'],
] as const;

function KeyOfFleet({ of }: { of: FleetKey }) {
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const { vaultName, keyName, versions } = of;
  const registries = parametersOf({
    ...searchFrom(new URLSearchParams()),
    vault: vaultName,
    key: keyName,
  });
  return (
    <FleetCard title={`${vaultName} / ${keyName}`} heading="h2">
      <Typography variant="body2" component="div">
        <Link
          component={RouterLink}
          to={`../registries?${registries}`}
          underline="always"
        >
          {t('keys.registries', { count: of.registries })}
        </Link>
        {of.hiddenRegistries > 0 && (
          <> · {t('keys.hidden', { count: of.hiddenRegistries })}</>
        )}
        {' · '}
        {of.rotatesAt ? (
          <>
            {t('keys.rotatesAt')} <Until at={of.rotatesAt} />
          </>
        ) : (
          of.rotatesByPolicy === false && t('keys.noPolicy')
        )}
        {(of.owners.length > 0 || of.otherOwners > 0) && (
          <div>
            {t('keys.owners')}{' '}
            {of.owners.map((owner, index) => (
              <span key={owner}>
                {index > 0 && ', '}
                <EntityName entityRef={owner} />
              </span>
            ))}
            {of.otherOwners > 0 && (
              <> {t('keys.more', { count: of.otherOwners })}</>
            )}
          </div>
        )}
        {of.problem && <div>{of.problem}</div>}
      </Typography>
      <ScrollableTable
        label={`${vaultName} / ${keyName}`}
        columns={COLUMNS.map(([column, width]) => ({
          title: t(`keys.${column}`),
          width,
        }))}
      >
        {versions.map(version => (
          <VersionRow key={version.version} of={version} />
        ))}
      </ScrollableTable>
      {of.moreVersions > 0 && (
        <Typography variant="body2">
          {t('keys.moreVersions', { count: of.moreVersions })}
        </Typography>
      )}
    </FleetCard>
  );
}

const retirementStyles = {
  unused: checkStyles.pass,
  'in-use': checkStyles.warn,
  unknown: checkStyles.unknown,
};

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
