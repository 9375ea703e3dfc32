import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { IDLE_CONNECTION_MS } from '../assumptions';
import type { Authority } from './certificates';

export interface ProxyHandlers {
  /** Whether a host is one of Azure's. */
  isServed(host: string): boolean;
  /** A request that came through a tunnel, for one of Azure's hosts. */
  azure: http.RequestListener;
  /** A request to the proxy's own address. */
  control: http.RequestListener;
}

interface Proxy {
  port: number;
  dropConnections(): void;
  close(): Promise<void>;
}

/**
 * The CONNECT proxy. It terminates the tunnels to Azure's hosts with its own
 * certificate; nothing is forwarded, and every other host is refused.
 */
export async function startProxy(
  listenOn: { host: string; port: number },
  authority: Authority,
  handlers: ProxyHandlers,
): Promise<Proxy> {
  const inside = https.createServer(
    { key: authority.privateKeyPem, cert: authority.certificatePem },
    handlers.azure,
  );
  inside.keepAliveTimeout = IDLE_CONNECTION_MS;
  inside.on('tlsClientError', () => undefined);

  const outside = http.createServer((request, response) => {
    if (request.url?.startsWith('/')) {
      handlers.control(request, response);
    } else {
      response.writeHead(403, { 'content-type': 'text/plain' });
      response.end(`The emulator does not serve ${request.url}\n`);
    }
  });
  const open = new Set<Duplex>();
  const track = (socket: Duplex) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  outside.on('connection', track);
  outside.on('connect', (request, socket, head) => {
    const [, host, hostPort] = /^(.+):(\d+)$/.exec(request.url ?? '') ?? [];
    if (!host || hostPort !== '443' || !handlers.isServed(host)) {
      socket.end(
        `HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\nThe emulator does not serve ${request.url}\n`,
      );
      return;
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length) socket.unshift(head);
    inside.emit('connection', socket);
  });

  await new Promise<void>((resolve, reject) => {
    outside.once('error', reject);
    outside.listen(listenOn.port, listenOn.host, resolve);
  });
  const dropConnections = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    dropConnections,
    port: (outside.address() as { port: number }).port,
    close: () =>
      new Promise(resolve => {
        outside.close(() => resolve());
        dropConnections();
      }),
  };
}
