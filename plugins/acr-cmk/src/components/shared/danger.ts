import { namedStyles } from './styles';

/** Buttons and menu items of destructive actions. */
export const useDangerStyles = namedStyles('Danger', theme => ({
  text: {
    color:
      theme.palette.error[theme.palette.type === 'dark' ? 'light' : 'dark'],
  },
  // In a high-contrast or dark theme the palette's own contrast text stays readable on it.
  contained: {
    backgroundColor: theme.palette.error.dark,
    color: theme.palette.getContrastText(theme.palette.error.dark),
    '&:hover': { backgroundColor: theme.palette.error.dark },
  },
}));
