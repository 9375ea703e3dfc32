/*
 * What the sync of the inventory has done and has to do. It may be killed at any moment: whatever is
 * under way is a row that can be done again alone.
 *
 * Times are epoch milliseconds by the database's clock.
 */

// @ts-check

/** What Resource Graph lists; a row knows what it was listed as. */
const LISTED = ['registries', 'vaults', 'identities', 'access'];

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('sweeps', table => {
    table.increments('id');
    table
      .string('state', 10)
      .notNullable()
      .comment('running, whole, partial or failed');
    table
      .text('subscriptions')
      .notNullable()
      .comment('JSON: those that were asked for');
    table.text('expected').notNullable().comment('JSON: counts at its start');
    table.text('outcome').comment('JSON: what came of each subscription');
    table.text('problem').comment('JSON: what kept all of it from success');
    table.bigInteger('started_at').notNullable().index();
    table.bigInteger('ended_at');
  });

  await knex.schema.createTable('partitions', table => {
    table.increments('id');
    table
      .integer('sweep_id')
      .notNullable()
      .references('sweeps.id')
      .onDelete('cascade');
    table
      .string('kind', 20)
      .notNullable()
      .comment('registries, vaults, identities or assignments');
    table
      .string('source', 20)
      .notNullable()
      .comment('resource-graph, or arm: a list of one subscription');
    table.text('subscriptions').notNullable().comment('JSON');
    table.integer('part').notNullable();
    table.integer('parts').notNullable();
    table
      .string('state', 10)
      .notNullable()
      .comment('pending, done, split or failed');
    table.integer('attempts').notNullable().defaultTo(0);
    table.text('seen').comment('JSON: rows by subscription');
    table.integer('unusable').comment('Rows that could not be understood');
    table.text('problem').comment('JSON: how the last attempt failed');
    table.bigInteger('started_at');
    table.bigInteger('ended_at');
    table.index(['sweep_id', 'state']);
  });

  await knex.schema.createTable('dirty', table => {
    table.comment('What has to be read from Azure again, soon');
    table
      .string('kind', 20)
      .notNullable()
      .comment('registry, vault, identity, key or access');
    table.string('subject', 450).notNullable();
    table.string('reason', 20).notNullable();
    table
      .integer('marks')
      .notNullable()
      .comment(
        'Grows with every mark: a reading that began before one does not count',
      );
    table.integer('attempts').notNullable().defaultTo(0);
    table.bigInteger('since').notNullable();
    table.bigInteger('due_at').notNullable();
    table.primary(['kind', 'subject']);
    table.index(['due_at', 'since']);
  });

  await knex.schema.createTable('events_seen', table => {
    table.comment('Events that were taken, so that a doubled one does nothing');
    table.string('id', 64).primary().comment('Hash of topic and id');
    table.bigInteger('received_at').notNullable().index();
  });

  await knex.schema.createTable('sync_state', table => {
    table.comment('Watermarks, and when something was last done');
    table.string('name', 60).primary();
    table.text('value').notNullable();
    table.bigInteger('at').notNullable();
  });

  for (const name of LISTED) {
    await knex.schema.alterTable(name, table => {
      table
        .string('listed_as', 22)
        .comment('Hash of what Resource Graph last showed of it');
    });
  }
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const name of LISTED) {
    await knex.schema.alterTable(name, table => {
      table.dropColumn('listed_as');
    });
  }
  for (const table of [
    'sync_state',
    'events_seen',
    'dirty',
    'partitions',
    'sweeps',
  ]) {
    await knex.schema.dropTable(table);
  }
};
