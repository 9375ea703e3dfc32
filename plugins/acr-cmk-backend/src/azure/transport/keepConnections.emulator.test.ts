import { once } from 'node:events';
import net from 'node:net';
import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { type AzureWorld, startAzureWorld } from '../__testUtils__/azureWorld';
import type { AzurePorts } from '../ports';

// Emulator and test share the machine with whatever else is built on it.
jest.setTimeout(30_000);

/** A proxy in front of the emulator's that counts who connects. */
class CountingProxy {
  connections = 0;
  readonly #server = net.createServer(socket => {
    this.connections += 1;
    const onward = net.connect(this.#port, '127.0.0.1');
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ]) {
      one.pipe(other);
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
  });
  readonly #port: number;

  constructor(proxy: string) {
    this.#port = Number(new URL(proxy).port);
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as net.AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async close(): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }
}

let world: AzureWorld;
let proxy: CountingProxy;
let ports: AzurePorts;
beforeAll(async () => {
  world = await startAzureWorld();
  proxy = new CountingProxy(world.emulator.ready.proxy);
  process.env.HTTPS_PROXY = await proxy.listen();
  // Clients look for the proxy when they are made, at the first call.
  ports = world.portsWith({});
});
afterAll(async () => {
  await world.close();
  await proxy.close();
});

const shop = () =>
  RegistryId.parse(world.emulator.state.registry('shopimages').id);

describe('connections through a proxy', () => {
  it('are kept, and shared by the clients of all subscriptions and services', async () => {
    // With a token there, nothing but ARM is asked.
    await ports.registries.get(shop());
    const before = proxy.connections;
    for (let count = 0; count < 3; count += 1) {
      await ports.registries.get(shop());
      await ports.vaults.listBySubscription(world.subscriptionId);
    }
    expect(proxy.connections - before).toBe(0);
  });

  it('are made anew when Azure has closed them, and the read works', async () => {
    await ports.registries.get(shop());
    world.emulator.dropConnections();
    const { value } = await ports.registries.get(shop());
    expect(value.name).toBe('shopimages');
  });

  it('are as many as there are requests at once', async () => {
    world.emulator.dropConnections();
    const before = proxy.connections;
    await Promise.all([1, 2, 3].map(() => ports.registries.get(shop())));
    expect(proxy.connections - before).toBe(3);
  });
});
