import { LOG_ENTRIES } from './unknowns';

/** One request that reached the emulated Azure. */
export interface LoggedRequest {
  /** The emulator's time, ISO 8601. */
  time: string;
  host: string;
  method: string;
  path: string;
  query: string;
  /** What the client calls itself: its `User-Agent`, as it came. */
  client?: string;
  /** The entry of the emulator's table that it was for, such as `vault POST /keys/{key}/rotate`; absent
   *  when the emulator knows none. */
  route?: string;
  /** `admin`, `reader`, … or an object id; absent when there was no token. */
  principal?: string;
  /** Absent as long as no answer was sent: still running, reset, or lost. */
  status?: number;
  /** The id of the fault that it met. */
  fault?: string;
  correlationId: string;
}

/** What was asked of the emulated Azure, oldest first: the witness of every test. */
export class RequestLog {
  private entries: LoggedRequest[] = [];
  private readonly words = new Map<string, string>();

  add(logged: LoggedRequest): LoggedRequest {
    const entry = {
      ...logged,
      host: this.once(logged.host),
      path: this.once(logged.path),
      query: this.once(logged.query),
      ...(logged.client !== undefined && { client: this.once(logged.client) }),
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
    this.words.clear();
  }

  /**
   * Hosts, paths, queries and clients come again and again: each is kept once, not once per request. As
   * a copy, since a part of a string keeps the whole of it in memory.
   */
  private once(word: string): string {
    const known = this.words.get(word);
    if (known !== undefined) return known;
    if (this.words.size >= LOG_ENTRIES) this.words.clear();
    const copy = Buffer.from(word).toString();
    this.words.set(copy, copy);
    return copy;
  }
}
