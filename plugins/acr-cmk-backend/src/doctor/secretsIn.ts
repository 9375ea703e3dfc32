import type { Config } from '@backstage/config';
import { isPrivateKey } from '../platform/config/values';

/** Settings below `acrCmk` whose values are secret; config.d.ts marks the same ones. */
const SECRET = ['clientSecret', 'certificate', 'signingKey'];

/** Shorter texts would garble a report, and Azure gives no secrets that short. */
const MIN_LENGTH = 6;

/** Secrets in `acrCmk`, also private keys in a wrong place, and each line of those with several lines. */
export function secretsIn(root: Config): string[] {
  const found: string[] = [];
  const visit = (value: unknown, key?: string): void => {
    if (typeof value === 'string') {
      if ((key && SECRET.includes(key)) || isPrivateKey(value)) {
        found.push(value, ...value.split('\n'));
      }
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) visit(inner, name);
    }
  };
  visit(root.getOptional('acrCmk'));
  return [...new Set(found)]
    .filter(text => text.length >= MIN_LENGTH)
    .sort((a, b) => b.length - a.length);
}
