import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, TLSSocket } from 'node:tls';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A TLS connection to `host` through a CONNECT proxy, trusting `ca` and nobody else. */
function tunnel(proxy: string, ca: string, host: string): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    httpRequest(proxy, { method: 'CONNECT', path: `${host}:443` })
      .on('connect', (response, socket) => {
        if (response.statusCode !== 200) {
          socket.destroy();
          reject(
            new Error(`The proxy refuses ${host}: ${response.statusCode}`),
          );
          return;
        }
        const secure = connect({ socket, servername: host, ca }, () =>
          resolve(secure),
        );
        secure.on('error', reject);
      })
      .on('error', reject)
      .end();
  });
}

/** Asks for a URL as a client of Azure does whose HTTPS proxy is the emulator. */
export async function throughProxy(options: {
  proxy: string;
  /** The authority's certificate, PEM. */
  ca: string;
  url: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}): Promise<Answer> {
  const { proxy, ca, url, method = 'GET', headers = {}, body } = options;
  const { hostname } = new URL(url);
  const socket = await tunnel(proxy, ca, hostname);

  return new Promise((resolve, reject) => {
    httpsRequest(url, {
      method,
      headers: { ...headers, connection: 'close' },
      createConnection: () => socket,
    })
      .on('response', response => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', chunk => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: text,
          }),
        );
      })
      .on('error', reject)
      .end(body);
  });
}
