import { documentationUrl } from 'backstage-plugin-acr-cmk-common';

/** The page about causes between the backend and Azure. */
export const NETWORKS = documentationUrl('docs/networks.md');

/** Environment variables that hold proxies and authorities. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Errors of TLS about a certificate that nobody known has signed. */
const NOT_TRUSTED = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
];

/** Errors of TLS about the time at which a certificate is valid. */
const NOT_VALID_NOW = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];

/** Errors that mean that no connection was made. With a proxy, they are about the proxy. */
const NOT_CONNECTED: Record<string, string> = {
  ENOTFOUND: 'the name of the host cannot be resolved',
  EAI_AGAIN: 'the name of the host cannot be resolved at the moment',
  ECONNREFUSED: 'the connection was refused',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
};

/** Errors in the middle of an exchange. */
const BROKEN: Record<string, string> = {
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  ForeignHost: 'an answer led to a host that is not Azure’s',
};

/**
 * The variable that names the proxy for a host, and the proxy's own host; nothing for a direct connection. By the
 * rules of the SDKs (`proxyPolicy` of ts-http-runtime): no `*`, and a domain begins with a point.
 */
function proxyFor(
  host: string,
  environment: Environment,
): { variable: string; proxy: string } | undefined {
  const exceptions = (environment.NO_PROXY || environment.no_proxy || '')
    .split(',')
    .map(entry => entry.trim());
  const isException = exceptions.some(
    entry =>
      host === entry || (entry.startsWith('.') && `.${host}`.endsWith(entry)),
  );
  if (isException) return undefined;
  const variable = ['HTTPS_PROXY', 'ALL_PROXY', 'HTTP_PROXY']
    .flatMap(name => [name, name.toLowerCase()])
    .find(name => environment[name]);
  const value = variable && environment[variable];
  if (!variable || !value) return undefined;
  // Credentials of the proxy stay out of messages.
  return {
    variable,
    proxy: URL.canParse(value) ? new URL(value).host : 'that it names',
  };
}

/**
 * Cause of a request without an answer, with the next action, to stand after "Could not …: ".
 *
 * @param code - the error code of Node, such as `ENOTFOUND`
 * @param host - the host that was asked, where it is known
 */
export function networkCause(
  code: string,
  host: string | undefined,
  environment: Environment = process.env,
): string {
  const it = host ?? 'the host';
  if (NOT_TRUSTED.includes(code)) {
    return `the certificate of ${it} is not trusted (${code}). If a proxy or firewall of your network opens TLS, save the certificate of its authority as a PEM file and start the backend with NODE_EXTRA_CA_CERTS=<file>. See ${NETWORKS}`;
  }
  if (NOT_VALID_NOW.includes(code)) {
    return `the certificate of ${it} is not valid at this time (${code}). Check the clock of this machine, and that no proxy answers with an old certificate. See ${NETWORKS}`;
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `the certificate does not name ${it} (${code}). The name resolution or a proxy of your network leads to another server. See ${NETWORKS}`;
  }
  const why = NOT_CONNECTED[code];
  if (!why) {
    return BROKEN[code] ?? `the request failed on the way (${code})`;
  }
  const named = host ? `${host}: ${why} (${code})` : `${why} (${code})`;
  const proxied = proxyFor(host ?? '', environment);
  return proxied
    ? `the proxy ${proxied.proxy} of the variable ${proxied.variable} does not lead to ${it}: ${why} (${code}). Correct ${proxied.variable}, or add the host to NO_PROXY if it is reached directly. See ${NETWORKS}`
    : `${named}. If this network needs a proxy, start the backend with HTTPS_PROXY=<address of the proxy>. See ${NETWORKS}`;
}
