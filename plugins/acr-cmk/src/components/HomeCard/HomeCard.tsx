import { Progress } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Link from '@material-ui/core/Link';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type {
  FleetSeverity,
  FleetSummary,
  FleetWaiting,
  RegistryStateId,
} from 'backstage-plugin-acr-cmk-common';
import { Link as RouterLink } from 'react-router-dom';
import { readRefusal } from '../../hooks/refusal';
import { useFleetSummary, useFleetWaiting } from '../../hooks/useFleet';
import { acrCmkCardTranslationRef } from '../../translations/card';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { Denied } from '../shared/Denied';
import { LoadFailure } from '../shared/LoadFailure';
import { severityStyles, stateStyles, Status } from '../shared/statusStyles';
import { useLocale } from '../shared/Time';
import { stack } from '../shared/styles';

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

/** Severities of the registries that the card counts. Its links and its list have this filter, too. */
const ATTENTION: FleetSeverity[] = ['error', 'warning'];
/** States that call for no action by themselves: only another finding does. */
const QUIET: readonly string[] = [
  'current',
  'converging',
  'behind-by-choice',
  'behind-shared-key',
  'behind-manual',
  'no-cmk',
];
/** Operations that are named; the page has all of them. */
const MOST_NAMED = 3;

/** Registries that need attention, and operations that await the viewer's approval. */
export function HomeCard(props: {
  /** Path of the page of all registries. Default: `/acr-cmk`. */
  pagePath?: string;
}) {
  const { pagePath = '/acr-cmk' } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const summary = useFleetSummary({});
  const attention = useFleetSummary({ severity: ATTENTION });
  const waiting = useFleetWaiting();
  const { loaded } = summary;
  if (loaded.status === 'loading' && summary.data === undefined) {
    return <Progress aria-label={t('home.loading')} />;
  }
  return (
    <div className={classes.root}>
      {loaded.status === 'denied' && <Denied {...loaded} />}
      {loaded.status === 'failed' && (
        <LoadFailure onRetry={loaded.retry}>
          {t('failed', { message: readRefusal(loaded.error).message })}
        </LoadFailure>
      )}
      {loaded.status === 'ready' && loaded.refreshError && (
        <Typography variant="body2" role="status">
          {t('refreshFailed', {
            message: readRefusal(loaded.refreshError).message,
          })}
        </Typography>
      )}
      {summary.data && (
        <Registries
          summary={summary.data}
          attention={attention.data}
          pagePath={pagePath}
        />
      )}
      {/* Approving does not need the permission to see the fleet. */}
      {waiting.data && <Waiting waiting={waiting.data} pagePath={pagePath} />}
      {waiting.loaded.status === 'failed' && loaded.status !== 'failed' && (
        <Typography variant="body2" role="status">
          {t('home.waitingFailed', {
            message: readRefusal(waiting.loaded.error).message,
          })}
        </Typography>
      )}
    </div>
  );
}

function Registries(props: {
  summary: FleetSummary;
  /** Counts of the registries that need attention, once they are loaded. */
  attention: FleetSummary | undefined;
  pagePath: string;
}) {
  const { summary, attention, pagePath } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const { t: tState } = useTranslationRef(acrCmkCardTranslationRef);
  const number = new Intl.NumberFormat(useLocale());
  const { total, counts, scope } = summary;
  const unreadable = scope.unreadableSubscriptions > 0 && (
    <Typography variant="body2">
      {t('scope.unreadable', { count: scope.unreadableSubscriptions })}
    </Typography>
  );
  if (total === 0) {
    return (
      <>
        <Typography variant="body2">{t('home.none')}</Typography>
        {unreadable}
      </>
    );
  }
  const count = counts.severity
    .filter(({ value }) => ATTENTION.some(severity => severity === value))
    .reduce((sum, each) => sum + each.count, 0);
  const unknown =
    counts.state.find(({ value }) => value === 'unknown')?.count ?? 0;
  // What waits for its first reading is not known either, and is no fault.
  const isReading = scope.reading !== undefined;
  const states = (attention?.counts.state ?? []).filter(
    (each): each is { value: RegistryStateId; count: number } =>
      each.value in stateStyles,
  );
  const query = count > 0 ? `severity=${ATTENTION.join(',')}` : '';
  return (
    <>
      <Typography variant="subtitle1" component="h3">
        <Heading
          total={total}
          count={count}
          unknown={unknown}
          isReading={isReading}
        />
      </Typography>
      {unreadable}
      {states.length > 0 && (
        <ul className={classes.list} aria-label={t('home.states')}>
          {states.map(state => (
            <li key={state.value}>
              <Link
                component={RouterLink}
                to={`${pagePath}/registries?${query}&state=${state.value}`}
                variant="body2"
              >
                <Status
                  statusStyle={
                    QUIET.includes(state.value)
                      ? severityStyles.warning
                      : stateStyles[state.value]
                  }
                >
                  {`${
                    QUIET.includes(state.value)
                      ? t('home.withFindings', {
                          state: tState(`state.${state.value}`),
                        })
                      : tState(`state.${state.value}`)
                  }: ${number.format(state.count)}`}
                </Status>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {unknown > 0 && (
        <Link
          component={RouterLink}
          to={`${pagePath}/registries?state=unknown`}
          variant="body2"
        >
          {t(isReading ? 'home.waiting' : 'home.unknown', { count: unknown })}
        </Link>
      )}
      <Link
        component={RouterLink}
        to={`${pagePath}/registries${query && `?${query}`}`}
        variant="body2"
      >
        {t('home.open')}
      </Link>
    </>
  );
}

/** Number of registries that need attention; if none does, the number that could not be checked. */
function Heading(props: {
  total: number;
  count: number;
  unknown: number;
  isReading: boolean;
}) {
  const { total, count, unknown, isReading } = props;
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const number = new Intl.NumberFormat(useLocale());
  if (count === 0 && unknown > 0 && isReading) {
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
  const { items } = waiting;
  if (items.length === 0) return null;
  return (
    <>
      <Typography variant="subtitle1" component="h3">
        <Link component={RouterLink} to={`${pagePath}/waiting`}>
          {t('waiting.title', { count: items.length })}
        </Link>
      </Typography>
      <ul className={classes.list}>
        {items.slice(0, MOST_NAMED).map(({ id, registryName, summary }) => (
          <Typography
            key={id}
            component="li"
            variant="body2"
            className={classes.text}
          >
            {registryName}: {summary}
          </Typography>
        ))}
        {items.length > MOST_NAMED && (
          <Typography component="li" variant="body2" color="textSecondary">
            {t('home.more', { count: items.length - MOST_NAMED })}
          </Typography>
        )}
      </ul>
    </>
  );
}
