import {
  missingUses,
  type RegistryFacts,
  type RoleAssignmentFacts,
  vaultNameOfHost,
} from 'backstage-plugin-acr-cmk-common';
import { isAtOrAbove } from '../../azure/armIds';
import type { AzureAnswer } from '../../azure/transport/answer';
import type { GraphRows } from '../../azure/graph/resourceGraphPort';
import { CONSUMER_QUERY } from '../../domain/consumers/consumerOfRow';
import type { Context } from '../../platform/context';
import type { AccessRow, Bool } from '../../platform/database/tables';
import { backgroundThrottle } from '../../platform/time/BackgroundThrottle';
import type { InventoryRows, Reading } from '../rows';
import type { AccessName } from '../rows/access';
import { LIKE_HSM } from '../rows/vaults';
import { type ToRead, KIND_OF, type ReadQueue } from '../rows/ReadQueue';
import { subjectOfAccess } from '../rows/subjects';
import {
  hashOf,
  hashOfListed,
  type ListedRows,
  type ListedTable,
  type SeenAccess,
} from '../rows/ListedRows';
import type { PartitionPlan } from './sweepRules';
import { batchesOf } from '../../platform/database/batches';
import { lower } from '../../platform/text';

/**
 * Delay of Resource Graph: its answers are certain for the time before that. Documented as "usually seconds".
 */
export const GRAPH_LAG_MS = 5 * 60_000;

/**
 * Rows that are kept together. Each transaction leaves some 25 kB that the garbage collector finds late (what
 * knex makes for it), and with SQLite its commit waits for the disk.
 */
const ROWS_AT_ONCE = 75;

/**
 * Times for which an answer of Resource Graph is certain: earlier by its delay, on our clock and on Azure's.
 */
const certain = (
  { askedAt, azureAt }: { askedAt: number; azureAt: number },
  seenAt: number,
) => ({
  readAt: askedAt - GRAPH_LAG_MS,
  lagMs: GRAPH_LAG_MS,
  azureAt: azureAt - GRAPH_LAG_MS,
  seenAt,
});

const toQueue = (kind: ListedTable, subject: string): ToRead => ({
  kind: KIND_OF[kind],
  subject,
  reason: 'changed',
});

const isOfManagementGroup = ({ scope }: RoleAssignmentFacts) =>
  /^\/providers\/microsoft\.management\//i.test(scope);

interface PartitionReaderDeps extends Pick<Context, 'db' | 'clock' | 'azure'> {
  rows: InventoryRows;
  listed: ListedRows;
  queue: ReadQueue;
}

/** Reads one part of a sweep and keeps what it shows. The same part may be read any number of times. */
export class PartitionReader {
  readonly #deps: PartitionReaderDeps;

  constructor(deps: PartitionReaderDeps) {
    this.#deps = deps;
  }

