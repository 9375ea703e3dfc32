/*
 * What an operation needed of somebody, also where whoever asked for it had all of it: to make a temporary
 * revoke permanent takes the same. Revokes that may still be made permanent get it from their plans.
 */

// @ts-check

/**
 * Authorities as a plan's fingerprint holds them: `permission on entity`, or the permission alone.
 *
 * @param {string} text
 */
const authoritiesIn = text =>
  text.split(', ').map(authority => {
    const [permission, entityRef] = authority.split(' on ');
    return entityRef ? { permission, entityRef } : { permission };
  });

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('operations', table => {
    table
      .text('authorities')
      .comment(
        'JSON: permissions, most of them on an entity; null for operations of an earlier release',
      );
  });
  const revokes = await knex('operations')
    .join('plans', 'plans.id', 'operations.plan_id')
    .where('operations.kind', 'revoke')
    .whereNotNull('operations.restore_after_minutes')
    .select('operations.id', 'plans.draft');
  for (const { id, draft } of revokes) {
    const { authorities } = JSON.parse(draft).fingerprint ?? {};
    if (!authorities) continue;
    await knex('operations')
      .where({ id })
      .update({ authorities: JSON.stringify(authoritiesIn(authorities)) });
  }
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('operations', table => {
    table.dropColumn('authorities');
  });
};
