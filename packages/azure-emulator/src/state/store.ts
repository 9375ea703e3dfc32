import fs from 'node:fs';
import path from 'node:path';
import { TABLE_NAMES, TableName, Tables } from './model';
import { COMPACT_AFTER_BYTES } from '../assumptions';

type Doc<T extends TableName> = Tables[T];
type Listener<T extends TableName> = (
  before: Doc<T> | undefined,
  after: Doc<T> | undefined,
) => void;

/** The documents of each table by their id without case. */
export type StoreCopy = { [T in TableName]: Map<string, Doc<T>> };

/** One line of the journal: what one request changed. `null` is a removal. */
interface JournalLine {
  changes: [TableName, string, unknown][];
  settings?: Record<string, unknown>;
}

const SNAPSHOT = 'state.json';
const JOURNAL = 'journal.ndjson';
/** In characters: big enough that a write is worth its call. */
const SNAPSHOT_PIECE_LENGTH = 1 << 18;

/**
 * The documents, in memory, found by their id without case. With a directory they are also on disk: a
 * snapshot that is replaced by a rename, and a journal with one line per request. A process that is
 * killed leaves at worst half a line at the end, which is left out when the journal is read.
 */
export class Store {
  private readonly tables: StoreCopy;
  private readonly listeners: { [T in TableName]?: Listener<T>[] } = {};
  private pending: JournalLine = { changes: [] };
  private journalBytes = 0;
  private readonly settings = new Map<string, unknown>();
  private replacing = false;

  constructor(private directory?: string) {
    this.tables = Object.fromEntries(
      TABLE_NAMES.map(name => [name, new Map()]),
    ) as unknown as typeof this.tables;
  }

  get<T extends TableName>(table: T, id: string): Doc<T> | undefined {
    return this.tables[table].get(id.toLowerCase()) as Doc<T> | undefined;
  }

  all<T extends TableName>(table: T): Doc<T>[] {
    return [...this.tables[table].values()] as Doc<T>[];
  }

  count(table: TableName): number {
    return this.tables[table].size;
  }

  put<T extends TableName>(table: T, doc: Doc<T>) {
    this.change(table, doc.id.toLowerCase(), doc);
  }

  remove(table: TableName, id: string) {
    if (this.get(table, id)) {
      this.change(table, id.toLowerCase(), undefined);
    }
  }

  /** Whether a world is being built or read: not an event in the life of its documents. */
  get isReplacing(): boolean {
    return this.replacing;
  }

  /** Runs changes that build a world. They are not in the journal: `compact` has to follow. */
  replace(change: () => void) {
    const outer = this.replacing;
    this.replacing = true;
    try {
      change();
    } finally {
      this.replacing = outer;
    }
  }

  setting<T>(name: string): T | undefined {
    return this.settings.get(name) as T | undefined;
  }

  setSetting(name: string, value: unknown) {
    this.settings.set(name, value);
    this.pending.settings = { ...this.pending.settings, [name]: value };
  }

  /** Calls the listener for every change, and once for each existing document. */
  onChange<T extends TableName>(table: T, listener: Listener<T>) {
    const listeners = (this.listeners[table] ??= []) as Listener<T>[];
    listeners.push(listener);
    this.replace(() => {
      for (const doc of this.all(table)) {
        listener(undefined, doc);
      }
    });
  }

  /** Persists the changes since the last call. Called before an answer is sent. */
  commit() {
    const line = this.pending;
    if (!line.changes.length && !line.settings) {
      return;
    }
    this.pending = { changes: [] };
    if (!this.directory) {
      return;
    }
    const text = `${JSON.stringify(line)}\n`;
    fs.appendFileSync(path.join(this.directory, JOURNAL), text, {
      mode: 0o600,
    });
    this.journalBytes += text.length;
    if (this.journalBytes > COMPACT_AFTER_BYTES) {
      this.compact();
    }
  }

  /** Reads snapshot and journal; false when there is nothing to read. */
  load(): boolean {
    if (!this.directory) {
      return false;
    }
    const snapshot = path.join(this.directory, SNAPSHOT);
    const journal = path.join(this.directory, JOURNAL);
    if (!fs.existsSync(snapshot)) {
      return false;
    }
    this.replace(() => {
      this.replay(JSON.parse(fs.readFileSync(snapshot, 'utf8')) as JournalLine);
      if (fs.existsSync(journal)) {
        for (const text of fs.readFileSync(journal, 'utf8').split('\n')) {
          const line = parseLine(text);
          if (line) this.replay(line);
        }
      }
    });
    this.compact();
    return true;
  }

