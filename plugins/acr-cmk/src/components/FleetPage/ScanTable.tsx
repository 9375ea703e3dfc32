import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Checkbox from '@material-ui/core/Checkbox';
import IconButton from '@material-ui/core/IconButton';
import { makeStyles, type Theme } from '@material-ui/core/styles';
import Paper from '@material-ui/core/Paper';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableContainer from '@material-ui/core/TableContainer';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import TableSortLabel from '@material-ui/core/TableSortLabel';
import Typography from '@material-ui/core/Typography';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import ArrowDownwardIcon from '@material-ui/icons/ArrowDownward';
import ArrowUpwardIcon from '@material-ui/icons/ArrowUpward';
import ExpandLessIcon from '@material-ui/icons/ExpandLess';
import ExpandMoreIcon from '@material-ui/icons/ExpandMore';
import type { FleetSort } from 'backstage-plugin-acr-cmk-common';
import { Fragment, type ReactNode, useState } from 'react';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { ForScreenReaders } from '../shared/ForScreenReaders';
import { SelectField } from '../shared/SelectField';

const useStyles = makeStyles(
  theme => ({
    table: { tableLayout: 'fixed' },
    cell: {
      padding: theme.spacing(1),
      lineHeight: '20px',
      wordBreak: 'normal',
    },
    /** One line: what is longer is cut, and is read on the row's own page or on hover. */
    line: {
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      '& ul': { display: 'inline', margin: 0, padding: 0 },
      '& li': { display: 'inline' },
      '& li + li::before': { content: '", "' },
    },
    // Material UI has the accent colour, which says that something is wrong with them.
    chosen: { '&&': { backgroundColor: theme.palette.action.selected } },
    toggleCell: { width: 48, padding: theme.spacing(0, 1) },
    box: { padding: theme.spacing(0.5) },
    detail: { padding: theme.spacing(1, 2, 2) },
    cards: {
      display: 'grid',
      gap: theme.spacing(1),
      gridTemplateColumns: 'minmax(0, 1fr)',
      listStyle: 'none',
      margin: 0,
      padding: 0,
    },
    card: {
      padding: theme.spacing(1, 1.5),
      overflowWrap: 'anywhere',
      '& ul': { listStyle: 'none', margin: 0, padding: 0 },
    },
    cardHead: {
      display: 'flex',
      alignItems: 'center',
      justifyContent: 'space-between',
      paddingBottom: theme.spacing(0.5),
      '& > :first-child': { minWidth: 0 },
    },
    facts: {
      display: 'grid',
      gap: theme.spacing(0.25),
      margin: 0,
      '& > div': {
        display: 'grid',
        gridTemplateColumns: '7em minmax(0, 1fr)',
        columnGap: theme.spacing(1),
        // A fact that this one has not.
        '&:has(> dd:empty)': { display: 'none' },
      },
    },
    /** Above the cards: the box for all of them, and their order. */
    above: {
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(1),
      paddingLeft: theme.spacing(1.5),
      marginBottom: theme.spacing(1),
      '&:empty': { display: 'none' },
      // On the page's own background the usual colour has too little contrast.
      '& label:not(.Mui-focused)': { color: theme.palette.text.primary },
    },
    term: { color: theme.palette.text.secondary },
    value: { margin: 0 },
  }),
  { name: 'AcrCmkScanTable' },
);

export interface ScanColumn<T> {
  id: string;
  title: string;
  /** Share of the width. */
  width: number;
  /** Order of the list that the column's header offers. */
  sort?: FleetSort;
  /** Text on hover: what the line may cut. */
  titleOf?(item: T): string | undefined;
  cell(item: T): ReactNode;
}

interface Order {
  sort: FleetSort;
  direction: 'asc' | 'desc';
  onSort(by: FleetSort): void;
}

/** Checkboxes of the rows, and the one for all of them. */
interface ScanSelection<T> {
  /** Names of the checkboxes, for screen readers. */
  label(item: T): string;
  allLabel: string;
  has(key: string): boolean;
  toggle(key: string): void;
  togglePage(): void;
}

