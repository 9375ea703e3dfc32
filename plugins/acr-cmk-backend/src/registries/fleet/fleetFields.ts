/**
 * The fields of a registry of the fleet: their values in the API, the columns of the export, and the
 * orders of the list. The compiler asks for a field that the OpenAPI document has and this list lacks.
 */
import {
  type FleetRegistry,
  type FleetSort,
  isTerminal,
  registryStateIds,
  vaultNameOfHost,
} from 'backstage-plugin-acr-cmk-common';
import { isoTime } from '../../platform/database/clock';
import type {
  BigInteger,
  ReadingColumns,
} from '../../platform/database/tables';
import { NOT_JUDGED } from './conditions';
import { SEVERITIES } from './filter';
import type { FleetOperationRow, FoundRegistry } from './foundRegistry';
import { optionalNumber } from '../../platform/database/results';

/** Entities that name a registry, and its owners, as far as the viewer may see them. */
export type NamedBy = Pick<
  FleetRegistry,
  'entities' | 'hiddenEntities' | 'owners' | 'unprovenOwners'
>;

/** A registry of a page, with everything that its fields are made of. */
interface FleetEntry extends FoundRegistry {
  namedBy: NamedBy;
  /** Latest operation, if the viewer may see it. */
  operation?: FleetOperationRow;
}

/** Evidence of the export, beside the fields. */
export interface Evidence {
  /** Azure's time of the last change of the version; absent until the first. */
  rotatedAt?: string;
  /** Operation that proves since when the version is in use. */
  proof?: { operationId: string; endedAt: number };
}

interface FleetColumn<F extends keyof FleetRegistry> {
  value(entry: FleetEntry): FleetRegistry[F];
  /** Columns of the export, by title. */
  csv: Record<
    string,
    (value: FleetRegistry[F], evidence: Evidence) => string | undefined
  >;
}

const asIs = (value: string | undefined) => value;
const joined = (values: readonly string[]) => values.join(' ');

const time = (at: BigInteger | null | undefined): string | undefined => {
  const moment = optionalNumber(at);
  return moment === undefined ? undefined : isoTime(moment);
};

/** In the order of the export. */
export const FLEET_FIELDS: {
  [F in keyof Required<FleetRegistry>]: FleetColumn<F>;
} = {
  name: {
    value: ({ row }) => row.display_name ?? row.name,
    csv: { registry: asIs },
  },
  registryId: {
    value: ({ row }) => row.arm_id ?? row.id,
    csv: { 'registry id': asIs },
  },
  subscriptionId: {
    value: ({ row }) => row.subscription_id,
    csv: { subscription: asIs },
  },
  resourceGroup: {
    value: ({ row }) => (row.arm_id ?? row.id).split('/')[4],
    csv: { 'resource group': asIs },
  },
  location: {
    value: ({ row }) => row.location ?? '',
    csv: { location: asIs },
  },
  state: {
    value: ({ row: { state, state_message: message } }) => ({
      id: state ?? NOT_JUDGED,
      message: message ?? 'It has not been judged yet',
    }),
    csv: { state: ({ id }) => id, reason: ({ message }) => message },
  },
  stateSince: {
    value: ({ row }) => time(row.state_since),
    csv: { 'state since': asIs },
  },
  severity: {
    value: ({ row }) => SEVERITIES[Number(row.severity ?? 0)],
    csv: { severity: asIs },
  },
  findings: {
    value: ({ row }) => (row.findings ? JSON.parse(row.findings) : []),
    csv: { findings: joined },
  },
  key: {
    value: ({ row: { vault_host: host, key_name: keyName } }) =>
      host && keyName
        ? { vaultName: vaultNameOfHost(host), keyName }
        : undefined,
    csv: { vault: key => key?.vaultName, key: key => key?.keyName },
  },
  versionMode: {
    value: ({ row }) => row.version_mode ?? undefined,
    csv: { mode: asIs },
  },
  versionInUse: {
    value: ({ row }) => row.version_in_use ?? undefined,
    csv: { 'version in use': asIs },
  },
  versionCreatedAt: {
    value: ({ row }) => time(row.version_created_at),
    csv: {
      'version created': asIs,
      // Azure's own time, or that of the operation; neither is made up of the other facts.
      'in use since': (_, { rotatedAt, proof }) =>
        rotatedAt ?? time(proof?.endedAt),
      'proved by operation': (_, { proof }) => proof?.operationId,
      'operation ended': (_, { proof }) => time(proof?.endedAt),
    },
  },
  latestVersion: {
    value: ({ key }) => key?.newest_version ?? undefined,
    csv: { 'latest version': asIs },
  },
  behindSince: {
    value: ({ row }) => time(row.behind_since),
    csv: { 'behind since': asIs },
  },
  expiresAt: {
    value: ({ row }) => time(row.expires_at),
    csv: { expires: asIs },
  },
  entities: {
    value: ({ namedBy }) => namedBy.entities,
    csv: {
      entities: entities => joined(entities.map(({ entityRef }) => entityRef)),
    },
  },
  owners: {
    value: ({ namedBy }) => namedBy.owners,
    csv: { owners: joined },
  },
  unprovenOwners: {
    value: ({ namedBy }) => namedBy.unprovenOwners,
    csv: { 'unproven owners': owners => owners && joined(owners) },
  },
  hiddenEntities: {
    value: ({ namedBy }) => namedBy.hiddenEntities,
    csv: { 'hidden entities': String },
  },
  lastOperation: {
    value: ({ operation }) =>
      operation && {
        id: operation.id,
        kind: operation.label,
        state: operation.state,
        at: isoTime(
          Number(
            isTerminal(operation.state)
              ? operation.ended_at
              : operation.created_at,
          ),
        ),
      },
    csv: {},
  },
  observedAt: {
    value: entry => time(oldestReading(entry).readAt),
    csv: { 'read at': asIs },
  },
  lagSeconds: {
    value: entry => oldestReading(entry).lagMs / 1000 || undefined,
    csv: { 'may lag by (seconds)': lag => String(lag ?? 0) },
  },
  stale: {
    value: ({ row, key }) =>
      row.problem !== null ||
      ![null, undefined, 'not-found'].includes(key?.problem_kind),
    csv: { stale: stale => (stale ? 'yes' : 'no') },
  },
};

