/*
 * Whom an operation takes the key from, beside the registry that it is about: their people are
 * notified by their registry.
 */

// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('registry_losses', table => {
    table.comment('Registries that lose their key by an operation of another');
    table.string('operation_id', 36).notNullable().references('operations.id');
    table.string('registry_key', 400).notNullable().index();
    table.primary(['operation_id', 'registry_key']);
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('registry_losses');
};
