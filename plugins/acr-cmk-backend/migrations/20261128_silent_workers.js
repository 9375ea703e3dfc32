/* Since when the worker of an operation has given no sign of life. */

// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('operations', table => {
    table
      .bigInteger('silent_since')
      .comment('Its worker seems to have gone away; null otherwise');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('operations', table => {
    table.dropColumn('silent_since');
  });
};
