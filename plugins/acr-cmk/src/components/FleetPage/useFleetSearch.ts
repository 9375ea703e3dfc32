import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { parametersOf, searchFrom, type FleetSearch } from './fleetSearch';

/** Puts a search into the URL. `replace` changes the present entry of the history, for what is still being typed. */
export type ShowSearch = (
  next: FleetSearch,
  options?: { replace: boolean },
) => void;

/** Filter, order, page and columns, kept in the URL: a link, a reload and Back keep the view. */
export function useFleetSearch(): {
  search: FleetSearch;
  show: ShowSearch;
} {
  const [parameters, setParameters] = useSearchParams();
  const text = parameters.toString();
  const search = useMemo(() => searchFrom(new URLSearchParams(text)), [text]);
  const show = useCallback<ShowSearch>(
    (next, options) => setParameters(parametersOf(next), options),
    [setParameters],
  );
  return { search, show };
}
