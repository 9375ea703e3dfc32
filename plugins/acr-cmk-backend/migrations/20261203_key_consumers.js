'use strict';

/** Adds the resources of other Azure services that use keys. The next sweep lists them. */

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('key_consumers', table => {
    table.comment('Keys that resources of other Azure services use');
    table.string('id', 600).notNullable().comment('ARM id, lower case');
    table.string('vault_host', 150).notNullable();
    table.string('key_name', 127).notNullable();
    table
      .string('version', 32)
      .notNullable()
      .comment('Empty where none can be read');
    table.string('use', 10).notNullable().comment('current, earlier or backup');
    table
      .string('identity', 600)
      .notNullable()
      .comment('Object id, or what the resource names; empty for none');
    table.string('subscription_id', 36).notNullable();
    table.string('type', 100).notNullable().comment('ARM type, lower case');
    table.text('facts').notNullable().comment('JSON: the whole resource');
    table
      .text('behind')
      .comment('JSON: what a disk encryption set encrypts, by type');
    table
      .bigInteger('seen_at')
      .notNullable()
      .comment('When the reading began that showed it last');
    table.primary([
      'id',
      'vault_host',
      'key_name',
      'version',
      'use',
      'identity',
    ]);
    table.index(['vault_host', 'key_name']);
    table.index(['identity']);
    table.index(['subscription_id']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('key_consumers');
};
