import Button from '@material-ui/core/Button';
import CircularProgress from '@material-ui/core/CircularProgress';
import RefreshIcon from '@material-ui/icons/Refresh';
import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { useTexts } from '../../translations/ref';

interface Refresh {
  refreshing: boolean;
  refresh(): void;
}

/**
 * Whether the registries are being read, and how to have that done. A context, because it changes with
 * every reading, and only the buttons show it: sections need not be drawn again.
 */
const RefreshContext = createContext<Refresh>({
  refreshing: false,
  refresh: () => undefined,
});

/** Gives the buttons below it what they refresh. */
export function RefreshProvider(props: Refresh & { children: ReactNode }) {
  const { refreshing, refresh, children } = props;
  const value = useMemo(() => ({ refreshing, refresh }), [refreshing, refresh]);
  return (
    <RefreshContext.Provider value={value}>{children}</RefreshContext.Provider>
  );
}

/** The backend reads Azure again. */
export function RefreshButton({ name }: { name: string }) {
  const { refreshing, refresh } = useContext(RefreshContext);
  const t = useTexts();
  return (
    <Button
      size="small"
      variant="outlined"
      onClick={refresh}
      aria-disabled={refreshing}
      // The label of screen readers begins with the visible text.
      aria-label={refreshing ? undefined : t('head.refreshNamed', { name })}
      startIcon={
        refreshing ? (
          <CircularProgress size={16} color="inherit" aria-hidden />
        ) : (
          <RefreshIcon />
        )
      }
    >
      {refreshing ? t('head.refreshing') : t('head.refresh')}
    </Button>
  );
}
