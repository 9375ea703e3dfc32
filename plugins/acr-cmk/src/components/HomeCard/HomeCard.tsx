import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Link from '@material-ui/core/Link';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type {
  FleetSummary,
  FleetWaiting,
} from 'backstage-plugin-acr-cmk-common';
import { Link as RouterLink } from 'react-router-dom';
import { readRefusal } from '../../hooks/refusal';
import { useFleetSummary, useFleetWaiting } from '../../hooks/useFleet';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { LoadedView } from '../shared/LoadedView';
import { severityStyles, Status, undecidedStyle } from '../shared/statusStyles';
import { useLocale } from '../shared/Time';
import { stack } from '../shared/styles';
import { useOperationTitle } from '../shared/useOperationTitle';

const useStyles = makeStyles(
  theme => ({
    root: {
      ...stack(theme, 1.5),
      justifyItems: 'start',
    },
    list: {
      display: 'grid',
      gap: theme.spacing(0.5),
      listStyle: 'none',
      margin: 0,
      padding: 0,
    },
    text: { overflowWrap: 'anywhere' },
  }),
  { name: 'AcrCmkHomeCard' },
);

/** Severities of the registries that the card counts. */
const ATTENTION = ['error', 'warning'] as const;
/** Requests that are named; the page has all of them. */
const MOST_NAMED = 3;

/** Registries that need attention, and requests that await the viewer's approval. */
export function HomeCard(props: {
  /** Path of the page of all registries. Default: `/acr-cmk`. */
  pagePath?: string;
}) {
  const { pagePath = '/acr-cmk' } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const summary = useFleetSummary({});
  const waiting = useFleetWaiting();
  return (
    <div className={classes.root}>
      <LoadedView
        of={summary.loaded}
        loading={t('home.loading')}
        failed={message => t('failed', { message })}
        refreshFailed={message => t('refreshFailed', { message })}
      >
        {data => <Registries summary={data} pagePath={pagePath} />}
      </LoadedView>
      {/* Approving does not need the permission to see the fleet. */}
      {waiting.data && <Waiting waiting={waiting.data} pagePath={pagePath} />}
      {waiting.loaded.status === 'failed' &&
        summary.loaded.status !== 'failed' && (
          <Typography variant="body2" role="status">
            {t('home.waitingFailed', {
              message: readRefusal(waiting.loaded.error).message,
            })}
          </Typography>
        )}
    </div>
  );
}

function Registries(props: { summary: FleetSummary; pagePath: string }) {
  const { summary, pagePath } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const { total, counts, scope } = summary;
  const { unreadableSubscriptions, unreadableGroups = 0 } = scope;
  const { unlistedSubscriptions = 0 } = scope;
  const refused = unreadableSubscriptions - unlistedSubscriptions;
  const unreadable = (
    <>
      {refused > 0 && (
        <Typography variant="body2">
          {t('scope.unreadable', { count: refused })}
        </Typography>
      )}
      {unlistedSubscriptions > 0 && (
        <Typography variant="body2">
          {t('scope.unlisted', { count: unlistedSubscriptions })}
        </Typography>
      )}
      {unreadableGroups > 0 && (
        <Typography variant="body2">
          {t('scope.groupsInPart', { count: unreadableGroups })}
        </Typography>
      )}
    </>
  );
  if (total === 0) {
    return (
      <>
        <Typography variant="body2">{t('home.none')}</Typography>
        {unreadable}
      </>
    );
  }
  const parts = counts.severity.flatMap(({ value, count }) => {
    const severity = ATTENTION.find(each => each === value);
    return severity && count > 0 ? [{ severity, count }] : [];
  });
  const attention = parts.reduce((sum, { count }) => sum + count, 0);
  const unknown =
    counts.state.find(({ value }) => value === 'unknown')?.count ?? 0;
  // What waits for its first reading is not known either, and is no fault.
  const isFirstReading = scope.reading?.first === true;
  const unknownFilter = unknown > 0 ? '?state=unknown' : '';
  const mainFilter =
    attention > 0 ? `?severity=${ATTENTION.join(',')}` : unknownFilter;
  const list = (filter: string) => `${pagePath}/registries${filter}`;
  return (
    <>
      <Typography variant="subtitle1" component="h3">
        <Link component={RouterLink} to={list(mainFilter)}>
          <Heading
            total={total}
            count={attention}
            unknown={unknown}
            isFirstReading={isFirstReading}
          />
        </Link>
      </Typography>
      {unreadable}
      {parts.length > 0 && (
        <ul className={classes.list}>
          {parts.map(({ severity, count }) => (
            <li key={severity}>
              <Link
                component={RouterLink}
                to={list(`?severity=${severity}`)}
                variant="body2"
              >
                <Status statusStyle={severityStyles[severity]}>
                  {t(`home.${severity}`, { count })}
                </Status>
              </Link>
            </li>
          ))}
          {unknown > 0 && (
            <li>
              <Link
                component={RouterLink}
                to={list(unknownFilter)}
                variant="body2"
              >
                <Status statusStyle={undecidedStyle}>
                  {t(isFirstReading ? 'home.waiting' : 'home.unknown', {
                    count: unknown,
                  })}
                </Status>
              </Link>
            </li>
          )}
        </ul>
      )}
    </>
  );
}

/** Number of registries that need attention; if none does, the number that could not be checked. */
function Heading(props: {
  total: number;
  count: number;
  unknown: number;
  isFirstReading: boolean;
}) {
  const { total, count, unknown, isFirstReading } = props;
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const number = new Intl.NumberFormat(useLocale());
  if (count === 0 && unknown > 0 && isFirstReading) {
    return (
      <>{t('home.notYet', { count: unknown, total: number.format(total) })}</>
    );
  }
  if (count === 0 && unknown > 0) {
    return total === 1 ? (
      <>{t('home.uncheckedOne')}</>
    ) : (
      <>
        {t('home.unchecked', { count: unknown, total: number.format(total) })}
      </>
    );
  }
  return total === 1 ? (
    <>{t('home.attentionOfOne', { count })}</>
  ) : (
    <>{t('home.attention', { count, total: number.format(total) })}</>
  );
}

function Waiting(props: { waiting: FleetWaiting; pagePath: string }) {
  const { waiting, pagePath } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const titleOf = useOperationTitle();
  const requests = [
    ...waiting.items.map(({ id, kind, registryName }) => ({
      id,
      text: titleOf(kind, registryName),
    })),
    ...waiting.campaigns.map(({ campaignId, title, stage }) => ({
      id: campaignId,
      text: t('waiting.stage', { title, stage: String(stage) }),
    })),
  ];
  if (requests.length === 0) return null;
  return (
    <>
      <Typography variant="subtitle1" component="h3">
        <Link component={RouterLink} to={`${pagePath}/waiting`}>
          {t('waiting.title', { count: requests.length })}
        </Link>
      </Typography>
      <ul className={classes.list}>
        {requests.slice(0, MOST_NAMED).map(({ id, text }) => (
          <Typography
            key={id}
            component="li"
            variant="body2"
            className={classes.text}
          >
            {text}
          </Typography>
        ))}
        {requests.length > MOST_NAMED && (
          <Typography component="li" variant="body2" color="textSecondary">
            {t('home.more', { count: requests.length - MOST_NAMED })}
          </Typography>
        )}
      </ul>
    </>
  );
}
