import { makeStyles, type Theme } from '@material-ui/core/styles';
import type { Styles } from '@material-ui/core/styles/withStyles';

/** Hook for the classes of a component, whose names begin with `AcrCmk` and the component's. */
export function namedStyles<ClassKey extends string>(
  name: string,
  styles: Styles<Theme, {}, ClassKey>,
) {
  return makeStyles(styles, { name: `AcrCmk${name}` });
}

/** Items below each other, none wider than the column. */
export function stack(theme: Theme, gap: number) {
  return {
    display: 'grid',
    gap: theme.spacing(gap),
    gridTemplateColumns: 'minmax(0, 1fr)',
  } as const;
}

/** A list without marks. */
export const plainList = { listStyle: 'none', margin: 0, padding: 0 } as const;

/** Corner and inset of the cards that Backstage's newer components make, for those of ours beside them. */
export const hostCard = {
  borderRadius: 'var(--bui-radius-3, 4px)',
  inset: 'var(--bui-space-3, 16px)',
};

/** The mark of what has the focus of the keyboard. */
export const focusRing = {
  '&:focus-visible': { outline: '2px solid currentColor', outlineOffset: 2 },
} as const;
