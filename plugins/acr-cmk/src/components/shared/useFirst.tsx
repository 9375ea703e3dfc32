import Button from '@material-ui/core/Button';
import { useState, type ReactNode } from 'react';
import { useTexts } from '../../translations/ref';

/** The first of many items, and the button that shows the others; none once all are shown. */
export function useFirst<T>(
  items: readonly T[],
  most: number,
): { shown: readonly T[]; more: ReactNode } {
  const t = useTexts();
  const [all, setAll] = useState(false);
  const left = all ? 0 : items.length - most;
  return left > 0
    ? {
        shown: items.slice(0, most),
        more: (
          <Button size="small" onClick={() => setAll(true)}>
            {t('more', { count: left })}
          </Button>
        ),
      }
    : { shown: items, more: null };
}
