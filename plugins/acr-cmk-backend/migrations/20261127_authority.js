/*
 * Whose agreement an operation needs, who has given it, and by what a request came. What waits for
 * an approval during the upgrade needs what it needed before.
 */

// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('operations', table => {
    table.text('needs').comment('JSON; null when no approval is needed');
    table
      .string('origin', 20)
      .notNullable()
      .defaultTo('person')
      .comment('person or program');
  });
  for (const { id, entity_ref: entityRef } of await knex('operations')
    .whereNotNull('approval')
    .select('id', 'entity_ref')) {
    await knex('operations')
      .where({ id })
      .update({
        needs: JSON.stringify([
          {
            permission: 'acr-cmk.operation.approve',
            entityRef,
            because: 'this portal asks for a second person here',
          },
        ]),
      });
  }
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('operations', table => {
    table.dropColumn('needs');
    table.dropColumn('origin');
  });
};