const COLUMNS = Object.entries(FLEET_FIELDS);

/** An entry as the API shows it; fields without a value are left out. */
export function toFleetRegistry(entry: FleetEntry): FleetRegistry {
  return Object.fromEntries(
    COLUMNS.map(([field, { value }]) => [field, value(entry)]).filter(
      ([, value]) => value !== undefined,
    ),
  ) as FleetRegistry;
}

/** Later than every time. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** SQL of the first expression that each sort orders by; names and ids follow. */
export const SORTS: Record<
  Exclude<FleetSort, 'name'>,
  (direction: 'asc' | 'desc') => string
> = {
  state: () =>
    `case coalesce(registries.state, '${NOT_JUDGED}') ${registryStateIds
      .map((state, rank) => `when '${state}' then ${rank}`)
      .join(' ')} else ${registryStateIds.indexOf(NOT_JUDGED)} end`,
  expires: timeOr('expires_at'),
  age: timeOr('version_created_at'),
};

/** A time; rows without it come last, in either direction. */
function timeOr(column: string) {
  return (direction: 'asc' | 'desc') =>
    `coalesce(registries.${column}, ${direction === 'asc' ? NEVER : -1})`;
}

/** Time when the verdict's oldest fact was read, or listed as unchanged: of the registry, or of its key. */
function oldestReading({ row, key }: FoundRegistry): {
  readAt?: number;
  lagMs: number;
} {
  const registry = readingOf(row);
  const ofKey = key && readingOf(key);
  if (registry.readAt === undefined || ofKey?.readAt === undefined) {
    return registry;
  }
  // A list shows the newest version alone.
  const isListed =
    key?.listed && row.version_in_use === (key.listed_version ?? null);
  const confirmedAt = isListed ? Number(key.seen_at) : 0;
  return confirmedAt > ofKey.readAt
    ? { ...registry, readAt: Math.min(registry.readAt, confirmedAt) }
    : {
        readAt: Math.min(registry.readAt, ofKey.readAt),
        lagMs: Math.max(registry.lagMs, ofKey.lagMs),
      };
}

/** Time of a reading, and the lag of its source. */
function readingOf({
  read_at: readAt,
  lag_ms: lagMs,
}: Pick<ReadingColumns, 'read_at' | 'lag_ms'>): {
  readAt?: number;
  lagMs: number;
} {
  return readAt === null
    ? { lagMs: 0 }
    : { readAt: Number(readAt) + lagMs, lagMs };
}
