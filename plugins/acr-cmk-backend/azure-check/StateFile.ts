import fs from 'node:fs';
import path from 'node:path';
import type { ProbeResult } from './probe';
import { Stop } from './Stop';

const SCHEMA = 'azure-check-state/1';

/** Something that was made, or was about to be. */
export interface Made {
  kind: 'group' | 'vault';
  /** ARM id. */
  id: string;
}

interface State {
  schema: typeof SCHEMA;
  /** Eight hexadecimal digits; part of every name. */
  runId: string;
  subscription: string;
  location: string;
  cloud: string;
  startedAt: string;
  /** After this, the group may be deleted by anybody. */
  expiresAt: string;
  made: Made[];
  /** What is known already, by probe. */
  results: Record<string, ProbeResult>;
}

/**
 * What survives the check being killed. It is on the disk before anything is made, so that nothing can be
 * forgotten.
 */
export class StateFile {
  private constructor(
    private readonly file: string,
    private state: State,
  ) {}

  /** The one that an earlier check has left; undefined when there is none. */
  static read(file: string): StateFile | undefined {
    if (!fs.existsSync(file)) return undefined;
    let state: State;
    try {
      state = JSON.parse(fs.readFileSync(file, 'utf8'));
    } catch {
      throw new Stop(`${file} is not a state of azure:check: it is not JSON.`);
    }
    if (state?.schema !== SCHEMA) {
      throw new Stop(
        `${file} is not a state of this azure:check: its schema is '${state?.schema}', not '${SCHEMA}'.`,
      );
    }
    return new StateFile(file, state);
  }

  static create(
    file: string,
    state: Omit<State, 'schema' | 'made' | 'results'>,
  ): StateFile {
    const made = new StateFile(file, {
      schema: SCHEMA,
      ...state,
      made: [],
      results: {},
    });
    made.write();
    return made;
  }

  get runId() {
    return this.state.runId;
  }

  get subscription() {
    return this.state.subscription;
  }

  get cloud() {
    return this.state.cloud;
  }

  get location() {
    return this.state.location;
  }

  get startedAt() {
    return this.state.startedAt;
  }

  get expiresAt() {
    return this.state.expiresAt;
  }

  get made(): readonly Made[] {
    return this.state.made;
  }

  get results(): Readonly<Record<string, ProbeResult>> {
    return this.state.results;
  }

  /** Before it is made. */
  note(thing: Made) {
    if (this.state.made.some(({ id }) => id === thing.id)) return;
    this.state = { ...this.state, made: [...this.state.made, thing] };
    this.write();
  }

  keep(probe: string, result: ProbeResult) {
    const results = { ...this.state.results, [probe]: result };
    this.state = { ...this.state, results };
    this.write();
  }

  remove() {
    fs.rmSync(this.file, { force: true });
  }

  /** Whole or not at all, and on the disk when it returns. */
  private write() {
    const temporary = `${this.file}.${process.pid}.tmp`;
    fs.mkdirSync(path.dirname(path.resolve(this.file)), { recursive: true });
    const handle = fs.openSync(temporary, 'w', 0o600);
    fs.writeSync(handle, `${JSON.stringify(this.state, null, 2)}\n`);
    fs.fsyncSync(handle);
    fs.closeSync(handle);
    fs.renameSync(temporary, this.file);
  }
}
