/*
 * What owners are told: once for each transition, over restarts and replicas.
 *
 * Entity refs and registry ids are lower case. Times are epoch milliseconds by the database's clock.
 */

// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('registries', table => {
    table
      .text('undecided')
      .comment('JSON: ids of the findings of which nothing is known');
  });
  // The verdict has one part more.
  await knex('registries').update({ judge_at: 0 });

  await knex.schema.createTable('registry_conditions', table => {
    table.comment('What was last seen to hold of a registry, and was told');
    table.string('registry_id', 400).notNullable();
    table.string('condition', 40).notNullable();
    table
      .string('subject', 300)
      .notNullable()
      .comment('What it holds of, such as a key: another one is news');
    table
      .integer('level')
      .notNullable()
      .comment('How urgent it is: higher is news');
    table.boolean('holds').notNullable();
    table.bigInteger('since').notNullable();
    table.primary(['registry_id', 'condition']);
  });

  await knex.schema.createTable('notification_messages', table => {
    table.comment('What is sent to a recipient, or was');
    table.string('id', 36).primary();
    table
      .string('scope', 300)
      .notNullable()
      .comment('Sent with it: Backstage keeps one notification for each');
    table
      .string('recipient', 255)
      .notNullable()
      .comment('Entity ref: a user, a group, or an entity for its owner');
    table
      .string('excluded', 255)
      .comment('Entity ref of the person who knows already');
    table.text('payload').notNullable().comment('JSON: what it says');
    table.bigInteger('created_at').notNullable().index();
    table.integer('attempts').notNullable().defaultTo(0);
    table
      .bigInteger('due_at')
      .comment('When it is sent, or sent again; null when that is over')
      .index();
    table.bigInteger('sent_at').comment('Null when it was not, or given up');
    table.text('problem').comment('How the last attempt failed');
    table.unique(['scope', 'recipient']);
  });

  await knex.schema.createTable('notification_ledger', table => {
    table.comment('Each thing that somebody is told in a digest');
    table
      .string('thing', 64)
      .notNullable()
      .comment('Hash of registry, condition, subject, level and time');
    table.string('recipient', 255).notNullable();
    table.string('kind', 40).notNullable();
    table.string('registry_id', 400).notNullable();
    table.text('details').notNullable().comment('JSON');
    table.bigInteger('created_at').notNullable().index();
    table
      .string('message_id', 36)
      .comment('The digest that tells it; null until there is one')
      .index();
    table.primary(['thing', 'recipient']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('notification_ledger');
  await knex.schema.dropTable('notification_messages');
  await knex.schema.dropTable('registry_conditions');
  await knex.schema.alterTable('registries', table => {
    table.dropColumn('undecided');
  });
};
