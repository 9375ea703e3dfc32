/*
 * What an operation needs to end, or to be cancelled, without a write that arrives afterwards.
 */

// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('operations', table => {
    table
      .integer('attempts')
      .notNullable()
      .defaultTo(0)
      .comment('Sum of its steps: zero when nothing was written');
    table
      .bigInteger('settles_at')
      .comment('A former worker may have sent a write that arrives until then');
  });
  await knex('operations').update({
    attempts: knex('operation_steps')
      .whereRaw('operation_steps.operation_id = operations.id')
      .select(knex.raw('coalesce(sum(attempts), 0)')),
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('operations', table => {
    table.dropColumn('attempts');
    table.dropColumn('settles_at');
  });
};