  /** A copy of all documents, which later changes do not reach. */
  copy(): StoreCopy {
    return structuredClone(this.tables);
  }

  /** Takes in the documents of a copy, which can be used again. */
  paste(copy: StoreCopy) {
    this.replace(() => {
      const documents = structuredClone(copy);
      for (const table of TABLE_NAMES) {
        for (const doc of documents[table].values()) {
          this.put(table, doc);
        }
      }
    });
  }

  /** Stops writing to the directory, which belongs to another store now. */
  detach() {
    this.directory = undefined;
  }

  /** Replaces snapshot and journal by what is in memory. */
  compact() {
    this.pending = { changes: [] };
    if (!this.directory) {
      return;
    }
    writeAtomically(path.join(this.directory, SNAPSHOT), this.snapshotText());
    // A crash here leaves the journal in place. Replaying it on the newer snapshot gives the same state,
    // because each line holds whole documents and the last one wins.
    fs.rmSync(path.join(this.directory, JOURNAL), { force: true });
    this.journalBytes = 0;
  }

  /** One `JournalLine` with everything, in pieces: as one text it would double the memory that a big world needs. */
  private *snapshotText(): Iterable<string> {
    let piece = '{"changes":[';
    let separator = '';
    for (const table of TABLE_NAMES) {
      for (const [id, doc] of this.tables[table]) {
        piece += `${separator}${JSON.stringify([table, id, doc])}`;
        separator = ',';
        if (piece.length > SNAPSHOT_PIECE_LENGTH) {
          yield piece;
          piece = '';
        }
      }
    }
    const settings = JSON.stringify(Object.fromEntries(this.settings));
    yield `${piece}],"settings":${settings}}`;
  }

  private replay(line: JournalLine) {
    for (const [table, id, doc] of line.changes) {
      this.change(table, id, (doc ?? undefined) as Doc<typeof table>);
    }
    for (const [name, value] of Object.entries(line.settings ?? {})) {
      this.settings.set(name, value);
    }
  }

  private change<T extends TableName>(
    table: T,
    id: string,
    after: Doc<T> | undefined,
  ) {
    const rows = this.tables[table] as Map<string, Doc<T>>;
    const before = rows.get(id);
    if (after) {
      rows.set(id, after);
    } else {
      rows.delete(id);
    }
    if (!this.replacing) this.pending.changes.push([table, id, after ?? null]);
    for (const listener of (this.listeners[table] ?? []) as Listener<T>[]) {
      listener(before, after);
    }
  }
}

function parseLine(text: string): JournalLine | undefined {
  try {
    return text ? (JSON.parse(text) as JournalLine) : undefined;
  } catch {
    // The last line of a killed process. Its request was never answered.
    return undefined;
  }
}

export function writeAtomically(file: string, text: string | Iterable<string>) {
  const next = `${file}.next`;
  const opened = fs.openSync(next, 'w', 0o600);
  try {
    for (const piece of typeof text === 'string' ? [text] : text) {
      fs.writeFileSync(opened, piece);
    }
  } finally {
    fs.closeSync(opened);
  }
  fs.renameSync(next, file);
}

/** Documents of one table by something else than their id. */
export class Index<T extends TableName> {
  /** One id as it is, several as a set: nearly every key has one, and a set for each would be most of an index. */
  private readonly rows = new Map<string, string | Set<string>>();

  constructor(
    private readonly store: Store,
    private readonly table: T,
    keysOf: (doc: Tables[T]) => (string | undefined)[],
  ) {
    store.onChange(table, (before, after) => {
      for (const key of before ? keysOf(before) : []) {
        if (key !== undefined) this.remove(key.toLowerCase(), before!.id);
      }
      for (const key of after ? keysOf(after) : []) {
        if (key !== undefined) this.add(key.toLowerCase(), after!.id);
      }
    });
  }

  find(key: string): Tables[T][] {
    const ids = this.rows.get(key.toLowerCase());
    if (ids === undefined) return [];
    return (typeof ids === 'string' ? [ids] : [...ids]).flatMap(id => {
      const doc = this.store.get(this.table, id);
      return doc ? [doc] : [];
    });
  }

  first(key: string): Tables[T] | undefined {
    return this.find(key)[0];
  }

  private add(key: string, id: string) {
    const ids = this.rows.get(key);
    if (ids === undefined) this.rows.set(key, id);
    else if (typeof ids !== 'string') ids.add(id);
    else if (ids !== id) this.rows.set(key, new Set([ids, id]));
  }

  private remove(key: string, id: string) {
    const ids = this.rows.get(key);
    if (ids === id) this.rows.delete(key);
    else if (ids instanceof Set) ids.delete(id);
  }
}
