import type { Request, Service } from '../types';

const HOSTS: [RegExp, Service][] = [
  [/^management\.(azure\.com|core\.windows\.net)$/, 'arm'],
  [/^login\.(microsoftonline\.com|windows\.net)$/, 'login'],
  [/^graph\.microsoft\.com$/, 'graph'],
  [/^[a-z0-9-]+\.(vault|managedhsm)\.azure\.net$/, 'vault'],
  [/^[a-z0-9-]+\.azurecr\.io$/, 'registry'],
];

/** The Azure service of a host name; undefined when the emulator does not serve it. */
export function serviceOfHost(host: string): Service | undefined {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  return HOSTS.find(([pattern]) => pattern.test(name))?.[1];
}

/** Whether a request is for a Managed HSM. */
export const isForHsm = ({ host }: Pick<Request, 'host'>) =>
  /^[^.]+\.managedhsm\./i.test(host);

/** The first label of the host: the name of the vault or registry. */
export const hostLabel = (request: Request) => request.host.split('.')[0];
