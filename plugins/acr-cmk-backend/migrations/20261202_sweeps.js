'use strict';

/**
 * Drops the parts of sweeps, which are in memory now, and the count of readings by viewers, who cause none. The next
 * turn of the sync begins a sweep. No replica of the release before may run beside this one.
 */

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.dropTable('partitions');
  await knex.schema.dropTable('sweeps');
  await knex.schema.dropTable('view_reads');
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.createTable('view_reads', table => {
    table.bigInteger('minute').primary();
    table.integer('reads').notNullable();
  });
  await knex.schema.createTable('sweeps', table => {
    table.increments('id');
    table.string('state', 10).notNullable();
    table.text('subscriptions').notNullable();
    table.text('expected').notNullable();
    table.text('outcome');
    table.text('problem');
    table.bigInteger('started_at').notNullable();
    table.bigInteger('ended_at');
  });
  await knex.schema.createTable('partitions', table => {
    table.increments('id');
    table.integer('sweep_id').notNullable().references('sweeps.id').index();
    table.string('kind', 12).notNullable();
    table.string('source', 16).notNullable();
    table.text('subscriptions').notNullable();
    table.integer('part').notNullable();
    table.integer('parts').notNullable();
    table.string('state', 10).notNullable();
    table.integer('attempts').notNullable().defaultTo(0);
    table.text('seen');
    table.integer('unusable');
    table.text('problem');
    table.bigInteger('started_at');
    table.bigInteger('ended_at');
  });
};
