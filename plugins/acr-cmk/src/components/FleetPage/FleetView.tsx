import Typography from '@material-ui/core/Typography';
import type { FleetSummary } from 'backstage-plugin-acr-cmk-common';
import type { ReactNode } from 'react';
import type { StaleWhileLoading } from '../../hooks/useResource';
import { useFleetTexts } from '../../translations/fleet';
import { DownloadButton } from '../shared/DownloadButton';
import { Note } from '../shared/Note';
import { severityStyles } from '../shared/statusStyles';
import { Row } from '../shared/Stack';
import { namedStyles } from '../shared/styles';
import { FleetFilters } from './FleetFilters';
import { FleetBody, FleetContent } from './FleetFrame';
import { PageButtons } from './PageButtons';
import { ScopeNotice } from './ScopeNotice';
import { SelectionBar } from './SelectionBar';
import { useFleetSearch } from './useFleetSearch';
import type { Selection } from './useSelection';

const useStyles = namedStyles('FleetView', theme => ({
  head: {
    '& > :first-child:not(:empty)': { marginRight: theme.spacing(2) },
    '& > :last-child': { flex: '1 1 20em', minWidth: 0 },
  },
}));

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
  const { of, summary, file, selection } = props;
  const { search, show } = useFleetSearch();
  const classes = useStyles();
  const t = useFleetTexts();
  return (
    <FleetBody>
      <Row gap={0} alignItems="baseline" className={classes.head}>
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
      </Row>
      <FleetFilters
        search={search}
        counts={summary.data?.counts}
        show={show}
        states={props.states}
      >
        {props.controls}
        <DownloadButton
          label={t('csv')}
          running={t('csvRunning')}
          file={`${file.name}.csv`}
          load={async () => (await file.load()).blob()}
          failed={message => t('csvFailed', { message })}
        />
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
