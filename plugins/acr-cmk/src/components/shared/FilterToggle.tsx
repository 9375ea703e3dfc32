import Button, { type ButtonProps } from '@material-ui/core/Button';
import { namedStyles } from './styles';

const useStyles = namedStyles('FilterToggle', theme => ({
  pressed: { backgroundColor: theme.palette.action.selected },
}));

/** A filter that is on or off. */
export function FilterToggle({
  on,
  onToggle,
  className = '',
  ...props
}: Pick<ButtonProps, 'className' | 'startIcon' | 'children'> & {
  on: boolean;
  onToggle(): void;
}) {
  const classes = useStyles();
  return (
    <Button
      size="small"
      variant="outlined"
      aria-pressed={on}
      className={`${className} ${on ? classes.pressed : ''}`}
      onClick={onToggle}
      {...props}
    />
  );
}
