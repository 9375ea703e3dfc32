import tls from 'node:tls';
import type { Emulator } from './emulator';

/**
 * Points the Azure SDK clients of this process at the emulator: they find the proxy in
 * `process.env.HTTPS_PROXY`, and the emulator's authority is added to Node's defaults. TLS
 * verification stays on. Returns a function that undoes both.
 */
export function trustInThisProcess(
  emulator: Pick<Emulator, 'ready' | 'caPem'>,
): () => void {
  const before = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...before, emulator.caPem]);
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
