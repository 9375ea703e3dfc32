import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import { parametersOf, searchFrom, type FleetSearch } from './fleetSearch';

/**
 * Filter, order, page and columns, kept in the URL: a link, a reload and Back keep the view.
 *
 * `replace` changes the present entry of the history, for what is still being typed.
 */
export function useFleetSearch(): {
  search: FleetSearch;
  show(next: FleetSearch, options?: { replace: boolean }): void;
} {
  const [parameters, setParameters] = useSearchParams();
  const text = parameters.toString();
  const search = useMemo(() => searchFrom(new URLSearchParams(text)), [text]);
  const show = useCallback(
    (next: FleetSearch, options?: { replace: boolean }) =>
      setParameters(parametersOf(next), options),
    [setParameters],
  );
  return { search, show };
}
