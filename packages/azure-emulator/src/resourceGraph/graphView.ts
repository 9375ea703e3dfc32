import type { Azure, CopiedTable } from '../types';
import { seconds } from '../state/durations';
import { Tables } from '../state/model';

const COPIED: readonly CopiedTable[] = [
  'registries',
  'vaults',
  'identities',
  'genericResources',
];
type Copied = Tables[CopiedTable];

/** The state of a document until a time; undefined before it was created. */
interface Past<Doc> {
  until: number;
  doc: Doc | undefined;
}

/**
 * The resources as Resource Graph knows them: their state of a while ago. Remembers the past of recently changed
 * documents; it is lost with the process, as if Resource Graph had caught up meanwhile.
 */
export class GraphView {
  private readonly past: Record<CopiedTable, Map<string, Past<Copied>[]>> = {
    registries: new Map(),
    vaults: new Map(),
    identities: new Map(),
    genericResources: new Map(),
  };

  constructor(private readonly azure: Azure) {
    COPIED.forEach(table => this.watch(table));
  }

  /** The documents of a table as Resource Graph knows them. */
  *all<T extends CopiedTable>(table: T): Iterable<Tables[T]> {
    const { store } = this.azure;
    const past = this.past[table] as Map<string, Past<Tables[T]>[]>;
    for (const doc of store.all(table)) {
      const known = past.size ? this.get(table, doc.id) : doc;
      if (known) yield known;
    }
    for (const id of past.keys()) {
      const known = store.get(table, id) ? undefined : this.get(table, id);
      if (known) yield known;
    }
  }

  get<T extends CopiedTable>(table: T, id: string): Tables[T] | undefined {
    const past = this.past[table].get(id.toLowerCase()) as
      | Past<Tables[T]>[]
      | undefined;
    const asOf = this.azure.now() - this.delayMs;
    const earlier = past?.find(({ until }) => until > asOf);
    return earlier ? earlier.doc : this.azure.store.get(table, id);
  }

  private get delayMs(): number {
    return seconds(this.azure.assumptions.resourceGraphDelaySeconds);
  }

  private watch<T extends CopiedTable>(table: T) {
    const { azure } = this;
    const past = this.past[table];
    azure.store.onChange(table, (before, after) => {
      const id = (after ?? before)!.id.toLowerCase();
      if (azure.store.isReplacing || !this.delayMs) {
        past.delete(id);
        return;
      }
      const now = azure.now();
      const recent = (past.get(id) ?? []).filter(
        ({ until }) => until > now - this.delayMs,
      );
      past.set(id, [...recent, { until: now, doc: before }]);
    });
  }
}
