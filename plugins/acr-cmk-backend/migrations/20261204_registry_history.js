'use strict';

/**
 * Adds the history of registries, which takes the place of the last change outside of the portal, and the time since
 * when a registry is in its state.
 */

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('registry_history', table => {
    table.comment(
      'Changes of registries and of their states, as they were seen',
    );
    table.increments('id');
    table
      .string('registry_id', 600)
      .notNullable()
      .comment('ARM id, lower case');
    table.bigInteger('seen_at').notNullable().comment('When it was first seen');
    table.text('event').notNullable().comment('JSON');
    table.index(['registry_id', 'seen_at']);
    table.index(['seen_at']);
  });
  await knex.schema.alterTable('registries', table => {
    table
      .bigInteger('state_since')
      .comment('When the state was first seen; null where that is not known');
  });
  const changed = await knex('registries')
    .whereNotNull('changed_outside')
    .select('id', 'changed_outside');
  for (const { id, changed_outside } of changed) {
    const { what, noticedAt, accessGoneAt } = JSON.parse(changed_outside);
    if (what && noticedAt) {
      await knex('registry_history').insert({
        registry_id: id,
        seen_at: Date.parse(noticedAt),
        event: JSON.stringify({ changes: what.map(each => ({ what: each })) }),
      });
    }
    if (accessGoneAt) {
      const since = Date.parse(accessGoneAt);
      await knex('registry_history').insert({
        registry_id: id,
        seen_at: since,
        event: JSON.stringify({ state: 'revoked' }),
      });
      await knex('registries').where({ id }).update({ state_since: since });
    }
  }
  await knex.schema.alterTable('registries', table => {
    table.dropColumn('changed_outside');
  });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('registries', table => {
    table.text('changed_outside');
    table.dropColumn('state_since');
  });
  await knex.schema.dropTable('registry_history');
};
