import type {
  FleetExpiries,
  FleetKeys,
  FleetRegistries,
  FleetRegistryView,
  FleetSeverity,
  FleetSort,
  FleetSummary,
  FleetWaiting,
  RegistryStateId,
  VersionMode,
} from './model';
import { RegistryId } from './RegistryId';

/** Selection of registries of the fleet; all of it has to hold. */
export interface FleetFilter {
  /** Any of these. */
  state?: readonly RegistryStateId[];
  /** Severity of the worst finding: any of these. */
  severity?: readonly FleetSeverity[];
  mode?: VersionMode;
  owner?: string;
  entityRef?: string;
  subscription?: string;
  resourceGroup?: string;
  vault?: string;
  key?: string;
  /** A day, or a moment in UTC. */
  expiresBefore?: string;
  /** True: no entity names it. False: one does. */
  unbound?: boolean;
  /** Part of a name of the registry, its key, its vault or an entity. */
  search?: string;
}

/** One page of a list. */
export interface FleetPage {
  /** `nextCursor` of the page before. */
  cursor?: string;
  /** 50 by default, at most 200. */
  limit?: number;
}

/** Filter of the keys of the fleet. */
export interface FleetKeyFilter extends FleetFilter {
  /** Only those with a version that no registry uses. */
  unused?: boolean;
}

/** Filter of the calendar. `expiresBefore` limits rotations as well. */
export interface FleetCalendarFilter extends FleetFilter {
  /** 26 by default. */
  weeks?: number;
}

/** Filter, order and page of a list of registries. Worst first by default. */
export interface FleetListQuery extends FleetFilter, FleetPage {
  sort?: FleetSort;
  direction?: 'asc' | 'desc';
}

interface Options {
  signal?: AbortSignal;
}

/** Queries on the fleet, limited to what the caller may see. */
export interface FleetApi {
  registries(
    query?: FleetListQuery,
    options?: Options,
  ): Promise<FleetRegistries>;
  /**
   * One registry as its tab shows it, from known facts.
   *
   * @param options.refresh - read it from Azure again, unless that was done within five seconds
   */
  registry(
    registryId: string,
    options?: Options & { refresh?: boolean },
  ): Promise<FleetRegistryView>;
  summary(filter?: FleetFilter, options?: Options): Promise<FleetSummary>;
  keys(
    query?: FleetKeyFilter & FleetPage,
    options?: Options,
  ): Promise<FleetKeys>;
  expiries(
    query?: FleetCalendarFilter,
    options?: Options,
  ): Promise<FleetExpiries>;
  /** The response whose body is the CSV. */
  csv(filter?: FleetFilter, options?: Options): Promise<Response>;
  /** The response whose body is the CSV of keys, a line for each version. */
  keysCsv(filter?: FleetKeyFilter, options?: Options): Promise<Response>;
  /** The response whose body is the CSV of the calendar, a line for each registry on a day. */
  expiriesCsv(
    filter?: FleetCalendarFilter,
    options?: Options,
  ): Promise<Response>;
  /** Operations that await the caller's approval. */
  waiting(options?: Options): Promise<FleetWaiting>;
}

/** A filter as the query of a request, without the question mark; also for the address of a page. */
export function fleetQuery(query: object): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    if (Array.isArray(value)) {
      if (value.length > 0) params.set(name, value.join(','));
    } else {
      params.set(name, String(value));
    }
  }
  return params.toString();
}

/** The part of the API under `/v1/fleet`. */
export class FleetClient implements FleetApi {
  readonly #get: (path: string, options: Options) => Promise<Response>;

  /** @param get - answers with the response, or throws when it is not 2xx */
  constructor(get: (path: string, options: Options) => Promise<Response>) {
    this.#get = get;
  }

  async registries(query: FleetListQuery = {}, options: Options = {}) {
    return this.#json<FleetRegistries>('registries', query, options);
  }

  async registry(
    registryId: string,
    { refresh, ...options }: Options & { refresh?: boolean } = {},
  ) {
    const { subscriptionId, resourceGroup, name } =
      RegistryId.parse(registryId);
    const path = [subscriptionId, resourceGroup, name]
      .map(encodeURIComponent)
      .join('/');
    return this.#json<FleetRegistryView>(
      `registries/${path}`,
      refresh ? { refresh } : {},
      options,
    );
  }

  async summary(filter: FleetFilter = {}, options: Options = {}) {
    return this.#json<FleetSummary>('summary', filter, options);
  }

  async keys(query: FleetKeyFilter & FleetPage = {}, options: Options = {}) {
    return this.#json<FleetKeys>('keys', query, options);
  }

  async expiries(query: FleetCalendarFilter = {}, options: Options = {}) {
    return this.#json<FleetExpiries>('expiries', query, options);
  }

  async csv(filter: FleetFilter = {}, options: Options = {}) {
    return this.#get(pathOf('registries.csv', filter), options);
  }

  async keysCsv(filter: FleetKeyFilter = {}, options: Options = {}) {
    return this.#get(pathOf('keys.csv', filter), options);
  }

  async expiriesCsv(filter: FleetCalendarFilter = {}, options: Options = {}) {
    return this.#get(pathOf('expiries.csv', filter), options);
  }

  async waiting(options: Options = {}) {
    return this.#json<FleetWaiting>('waiting', {}, options);
  }

  async #json<T>(what: string, query: object, options: Options): Promise<T> {
    const response = await this.#get(pathOf(what, query), options);
    return response.json() as Promise<T>;
  }
}

function pathOf(what: string, query: object): string {
  const text = fleetQuery(query);
  return `/v1/fleet/${what}${text ? `?${text}` : ''}`;
}
