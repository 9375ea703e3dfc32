/**
 * An Entra that keeps what it is sent, for the kinds of credentials that the emulator cannot check
 * because it knows no certificates and no issuers. The credentials reach it as they reach the real
 * one, by name and over TLS, through the proxy of the process.
 */
import crypto from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import forge from 'node-forge';

const HOST = 'login.microsoftonline.com';
const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'];

export interface Entra {
  /** The forms of the requests for a token, with the path as `path`; oldest first. */
  requests(): Record<string, string>[];
  close(): Promise<void>;
}

/** A certificate that its own key has signed, and the key, in PEM. */
export function selfSigned(name: string): { certificate: string; key: string } {
  const { privateKey } = crypto.generateKeyPairSync('rsa', {
    modulusLength: 2048,
  });
  const key = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const forgeKey = forge.pki.privateKeyFromPem(key);
  const made = forge.pki.createCertificate();
  made.publicKey = forge.pki.setRsaPublicKey(forgeKey.n, forgeKey.e);
  made.serialNumber = '01';
  made.validity.notBefore = new Date(Date.now() - 86_400_000);
  made.validity.notAfter = new Date(Date.now() + 86_400_000);
  made.setSubject([{ name: 'commonName', value: name }]);
  made.setIssuer(made.subject.attributes);
  made.setExtensions([
    { name: 'basicConstraints', cA: true },
    { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
  ]);
  made.sign(forgeKey, forge.md.sha256.create());
  return { certificate: forge.pki.certificateToPem(made), key };
}

async function formOf(request: http.IncomingMessage) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return Object.fromEntries(new URLSearchParams(text));
}

/**
 * Starts it, and makes this process reach it.
 *
 * @param options.trusted - whether this process trusts its certificate. Default: yes
 * @param options.proxyAnswers - status with which the proxy refuses to connect. Default: it connects
 */
export async function startEntra(
  options: { trusted?: boolean; proxyAnswers?: number } = {},
): Promise<Entra> {
  const seen: Record<string, string>[] = [];
  const { certificate, key } = selfSigned(HOST);
  const server = https.createServer(
    { cert: certificate, key },
    async (request, response) => {
      seen.push({ ...(await formOf(request)), path: String(request.url) });
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          token_type: 'Bearer',
          expires_in: 3600,
          access_token: 'token',
        }),
      );
    },
  );
  const sockets = new Set<Duplex>();
  const proxy = http.createServer().on('connect', (request, socket) => {
    sockets.add(socket);
    const refusal =
      options.proxyAnswers ?? (request.url === `${HOST}:443` ? 0 : 502);
    if (refusal) {
      socket.end(`HTTP/1.1 ${refusal} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    server.emit('connection', socket);
  });
  await new Promise<void>(done => {
    proxy.listen(0, '127.0.0.1', done);
  });
  const trusted = tls.getCACertificates('default');
  if (options.trusted ?? true) {
    tls.setDefaultCACertificates([...trusted, certificate]);
  }
  const environment = PROXY_VARIABLES.map(
    name => [name, process.env[name]] as const,
  );
  for (const name of PROXY_VARIABLES) delete process.env[name];
  const { port } = proxy.address() as AddressInfo;
  process.env.HTTPS_PROXY = `http://127.0.0.1:${port}`;
  return {
    requests: () => seen,
    async close() {
      tls.setDefaultCACertificates(trusted);
      for (const [name, value] of environment) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      server.closeAllConnections();
      // A handshake that failed leaves its connection open.
      for (const socket of sockets) socket.destroy();
      proxy.closeAllConnections();
      await new Promise(done => {
        proxy.close(done);
      });
    },
  };
}
