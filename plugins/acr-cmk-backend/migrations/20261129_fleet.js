/*
 * What lists of the whole fleet are sorted by and looked up with.
 */

// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('registries', table => {
    table
      .bigInteger('version_created_at')
      .comment(
        "Of the verdict: when the version in use was created, Azure's time",
      );
  });
  await knex.schema.alterTable('keys', table => {
    table
      .bigInteger('rotates_at')
      .comment(
        "When the vault's policy will make the next version, Azure's time",
      );
    table.index(['rotates_at']);
  });
  // Everything that lists and counts need but the rows of one page, so that they read no facts.
  await knex.schema.alterTable('registries', table => {
    table.index(
      [
        'name',
        'id',
        'state',
        'severity',
        'version_mode',
        'subscription_id',
        'resource_group',
        'vault_host',
        'key_name',
        'expires_at',
        'version_created_at',
        'problem_kind',
        'location',
      ],
      'registries_fleet',
    );
  });
  // The verdict has one part more.
  await knex('registries').update({ judge_at: 0 });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('keys', table => {
    table.dropIndex(['rotates_at']);
    table.dropColumn('rotates_at');
  });
  await knex.schema.alterTable('registries', table => {
    table.dropIndex([], 'registries_fleet');
    table.dropColumn('version_created_at');
  });
};
