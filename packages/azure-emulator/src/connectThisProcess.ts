import http from 'node:http';
import https from 'node:https';
import type { AgentOptions } from 'node:https';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import type { Emulator } from './emulator';
import { serviceOfHost } from './request';
import { trustInThisProcess } from './trust';

type Connected = (error: Error | null, socket?: Duplex) => void;
type CreateConnection = (
  options: AgentOptions & { host?: string | null },
  connected: Connected,
) => Duplex | undefined;

/** Node's types leave the method out that makes the connections of an agent. */
const agents = https.Agent.prototype as unknown as {
  createConnection: CreateConnection;
};

/**
 * As `trustInThisProcess`, for tests with many requests: connections to Azure's hosts go through the
 * emulator's proxy, too, but Node's own agent makes them and so keeps them. The agent that the SDK uses
 * when it finds a proxy in the environment opens a new TLS connection for every request, which takes
 * longer than the request. Returns a function that undoes it.
 */
export function connectThisProcess(
  emulator: Pick<Emulator, 'ready' | 'caPem'>,
): () => void {
  const distrust = trustInThisProcess(emulator);
  delete process.env.HTTPS_PROXY;
  const { hostname, port } = new URL(emulator.ready.proxy);
  const before = agents.createConnection;
  agents.createConnection = function createConnection(options, connected) {
    const { host } = options;
    if (!host || net.isIP(host) || !serviceOfHost(host)) {
      return before.call(this, options, connected);
    }
    http
      .request({
        method: 'CONNECT',
        host: hostname,
        port,
        path: `${host}:443`,
        agent: false,
      })
      .once('connect', (_response, socket) => {
        const inTunnel = { ...options, socket, servername: host };
        connected(null, before.call(this, inTunnel, connected));
      })
      .once('error', error => connected(error))
      .end();
    return undefined;
  };
  return () => {
    agents.createConnection = before;
    distrust();
  };
}
