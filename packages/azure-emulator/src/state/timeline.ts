import { seconds } from './durations';
import { Tables } from './model';
import { followKey } from '../registry/follow';
import { endRegistryChange } from '../registry/registryChange';
import { rotateByPolicy, rotationDue } from '../vault/rotation';
import type { Azure } from '../types';

/** A kind of document whose state changes as time passes. */
interface ScheduledChange<T extends keyof Tables> {
  table: T;
  /** Time when its next change is due; undefined when none is scheduled. */
  dueAt(doc: Tables[T], azure: Azure): number | undefined;
  /** Applies the change. Afterwards `dueAt` must return a later time or undefined. */
  apply(azure: Azure, doc: Tables[T], at: number): void;
}

const registries: ScheduledChange<'registries'> = {
  table: 'registries',
  dueAt: doc => earliest(doc.change?.endsAt, doc.encryption?.nextFollowAt),
  apply: (azure, doc, at) =>
    doc.change?.endsAt !== undefined && doc.change.endsAt <= at
      ? endRegistryChange(azure, doc)
      : followKey(azure, doc, at),
};

const keys: ScheduledChange<'keys'> = {
  table: 'keys',
  dueAt: doc => (doc.deleted ? doc.deleted.purgeAt : rotationDue(doc)),
  apply: (azure, doc, at) =>
    doc.deleted
      ? azure.store.remove('keys', doc.id)
      : rotateByPolicy(azure, doc, at),
};

const roleAssignments: ScheduledChange<'roleAssignments'> = {
  table: 'roleAssignments',
  dueAt: (doc, azure) =>
    doc.removedAt === undefined
      ? undefined
      : doc.removedAt + seconds(azure.assumptions.roleRemovalDelaySeconds),
  apply: (azure, doc) => azure.store.remove('roleAssignments', doc.id),
};

function earliest(...times: (number | undefined)[]): number | undefined {
  const known = times.filter(time => time !== undefined);
  return known.length ? Math.min(...known) : undefined;
}

interface Entry {
  at: number;
  /** Runs the change if it is still due at that time. */
  run(): void;
}

/**
 * Applies changes as time passes: operations end, registries follow their keys, policies rotate, deleted
 * objects are purged. A priority queue by due time, so the outcome does not depend on how often requests come.
 */
export class Timeline {
  private readonly heap: Entry[] = [];

  constructor(private readonly azure: Azure) {
    this.watch(registries);
    this.watch(keys);
    this.watch(roleAssignments);
  }

  catchUp(now: number, applyAt: (at: number, run: () => void) => void) {
    while (this.heap.length && this.heap[0].at <= now) {
      const { at, run } = this.pop();
      applyAt(at, run);
    }
  }

  private watch<T extends keyof Tables>(change: ScheduledChange<T>) {
    const { azure } = this;
    azure.store.onChange(change.table, (before, after) => {
      const at = after && change.dueAt(after, azure);
      if (at === undefined || (before && change.dueAt(before, azure) === at)) {
        return;
      }
      const { id } = after!;
      this.push({
        at,
        run() {
          const doc = azure.store.get(change.table, id);
          if (doc && change.dueAt(doc, azure) === at) {
            change.apply(azure, doc, at);
          }
        },
      });
    });
  }

  private push(entry: Entry) {
    const { heap } = this;
    heap.push(entry);
    let child = heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (heap[parent].at <= heap[child].at) break;
      [heap[parent], heap[child]] = [heap[child], heap[parent]];
      child = parent;
    }
  }

  private pop(): Entry {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop()!;
    if (!heap.length) {
      return top;
    }
    heap[0] = last;
    let parent = 0;
    for (;;) {
      const left = 2 * parent + 1;
      let least = parent;
      if (left < heap.length && heap[left].at < heap[least].at) least = left;
      if (left + 1 < heap.length && heap[left + 1].at < heap[least].at) {
        least = left + 1;
      }
      if (least === parent) return top;
      [heap[parent], heap[least]] = [heap[least], heap[parent]];
      parent = least;
    }
  }
}
