import { createHmac, randomBytes } from 'node:crypto';
import type { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { Clock } from '../database/clock';
import { insertState, readState } from '../database/state';

const SECRET = 'signals-secret';

/** Returns the opaque token of a registry in signals, which every signed-in user receives. */
export type ChangeTokenOf = (registry: Pick<RegistryId, 'key'>) => string;

/**
 * Tokens are the same in every replica and after a restart. They reveal nothing to a user who
 * has not received the registry, and cannot be derived from its id.
 */
export async function openChangeTokens(
  db: Knex,
  clock: Clock,
): Promise<ChangeTokenOf> {
  await insertState(db, SECRET, {
    value: randomBytes(32).toString('hex'),
    now: await clock.now(),
  });
  const secret = (await readState<string>(db, SECRET))!.value;
  return ({ key }) =>
    createHmac('sha256', secret).update(key).digest('base64url').slice(0, 22);
}