interface ScanTableProps<T> {
  label: string;
  /** The first one names the row. */
  columns: readonly ScanColumn<T>[];
  items: readonly T[];
  keyOf(item: T): string;
  order?: Order;
  /** Items can be chosen. */
  selection?: ScanSelection<T>;
  /** Content that opens below a row. */
  detail?: {
    /** Text of its button, for screen readers. */
    label(item: T): string;
    render(item: T): ReactNode;
  };
}

/** A list to scan: a table with a line for each item, and on a phone a card for each. */
export function ScanTable<T>(props: ScanTableProps<T>) {
  // At once: a table that became cards after the first frame would lose what was pressed.
  const isNarrow = useMediaQuery(
    (theme: Theme) => theme.breakpoints.down('xs'),
    { noSsr: true },
  );
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const expansion = {
    open,
    toggle(key: string) {
      const next = new Set(open);
      if (!next.delete(key)) next.add(key);
      setOpen(next);
    },
  };
  return isNarrow ? (
    <Cards {...props} {...expansion} />
  ) : (
    <Lines {...props} {...expansion} />
  );
}

interface Expansion {
  open: ReadonlySet<string>;
  toggle(key: string): void;
}

function Lines<T>({
  label,
  columns,
  items,
  keyOf,
  order,
  selection,
  detail,
  open,
  toggle,
}: ScanTableProps<T> & Expansion) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const sum = columns.reduce((all, { width }) => all + width, 0);
  return (
    <TableContainer tabIndex={0} role="group" aria-label={label}>
      <Table
        size="small"
        className={classes.table}
        style={{ minWidth: `${Math.round(sum * 0.7)}em` }}
      >
        <caption>
          <ForScreenReaders>{label}</ForScreenReaders>
        </caption>
        <TableHead>
          <TableRow>
            {selection && (
              <TableCell className={classes.toggleCell}>
                <WholePage {...{ selection, items, keyOf }} />
              </TableCell>
            )}
            {detail && (
              <TableCell className={classes.toggleCell}>
                <ForScreenReaders>{t('table.details')}</ForScreenReaders>
              </TableCell>
            )}
            {columns.map(({ id, title, width, sort: by }) => {
              const isSorted = by !== undefined && by === order?.sort;
              const direction = isSorted && order ? order.direction : 'asc';
              return (
                <TableCell
                  key={id}
                  scope="col"
                  className={classes.cell}
                  style={{ width: `${(width / sum) * 100}%` }}
                  sortDirection={isSorted ? direction : false}
                >
                  <div className={classes.line}>
                    {by && order ? (
                      <TableSortLabel
                        active={isSorted}
                        direction={direction}
                        onClick={() => order.onSort(by)}
                      >
                        {title}
                      </TableSortLabel>
                    ) : (
                      title
                    )}
                  </div>
                </TableCell>
              );
            })}
          </TableRow>
        </TableHead>
        <TableBody>
          {items.map(item => {
            const key = keyOf(item);
            return (
              <Fragment key={key}>
                <TableRow
                  hover
                  className={selection?.has(key) ? classes.chosen : undefined}
                >
                  {selection && (
                    <TableCell className={classes.toggleCell}>
                      <Tick {...{ selection, item, keyOf }} />
                    </TableCell>
                  )}
                  {detail && (
                    <TableCell className={classes.toggleCell}>
                      <Toggle
                        label={detail.label(item)}
                        open={open.has(key)}
                        onClick={() => toggle(key)}
                      />
                    </TableCell>
                  )}
                  {columns.map(({ id, titleOf, cell }, index) => (
                    <TableCell
                      key={id}
                      className={classes.cell}
                      {...(index === 0 && {
                        component: 'th',
                        scope: 'row',
                        role: 'rowheader',
                      })}
                    >
                      <div
                        className={classes.line}
                        title={titleOf?.(item)}
                        onMouseEnter={event =>
                          showCutText(event.currentTarget, titleOf?.(item))
                        }
                      >
                        {cell(item)}
                      </div>
                    </TableCell>
                  ))}
                </TableRow>
                {detail && open.has(key) && (
                  <TableRow>
                    <TableCell
                      colSpan={columns.length + (selection ? 2 : 1)}
                      className={classes.detail}
                    >
                      {detail.render(item)}
                    </TableCell>
                  </TableRow>
                )}
              </Fragment>
            );
          })}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

/** Adds the text of a line that is too long for its cell to its title. */
function showCutText(line: HTMLElement, title: string | undefined) {
  if (line.scrollWidth <= line.clientWidth) return;
  const text = line.innerText;
  line.title = title?.startsWith(text)
    ? title
    : [text, title].filter(Boolean).join('\n');
}

/** Order of the cards, in place of the headers of the table. */
function SortBy<T>(props: { columns: readonly ScanColumn<T>[]; order: Order }) {
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const { sort, direction, onSort } = props.order;
  const isAscending = direction === 'asc';
  return (
    <>
      <SelectField
        label={t('table.sortBy')}
        value={sort}
        options={props.columns.flatMap(({ sort: by, title }) =>
          by ? [{ value: by, text: title }] : [],
        )}
        onChange={onSort}
      />
      <IconButton
        size="small"
        aria-label={t(isAscending ? 'table.ascending' : 'table.descending')}
        title={t('table.reverse')}
        onClick={() => onSort(sort)}
      >
        {isAscending ? <ArrowUpwardIcon /> : <ArrowDownwardIcon />}
      </IconButton>
    </>
  );
}

function Cards<T>({
  label,
  columns,
  items,
  keyOf,
  order,
  selection,
  detail,
  open,
  toggle,
}: ScanTableProps<T> & Expansion) {
  const classes = useStyles();
  const [first, ...rest] = columns;
  return (
    <>
      <div className={classes.above}>
        {selection && <WholePage {...{ selection, items, keyOf }} />}
        {order && <SortBy columns={columns} order={order} />}
      </div>
      <ul className={classes.cards} aria-label={label}>
        {items.map(item => {
          const key = keyOf(item);
          return (
            <Paper
              key={key}
              component="li"
              variant="outlined"
              className={classes.card}
            >
              <div className={classes.cardHead}>
                <div>
                  {selection && <Tick {...{ selection, item, keyOf }} />}
                  {first.cell(item)}
                </div>
                {detail && (
                  <Toggle
                    label={detail.label(item)}
                    open={open.has(key)}
                    onClick={() => toggle(key)}
                  />
                )}
              </div>
              <dl className={classes.facts}>
                {rest.map(({ id, title, cell }) => (
                  <div key={id}>
                    <Typography
                      component="dt"
                      variant="body2"
                      className={classes.term}
                    >
                      {title}
                    </Typography>
                    <Typography
                      component="dd"
                      variant="body2"
                      className={classes.value}
                    >
                      {cell(item)}
                    </Typography>
                  </div>
                ))}
              </dl>
              {detail && open.has(key) && detail.render(item)}
            </Paper>
          );
        })}
      </ul>
    </>
  );
}

function Tick<T>(props: {
  selection: ScanSelection<T>;
  item: T;
  keyOf(item: T): string;
}) {
  const { selection, item, keyOf } = props;
  const key = keyOf(item);
  return (
    <Checkbox
      size="small"
      color="primary"
      className={useStyles().box}
      checked={selection.has(key)}
      onChange={() => selection.toggle(key)}
      inputProps={{ 'aria-label': selection.label(item) }}
    />
  );
}

/** Checkbox for all items of the page. */
function WholePage<T>(props: {
  selection: ScanSelection<T>;
  items: readonly T[];
  keyOf(item: T): string;
}) {
  const { selection, items, keyOf } = props;
  const chosen = items.filter(item => selection.has(keyOf(item))).length;
  const isPart = chosen > 0 && chosen < items.length;
  return (
    <Checkbox
      size="small"
      color="primary"
      className={useStyles().box}
      checked={chosen > 0 && chosen === items.length}
      indeterminate={isPart}
      // Material UI draws it alone.
      inputRef={(input: HTMLInputElement | null) => {
        if (input) input.indeterminate = isPart;
      }}
      onChange={selection.togglePage}
      inputProps={{ 'aria-label': selection.allLabel }}
    />
  );
}

function Toggle(props: { label: string; open: boolean; onClick(): void }) {
  return (
    <IconButton
      size="small"
      aria-label={props.label}
      aria-expanded={props.open}
      onClick={props.onClick}
    >
      {props.open ? <ExpandLessIcon /> : <ExpandMoreIcon />}
    </IconButton>
  );
}
