import tls from 'node:tls';
import type { Emulator } from '../emulator';

/**
 * Points the Azure SDK clients of this process at the emulator: they find the proxy in
 * `process.env.HTTPS_PROXY`, and trust the emulator's authority and no other. TLS verification
 * stays on. Returns a function that undoes both.
 */
export function trustInThisProcess(
  emulator: Pick<Emulator, 'ready' | 'caPem'>,
): () => void {
  const before = tls.getCACertificates('default');
  // All of Azure is behind the proxy. To take in Node's own authorities as well would cost 25 ms each time.
  tls.setDefaultCACertificates([emulator.caPem]);
  const names = ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'];
  const environment = names.map(name => [name, process.env[name]] as const);
  for (const name of names) delete process.env[name];
  process.env.HTTPS_PROXY = emulator.ready.proxy;
  return () => {
    tls.setDefaultCACertificates(before);
    for (const [name, value] of environment) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
