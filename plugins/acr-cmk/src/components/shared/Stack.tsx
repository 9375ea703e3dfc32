import { useTheme } from '@material-ui/core/styles';
import {
  createElement,
  forwardRef,
  type CSSProperties,
  type HTMLAttributes,
} from 'react';
import { namedStyles, plainList } from './styles';

const useStyles = namedStyles('Stack', {
  stack: { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)' },
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'center' },
  list: plainList,
  // Focused by the page alone, when the focus would be lost.
  target: { '&:focus': { outline: 'none' } },
});

interface BoxProps extends HTMLAttributes<HTMLElement> {
  component?: 'div' | 'ul' | 'ol' | 'section';
  /** Space between the items, in units of the theme. Default: 1. */
  gap?: number;
  /** Equal columns of at least this width, as many as fit. Default: one column. */
  minColumnWidth?: string;
  alignItems?: CSSProperties['alignItems'];
  justifyContent?: CSSProperties['justifyContent'];
  justifyItems?: CSSProperties['justifyItems'];
}

function boxOf(direction: 'stack' | 'row') {
  return forwardRef<HTMLElement, BoxProps>((props, ref) => {
    const {
      component = 'div',
      gap = 1,
      minColumnWidth,
      alignItems,
      justifyContent,
      justifyItems,
      className = '',
      ...attributes
    } = props;
    const classes = useStyles();
    const theme = useTheme();
    const isList = component === 'ul' || component === 'ol';
    return createElement(component, {
      ...attributes,
      ref,
      className: [
        classes[direction],
        isList && classes.list,
        props.tabIndex === -1 && classes.target,
        className,
      ]
        .filter(Boolean)
        .join(' '),
      style: {
        gap: theme.spacing(gap),
        gridTemplateColumns:
          minColumnWidth &&
          `repeat(auto-fit, minmax(min(100%, ${minColumnWidth}), 1fr))`,
        alignItems,
        justifyContent,
        justifyItems,
      },
    });
  });
}

/** Items below each other, or in equal columns; none wider than its column. */
export const Stack = boxOf('stack');

/** Items beside each other, in as many lines as they take. */
export const Row = boxOf('row');
