import net from 'node:net';

/** A TCP port in front of a server's socket, which can hold everything that passes. */
export class TcpRelay {
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  #held = false;

  private constructor(socketPath: string) {
    this.#server = net.createServer(client => {
      const upstream = net.connect(socketPath);
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ]) {
        this.#sockets.add(from);
        from.on('data', data => to.write(data));
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.#sockets.delete(from);
          to.destroy();
        });
        if (this.#held) from.pause();
      }
    });
  }

  static async start(socketPath: string): Promise<TcpRelay> {
    const relay = new TcpRelay(socketPath);
    await new Promise<void>(done => {
      relay.#server.listen(0, '127.0.0.1', done);
    });
    return relay;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  /** Nothing passes any more; no connection is closed. */
  hold(): void {
    this.#held = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** Lets held and later data pass again. */
  letGo(): void {
    this.#held = false;
    for (const socket of this.#sockets) socket.resume();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise(done => {
      this.#server.close(done);
    });
  }
}
