/* How many names each person has asked about in a minute, for `acrCmk.limits.nameChecksPerMinute`. */

// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('name_check_counts', table => {
    table.string('person', 255).notNullable().comment('Entity ref');
    table.bigInteger('minute').notNullable().comment('Of the epoch');
    table.integer('checks').notNullable();
    table.primary(['person', 'minute']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('name_check_counts');
};
