/*
 * Everything the plugin keeps. Times are epoch milliseconds by the database's clock, unless a
 * column says `azure`. JSON is kept as text, so that SQLite and PostgreSQL hold the same.
 */

// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('facts', table => {
    table.comment('What Azure last said, kept with its age');
    table.string('kind', 40).notNullable();
    table.string('subject', 600).notNullable();
    table.text('value');
    table.bigInteger('observed_at');
    table.bigInteger('azure_at');
    table
      .bigInteger('expired_at')
      .comment('What was read before is known to be old');
    table.text('problem');
    table.bigInteger('problem_at');
    table.primary(['kind', 'subject']);
  });

  await knex.schema.createTable('plans', table => {
    table.string('id', 36).primary();
    table.string('hash', 64).notNullable();
    table.string('entity_ref', 255).notNullable();
    table.string('registry_key', 400).notNullable();
    table.string('requested_by', 255).notNullable();
    table.text('plan').notNullable();
    table.text('draft').notNullable();
    table.bigInteger('expires_at').notNullable().index();
  });

  await knex.schema.createTable('operations', table => {
    table.string('id', 36).primary();
    table.integer('revision').notNullable();
    table.string('state', 20).notNullable();
    table.string('kind', 20).notNullable();
    table.string('plan_id', 36).notNullable().references('plans.id');
    table.string('entity_ref', 255).notNullable();
    table.string('registry_key', 400).notNullable();
    table.string('requested_by', 255).notNullable();
    table.string('idempotency_key', 100).notNullable();
    table.string('request_hash', 64).notNullable();
    table.text('reason').notNullable();
    table.text('plan').notNullable();
    table.text('inverse').notNullable();
    table.text('shared').notNullable();
    table.text('result');
    table.text('waiting_for');
    table.bigInteger('created_at').notNullable();
    table.bigInteger('started_at');
    table.bigInteger('ended_at');
    table.bigInteger('due_at').comment('Null when it has ended');
    table
      .integer('epoch')
      .notNullable()
      .comment('Fence: grows with every claim');
    table.string('lease_owner', 100);
    table.bigInteger('lease_until');
    table
      .integer('interruptions')
      .notNullable()
      .defaultTo(0)
      .comment('In a row, by faults of ours or the end of a process');
    table
      .string('approval', 20)
      .comment('awaited, given, refused or lapsed; null when none is needed');
    table.string('approval_by', 255);
    table.bigInteger('approval_at');
    table.bigInteger('approval_lapses_at');
    table.integer('waiting_seconds').notNullable().defaultTo(0);
    table.bigInteger('begins_at').comment('End of the waiting period');
    table
      .integer('restore_after_minutes')
      .comment('Of a revoke that undoes itself unless it is confirmed');
    table
      .bigInteger('restores_at')
      .comment('Null when nothing is to be undone');
    table.string('confirmed_by', 255);
    table
      .string('undone_by', 36)
      .comment('Of a revoke: the restore that has undone it');
    table.unique(['requested_by', 'idempotency_key']);
    table.index(['due_at']);
    table.index(['restores_at']);
    table.index(['entity_ref', 'created_at']);
    table.index(['registry_key', 'created_at']);
  });

  await knex.schema.createTable('operation_locks', table => {
    table.comment('One writer for each registry and each key');
    table.string('target', 600).primary();
    table
      .string('operation_id', 36)
      .notNullable()
      .index()
      .references('operations.id');
  });

  await knex.schema.createTable('operation_steps', table => {
    table.string('operation_id', 36).notNullable().references('operations.id');
    table.integer('position').notNullable();
    table.string('state', 20).notNullable();
    table.text('spec').notNullable();
    table.text('memo').notNullable();
    table.text('before');
    table.text('after');
    table.integer('attempts').notNullable();
    table.string('correlation_id', 100);
    table.text('sentence');
    table.bigInteger('started_at');
    table.bigInteger('ended_at');
    table.primary(['operation_id', 'position']);
  });

  await knex.schema.createTable('audit', table => {
    table.comment('Append-only; each row holds the hash of the one before');
    table.integer('seq').primary();
    table.bigInteger('at').notNullable();
    table.string('actor', 255).notNullable();
    table.string('event', 60).notNullable();
    table.string('entity_ref', 255);
    table.string('registry_id', 400);
    table.string('operation_id', 36);
    table.text('details').notNullable();
    table.string('previous_hash', 64).notNullable();
    table.string('hash', 64).notNullable();
  });
  await knex.schema.createTable('audit_head', table => {
    table.comment(
      'One row: the end of the chain, and the lock that orders writers',
    );
    table.integer('id').primary();
    table.integer('seq').notNullable();
    table.string('hash', 64).notNullable();
  });
  await knex('audit_head').insert({ id: 1, seq: 0, hash: '0'.repeat(64) });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of [
    'audit_head',
    'audit',
    'operation_steps',
    'operation_locks',
    'operations',
    'plans',
    'facts',
  ]) {
    await knex.schema.dropTable(table);
  }
};
