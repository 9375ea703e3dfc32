/* How many plans each person has made in a minute, for `acrCmk.limits.plansPerMinute`. */

// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('plan_counts', table => {
    table.string('person', 255).notNullable().comment('Entity ref');
    table.bigInteger('minute').notNullable().comment('Of the epoch');
    table.integer('plans').notNullable();
    table.primary(['person', 'minute']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('plan_counts');
};
