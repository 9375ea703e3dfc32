import { makeStyles, type Theme } from '@material-ui/core/styles';
import Table from '@material-ui/core/Table';
import TableBody from '@material-ui/core/TableBody';
import TableCell from '@material-ui/core/TableCell';
import TableContainer from '@material-ui/core/TableContainer';
import TableHead from '@material-ui/core/TableHead';
import TableRow from '@material-ui/core/TableRow';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import type { ReactNode } from 'react';

/** Width of the table below which it scrolls instead of breaking words. */
const MIN_WIDTH = '46em';

const useStyles = makeStyles(
  { table: { minWidth: MIN_WIDTH, tableLayout: 'fixed' } },
  { name: 'AcrCmkScrollableTable' },
);

/** Cells whose words stay whole, and whose lines do not touch. */
export const useCellStyles = makeStyles(
  theme => ({
    cell: {
      verticalAlign: 'top',
      padding: theme.spacing(1),
      lineHeight: 1.43,
      wordBreak: 'normal',
      overflowWrap: 'break-word',
    },
  }),
  { name: 'AcrCmkFleetCell' },
);

/** A table with columns of the same width in every one like it, which scrolls where it does not fit. */
export function ScrollableTable(props: {
  label: string;
  columns: readonly { title: string; width: string }[];
  children: ReactNode;
}) {
  const classes = useStyles();
  const { cell } = useCellStyles();
  // A table that scrolls has to be reachable by keyboard; one that fits need not be.
  const scrolls = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'));
  return (
    <TableContainer
      {...(scrolls && {
        tabIndex: 0,
        role: 'group',
        'aria-label': props.label,
      })}
    >
      <Table size="small" className={classes.table} aria-label={props.label}>
        <TableHead>
          <TableRow>
            {props.columns.map(({ title, width }) => (
              <TableCell
                key={title}
                scope="col"
                className={cell}
                style={{ width }}
              >
                {title}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>{props.children}</TableBody>
      </Table>
    </TableContainer>
  );
}
