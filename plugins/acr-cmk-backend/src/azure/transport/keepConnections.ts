import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { HttpsProxyAgent } from 'https-proxy-agent';

/**
 * Its base class finds out by a stack trace whether a request is one of HTTPS. A connection that becomes free has
 * no such trace, and would be kept under a name that nobody asks for.
 */
class KeepingAgent extends HttpsProxyAgent<string> {
  isSecureEndpoint(): boolean {
    return true;
  }
}

/**
 * Keeps connections that go through a proxy, as the SDK does with those that do not.
 *
 * The SDK's own agent for a proxy (core-rest-pipeline 1.25) makes a connection for each request, with a TLS
 * handshake. A sync of 1,000 registries made 1,587 of them, and their buffers, which Node frees late, were most
 * of the memory that it added. Which requests go through a proxy is still the SDK's decision.
 *
 * @returns a policy for all clients that may share connections; it has to come after the SDK's `proxyPolicy`
 */
export function keepConnections(): PipelinePolicy {
  const agents = new Map<string, KeepingAgent>();
  return {
    name: 'keepConnections',
    sendRequest(request, next) {
      const proxy = proxyOf(request.agent);
      if (proxy) {
        const agent =
          agents.get(proxy) ?? new KeepingAgent(proxy, { keepAlive: true });
        agents.set(proxy, agent);
        request.agent = agent;
      }
      return next(request);
    },
  };
}

/** Recognizes a proxy agent by its shape, since the SDK may bring its own copy of `https-proxy-agent`. */
function proxyOf(agent: unknown): string | undefined {
  const { proxy, connectOpts } = (agent ?? {}) as Partial<
    HttpsProxyAgent<string>
  >;
  return proxy instanceof URL && connectOpts ? proxy.href : undefined;
}
