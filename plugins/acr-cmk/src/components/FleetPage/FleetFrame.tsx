import { Progress } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import { Suspense, type ReactNode } from 'react';
import { readRefusal } from '../../hooks/refusal';
import type { Kept } from '../../hooks/useFleet';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { late } from '../shared/late';
import { Note } from '../shared/Note';
import { severityStyles } from '../shared/statusStyles';

const Denied = late(() => import('../shared/Denied').then(m => m.Denied));

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'grid',
      gap: theme.spacing(2),
      gridTemplateColumns: 'minmax(0, 1fr)',
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

/** What was loaded; while it is not there, or cannot be, what is known of that. */
export function FleetContent<T>(props: {
  of: Kept<T>;
  label: string;
  children(data: T): ReactNode;
}) {
  const { loaded, data, stale } = props.of;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const progress = <Progress aria-label={props.label} />;
  if (loaded.status === 'denied') {
    return (
      <Suspense fallback={progress}>
        <Denied {...loaded} />
      </Suspense>
    );
  }
  if (loaded.status === 'failed') {
    return (
      <Note
        statusStyle={severityStyles.error}
        role="alert"
        action={
          <Button size="small" variant="outlined" onClick={loaded.retry}>
            {t('tryAgain')}
          </Button>
        }
      >
        {t('failed', { message: readRefusal(loaded.error).message })}
      </Note>
    );
  }
  if (data === undefined) return progress;
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
