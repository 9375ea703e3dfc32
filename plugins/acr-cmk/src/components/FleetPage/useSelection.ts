import type {
  CampaignSelection,
  FleetKeyFilter,
} from 'backstage-plugin-acr-cmk-common';
import { useCallback, useMemo, useState } from 'react';

/** Items that a request may name one by one, as the API takes them. */
export const MOST_NAMED = 100;

interface Chosen {
  /** Filter under which they were chosen. */
  under: string;
  ids: ReadonlySet<string>;
  /** All items that match, also those of other pages. */
  all: boolean;
}

const NOTHING = { ids: new Set<string>(), all: false };

/** Items of a list that are chosen to be changed. */
export interface Selection {
  /** Number of chosen items. */
  count: number;
  all: boolean;
  has(id: string): boolean;
  toggle(id: string): void;
  /** Chooses all items of the page; takes all of them away when all are chosen. */
  togglePage(): void;
  /** Undefined where the filter cannot be sent. */
  chooseAll: (() => void) | undefined;
  clear(): void;
  /** Undefined when there are more than a request may name. */
  request: CampaignSelection | undefined;
}

/**
 * Chosen items of a list with pages. They stay when a page is turned. Another filter clears them, because
 * they may no longer be on the list.
 */
export function useSelection(list: {
  of: 'registries' | 'keys';
  filter: FleetKeyFilter;
  /** Ids of the items of the page. */
  page: readonly string[];
  /** Items on all pages. */
  total: number;
}): Selection {
  const { of, filter, page, total } = list;
  const under = JSON.stringify(filter);
  // The API has no filter by unused versions for a change.
  const maySendFilter = !filter.unused;
  const [chosen, setChosen] = useState<Chosen>(() => nothing(under));
  const { ids, all } = chosen.under === under ? chosen : NOTHING;
  const pageText = JSON.stringify(page);
  const change = useCallback(
    (next: (before: ReadonlySet<string>) => Set<string>) =>
      setChosen(now => {
        const before = now.under === under ? now : nothing(under);
        // Without one of all, those of the page are left.
        const base = before.all
          ? new Set<string>(JSON.parse(pageText))
          : before.ids;
        return { under, ids: next(base), all: false };
      }),
    [under, pageText],
  );
  return useMemo(() => {
    const isAll =
      all || (maySendFilter && ids.size > MOST_NAMED && ids.size === total);
    const named =
      of === 'keys' ? { keys: [...ids] } : { registryIds: [...ids] };
    const few = ids.size <= MOST_NAMED ? named : undefined;
    const request = isAll ? { filter: JSON.parse(under) } : few;
    return {
      count: all ? total : ids.size,
      all,
      has: id => all || ids.has(id),
      toggle: id =>
        change(before => {
          const next = new Set(before);
          if (!next.delete(id)) next.add(id);
          return next;
        }),
      togglePage: () => {
        const shown: string[] = JSON.parse(pageText);
        change(before =>
          shown.every(id => before.has(id))
            ? new Set([...before].filter(id => !shown.includes(id)))
            : new Set([...before, ...shown]),
        );
      },
      chooseAll: maySendFilter
        ? () => setChosen({ under, ids: new Set(), all: true })
        : undefined,
      clear: () => setChosen(nothing(under)),
      request,
    };
  }, [of, ids, all, total, change, pageText, under, maySendFilter]);
}

function nothing(under: string): Chosen {
  return { under, ...NOTHING };
}
