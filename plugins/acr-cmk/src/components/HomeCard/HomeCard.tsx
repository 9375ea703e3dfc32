import Typography from '@material-ui/core/Typography';
import {
  type FleetSummary,
  type FleetWaiting,
  lostStateIds,
} from 'backstage-plugin-acr-cmk-common';
import { readRefusal } from '../../hooks/refusal';
import {
  EVERYTHING,
  useFleetRegistries,
  useFleetSummary,
  useFleetWaiting,
} from '../../hooks/useFleet';
import { useFleetTexts } from '../../translations/fleet';
import { LoadedView } from '../shared/LoadedView';
import { RouteLink } from '../shared/RouteLink';
import { severityStyles, Status, checkStyles } from '../shared/statusStyles';
import { Stack } from '../shared/Stack';
import { useUnreadable } from '../FleetPage/useUnreadable';
import { useOperationTitle } from '../shared/useOperationTitle';

/** Requests or registries that are named; the page has all of them. */
const MOST_NAMED = 5;

const LOST_QUERY = { state: lostStateIds, limit: MOST_NAMED };

/** Registries that need attention, and requests that await the viewer's approval. */
export function HomeCard(props: {
  /** Path of the page of all registries. Default: `/acr-cmk`. */
  pagePath?: string;
}) {
  const { pagePath = '/acr-cmk' } = props;
  const t = useFleetTexts();
  const summary = useFleetSummary(EVERYTHING);
  const waiting = useFleetWaiting();
  return (
    <Stack gap={1.5} justifyItems="start">
      <LoadedView
        of={summary.loaded}
        loading={t('loading')}
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
    </Stack>
  );
}

function Registries(props: { summary: FleetSummary; pagePath: string }) {
  const { summary, pagePath } = props;
  const t = useFleetTexts();
  const { total, counts, scope } = summary;
  const unreadable = useUnreadable(scope).map(text => (
    <Typography key={text} variant="body2">
      {text}
    </Typography>
  ));
  if (total === 0) {
    return (
      <>
        <Typography variant="body2">{t('home.none')}</Typography>
        {unreadable}
      </>
    );
  }
  const countOf = new Map<string, number>(
    [...counts.severity, ...counts.state].map(({ value, count }) => [
      value,
      count,
    ]),
  );
  const error = countOf.get('error') ?? 0;
  const warning = countOf.get('warning') ?? 0;
  const unknown = countOf.get('unknown') ?? 0;
  const attention = error + warning;
  const lost = lostStateIds.reduce(
    (sum, state) => sum + (countOf.get(state) ?? 0),
    0,
  );
  // What waits for its first reading is not known either, and is no fault.
  const isFirstReading = scope.reading?.first === true;
  const parts = [
    {
      count: error,
      filter: '?severity=error',
      statusStyle: severityStyles.error,
      text: t('home.error', { count: error }),
    },
    {
      count: warning,
      filter: '?severity=warning',
      statusStyle: severityStyles.warning,
      text: t('home.warning', { count: warning }),
    },
    {
      count: unknown,
      filter: '?state=unknown',
      statusStyle: checkStyles.unknown,
      text: t(isFirstReading ? 'home.waiting' : 'home.unknown', {
        count: unknown,
      }),
    },
  ].filter(({ count }) => count > 0);
  const unknownFilter = unknown > 0 ? '?state=unknown' : '';
  const mainFilter = attention > 0 ? '?severity=error,warning' : unknownFilter;
  const list = (filter: string) => `${pagePath}/registries${filter}`;
  return (
    <>
      <Typography variant="subtitle1" component="h3">
        <RouteLink to={list(mainFilter)}>
          <Heading
            total={total}
            count={attention}
            unknown={unknown}
            isFirstReading={isFirstReading}
          />
        </RouteLink>
      </Typography>
      {unreadable}
      {attention > 0 && (
        <Stack component="ul" gap={0.5}>
          {parts.map(({ filter, statusStyle, text }) => (
            <li key={filter}>
              <RouteLink to={list(filter)} variant="body2">
                <Status statusStyle={statusStyle}>{text}</Status>
              </RouteLink>
            </li>
          ))}
        </Stack>
      )}
      {lost > 0 && <Lost count={lost} pagePath={pagePath} />}
    </>
  );
}

/** Registries that cannot reach their key, or whose version has expired, by name. */
function Lost(props: { count: number; pagePath: string }) {
  const { count, pagePath } = props;
  const t = useFleetTexts();
  const { data } = useFleetRegistries(LOST_QUERY);
  if (!data) return null;
  const more = count - data.items.length;
  return (
    <>
      <Typography variant="subtitle1" component="h3">
        <RouteLink
          to={`${pagePath}/registries?state=${lostStateIds.join(',')}`}
        >
          {t('home.lost', { count })}
        </RouteLink>
      </Typography>
      <Stack component="ul" gap={0.5}>
        {data.items.map(({ registryId, name, state }) => (
          <Typography key={registryId} component="li" variant="body2">
            <RouteLink
              to={`${pagePath}/registries?registry=${encodeURIComponent(registryId)}`}
              underline="always"
            >
              {name}
            </RouteLink>
            {`: ${state.message}`}
          </Typography>
        ))}
        {more > 0 && (
          <Typography component="li" variant="body2" color="textSecondary">
            {t('home.more', { count: more })}
          </Typography>
        )}
      </Stack>
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
  const t = useFleetTexts();
  if (count === 0 && unknown > 0 && isFirstReading) {
    return <>{t('home.notYet', { count: unknown, total })}</>;
  }
  if (count === 0 && unknown > 0) {
    return total === 1 ? (
      <>{t('home.uncheckedOne')}</>
    ) : (
      <>{t('home.unchecked', { count: unknown, total })}</>
    );
  }
  return total === 1 ? (
    <>{t('home.attentionOfOne', { count })}</>
  ) : (
    <>{t('home.attention', { count, total })}</>
  );
}

function Waiting(props: { waiting: FleetWaiting; pagePath: string }) {
  const { waiting, pagePath } = props;
  const t = useFleetTexts();
  const titleOf = useOperationTitle();
  const requests = [
    ...waiting.items.map(({ id, kind, registryName }) => ({
      id,
      path: `/waiting?request=${id}`,
      text: titleOf(kind, registryName),
    })),
    ...waiting.campaigns.map(({ campaignId, title, stage }) => ({
      id: campaignId,
      path: '/waiting',
      text: t('waiting.stage', { title, stage }),
    })),
  ];
  if (requests.length === 0) return null;
  return (
    <>
      <Typography variant="subtitle1" component="h3">
        <RouteLink to={`${pagePath}/waiting`}>
          {t('waiting.title', { count: requests.length })}
        </RouteLink>
      </Typography>
      <Stack component="ul" gap={0.5}>
        {requests.slice(0, MOST_NAMED).map(({ id, path, text }) => (
          <Typography
            key={id}
            component="li"
            variant="body2"
            style={{ overflowWrap: 'anywhere' }}
          >
            <RouteLink to={`${pagePath}${path}`} underline="always">
              {text}
            </RouteLink>
          </Typography>
        ))}
        {requests.length > MOST_NAMED && (
          <Typography component="li" variant="body2" color="textSecondary">
            {t('home.more', { count: requests.length - MOST_NAMED })}
          </Typography>
        )}
      </Stack>
    </>
  );
}
