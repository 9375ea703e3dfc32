import {
  connect,
  createServer,
  type NetConnectOpts,
  type Server,
  type Socket,
} from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Effect of a relay on the data that passes it.
 *
 * | mode | what the client sees |
 * |---|---|
 * | `pass` | the server |
 * | `hold` | nothing any more, in both directions, and no end either: a network that is gone |
 * | `hold-answers` | requests arrive and are done; their answers do not come back |
 * | `slow` | each answer comes late, in its order |
 * | `reorder` | answers come late, some later than others: those of two connections change places |
 * | `refuse` | connections are cut, and new ones at once: a server that is down |
 *
 * What `hold` and `hold-answers` have kept is sent on when the mode becomes `pass`, unless the
 * connection is cut before.
 */
export type RelayMode =
  | 'pass'
  | 'hold'
  | 'hold-answers'
  | 'slow'
  | 'reorder'
  | 'refuse';

/** Delay of an answer in the mode `slow`. Milliseconds. */
const SLOW_MS = 250;

/** One connection and its other half. */
class Pair {
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #modeNow: () => RelayMode;
  readonly #lateness: () => number;
  #requests: Buffer[] = [];
  #answers: Buffer[] = [];
  #slow: Promise<unknown> = Promise.resolve();

  constructor(
    client: Socket,
    upstream: Socket,
    of: { modeNow: () => RelayMode; lateness: () => number },
  ) {
    this.#client = client;
    this.#upstream = upstream;
    this.#modeNow = of.modeNow;
    this.#lateness = of.lateness;
    client.on('data', chunk => {
      if (this.#modeNow() === 'hold') this.#requests.push(chunk);
      else upstream.write(chunk);
    });
    upstream.on('data', chunk => this.#answer(chunk));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  }

  #answer(chunk: Buffer) {
    const mode = this.#modeNow();
    if (mode === 'hold' || mode === 'hold-answers' || this.#answers.length) {
      this.#answers.push(chunk);
      return;
    }
    if (mode !== 'slow' && mode !== 'reorder') {
      // After what is late already.
      this.#slow = this.#slow.then(() => this.#client.write(chunk));
      return;
    }
    // Within a connection nothing can change places: that is what TCP is for.
    const ms = mode === 'slow' ? SLOW_MS : SLOW_MS * this.#lateness();
    this.#slow = this.#slow
      .then(() => delay(ms))
      .then(() => this.#client.write(chunk));
  }

  sendKept() {
    for (const chunk of this.#requests.splice(0)) this.#upstream.write(chunk);
    const answers = this.#answers.splice(0);
    this.#slow = this.#slow.then(() => {
      for (const chunk of answers) this.#client.write(chunk);
    });
  }

  cut() {
    this.#client.destroy();
    this.#upstream.destroy();
  }
}

/** A TCP port in front of a server, on which the network can fail. */
export class Relay {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #mode: RelayMode = 'pass';

  private constructor(upstream: NetConnectOpts, lateness: () => number) {
    this.#server = createServer(client => {
      if (this.#mode === 'refuse') {
        client.destroy();
        return;
      }
      const pair = new Pair(client, connect(upstream), {
        modeNow: () => this.#mode,
        lateness,
      });
      this.#pairs.add(pair);
      client.once('close', () => this.#pairs.delete(pair));
    });
  }

  /** @param lateness - of an answer in the mode `reorder`, from 0 to 1 */
  static async start(
    upstream: NetConnectOpts,
    lateness: () => number = () => 0.5,
  ): Promise<Relay> {
    const relay = new Relay(upstream, lateness);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  get mode(): RelayMode {
    return this.#mode;
  }

  set(mode: RelayMode): void {
    this.#mode = mode;
    if (mode === 'refuse') this.cut();
    if (mode === 'pass' || mode === 'slow' || mode === 'reorder') {
      for (const pair of this.#pairs) pair.sendKept();
    }
  }

  /** Ends every connection there is, with whatever was kept. */
  cut(): void {
    for (const pair of this.#pairs) pair.cut();
    this.#pairs.clear();
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
