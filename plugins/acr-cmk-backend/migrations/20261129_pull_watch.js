/*
 * Pulls that are tried after an operation has ended, until they show its effect.
 */

// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('operations', table => {
    table.text('pulls').comment('What pulls got since it ended, and shall get');
    table.bigInteger('pulls_due_at').comment('Null when none is tried');
    table.index(['pulls_due_at']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('operations', table => {
    table.dropIndex(['pulls_due_at']);
    table.dropColumn('pulls');
    table.dropColumn('pulls_due_at');
  });
};
