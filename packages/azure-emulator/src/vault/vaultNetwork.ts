import { isIP } from 'node:net';
import { vaultArm as errors } from '../errors';
import { same } from '../state/ids';
import { NetworkAcls } from '../state/model';
import {
  asRecord,
  optionalArray,
  optionalRecord,
  requiredString,
} from '../http/body';

/** The value in its own spelling; throws Azure's error when it is none of these. */
export function oneOf(value: unknown, values: string[], field: string): string {
  const found = values.find(
    known => typeof value === 'string' && same(known, value),
  );
  if (!found) {
    throw errors.invalid(
      `The value of ${field} must be one of ${values.join(', ')}.`,
    );
  }
  return found;
}

/** The network rules of a vault; throws Azure's error when they are invalid. */
export function readAcls(value: unknown): NetworkAcls | undefined {
  const acls = optionalRecord(value, 'properties.networkAcls');
  if (!acls) {
    return undefined;
  }
  return {
    bypass: oneOf(
      acls.bypass ?? 'AzureServices',
      ['AzureServices', 'None'],
      'networkAcls.bypass',
    ),
    defaultAction: oneOf(
      acls.defaultAction ?? 'Allow',
      ['Allow', 'Deny'],
      'networkAcls.defaultAction',
    ),
    ipRules: (optionalArray(acls.ipRules, 'networkAcls.ipRules') ?? []).map(
      rule => ({
        value: readAddress(
          requiredString(
            asRecord(rule, 'networkAcls.ipRules').value,
            'networkAcls.ipRules.value',
          ),
        ),
      }),
    ),
    virtualNetworkRules: (
      optionalArray(
        acls.virtualNetworkRules,
        'networkAcls.virtualNetworkRules',
      ) ?? []
    ).map(rule => ({
      id: requiredString(
        asRecord(rule, 'networkAcls.virtualNetworkRules').id,
        'networkAcls.virtualNetworkRules.id',
      ),
    })),
  };
}

/** An IP address or a range in CIDR notation. */
function readAddress(value: string): string {
  const [address, bits, ...rest] = value.split('/');
  const widest = isIP(address) === 6 ? 128 : 32;
  const valid =
    isIP(address) !== 0 &&
    rest.length === 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= widest));
  if (!valid) {
    throw errors.invalid(
      `The value '${value}' of networkAcls.ipRules is not an IP address or a CIDR range.`,
    );
  }
  return value;
}
