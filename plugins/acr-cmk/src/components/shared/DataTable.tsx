import Checkbox from '@material-ui/core/Checkbox';
import IconButton from '@material-ui/core/IconButton';
import { type Theme } from '@material-ui/core/styles';
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
import { Fragment, type ReactNode, useState } from 'react';
import { useFleetTexts } from '../../translations/fleet';
import { ForScreenReaders } from './ForScreenReaders';
import { SelectField } from './SelectField';
import { namedStyles, plainList, stack } from './styles';
import { useIsNarrow } from './useIsNarrow';

const useStyles = namedStyles('DataTable', theme => ({
  table: { tableLayout: 'fixed' },
  cell: {
    padding: theme.spacing(1),
    lineHeight: '20px',
    wordBreak: 'normal',
  },
  /** As many lines as the text takes. */
  text: { verticalAlign: 'top', overflowWrap: 'anywhere' },
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
  cards: { ...plainList, ...stack(theme, 1) },
  card: {
    padding: theme.spacing(1, 1.5),
    overflowWrap: 'anywhere',
    '& ul': plainList,
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
}));

export interface Column<T, Sort extends string = never> {
  /** Unique in its table. */
  title: string;
  /** Share of the width. */
  width: number;
  /** Left out of this table. */
  hidden?: boolean;
  /** Order of the list that the column's header offers. */
  sort?: Sort;
  /** Text on hover, beside what the line cuts. */
  titleOf?(item: T): string | undefined;
  cell(item: T): ReactNode;
}

interface Order<Sort extends string> {
  sort: Sort;
  direction: 'asc' | 'desc';
  onSort(by: Sort): void;
}

/** Checkboxes of the rows, and the one for all of them. */
interface RowSelection {
  has(key: string): boolean;
  toggle(key: string): void;
  togglePage(): void;
}

interface DataTableProps<T, Sort extends string> {
  label: string;
  /** The first one names the row. */
  columns: readonly Column<T, Sort>[];
  items: readonly T[];
  keyOf(item: T): string;
  /** Rows are as high as their texts. Default: one line each, to scan. */
  wraps?: boolean;
  /** Few and narrow columns, which fit on a phone as well. Default: cards there. */
  alwaysTable?: boolean;
  order?: Order<Sort>;
  /** Items can be chosen. */
  selection?: RowSelection;
  /** Name of an item that can be chosen, for screen readers. Default: its key. */
  nameOf?(item: T): string;
  /** Content that opens below a row. */
  detail?: {
    /** Text of its button, for screen readers. */
    label(item: T): string;
    render(item: T): ReactNode;
  };
}

/** An item with its controls, for a line and for a card. */
interface Row<T> {
  key: string;
  item: T;
  chosen: boolean;
  checkbox: ReactNode;
  toggle: ReactNode;
  /** Its detail, while it is open. */
  detail: ReactNode;
}

interface LayoutProps<T, Sort extends string> extends DataTableProps<T, Sort> {
  rows: readonly Row<T>[];
  /** Checkbox for all items of the page. */
  wholePage: ReactNode;
}

/** A list as a table with a row for each item, and on a phone with a card for each. */
export function DataTable<T, Sort extends string = never>(
  props: DataTableProps<T, Sort>,
) {
  const { items, keyOf, nameOf = keyOf, selection, detail } = props;
  const t = useFleetTexts();
  const isNarrow = useIsNarrow();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (key: string) => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  const rows = items.map((item): Row<T> => {
    const key = keyOf(item);
    const chosen = selection?.has(key) ?? false;
    return {
      key,
      item,
      chosen,
      checkbox: selection && (
        <Tick
          label={t('selection.one', { name: nameOf(item) })}
          checked={chosen}
          onChange={() => selection.toggle(key)}
        />
      ),
      toggle: detail && (
        <Toggle
          label={detail.label(item)}
          open={open.has(key)}
          onClick={() => toggle(key)}
        />
      ),
      detail: open.has(key) && detail?.render(item),
    };
  });
  const chosen = rows.filter(row => row.chosen).length;
  const wholePage = selection && (
    <Tick
      label={t('selection.page')}
      checked={chosen > 0 && chosen === rows.length}
      partly={chosen > 0 && chosen < rows.length}
      onChange={selection.togglePage}
    />
  );
  const Layout = isNarrow && !props.alwaysTable ? Cards : Lines;
  return (
    <Layout
      {...props}
      columns={props.columns.filter(({ hidden }) => !hidden)}
      rows={rows}
      wholePage={wholePage}
    />
  );
}

function Lines<T, Sort extends string>(props: LayoutProps<T, Sort>) {
  const { label, columns, rows, wraps, order, selection, detail } = props;
  const classes = useStyles();
  const t = useFleetTexts();
  const isSmall = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'));
  const sum = columns.reduce((all, { width }) => all + width, 0);
  const controls = [selection, detail].filter(Boolean).length;
  return (
    <TableContainer
      // A table that scrolls has to be reachable by keyboard; one that fits need not be.
      {...((isSmall || !wraps) && {
        tabIndex: 0,
        role: 'group',
        'aria-label': label,
      })}
    >
      <Table
        size="small"
        className={classes.table}
        style={{ minWidth: `${Math.round(sum * 0.7)}em` }}
      >
        <caption style={wraps ? { padding: 0 } : undefined}>
          <ForScreenReaders>{label}</ForScreenReaders>
        </caption>
        <TableHead>
          <TableRow>
            {selection && (
              <TableCell className={classes.toggleCell}>
                {props.wholePage}
              </TableCell>
            )}
            {detail && (
              <TableCell className={classes.toggleCell}>
                <ForScreenReaders>{t('table.details')}</ForScreenReaders>
              </TableCell>
            )}
            {columns.map(({ title, width, sort: by }) => {
              const isSorted = by !== undefined && by === order?.sort;
              const direction = isSorted && order ? order.direction : 'asc';
              return (
                <TableCell
                  key={title}
                  scope="col"
                  className={classes.cell}
                  style={{ width: `${(width / sum) * 100}%` }}
                  sortDirection={isSorted ? direction : false}
                >
                  <div className={wraps ? undefined : classes.line}>
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
          {rows.map(row => (
            <Fragment key={row.key}>
              <TableRow
                hover={!wraps}
                className={row.chosen ? classes.chosen : undefined}
              >
                {selection && (
                  <TableCell className={classes.toggleCell}>
                    {row.checkbox}
                  </TableCell>
                )}
                {detail && (
                  <TableCell className={classes.toggleCell}>
                    {row.toggle}
                  </TableCell>
                )}
                {columns.map(({ title, titleOf, cell }, index) => (
                  <TableCell
                    key={title}
                    className={`${classes.cell} ${wraps ? classes.text : ''}`}
                    {...(index === 0 && {
                      component: 'th',
                      scope: 'row',
                      role: 'rowheader',
                    })}
                  >
                    {wraps ? (
                      cell(row.item)
                    ) : (
                      <Line
                        className={classes.line}
                        title={titleOf?.(row.item)}
                      >
                        {cell(row.item)}
                      </Line>
                    )}
                  </TableCell>
                ))}
              </TableRow>
              {row.detail && (
                <TableRow>
                  <TableCell
                    colSpan={columns.length + controls}
                    className={classes.detail}
                  >
                    {row.detail}
                  </TableCell>
                </TableRow>
              )}
            </Fragment>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

/** One line of text. Its title has the whole of it where its cell cuts it. */
function Line(props: {
  className: string;
  title: string | undefined;
  children: ReactNode;
}) {
  const { className, title } = props;
  const showCutText = (line: HTMLElement) => {
    if (line.scrollWidth <= line.clientWidth) return;
    const text = line.innerText;
    line.title = title?.startsWith(text)
      ? title
      : [text, title].filter(Boolean).join('\n');
  };
  return (
    <div
      className={className}
      title={title}
      onMouseEnter={event => showCutText(event.currentTarget)}
    >
      {props.children}
    </div>
  );
}

/** Order of the cards, in place of the headers of the table. */
function SortBy<T, Sort extends string>(props: {
  columns: readonly Column<T, Sort>[];
  order: Order<Sort>;
}) {
  const t = useFleetTexts();
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

function Cards<T, Sort extends string>(props: LayoutProps<T, Sort>) {
  const { label, columns, rows, order } = props;
  const classes = useStyles();
  const [first, ...rest] = columns;
  return (
    <>
      <div className={classes.above}>
        {props.wholePage}
        {order && <SortBy columns={columns} order={order} />}
      </div>
      <ul className={classes.cards} aria-label={label}>
        {rows.map(({ key, item, checkbox, toggle, detail }) => (
          <Paper
            key={key}
            component="li"
            variant="outlined"
            className={classes.card}
          >
            <div className={classes.cardHead}>
              <div>
                {checkbox}
                {first.cell(item)}
              </div>
              {toggle}
            </div>
            <dl className={classes.facts}>
              {rest.map(({ title, cell }) => (
                <div key={title}>
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
            {detail}
          </Paper>
        ))}
      </ul>
    </>
  );
}

function Tick(props: {
  label: string;
  checked: boolean;
  /** Some of its items are chosen. */
  partly?: boolean;
  onChange(): void;
}) {
  const { label, checked, partly = false, onChange } = props;
  return (
    <Checkbox
      size="small"
      color="primary"
      className={useStyles().box}
      checked={checked}
      indeterminate={partly}
      // Material UI draws it alone.
      inputRef={(input: HTMLInputElement | null) => {
        if (input) input.indeterminate = partly;
      }}
      onChange={onChange}
      inputProps={{ 'aria-label': label }}
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
