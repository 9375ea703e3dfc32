import diagnostics from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import {
  isDocumented,
  serviceOf,
} from './azure/__testUtils__/documentedRequests';

/**
 * As Node has it. Jest keeps a hundred, and finds the place in the source of each; `agent-base` makes a stack
 * for every request through a proxy, to see whether it is for HTTPS.
 */
Error.stackTraceLimit = 10;

/** Requests of the product to Azure, as `METHOD host path`. */
const sent = new Set<string>();

const onRequest = (message: unknown) => {
  const { request } = message as { request: ClientRequest };
  const client = `${request.getHeader('user-agent')}`;
  // A request to a proxy is not Azure's.
  if (
    request.method !== 'CONNECT' &&
    /^(backstage-plugin-acr-cmk|azsdk-js-identity)/.test(client)
  ) {
    sent.add(`${request.method} ${request.host} ${request.path}`);
  }
};
diagnostics.subscribe('http.client.request.start', onRequest);

afterAll(() => {
  diagnostics.unsubscribe('http.client.request.start', onRequest);
  const unknown = [...sent].filter(text => {
    const [method, host, path] = text.split(' ');
    return serviceOf(host) && !isDocumented({ method, host, path });
  });
  sent.clear();
  if (unknown.length > 0) {
    throw new Error(
      `The product sends requests to Azure that azure/__testUtils__/documentedRequests.ts and docs/azure.md do not name: ${unknown.join(', ')}`,
    );
  }
});
