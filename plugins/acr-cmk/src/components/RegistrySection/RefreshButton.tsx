import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import CircularProgress from '@material-ui/core/CircularProgress';
import RefreshIcon from '@material-ui/icons/Refresh';
import { createContext, useContext } from 'react';
import { acrCmkTranslationRef } from '../../translations/ref';

/**
 * Whether the registries are being read, and how to have that done. A context, because it changes with
 * every reading, and only the buttons show it: sections need not be drawn again.
 */
export const RefreshContext = createContext<{
  refreshing: boolean;
  refresh(): void;
}>({ refreshing: false, refresh: () => undefined });

/** The backend reads Azure again. */
export function RefreshButton({ name }: { name: string }) {
  const { refreshing, refresh } = useContext(RefreshContext);
  const { t } = useTranslationRef(acrCmkTranslationRef);
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
