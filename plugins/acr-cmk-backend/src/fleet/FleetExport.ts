import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { FleetFilter } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { csvLine } from './csv';
import { CSV_TITLES, csvCells, type Evidence } from './fleetColumns';
import type { FleetReader, FleetViewer } from './FleetReader';
import type { FleetRows, FoundRow } from './FleetRows';
import type { Order, Place } from './order';
import type { ConcernedOperation } from './VisibleOperations';

/** Rows that are in memory at once. */
const PAGE = 500;
/** Operations of a registry among which the one is looked for that put its version in use. */
const MAX_PROOFS = 5;

const ORDER: Order = { sort: 'name', direction: 'asc' };

/** The fleet as CSV, a page at a time. */
export class FleetExport {
  readonly #db: Knex;
  readonly #reader: FleetReader;
  readonly #rows: FleetRows;

  constructor(options: { db: Knex; reader: FleetReader; rows: FleetRows }) {
    this.#db = options.db;
    this.#reader = options.reader;
    this.#rows = options.rows;
  }

  /** @throws PermissionMissing at the first piece, when they may see nothing */
  async *csv(
    filter: FleetFilter,
    credentials: BackstageCredentials,
  ): AsyncGenerator<string> {
    const asked = await this.#reader.ask(filter, credentials);
    yield csvLine(CSV_TITLES);
    let after: Place | undefined;
    for (;;) {
      const { found, next } = await this.#rows.page(asked, {
        order: ORDER,
        after,
        limit: PAGE,
      });
      if (found.length > 0) yield await this.#lines(found, asked);
      if (!next) return;
      after = next;
    }
  }

  async #lines(
    found: readonly FoundRow[],
    viewer: FleetViewer,
  ): Promise<string> {
    const [registries, proofs] = await Promise.all([
      this.#reader.present(found, viewer),
      this.#proofs(found, viewer),
    ]);
    return registries
      .map((registry, index) => {
        const { id, row } = found[index];
        const evidence: Evidence = {
          rotatedAt: JSON.parse(row.facts).encryption.lastKeyRotation,
          proof: proofs.get(id),
        };
        return csvLine(csvCells(registry, evidence));
      })
      .join('');
  }

  /**
   * The operation that read back from Azure that the registry uses the version that it uses now: the
   * earliest of its latest ones that did without another version in between. Only of those that the viewer
   * may see: the version and Azure's time are facts, the rest is what people did.
   */
  async #proofs(
    found: readonly FoundRow[],
    viewer: FleetViewer,
  ): Promise<Map<string, Evidence['proof']>> {
    const versions = new Map<string, string>(
      found.flatMap(({ id, row }) =>
        row.version_in_use ? [[id, row.version_in_use]] : [],
      ),
    );
    const ranked = this.#db('operations')
      .whereIn('registry_key', [...versions.keys()])
      .where({ state: 'succeeded' })
      .select('id', 'registry_key', 'entity_ref', 'requested_by', 'ended_at')
      .rowNumber('place', partition =>
        partition.partitionBy('registry_key').orderBy('created_at', 'desc'),
      );
    const rows = await this.#db
      .with('ranked', ranked)
      .from('ranked')
      .join('operation_steps', 'operation_steps.operation_id', 'ranked.id')
      .where('ranked.place', '<=', MAX_PROOFS)
      .whereNotNull('operation_steps.after')
      .orderBy('ranked.place')
      .select(
        'ranked.id',
        'ranked.registry_key',
        'ranked.entity_ref',
        'ranked.requested_by',
        'ranked.ended_at',
        'operation_steps.after',
      );
    const proofs = new Map<
      string,
      NonNullable<Evidence['proof']> & ConcernedOperation
    >();
    const past = new Set<string>();
    for (const row of rows) {
      const key = row.registry_key;
      const shown = versionShownBy(row.after);
      if (shown === undefined || past.has(key)) continue;
      if (shown === versions.get(key)) {
        proofs.set(key, {
          operationId: row.id,
          endedAt: Number(row.ended_at),
          registryKey: key,
          entityRef: row.entity_ref,
          requestedBy: row.requested_by,
        });
      } else {
        past.add(key);
      }
    }
    const visible = await this.#reader.visibleOf([...proofs.values()], viewer);
    return new Map(visible.map(proof => [proof.registryKey, proof]));
  }
}

/** The version in use that a step read back, when it did. */
function versionShownBy(after: string): string | undefined {
  const observations: { what: string; value: string }[] = JSON.parse(after);
  const value = observations.find(
    ({ what }) => what === 'version in use',
  )?.value;
  return value === undefined
    ? undefined
    : /([0-9a-f]{32})$/i.exec(value)?.[1]?.toLowerCase();
}
