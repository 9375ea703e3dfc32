import type { Knex } from 'knex';
import type { AzurePorts } from '../../../azure/ports';
import type { Clock } from '../../../platform/database/clock';
import type { InventoryRows } from '../../rows';
import { ListedRows } from '../../rows/ListedRows';
import { ReadQueue } from '../../rows/ReadQueue';
import { createSubscriptionLists } from '../../SubscriptionLists';
import { QueueReader } from '../QueueReader';

/** Reader of what is queued in a database. */
export function queueReaderOf({
  db,
  ...parts
}: {
  db: Knex;
  clock: Clock;
  rows: InventoryRows;
  azure: AzurePorts;
  queue?: ReadQueue;
}): QueueReader {
  const queue = parts.queue ?? new ReadQueue({ db, clock: parts.clock });
  const lists = createSubscriptionLists(parts, {
    rows: parts.rows,
    listed: new ListedRows(db),
    queue,
  });
  const logger = { debug: () => undefined };
  return new QueueReader({ ...parts, queue, lists, logger });
}
