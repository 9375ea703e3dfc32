'use strict';

/**
 * Keeps in each row when and why it is read next, in place of a table of things to read. What waits there is read by
 * the next turn. No replica of the release before may run beside this one.
 *
 * @typedef {import('knex').Knex.CreateTableBuilder} Table
 */

/** Kind and subject of the rows of each table in `dirty`. */
const MARKS = {
  registries: { kind: 'registry', subject: 'id' },
  vaults: { kind: 'vault', subject: 'id' },
  identities: { kind: 'identity', subject: 'id' },
  keys: { kind: 'key', subject: "vault_host || '/' || name" },
  access: {
    kind: 'access',
    subject: "principal_id || ' ' || vault_host || '/' || key_name",
  },
};
const TABLES = Object.keys(MARKS);

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  for (const name of TABLES) {
    await knex.schema.alterTable(name, table => {
      table
        .bigInteger('next_read_at')
        .index()
        .comment(
          'When it is read next, or read by somebody until then; null while lists keep it',
        );
      table.string('read_why', 12).comment('Null when it is not to be read');
      table.integer('read_attempts').notNullable().defaultTo(0);
    });
    const { kind, subject } = MARKS[name];
    await knex(name)
      .whereIn(
        knex.raw(subject),
        knex('dirty').where({ kind }).select('subject'),
      )
      .update({ next_read_at: 0, read_why: 'changed' });
  }
  await knex.schema.dropTable('dirty');
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.createTable('dirty', table => {
    table.string('kind', 12).notNullable();
    table.string('subject', 600).notNullable();
    table.string('subscription_id', 36).notNullable();
    table.string('reason', 12).notNullable();
    table.integer('marks').notNullable();
    table.integer('attempts').notNullable().defaultTo(0);
    table.bigInteger('since').notNullable();
    table.bigInteger('due_at').notNullable();
    table.primary(['kind', 'subject']);
    table.index(['due_at']);
    table.index(['subscription_id', 'due_at', 'since']);
  });
  for (const name of TABLES) {
    await knex.schema.alterTable(name, table => {
      table.dropIndex(['next_read_at']);
      table.dropColumns('next_read_at', 'read_why', 'read_attempts');
    });
  }
};
