import http from 'node:http';
import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import tls from 'node:tls';
import { Cloud } from './cloud';
import type { Emulator } from '../emulator';

export interface WireRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface WireAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

/** One HTTPS request through the proxy, trusting the emulator's authority, as any client does. */
export async function requestThrough(
  { ready, caPem }: Pick<Emulator, 'ready' | 'caPem'>,
  url: string,
  { method = 'GET', headers = {}, body }: WireRequest = {},
): Promise<WireAnswer> {
  const target = new URL(url);
  const socket = await tunnel(ready.proxy, target.hostname, caPem);
  return new Promise((resolve, reject) => {
    const request = https.request(
      target,
      {
        method,
        headers: { host: target.host, connection: 'close', ...headers },
        createConnection: () => socket,
      },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk as Buffer));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

function tunnel(
  proxy: string,
  hostname: string,
  caPem: string,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const connect = http.request(proxy, {
      method: 'CONNECT',
      path: `${hostname}:443`,
    });
    connect.on('error', reject);
    connect.on('connect', (response, socket) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        reject(new Error(`The proxy answered ${response.statusCode}`));
        return;
      }
      const secure = tls.connect(
        { socket, servername: hostname, ca: [caPem] },
        () => resolve(secure),
      );
      secure.on('error', reject);
    });
    connect.end();
  });
}

/**
 * Pulls the one image of a registry as admin: 200 while the registry can access its key, 403 otherwise.
 * Like `docker login` with a service principal, it sends client id and secret.
 */
export function pull(
  emulator: Pick<Emulator, 'ready' | 'caPem'>,
  registry: string,
): Promise<WireAnswer> {
  const { clientId, clientSecret } = emulator.ready.principals.admin;
  const credentials = Buffer.from(`${clientId}:${clientSecret}`);
  return requestThrough(
    emulator,
    new Cloud(emulator.ready.cloud).toExternal(
      `https://${registry}.azurecr.io/v2/app/manifests/1.0`,
    ),
    {
      headers: { authorization: `Basic ${credentials.toString('base64')}` },
    },
  );
}
