import { createHmac, randomBytes } from 'node:crypto';
import type { RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import type { Clock } from '../database/clock';

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
  await db('sync_state')
    .insert({
      name: SECRET,
      value: JSON.stringify(randomBytes(32).toString('hex')),
      at: await clock.now(),
    })
    .onConflict('name')
    .ignore();
  const row = await db('sync_state').where({ name: SECRET }).first('value');
  const secret: string = JSON.parse(row!.value);
  return ({ key }) =>
    createHmac('sha256', secret).update(key).digest('base64url').slice(0, 22);
}
