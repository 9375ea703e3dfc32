/*
 * Lets go on what waits since the first release. Its plans were renamed by an earlier migration, so
 * their hashes are computed again over what they say now. What waits for an approval gives its locks
 * back: it takes them when it is approved, and a revoke need not wait for it.
 */

// @ts-check

const { createHash } = require('node:crypto');

/**
 * Keys sorted at every level, as the hash of a plan is made.
 *
 * @param {any} value
 * @returns {string}
 */
function canonicalJson(value) {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  for (const { id, plan: planText, draft } of await knex('plans').select(
    'id',
    'plan',
    'draft',
  )) {
    const { fingerprint } = JSON.parse(draft);
    // Those of this release name their format.
    if (!fingerprint || fingerprint.format !== undefined) continue;
    const { entityRef, registryId, ...rest } = JSON.parse(planText);
    const hash = createHash('sha256')
      .update(canonicalJson({ planId: id, entityRef, registryId, fingerprint }))
      .digest('hex');
    const plan = JSON.stringify({ ...rest, entityRef, registryId, hash });
    await knex('plans').where({ id }).update({ hash, plan });
    await knex('operations').where({ plan_id: id }).update({ plan });
  }
  await knex('operation_locks')
    .whereIn(
      'operation_id',
      knex('operations').where({ state: 'awaiting-approval' }).select('id'),
    )
    .delete();
};

/** Hashes and locks of what waits are valid in both directions only as they are now. */
exports.down = async function down() {};
