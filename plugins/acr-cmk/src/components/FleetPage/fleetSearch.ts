import type {
  FleetFilter,
  FleetListQuery,
  FleetSeverity,
  RegistryStateId,
  VersionMode,
} from 'backstage-plugin-acr-cmk-common';
import { FLEET_COLUMNS, type Column } from './fleetColumns';

export const COLUMNS: readonly Column[] = FLEET_COLUMNS.map(({ id }) => id);

const SHOWN_AT_FIRST: readonly Column[] = FLEET_COLUMNS.filter(
  ({ shown }) => shown !== 'on-request',
).map(({ id }) => id);

/** State of the page in its URL: filter, order, page and columns. */
export interface FleetSearch extends FleetListQuery {
  columns: readonly Column[];
  /** A registry that is open in place of the list. */
  registry?: string;
  /** Keys alone: only those with a version that no registry uses. */
  unused?: boolean;
  /** Items on the pages before this one. */
  from?: number;
}

const TEXTS = [
  'owner',
  'entityRef',
  'subscription',
  'resourceGroup',
  'vault',
  'key',
  'expiresBefore',
  'search',
  'cursor',
  'registry',
] as const;
const SORTS = FLEET_COLUMNS.flatMap(({ sort }) => sort ?? []);

/** Reads the query of the page's URL. What it cannot mean is left out; the backend checks the rest. */
export function searchFrom(parameters: URLSearchParams): FleetSearch {
  const list = (name: string) =>
    (parameters.get(name) ?? '').split(',').filter(value => value !== '');
  const one = <T extends string>(name: string, values: readonly T[]) =>
    values.find(value => value === parameters.get(name));
  const unbound = one('unbound', ['true', 'false'] as const);
  const from = Number(parameters.get('from'));
  const columns = list('columns');
  const search: FleetSearch = {
    ...defined({
      state: nonEmpty(list('state') as RegistryStateId[]),
      severity: nonEmpty(list('severity') as FleetSeverity[]),
      mode: one<VersionMode>('mode', ['automatic', 'manual']),
      unbound: unbound && unbound === 'true',
      unused: one('unused', ['true']) && true,
      from: Number.isInteger(from) && from > 0 ? from : undefined,
      sort: one('sort', SORTS),
      direction: one('direction', ['asc', 'desc'] as const),
    }),
    columns: columns.length
      ? FLEET_COLUMNS.filter(
          ({ id, shown }) => shown === 'always' || columns.includes(id),
        ).map(({ id }) => id)
      : SHOWN_AT_FIRST,
  };
  for (const name of TEXTS) {
    const value = parameters.get(name);
    if (value) search[name] = value;
  }
  return search;
}

/** The query that a URL with these settings has; defaults are not written. */
export function parametersOf(search: FleetSearch): URLSearchParams {
  const parameters = new URLSearchParams();
  const { columns, ...rest } = search;
  for (const [name, value] of Object.entries(rest)) {
    const text = Array.isArray(value) ? value.join(',') : value;
    if (text !== undefined && text !== '') parameters.set(name, String(text));
  }
  if (columns.join() !== SHOWN_AT_FIRST.join()) {
    parameters.set('columns', columns.join(','));
  }
  return parameters;
}

/** The filter alone, as lists, counts and files take it. */
export function filterOf(search: FleetSearch): FleetFilter {
  const {
    columns,
    registry,
    unused,
    from,
    cursor,
    sort,
    direction,
    limit,
    ...filter
  } = search;
  return filter;
}

/** Path of the list of the registries that use a key, from the other views of the page. */
export function listOf(
  { vaultName, keyName }: { vaultName: string; keyName: string },
  filter: FleetFilter = {},
): string {
  return `../registries?${parametersOf({
    columns: SHOWN_AT_FIRST,
    vault: vaultName,
    key: keyName,
    ...filter,
  })}`;
}

/** Another filter or order begins on its first page. */
export function changed(
  search: FleetSearch,
  changes: Partial<FleetSearch>,
): FleetSearch {
  return { ...search, cursor: undefined, from: undefined, ...changes };
}

/** Everything but what is shown and how. */
export function cleared({
  columns,
  sort,
  direction,
}: FleetSearch): FleetSearch {
  return { columns, sort, direction };
}

export function isFiltered(search: FleetSearch): boolean {
  return (
    search.unused === true ||
    Object.values(filterOf(search)).some(value => value !== undefined)
  );
}

function nonEmpty<T>(values: T[]): T[] | undefined {
  return values.length > 0 ? values : undefined;
}

function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
