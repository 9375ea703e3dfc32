import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { ReactNode } from 'react';
import type { StaleWhileLoading } from '../../hooks/useResource';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import type { FleetSummary } from 'backstage-plugin-acr-cmk-common';
import { LoadedView } from '../shared/LoadedView';
import { Note } from '../shared/Note';
import { severityStyles } from '../shared/statusStyles';
import { stack } from '../shared/styles';
import { CsvButton } from './CsvButton';
import { FleetFilters } from './FleetFilters';
import type { FleetSearch } from './fleetSearch';
import { PageButtons } from './PageButtons';
import { ScopeNotice } from './ScopeNotice';
import { SelectionBar } from './SelectionBar';
import type { ShowSearch } from './useFleetSearch';
import type { Selection } from './useSelection';

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

/** A list of the fleet: what of it is seen, filters, the items, and what can be done with them. */
export function FleetView<
  T extends {
    items: readonly unknown[];
    searchIncomplete: boolean;
    total?: number;
    nextCursor?: string;
  },
>(props: {
  of: StaleWhileLoading<T>;
  /** Counts and readings of the fleet without a filter. */
  summary: StaleWhileLoading<FleetSummary>;
  /** Number of items in words. */
  title?: string;
  /** Number of registries in the title. */
  registries?: number;
  search: FleetSearch;
  show: ShowSearch;
  /** Filter by state. */
  states?: ReactNode;
  /** Filters of this list alone, and other controls. */
  controls: ReactNode;
  file: { name: string; load(): Promise<Response> };
  /** Text in place of a list without items. */
  none: ReactNode;
  /** Items are chosen and changed. */
  selection?: { of: 'registries' | 'keys'; chosen: Selection };
  children(data: T): ReactNode;
}) {
  const { of, summary, search, show, selection } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  return (
    <FleetBody>
      <div className={classes.head}>
        <div role="status">
          {props.title && (
            <Typography variant="subtitle1" component="h2">
              {props.title}
            </Typography>
          )}
        </div>
        <div>
          <ScopeNotice of={summary} beside={of} total={props.registries} />
        </div>
      </div>
      <FleetFilters
        search={search}
        counts={summary.data?.counts}
        show={show}
        states={props.states}
      >
        {props.controls}
        <CsvButton file={props.file.name} load={props.file.load} />
      </FleetFilters>
      <FleetContent of={of} label={t('loading')}>
        {data => (
          <>
            {data.searchIncomplete && (
              <Note statusStyle={severityStyles.info} role="status">
                {t('searchIncomplete')}
              </Note>
            )}
            <div role="status">{data.items.length === 0 && props.none}</div>
            {data.items.length > 0 && props.children(data)}
            {data.total !== undefined && (
              <PageButtons
                search={search}
                nextCursor={data.nextCursor}
                shown={data.items.length}
                total={data.total}
                show={show}
              />
            )}
            {selection && (
              <SelectionBar
                of={selection.of}
                selection={selection.chosen}
                total={data.total ?? 0}
              />
            )}
          </>
        )}
      </FleetContent>
    </FleetBody>
  );
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
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
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
