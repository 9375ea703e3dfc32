'use strict';

/**
 * Keeps facts for plans and lists in one table, with the columns of every reading. What Azure last said is not carried
 * over: the next sync and the next plans read it again. No replica of the release before may run beside this one.
 *
 * @typedef {import('knex').Knex.CreateTableBuilder} Table
 */

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.dropTable('listings');
  await knex.schema.dropTable('facts');
  await knex.schema.createTable('facts', table => {
    table.comment('Facts that nothing filters or sorts by, as JSON');
    table.string('kind', 40).notNullable();
    table
      .string('subject', 600)
      .notNullable()
      .comment('Of a list: a subscription, a vault host, or catalog');
    table.text('facts').comment('JSON; null when it was never read');
    table
      .bigInteger('read_at')
      .comment('What the facts are certain to show: when the reading began');
    table.integer('lag_ms').notNullable().defaultTo(0);
    table.bigInteger('azure_at').comment("Azure's clock at the reading");
    table.bigInteger('seen_at');
    table.bigInteger('changed_at').comment('When the facts last differed');
    table
      .bigInteger('expired_at')
      .comment('When the plugin last changed it: older facts are out of date');
    table.text('problem').comment('JSON: how the last reading failed');
    table.string('problem_kind', 20);
    table.bigInteger('problem_at');
    table.primary(['kind', 'subject']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('facts');
  await knex.schema.createTable('facts', table => {
    table.string('kind', 40).notNullable();
    table.string('subject', 600).notNullable();
    table.text('value');
    table.bigInteger('observed_at');
    table.bigInteger('azure_at');
    table.bigInteger('expired_at');
    table.text('problem');
    table.bigInteger('problem_at');
    table.primary(['kind', 'subject']);
  });
  await knex.schema.createTable('listings', table => {
    table.string('kind', 20).notNullable();
    table.string('part', 400).notNullable();
    table.integer('items');
    table.bigInteger('read_at');
    table.bigInteger('azure_at');
    table.bigInteger('expired_at');
    table.text('problem');
    table.bigInteger('problem_at');
    table.primary(['kind', 'part']);
  });
};
