import type { Azure } from './azure';
import { Tables } from './model';
import { followKey } from './rules/follow';
import { endRegistryChange } from './rules/registryChange';
import { rotateByPolicy, rotationDue } from './rules/rotation';
import { purgeKey, purgeVault } from './rules/softDelete';

/** One kind of document whose state changes because time passes. */
interface Due<T extends keyof Tables> {
  table: T;
  /** When its next change is due, or undefined when nothing is. */
  at(doc: Tables[T], azure: Azure): number | undefined;
  /** Makes that change. It must move or clear what `at` answers. */
  happen(azure: Azure, doc: Tables[T], at: number): void;
}

const registries: Due<'registries'> = {
  table: 'registries',
  at: doc => earliest(doc.change?.endsAt, doc.encryption?.nextFollowAt),
  happen: (azure, doc, at) =>
    doc.change?.endsAt !== undefined && doc.change.endsAt <= at
      ? endRegistryChange(azure, doc)
      : followKey(azure, doc, at),
};

const keys: Due<'keys'> = {
  table: 'keys',
  at: doc => (doc.deleted ? doc.deleted.purgeAt : rotationDue(doc)),
  happen: (azure, doc, at) =>
    doc.deleted ? purgeKey(azure, doc) : rotateByPolicy(azure, doc, at),
};

const vaults: Due<'vaults'> = {
  table: 'vaults',
  at: doc => doc.deleted?.purgeAt,
  happen: purgeVault,
};

const roleAssignments: Due<'roleAssignments'> = {
  table: 'roleAssignments',
  at: (doc, azure) =>
    doc.removedAt === undefined
      ? undefined
      : doc.removedAt + azure.settings.rolePropagationMs,
  happen: (azure, doc) => azure.store.remove('roleAssignments', doc.id),
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
 * What time does: operations end, registries follow their keys, policies rotate, deleted things are
 * purged. A queue ordered by due time, so that the outcome is the same whether somebody looked every
 * second or once after a year.
 */
export class Timeline {
  private readonly heap: Entry[] = [];

  constructor(private readonly azure: Azure) {
    this.watch(registries);
    this.watch(keys);
    this.watch(vaults);
    this.watch(roleAssignments);
  }

  catchUp(now: number, happenAt: (at: number, run: () => void) => void) {
    while (this.heap.length && this.heap[0].at <= now) {
      const { at, run } = this.pop();
      happenAt(at, run);
    }
  }

  private watch<T extends keyof Tables>(due: Due<T>) {
    const { azure } = this;
    azure.store.onChange(due.table, (before, after) => {
      const at = after && due.at(after, azure);
      if (at === undefined || (before && due.at(before, azure) === at)) {
        return;
      }
      const { id } = after!;
      this.push({
        at,
        run() {
          const doc = azure.store.get(due.table, id);
          if (doc && due.at(doc, azure) === at) {
            due.happen(azure, doc, at);
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
