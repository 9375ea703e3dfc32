import { Progress } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';
import { readRefusal } from '../../hooks/refusal';
import type { StaleWhileLoading } from '../../hooks/useFleet';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { Denied } from '../shared/Denied';
import { LoadFailure } from '../shared/LoadFailure';
import { Note } from '../shared/Note';
import { severityStyles } from '../shared/statusStyles';
import { stack } from '../shared/styles';

const useStyles = makeStyles(
  theme => ({
    root: {
      ...stack(theme, 2),
      padding: theme.spacing(3),
      [theme.breakpoints.down('xs')]: { padding: theme.spacing(2) },
    },
    stale: { opacity: 0.6 },
  }),
  { name: 'AcrCmkFleetFrame' },
);

/** The space of a sub-page. */
export function FleetBody({ children }: { children: ReactNode }) {
  return <div className={useStyles().root}>{children}</div>;
}

/** Loaded data; progress, refusal or error until there is any. */
export function FleetContent<T>(props: {
  of: StaleWhileLoading<T>;
  label: string;
  children(data: T): ReactNode;
}) {
  const { loaded, data, stale } = props.of;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  if (loaded.status === 'denied') {
    return <Denied {...loaded} />;
  }
  if (loaded.status === 'failed') {
    return (
      <LoadFailure onRetry={loaded.retry}>
        {t('failed', { message: readRefusal(loaded.error).message })}
      </LoadFailure>
    );
  }
  if (data === undefined) return <Progress aria-label={props.label} />;
  return (
    <>
      {loaded.status === 'ready' && loaded.refreshError && (
        <Note statusStyle={severityStyles.warning} role="status">
          {t('refreshFailed', {
            message: readRefusal(loaded.refreshError).message,
          })}
        </Note>
      )}
      <div aria-busy={stale} className={stale ? classes.stale : undefined}>
        {props.children(data)}
      </div>
    </>
  );
}
