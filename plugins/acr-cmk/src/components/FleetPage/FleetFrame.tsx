import type { ReactNode } from 'react';
import type { StaleWhileLoading } from '../../hooks/useResource';
import { useFleetTexts } from '../../translations/fleet';
import { LoadedView } from '../shared/LoadedView';
import { namedStyles, stack } from '../shared/styles';

const useStyles = namedStyles('FleetFrame', theme => ({
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
}));

/** The space of a sub-page. */
export function FleetBody({ children }: { children: ReactNode }) {
  return <div className={useStyles().root}>{children}</div>;
}

/** Data of the fleet. While another filter is loading, the data before it stays, dimmed. */
export function FleetContent<T>(props: {
  of: StaleWhileLoading<T>;
  label: string;
  /** Sentence for a failure. Default: the registries could not be loaded. */
  failed?(message: string): string;
  children(data: T): ReactNode;
}) {
  const { loaded, data, stale } = props.of;
  const classes = useStyles();
  const t = useFleetTexts();
  return (
    <LoadedView
      of={
        loaded.status === 'loading' && data !== undefined
          ? { status: 'ready', data }
          : loaded
      }
      loading={props.label}
      failed={props.failed ?? (message => t('failed', { message }))}
      refreshFailed={message => t('refreshFailed', { message })}
    >
      {shown => (
        <div aria-busy={stale} className={stale ? classes.stale : undefined}>
          {props.children(shown)}
        </div>
      )}
    </LoadedView>
  );
}
