import Typography from '@material-ui/core/Typography';
import { Fragment } from 'react';
import type { FleetScope, FleetSummary } from 'backstage-plugin-acr-cmk-common';
import { readRefusal } from '../../hooks/refusal';
import type { StaleWhileLoading } from '../../hooks/useResource';
import { useFleetTexts } from '../../translations/fleet';
import { Fold } from '../shared/Fold';
import { LoadFailure } from '../shared/LoadFailure';
import { ReadAt } from '../shared/ReadAt';
import { severityStyles, useToneStyles } from '../shared/statusStyles';
import { namedStyles } from '../shared/styles';
import { Ago, Until } from '../shared/Time';
import { useIsNarrow } from '../shared/useIsNarrow';
import { useUnreadable } from './useUnreadable';

const useStyles = namedStyles('ScopeNotice', theme => ({
  // One line, as without a warning: nothing below moves when it arrives.
  warning: { display: 'flex', gap: theme.spacing(1) },
  text: { flex: 1, minWidth: 0, overflowWrap: 'anywhere' },
  more: { textDecoration: 'underline' },
  problems: { margin: 0, paddingLeft: '1.2em' },
}));

/** Share of the fleet that the viewer sees, and the age of the data. */
export function ScopeNotice(props: {
  of: StaleWhileLoading<FleetSummary>;
  /** Content below the notice. When it fails as well, one message is enough. */
  beside: StaleWhileLoading<unknown>;
  /** Number of registries beside the notice, which is not repeated when it is all of them. */
  total?: number;
}) {
  const { loaded, data } = props.of;
  const t = useFleetTexts();
  if (data) return <Scope scope={data.scope} total={props.total} />;
  switch (loaded.status) {
    case 'loading':
      // Keeps the height of the line that comes.
      return <Typography variant="body2">&nbsp;</Typography>;
    case 'failed':
      return props.beside.loaded.status === 'failed' ? null : (
        <LoadFailure severity="warning" onRetry={loaded.retry}>
          {t('scope.failed', { message: readRefusal(loaded.error).message })}
        </LoadFailure>
      );
    default:
      return null;
  }
}

/** "Oldest reading 6 minutes ago, except 12 registries that could not be read (oldest: 2 hours ago)." */
function Ages({ ages }: { ages: NonNullable<FleetScope['ages']> }) {
  const t = useFleetTexts();
  const { observedAt, lagSeconds, older } = ages;
  return (
    <>
      {observedAt ? (
        <>
          {t('scope.read')} <ReadAt freshness={{ observedAt, lagSeconds }} />
          {older.length > 0 ? `, ${t('scope.except')}` : '.'}
        </>
      ) : (
        t('scope.notLately')
      )}
      {older.map(({ reason, count, observedAt: oldest }, index) => (
        <Fragment key={reason}>
          {' '}
          {t(`scope.older.${reason}`, { count })} ({t('scope.older.oldest')}{' '}
          <Ago at={oldest} />){index < older.length - 1 ? ';' : '.'}
        </Fragment>
      ))}
    </>
  );
}

function Scope({ scope, total }: { scope: FleetScope; total?: number }) {
  const classes = useStyles();
  const tones = useToneStyles();
  const t = useFleetTexts();
  const isNarrow = useIsNarrow();
  const unreadable = useUnreadable(scope);
  const { visible, known, problems = [], ages, reading } = scope;
  const share =
    visible < known
      ? t('scope.part', {
          visible,
          known,
        })
      : visible !== total && t('scope.all', { count: visible });
  const times = (
    <>
      {ages && <Ages ages={ages} />}
      {reading && (
        <>
          {' '}
          {t('scope.reading', { count: reading.left })}{' '}
          <Until at={reading.endsAt} />.
        </>
      )}
    </>
  );
  const shown = (
    <>
      {[share, ...unreadable].filter(Boolean).join(' ')} {!isNarrow && times}
    </>
  );
  const text =
    isNarrow || problems.length > 0 ? (
      <Fold
        summary={
          <>
            {shown}{' '}
            <span className={classes.more}>
              {t(isNarrow ? 'scope.more' : 'scope.details')}
            </span>
          </>
        }
      >
        {/* On a phone the ages would push the first registry out of view. */}
        {isNarrow && times}
        {problems.length > 0 && (
          <>
            <ul className={classes.problems}>
              {problems.map(({ subscriptionId, message, listedAt }) => (
                <li key={subscriptionId}>
                  {subscriptionId}: {message}
                  {listedAt && (
                    <>
                      {' ('}
                      {t('scope.listed')} <Ago at={listedAt} />)
                    </>
                  )}
                </li>
              ))}
            </ul>
            {t('scope.missing')}
          </>
        )}
      </Fold>
    ) : (
      shown
    );
  const { Icon, tone } = severityStyles.warning;
  const isWarning = unreadable.length > 0;
  return (
    <Typography
      variant="body2"
      component="div"
      role={isWarning ? 'status' : undefined}
      className={classes.warning}
    >
      {isWarning && <Icon fontSize="small" className={tones[tone]} />}
      <div className={classes.text}>{text}</div>
    </Typography>
  );
}
