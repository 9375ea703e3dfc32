/*
 * A version in use that is not among those that are known of its key is no longer taken for one that is not
 * there, unless the key was read since: registries are judged again.
 */

// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex('registries').update({ judge_at: 0 });
};

/** No column has changed. */
exports.down = async function down() {};
