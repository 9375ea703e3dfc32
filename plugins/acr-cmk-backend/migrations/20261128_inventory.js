/*
 * What Azure last said, as one row for each registry, vault, key, access path and identity, in place
 * of one JSON value for each list. A column is what somebody filters, sorts or joins by; the rest of
 * the facts is JSON beside them. What was kept before is read again; operations, plans and audit are
 * not affected.
 *
 * Ids, names, hosts and entity refs in key columns are lower case. Times are epoch milliseconds by
 * the database's clock, unless the column says `azure` or its comment says otherwise.
 */

// @ts-check

/** @type {string[]} Kinds of facts that are rows now. */
const ROWS = [
  'registry',
  'registries',
  'vaults',
  'key',
  'keys',
  'assignments',
  'identities',
];

/** The columns of everything that is read and kept with its age. @param {import('knex').Knex.CreateTableBuilder} table */
function readings(table) {
  table.text('facts').comment('JSON; null when it was never read');
  table
    .bigInteger('read_at')
    .comment('What the facts are certain to show: when the reading began');
  table.bigInteger('azure_at').comment("Azure's clock at the reading");
  table.bigInteger('seen_at').comment('When a list last held it');
  table.bigInteger('changed_at').comment('When the facts last differed');
  table
    .bigInteger('expired_at')
    .comment('We changed it: what was read before is known to be old');
  table.text('problem').comment('JSON: how the last reading failed');
  table.string('problem_kind', 20);
  table.bigInteger('problem_at');
}

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('registries', table => {
    table.string('id', 400).primary().comment('ARM id');
    table.string('subscription_id', 36).notNullable();
    table.string('resource_group', 90).notNullable();
    table.string('name', 50).notNullable();
    table.string('location', 60);
    table.string('sku', 20);
    table.string('vault_host', 150).comment('Of the key; null without one');
    table.string('key_name', 127);
    table.string('version_mode', 10).comment('automatic or manual');
    table.string('version_in_use', 32);
    table
      .string('identity', 40)
      .comment('What encrypts: a client id, or system');
    table
      .string('principal_id', 36)
      .comment('Object id of that identity; null when it is not attached');
    readings(table);
    table
      .string('state', 20)
      .comment('The verdict; null when it was not judged yet');
    table.text('state_message');
    table
      .integer('severity')
      .comment('Of the worst finding: 3 error, 2 warning, 1 info, 0 none');
    table.text('findings').comment('JSON: ids of the findings that hold');
    table.bigInteger('behind_since').comment("Azure's time");
    table
      .bigInteger('expires_at')
      .comment("When the version in use expires, Azure's time");
    table.bigInteger('judged_at');
    table
      .bigInteger('judge_at')
      .comment(
        'When to judge again: 0 when facts have changed; null when time alone changes nothing',
      );
    table.index(['subscription_id', 'resource_group']);
    table.index(['vault_host', 'key_name']);
    table.index(['identity']);
    table.index(['principal_id']);
    table.index(['name']);
    table.index(['state', 'severity']);
    table.index(['expires_at']);
    table.index(['judge_at']);
    table.index(['read_at']);
  });

  await knex.schema.createTable('vaults', table => {
    table.string('id', 400).primary().comment('ARM id');
    table.string('subscription_id', 36).notNullable().index();
    table.string('host', 150).notNullable().index();
    table.string('permission_model', 20);
    table.boolean('purge_protection');
    table.string('network', 20).comment('open, trusted-services or closed');
    readings(table);
  });

  await knex.schema.createTable('keys', table => {
    table.string('vault_host', 150).notNullable();
    table.string('name', 127).notNullable();
    table.string('newest_version', 32).comment('The newest enabled one');
    table
      .bigInteger('created_at')
      .comment("Of the newest version, Azure's time");
    table
      .bigInteger('expires_at')
      .comment("Of the newest version, Azure's time");
    table.boolean('rotates_by_policy');
    table.integer('versions');
    table
      .text('listed')
      .comment('JSON: what a list of its vault says of it; null when deleted');
    readings(table);
    table.primary(['vault_host', 'name']);
    table.index(['expires_at']);
  });

  await knex.schema.createTable('access', table => {
    table.comment('How a principal reaches a key of a vault that uses RBAC');
    table.string('principal_id', 36).notNullable();
    table.string('vault_host', 150).notNullable();
    table.string('key_name', 127).notNullable();
    table
      .string('path', 10)
      .comment('direct, inherited, group or none: how it may wrap and unwrap');
    readings(table);
    table.primary(['principal_id', 'vault_host', 'key_name']);
    table.index(['vault_host', 'key_name']);
  });

  await knex.schema.createTable('identities', table => {
    table.string('id', 400).primary().comment('ARM id');
    table.string('subscription_id', 36).notNullable().index();
    table.string('name', 128).notNullable().index();
    table.string('client_id', 36).index();
    table.string('principal_id', 36).index();
    readings(table);
  });

  await knex.schema.createTable('links', table => {
    table.comment('Which entities name, or are named by, which registries');
    table.string('registry_id', 400).notNullable();
    table.string('entity_ref', 255).notNullable();
    table
      .string('source', 10)
      .notNullable()
      .comment('annotation: of the entity; tag: of the registry');
    table.string('owner', 255).comment('Entity ref; of annotations only');
    table.bigInteger('read_at').notNullable();
    table.primary(['registry_id', 'entity_ref', 'source']);
    table.index(['entity_ref']);
    table.index(['owner']);
  });

  await knex.schema.createTable('listings', table => {
    table.comment('When everything of a kind in a part was last listed whole');
    table
      .string('kind', 20)
      .notNullable()
      .comment('registries, vaults, identities, keys or links');
    table
      .string('part', 400)
      .notNullable()
      .comment('A subscription, a vault host, or catalog');
    table.integer('items');
    table.bigInteger('read_at').comment('When the last whole listing began');
    table.bigInteger('azure_at');
    table.bigInteger('expired_at');
    table.text('problem').comment('JSON: how the last attempt failed');
    table.bigInteger('problem_at');
    table.primary(['kind', 'part']);
  });

  await knex('facts').whereIn('kind', ROWS).delete();
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const table of [
    'listings',
    'links',
    'identities',
    'access',
    'keys',
    'vaults',
    'registries',
  ]) {
    await knex.schema.dropTable(table);
  }
};
