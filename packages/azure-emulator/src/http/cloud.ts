import { serviceOfHost } from './hosts';
import type { CloudName, Service } from '../types';

export const CLOUD_NAMES: readonly CloudName[] = [
  'public',
  'usGovernment',
  'china',
];

/** Host names of the public cloud, and what they are called elsewhere. */
const NAMES: Record<string, Record<Exclude<CloudName, 'public'>, string>> = {
  'management.core.windows.net': {
    usGovernment: 'management.core.usgovcloudapi.net',
    china: 'management.core.chinacloudapi.cn',
  },
  'management.azure.com': {
    usGovernment: 'management.usgovcloudapi.net',
    china: 'management.chinacloudapi.cn',
  },
  'login.microsoftonline.com': {
    usGovernment: 'login.microsoftonline.us',
    china: 'login.partner.microsoftonline.cn',
  },
  'login.windows.net': {
    usGovernment: 'login.usgovcloudapi.net',
    china: 'login.chinacloudapi.cn',
  },
  'graph.microsoft.com': {
    usGovernment: 'graph.microsoft.us',
    china: 'microsoftgraph.chinacloudapi.cn',
  },
  'vault.azure.net': {
    usGovernment: 'vault.usgovcloudapi.net',
    china: 'vault.azure.cn',
  },
  'managedhsm.azure.net': {
    usGovernment: 'managedhsm.usgovcloudapi.net',
    china: 'managedhsm.azure.cn',
  },
  'azurecr.io': { usGovernment: 'azurecr.us', china: 'azurecr.cn' },
};

/** Marks a name of the public cloud in a request to another cloud: it means nothing there. */
const FOREIGN = '.of-another-cloud';

const escape = (text: string) => text.replace(/[.]/g, '\\.');
const anyOf = (names: string[]) =>
  new RegExp(`(?:${names.map(escape).join('|')})(?:${escape(FOREIGN)})?`, 'gi');

/**
 * One of Microsoft's clouds: the same APIs under other host names. Inside, the emulator knows the names of the public cloud only. A cloud translates them at the edge: in
 * requests as they come in, and in answers as they leave.
 */
export class Cloud {
  private readonly outward = new Map<string, string>();
  private readonly inward = new Map<string, string>();
  private readonly publicNames = anyOf(Object.keys(NAMES));
  private readonly requestNames: RegExp;

  constructor(readonly name: CloudName) {
    for (const [known, elsewhere] of Object.entries(NAMES)) {
      const here = name === 'public' ? known : elsewhere[name];
      this.outward.set(known, here);
      this.inward.set(here, known);
    }
    this.requestNames = anyOf([
      ...this.inward.keys(),
      ...(name === 'public' ? [] : this.outward.keys()),
    ]);
  }

  /** Text of a request in the names of the public cloud. */
  toInternal(text: string): string {
    return this.name === 'public'
      ? text
      : text.replace(
          this.requestNames,
          name => this.inward.get(name.toLowerCase()) ?? `${name}${FOREIGN}`,
        );
  }

  /** Text of an answer in the names of this cloud. */
  toExternal(text: string): string {
    return this.name === 'public'
      ? text
      : text.replace(this.publicNames, name =>
          name.toLowerCase().endsWith(FOREIGN)
            ? name.slice(0, -FOREIGN.length)
            : (this.outward.get(name.toLowerCase()) ?? name),
        );
  }

  /** The service of a host name of this cloud; undefined for every other host. */
  serviceOf(host: string): Service | undefined {
    return serviceOfHost(this.toInternal(host));
  }
}
