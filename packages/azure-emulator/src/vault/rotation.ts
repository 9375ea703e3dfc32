import { parseDuration } from '../state/durations';
import { Key } from '../state/model';
import { HSM_KEY_VERSIONS } from '../assumptions';
import { isHsmName } from '../state/ids';
import { rotateKey } from './keyVersions';
import type { Azure } from '../types';

/** Time when the key's rotation policy creates the next version; undefined when it never does. */
export function rotationDue(key: Key): number | undefined {
  const latest = key.versions[key.versions.length - 1];
  const action = key.rotationPolicy?.lifetimeActions.find(
    ({ action: { type } }) => type.toLowerCase() === 'rotate',
  );
  const isFull =
    isHsmName(key.vault) && key.versions.length >= HSM_KEY_VERSIONS;
  if (!action || !latest?.enabled || isFull) {
    return undefined;
  }
  const { timeAfterCreate, timeBeforeExpiry } = action.trigger;
  if (timeAfterCreate) {
    const after = parseDuration(timeAfterCreate);
    return after === undefined ? undefined : latest.createdAt + after;
  }
  const before = timeBeforeExpiry ? parseDuration(timeBeforeExpiry) : undefined;
  // A version without an expiry gives "before expiry" nothing to count from.
  return before === undefined || latest.expiresAt === undefined
    ? undefined
    : latest.expiresAt - before;
}

export function rotateByPolicy(azure: Azure, key: Key, at: number) {
  rotateKey(azure, key, at);
}
