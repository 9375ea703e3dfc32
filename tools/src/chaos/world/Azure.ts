import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type FaultSpec,
  type LoggedRequest,
  pull,
  type ReadyInfo,
} from 'azure-emulator';
import { ChildProcess } from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/ChildProcess';
import { deadline } from './deadline';
import { within } from './within';

/** Duration of an update of a registry in the emulated Azure: short, but not zero. Seconds. */
const OPERATION_SECONDS = '2';

/** Timeout of a call to the emulator's control. Milliseconds. */
const CONTROL_MS = 60_000;

/**
 * The emulated Azure as a process of its own. It keeps its state when it is killed; the log of what
 * was asked of it is kept here.
 */
export class Azure {
  readonly #process: ChildProcess;
  readonly ready: ReadyInfo;
  readonly caPem: string;
  /** Requests by correlation id, in the order in which they came. */
  readonly #log = new Map<string, LoggedRequest>();

  private constructor(process: ChildProcess, ready: ReadyInfo) {
    this.#process = process;
    this.ready = ready;
    this.caPem = readFileSync(ready.caFile, 'utf8');
  }

  /** @param port - one that is free: it has the same address after each restart */
  static async start(options: {
    dataDirectory: string;
    port: number;
    logFile: string;
  }): Promise<Azure> {
    const process = new ChildProcess({
      name: 'the emulated Azure',
      args: [
        join(
          dirname(require.resolve('azure-emulator/package.json')),
          'bin/azure-emulator',
        ),
        '--world',
        'demo',
        '--port',
        String(options.port),
        '--data',
        options.dataDirectory,
        '--operation-seconds',
        OPERATION_SECONDS,
        '--role-propagation-seconds',
        '1',
      ],
      env: {},
      logFile: options.logFile,
      isReady: line => line.startsWith('{'),
    });
    const ready: ReadyInfo = JSON.parse(await process.start());
    return new Azure(process, ready);
  }

  get isRunning(): boolean {
    return this.#process.isRunning;
  }

  /** Environment that a process needs to reach it. */
  get environment(): Record<string, string> {
    return {
      HTTPS_PROXY: this.ready.proxy,
      NO_PROXY: 'localhost,127.0.0.1',
      NODE_EXTRA_CA_CERTS: this.ready.caFile,
    };
  }

  /** Reads its log first. The caller ensures that there are no other requests meanwhile. */
  async kill(): Promise<void> {
    await this.readLog();
    await this.#process.kill();
  }

  async restart(): Promise<void> {
    if (!this.isRunning) await this.#process.start();
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }

  async addFault(fault: FaultSpec): Promise<void> {
    await this.#control('POST', '/faults', fault);
  }

  async faults(): Promise<{ hits: number }[]> {
    return this.#control('GET', '/faults');
  }

  async clearFaults(): Promise<void> {
    await this.#control('DELETE', '/faults');
  }

  /** @param duration - ISO 8601 */
  async advanceClock(duration: string): Promise<void> {
    await this.#control('POST', '/clock', { advance: duration });
  }

  /** All requests to it, over all its starts. */
  get log(): LoggedRequest[] {
    return [...this.#log.values()];
  }

  async readLog(): Promise<void> {
    const entries = await this.#control<LoggedRequest[]>('GET', '/requests');
    for (const entry of entries) this.#log.set(entry.correlationId, entry);
  }

  /** Pulls from a registry and returns the status: 200, or 403 when the registry does not reach its key. */
  async pull(registry: string): Promise<number> {
    return (await pull({ ready: this.ready, caPem: this.caPem }, registry))
      .status;
  }

  async #control<T>(method: string, path: string, body?: unknown): Promise<T> {
    const signal = deadline(CONTROL_MS);
    const asked = fetch(new URL(path, this.ready.proxy), {
      method,
      headers: { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    }).then(async answer => ({
      ok: answer.ok,
      status: answer.status,
      text: await answer.text(),
    }));
    const { ok, status, text } = await within(signal, asked);
    if (!ok) throw new Error(`${method} ${path}: ${status} ${text}`);
    return JSON.parse(text);
  }
}
