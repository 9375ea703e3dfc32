import { BlockList, isIPv6 } from 'node:net';
import type { Request } from '../types';

/** Address of the client. */
export const addressOf = ({ remoteAddress }: Request): string =>
  remoteAddress.replace(/^::ffff:/, '');

/** Whether one of the addresses and ranges covers an address. */
export function isListed(address: string, rules: { value: string }[]): boolean {
  const list = new BlockList();
  for (const { value } of rules) {
    const [ip, bits] = value.split('/');
    const family = isIPv6(ip) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(ip, family);
    else list.addSubnet(ip, Number(bits), family);
  }
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
