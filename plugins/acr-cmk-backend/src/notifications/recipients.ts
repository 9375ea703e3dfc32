import { recipientsOf as approversOf } from '../changes/gate/approvers';
import type { OperationRecord } from '../engine/types';
import { findInBatches } from '../platform/database/batches';
import type { NotifierContext } from './context';
import type { NeededApproval, Recipients } from './kinds';
import { ownersOf } from './owners';

type RecipientsContext = Pick<NotifierContext, 'db' | 'config' | 'platform'>;

/** Entity refs of the recipients of an event, each with the count that its message gets. */
export async function recipientsOf(
  context: RecipientsContext,
  to: Recipients,
): Promise<ReadonlyMap<string, number>> {
  if ('requester' in to) return new Map([[to.requester.toLowerCase(), 0]]);
  if ('told' in to) {
    const refs = await context
      .db('notification_messages')
      .where({ scope: to.told })
      .pluck('recipient');
    return new Map(refs.map(ref => [ref, 0]));
  }
  if ('approvals' in to) return approversOfMembers(context, to.approvals);
  if ('approversOf' in to) {
    const { approval, intent, entityRef } = to.approversOf;
    const refs = approversOf(context.config.approvers, {
      needs: approval?.needs ?? [],
      newEntityRef: intent.kind === 'create-registry' ? entityRef : undefined,
    });
    return new Map(refs.map(ref => [ref, 0]));
  }
  const { ownersOf: operation, affected, also } = to;
  const owners = await ownersOfAffected(context, operation, affected);
  return also && !owners.has(also.toLowerCase())
    ? new Map([...owners, [also.toLowerCase(), affected.size - 1]])
    : owners;
}

/** Owners in place of their entities, each with the number of members. */
async function approversOfMembers(
  { db, config }: RecipientsContext,
  approvals: readonly NeededApproval[],
): Promise<Map<string, number>> {
  const owners = await ownersOfEntities(
    db,
    approvals.flatMap(({ entityRef }) => entityRef ?? []),
  );
  const asked = new Map<string, Set<number>>();
  for (const { permission, entityRef, positions } of approvals) {
    const refs = approversOf(config.approvers, {
      needs: [{ permission, entityRef, because: '' }],
    });
    for (const ref of refs) {
      const recipient = owners.get(ref) ?? ref;
      const known = asked.get(recipient) ?? new Set();
      positions.forEach(position => known.add(position));
      asked.set(recipient, known);
    }
  }
  return new Map(
    [...asked].map(([recipient, positions]) => [recipient, positions.size]),
  );
}

/** Owners of entities as the catalog last said, by lower-cased refs. Backstage finds those of others. */
async function ownersOfEntities(
  db: RecipientsContext['db'],
  entityRefs: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const refs = [...new Set(entityRefs.map(ref => ref.toLowerCase()))];
  const rows = await findInBatches(refs, batch =>
    db('links')
      .whereIn('entity_ref', batch)
      .whereNotNull('owner')
      .select('entity_ref', 'owner'),
  );
  return new Map(
    rows.flatMap(({ entity_ref: ref, owner }) => (owner ? [[ref, owner]] : [])),
  );
}

/** Owners of the operation's registry and of the affected ones, and the number of the others. */
async function ownersOfAffected(
  { db, config, platform }: RecipientsContext,
  { entityRef, registryId }: OperationRecord,
  affected: ReadonlySet<string>,
): Promise<Map<string, number>> {
  const others = [...affected].filter(key => key !== registryId.key);
  const owners = await ownersOf(
    db,
    [registryId.key, ...others],
    config.bindings,
  );
  const recipients = new Set([...owners.values()].flat());
  // Backstage finds the owner of an entity.
  if (!owners.has(registryId.key)) recipients.add(entityRef.toLowerCase());
  const hasUnowned = others.some(key => !owners.has(key));
  if (hasUnowned) platform.forEach(ref => recipients.add(ref));
  return new Map([...recipients].sort().map(ref => [ref, others.length]));
}
