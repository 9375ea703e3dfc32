import { LOG_ENTRIES } from '../assumptions';

/** One request that reached the emulated Azure. */
export interface LoggedRequest {
  /** The emulator's time, ISO 8601. */
  time: string;
  host: string;
  method: string;
  path: string;
  query: string;
  /** The client's `User-Agent`, as it came. */
  client?: string;
  /** The route that matched, such as `vault POST /keys/{key}/rotate`; absent
   *  when none did. */
  route?: string;
  /** `admin`, `reader`, … or an object id; absent when there was no token. */
  principal?: string;
  /** Absent as long as no answer was sent: still running, reset, or lost. */
  status?: number;
  /** The id of the fault that matched. */
  fault?: string;
  correlationId: string;
}

/** The requests that the emulated Azure received, oldest first, for assertions in tests. */
export class RequestLog {
  private entries: LoggedRequest[] = [];
  private readonly interned = new Map<string, string>();

  add(logged: LoggedRequest): LoggedRequest {
    const entry = {
      ...logged,
      host: this.intern(logged.host),
      path: this.intern(logged.path),
      query: this.intern(logged.query),
      ...(logged.client !== undefined && {
        client: this.intern(logged.client),
      }),
    };
    this.entries.push(entry);
    if (this.entries.length > LOG_ENTRIES) {
      this.entries.splice(0, this.entries.length - LOG_ENTRIES);
    }
    return entry;
  }

  all(): LoggedRequest[] {
    return this.entries.map(entry => ({ ...entry }));
  }

  clear() {
    this.entries = [];
    this.interned.clear();
  }

  /**
   * Interns hosts, paths, queries and clients, which repeat in most requests. Copies them, because a
   * substring keeps its whole source string in memory.
   */
  private intern(text: string): string {
    const known = this.interned.get(text);
    if (known !== undefined) return known;
    if (this.interned.size >= LOG_ENTRIES) this.interned.clear();
    const copy = Buffer.from(text).toString();
    this.interned.set(copy, copy);
    return copy;
  }
}
