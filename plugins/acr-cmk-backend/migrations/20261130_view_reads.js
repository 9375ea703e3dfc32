/* How many readings of Azure people who look have caused in a minute: the same for all replicas. */

// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('view_reads', table => {
    table.bigInteger('minute').primary().comment('Of the epoch');
    table.integer('reads').notNullable();
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('view_reads');
};