  /**
   * @param sweptAt - when the sweep began that this is a part of
   * @returns how many rows there were, by subscription, and how many of them a query of Resource Graph showed for
   *   the first time
   */
  async read(
    partition: PartitionPlan,
    sweptAt: number,
  ): Promise<{
    seen: Record<string, number>;
    unusable: number;
    fresh: number;
  }> {
    const { kind, part, parts } = partition;
    const askedAt = await this.#deps.clock.now();
    const inGraph = {
      subscriptionIds: partition.subscriptions,
      part,
      of: parts,
    };
    if (kind === 'assignments') {
      const { value, azureAt } =
        await this.#deps.azure.resourceGraph.assignments(inGraph);
      await this.#keepAssignments(
        value.items.map(({ facts }) => facts),
        certain({ askedAt, azureAt }, sweptAt),
      );
      return { seen: {}, unusable: value.unusable, fresh: 0 };
    }
    if (kind === 'consumers') {
      const { value } = await this.#deps.azure.resourceGraph.consumers(
        inGraph,
        CONSUMER_QUERY,
      );
      await this.#deps.rows.consumers.keep(
        value.items.flatMap(({ facts }) => facts ?? []),
        askedAt,
      );
      return { seen: countBy(value.items), unusable: value.unusable, fresh: 0 };
    }
    const answer = (await this.#deps.azure.resourceGraph[kind](
      inGraph,
    )) as AzureAnswer<GraphRows<{ id: string }>>;
    const { items, unusable } = answer.value;
    const fresh = await this.#keepListed(
      kind,
      items.map(({ facts }) => facts),
      certain({ askedAt, azureAt: answer.azureAt }, sweptAt),
    );
    return { seen: countBy(items), unusable, fresh };
  }

  /** @returns how many were not known */
  async #keepListed(
    kind: ListedTable,
    facts: { id: string }[],
    reading: Reading & { seenAt: number },
  ): Promise<number> {
    const { seenAt, ...times } = reading;
    let count = 0;
    for (const some of batchesOf(facts, ROWS_AT_ONCE)) {
      const byId = new Map(some.map(each => [lower(each.id), each]));
      const listed = some.map(each => ({
        id: lower(each.id),
        hash: hashOfListed(each),
      }));
      const { fresh, same, different, unstored } =
        await this.#deps.listed.compare(kind, listed);
      await backgroundThrottle.turn();
      const toRead = [
        ...different.map(({ id }) => toQueue(kind, id)),
        ...fresh
          .filter(
            ({ id }) => kind === 'registries' && lacksVersion(byId.get(id)),
          )
          .map(({ id }) => toQueue(kind, id)),
      ];
      // First what has to be read: a process that dies in between reads this part again.
      await this.#deps.queue.add(toRead);
      if (fresh.length > 0) {
        await this.#deps.rows[kind].keep(
          fresh.map(({ id }) => byId.get(id)) as never[],
          times,
        );
        await backgroundThrottle.turn();
      }
      await this.#deps.listed.store(kind, unstored);
      await this.#deps.listed.confirm(kind, same, reading);
      await this.#deps.listed.see(kind, { listed, seenAt });
      count += fresh.length;
      await backgroundThrottle.turn();
    }
    return count;
  }

  /**
   * Stores the assignments for the keys that their principals use. Assignments to groups and the position of a
   * management group are not visible here, so ARM is read for those.
   */
  async #keepAssignments(
    assignments: RoleAssignmentFacts[],
    reading: Reading & { seenAt: number },
  ): Promise<void> {
    const byPrincipal = new Map<string, RoleAssignmentFacts[]>();
    for (const each of assignments) {
      const principal = lower(each.principalId);
      const all = byPrincipal.get(principal);
      if (all) all.push(each);
      else byPrincipal.set(principal, [each]);
    }
    for (const principals of batchesOf([...byPrincipal.keys()], ROWS_AT_ONCE)) {
      const uses = await this.#deps
        .db('registries')
        .leftJoin('access', join =>
          join
            .on('access.principal_id', 'registries.principal_id')
            .on('access.vault_host', 'registries.vault_host')
            .on('access.key_name', 'registries.key_name'),
        )
        .whereIn('registries.principal_id', principals)
        // Roles in a Managed HSM are its own.
        .whereNot('registries.vault_host', 'like', LIKE_HSM)
        .distinct(
          'registries.principal_id',
          'registries.vault_host',
          'registries.key_name',
          'access.listed_as',
        )
        .select<KeyUse[]>(
          this.#deps.db.raw('access.facts is not null as is_known'),
        );
      const vaults = await this.#deps.rows.vaults.atHosts(
        uses.map(({ vault_host }) => vault_host),
      );
      const access = uses.flatMap(use => {
        const vault = vaults.get(use.vault_host);
        return vault?.fact.value?.permissionModel === 'rbac'
          ? toAccess(use, {
              vaultId: vault.id,
              assignments: byPrincipal.get(use.principal_id) ?? [],
            })
          : [];
      });
      for (const some of batchesOf(access, ROWS_AT_ONCE)) {
        await this.#keepAccess(some, reading);
        await backgroundThrottle.turn();
      }
    }
  }

  async #keepAccess(
    access: readonly ListedAccess[],
    { seenAt, ...times }: Reading & { seenAt: number },
  ): Promise<void> {
    const plain = access.filter(({ isKnown, isPlain }) => !isKnown && isPlain);
    // First what has to be read: a process that dies in between reads this part again.
    await this.#deps.queue.add(
      access
        .filter(each => (each.isKnown ? !each.isSame : !each.isPlain))
        .map(({ row, isKnown }) => ({
          kind: 'access',
          subject: subjectOfAccess(row),
          reason: isKnown ? 'changed' : 'new',
        })),
    );
    await this.#deps.rows.access.keepEach(
      plain.map(({ name, assignments }) => ({ name, facts: assignments })),
      times,
    );
    await this.#deps.listed.seeAccess(access, seenAt);
    await this.#deps.listed.confirmAccess(
      access.filter(({ isKnown, isSame }) => isKnown && isSame),
      times,
    );
  }
}

/** A principal at a key, with what a list tells of its way there. */
interface ListedAccess extends SeenAccess {
  name: AccessName;
  assignments: RoleAssignmentFacts[];
  /** Was it read before? */
  isKnown: boolean;
  /** Is it listed as it was when it was read? */
  isSame: boolean;
  /** Does the list tell all there is to know? */
  isPlain: boolean;
}

/** A principal at a key that a registry uses. */
type KeyUse = Pick<
  AccessRow,
  'principal_id' | 'vault_host' | 'key_name' | 'listed_as'
> & { is_known: Bool };

/** @param use - a row of the principals at keys */
function toAccess(
  use: KeyUse,
  {
    vaultId,
    assignments,
  }: { vaultId: string; assignments: readonly RoleAssignmentFacts[] },
): ListedAccess {
  const { principal_id, vault_host, key_name } = use;
  const scope = `${vaultId}/keys/${key_name}`;
  const relevant = assignments.filter(each => isAtOrAbove(each.scope, scope));
  const hash = hashOf([...relevant].sort((a, b) => a.id.localeCompare(b.id)));
  return {
    row: { principal_id, vault_host, key_name },
    name: {
      principalId: principal_id,
      key: { vaultName: vaultNameOfHost(vault_host), keyName: key_name },
    },
    assignments: relevant,
    hash,
    isKnown: Boolean(use.is_known),
    isSame: use.listed_as === hash,
    isPlain:
      missingUses(relevant.flatMap(({ keyUses }) => keyUses)).length === 0 &&
      !relevant.some(isOfManagementGroup),
  };
}

/** A registry that follows its key, shown without the version that it uses. */
function lacksVersion(facts: Partial<RegistryFacts> | undefined): boolean {
  const { keyIdentifier, versionedKeyIdentifier } = facts?.encryption ?? {};
  return Boolean(keyIdentifier) && !versionedKeyIdentifier;
}

function countBy(
  items: readonly { subscriptionId: string }[],
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { subscriptionId } of items) {
    counts[subscriptionId] = (counts[subscriptionId] ?? 0) + 1;
  }
  return counts;
}
