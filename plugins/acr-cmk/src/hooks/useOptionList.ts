import type { OptionList } from 'backstage-plugin-acr-cmk-common';
import { useEffect, useRef } from 'react';
import type { AcrCmkApi } from '../api';
import type { Loaded } from './loaded';
import { useResource } from './useResource';

/** Options of a field, and a function to load them again. */
export type OptionsToSelect<T, List = OptionList<T>> = Loaded<List> & {
  /** Requests the list now. */
  refresh(): void;
};

/**
 * Pauses before an empty list is read again, in milliseconds: three minutes in all, by when the backend
 * has read the whole catalog at least once more. After them the list waits for the person.
 */
export const PAUSES_WHILE_EMPTY_MS = [
  2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000,
];

/**
 * A list to select from. It is read once, since it rarely changes during a selection; and again while it is
 * empty, and when the window gets the focus back, perhaps after a missing entry was added.
 */
export function useOptionList<T, List extends OptionList<T> = OptionList<T>>(
  key: string | undefined,
  read: (api: AcrCmkApi, options: { signal?: AbortSignal }) => Promise<List>,
): OptionsToSelect<T, List> {
  const reread = useRef({ key, times: 0 });
  const { loaded, reload: refresh } = useResource<List>(key, {
    load: (api, { signal }) => read(api, { signal }),
    pauseAfter({ items }) {
      if (reread.current.key !== key) reread.current = { key, times: 0 };
      if (items.length > 0) return undefined;
      const pause = PAUSES_WHILE_EMPTY_MS[reread.current.times];
      reread.current.times += 1;
      return pause;
    },
  });
  useEffect(() => {
    window.addEventListener('focus', refresh);
    return () => window.removeEventListener('focus', refresh);
  }, [refresh]);
  return { ...loaded, refresh };
}
