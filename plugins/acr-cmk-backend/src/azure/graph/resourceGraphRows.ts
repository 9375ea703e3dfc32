import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { subscriptionIdOf, vaultIdOf } from '../armIds';
import { AzureError } from '../AzureError';
import { toRegistryFacts } from '../arm/registries';
import type { GraphKind, GraphRows } from './resourceGraphPort';
import { toHsmFacts, toVaultFacts } from '../vault/vaults';

/*
 * Parsers of the rows of Resource Graph's answers, once it is certain that all of them came.
 */

/** Rows of one answer. One that is full may have been cut. */
export const MOST_ROWS = 1000;

const HSM_TYPE = 'microsoft.keyvault/managedhsms';

/** Types of the table `resources` that are read, as Resource Graph writes them. */
export const TYPES = {
  registries: ['microsoft.containerregistry/registries'],
  vaults: ['microsoft.keyvault/vaults', HSM_TYPE],
  identities: ['microsoft.managedidentity/userassignedidentities'],
} as const satisfies Partial<Record<GraphKind, readonly string[]>>;
const KINDS = Object.fromEntries(
  Object.entries(TYPES).flatMap(([kind, types]) =>
    types.map(type => [type, kind]),
  ),
) as Record<string, GraphKind>;

/** An answer that may not hold all of what was asked for is worth nothing. */
function partial(why: string, code = 'PartialAnswer'): AzureError {
  return new AzureError(
    {
      kind: 'unavailable',
      code,
      message: `Could not query Resource Graph: ${why}. Nothing of this answer is used.`,
    },
    { effect: 'refused', retry: { kind: 'later' } },
  );
}

/** All rows of an answer, or none. */
export function wholeRows(answer: any): any[] {
  const { data, totalRecords, resultTruncated } = answer ?? {};
  if (!Array.isArray(data)) throw partial('the answer has no rows');
  if (data.length >= MOST_ROWS || totalRecords >= MOST_ROWS) {
    throw partial(
      `${MOST_ROWS} rows or more are too many for one answer`,
      'TooManyRows',
    );
  }
  if (
    data.length !== totalRecords ||
    answer.$skipToken ||
    String(resultTruncated).toLowerCase() !== 'false'
  ) {
    throw partial(`${data.length} of ${totalRecords} rows came`);
  }
  const ids = data.flatMap(row =>
    typeof row?.id === 'string' ? [row.id.toLowerCase()] : [],
  );
  if (new Set(ids).size !== ids.length) throw partial('a row came twice');
  return data;
}

/** Rows as facts. One that makes no sense is counted and left out: it may be anything. */
export function toRows<T>(rows: any[], toFacts: (row: any) => T): GraphRows<T> {
  const items: GraphRows<T>['items'] = [];
  let unusable = 0;
  for (const row of rows) {
    try {
      const subscriptionId = row.subscriptionId
        ? subscriptionIdOf(row.subscriptionId)
        : '';
      items.push({ subscriptionId, facts: toFacts(row) });
    } catch {
      unusable += 1;
    }
  }
  return { items, unusable };
}

/** A row's registry, in the form that the SDK gives it. */
export function registryOfRow(row: any) {
  RegistryId.parse(row.id);
  const key = row.encryption?.keyVaultProperties;
  const rotatedAt = key?.lastKeyRotationTimestamp;
  const rules = row.networkRuleSet;
  return toRegistryFacts({
    ...row,
    networkRuleSet: rules && {
      ...rules,
      ipRules: rules.ipRules?.map(({ value }: any) => ({
        iPAddressOrRange: value,
      })),
    },
    encryption: row.encryption && {
      ...row.encryption,
      keyVaultProperties: key && {
        ...key,
        lastKeyRotationTimestamp: rotatedAt ? new Date(rotatedAt) : undefined,
      },
    },
  });
}

export function vaultOfRow(row: any) {
  return vaultIdOf(row.id).isHsm ? toHsmFacts(row) : toVaultFacts(row);
}

/** Types of one kind, such as vaults and Managed HSMs, are counted together. */
export function countsByKind(rows: any[]) {
  const counts = new Map<
    string,
    { kind: GraphKind; subscriptionId: string; count: number }
  >();
  for (const row of rows) {
    const kind = KINDS[String(row.type).toLowerCase()];
    const subscriptionId = subscriptionIdOf(row.subscriptionId);
    const name = `${kind} ${subscriptionId}`;
    const before = counts.get(name)?.count ?? 0;
    const count = before + Number(row.count_);
    counts.set(name, { kind, subscriptionId, count });
  }
  return [...counts.values()];
}

/** Numbers of resources of each type, by the disk encryption set that encrypts them. */
export function countsBySet(rows: any[]): Map<string, Record<string, number>> {
  const sets = new Map<string, Record<string, number>>();
  for (const { set, type, count_ } of rows) {
    const id = String(set).toLowerCase();
    const counts = sets.get(id) ?? {};
    sets.set(id, { ...counts, [String(type).toLowerCase()]: Number(count_) });
  }
  return sets;
}
