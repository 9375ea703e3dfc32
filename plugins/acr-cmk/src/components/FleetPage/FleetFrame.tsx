import { Progress } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { Suspense, type ReactNode } from 'react';
import { readRefusal } from '../../hooks/refusal';
import type { StaleWhileLoading } from '../../hooks/useResource';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { lazyOrNotice } from '../shared/lazyOrNotice';
import { LoadFailure } from '../shared/LoadFailure';
import { Note } from '../shared/Note';
import { severityStyles } from '../shared/statusStyles';
import { stack } from '../shared/styles';

// With the texts of the tab, which explain permissions, and which few viewers of the page need.
const Denied = lazyOrNotice(() =>
  import('../shared/Denied').then(m => m.Denied),
);

const useStyles = makeStyles(
  theme => ({
    // The portal's tabs are wider than a phone, and would make the page so. In two rows its line below the chosen
    // tab, which is drawn for one, stands elsewhere.
    '@global': {
      [theme.breakpoints.down('xs')]: {
        '[role=tablist]': { flexWrap: 'wrap' },
        '[role=tab]': { flexShrink: 0, whiteSpace: 'nowrap' },
        '[role=tab][aria-selected=true]': {
          boxShadow: 'inset 0 -2px currentColor',
        },
        '[class*=bui-TabActive], [class*=bui-TabHovered]': { display: 'none' },
      },
    },
    root: {
      ...stack(theme, 0.75),
      // The portal leaves room below its tabs.
      marginTop: theme.spacing(-1),
      padding: theme.spacing(0, 3, 3),
      [theme.breakpoints.down('xs')]: {
        marginTop: 0,
        padding: theme.spacing(0, 2, 2),
      },
    },
    stale: { opacity: 0.6 },
    head: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'baseline',
      '& > :first-child:not(:empty)': { marginRight: theme.spacing(2) },
      '& > :last-child': { flex: '1 1 20em', minWidth: 0 },
    },
  }),
  { name: 'AcrCmkFleetFrame' },
);

/** The space of a sub-page. */
export function FleetBody({ children }: { children: ReactNode }) {
  return <div className={useStyles().root}>{children}</div>;
}

/** Number of items, and beside it what of the fleet is seen. */
export function FleetHead(props: {
  /** Absent while it is not known. */
  total?: string;
  children: ReactNode;
}) {
  return (
    <div className={useStyles().head}>
      <div role="status">
        {props.total && (
          <Typography variant="subtitle1" component="h2">
            {props.total}
          </Typography>
        )}
      </div>
      <div>{props.children}</div>
    </div>
  );
}

/** Loaded data; progress, refusal or error until there is any. */
export function FleetContent<T>(props: {
  of: StaleWhileLoading<T>;
  label: string;
  /** Sentence for a failure. Default: the registries could not be loaded. */
  failed?(message: string): string;
  children(data: T): ReactNode;
}) {
  const { loaded, data, stale } = props.of;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  if (loaded.status === 'denied') {
    return (
      <Suspense fallback={<Progress aria-label={props.label} />}>
        <Denied {...loaded} />
      </Suspense>
    );
  }
  if (loaded.status === 'failed') {
    const { message } = readRefusal(loaded.error);
    return (
      <LoadFailure onRetry={loaded.retry}>
        {props.failed?.(message) ?? t('failed', { message })}
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
