/*
 * Everything the plugin keeps. `src/database/tables.ts` has the types of the rows.
 *
 * Times are epoch milliseconds by the database's clock, unless a comment says that they are Azure's. JSON is
 * kept as text, so that SQLite and PostgreSQL hold the same. Ids, names, hosts and entity refs in key columns
 * are lower case.
 *
 * During a rolling upgrade two releases use the same tables. A later migration may add tables and nullable
 * columns; it must not rename, drop or retype what this release reads or writes.
 */

// @ts-check

/** @typedef {import('knex').Knex.CreateTableBuilder} Table */

/**
 * The columns of each thing that is read from Azure.
 *
 * @param {Table} table
 */
function readingColumns(table) {
  table.text('facts').comment('JSON; null when it was never read');
  table
    .bigInteger('read_at')
    .comment(
      'What the facts are certain to show: when the reading began, less the lag of its source',
    );
  table
    .integer('lag_ms')
    .notNullable()
    .defaultTo(0)
    .comment('Lag of the source of the reading');
  table.bigInteger('azure_at').comment("Azure's clock at the reading");
  table.bigInteger('seen_at').comment('When a list last held it');
  table.bigInteger('changed_at').comment('When the facts last differed');
  table
    .bigInteger('expired_at')
    .comment('When the plugin last changed it: older facts are out of date');
  table.text('problem').comment('JSON: how the last reading failed');
  table.string('problem_kind', 20);
  table.bigInteger('problem_at');
}

/**
 * @param {Table} table
 */
function listedAs(table) {
  table
    .string('listed_as', 43)
    .comment('Hash of what Resource Graph last showed of it');
}

/** @type {[name: string, columns: (table: Table) => void][]} In the order of their references. */
const TABLES = [
  [
    'registries',
    table => {
      table.string('id', 400).primary().comment('ARM id');
      table.string('arm_id', 400).comment('ARM id as Azure spells it');
      table.string('subscription_id', 36).notNullable();
      table.string('resource_group', 90).notNullable();
      table.string('name', 50).notNullable();
      table.string('display_name', 50).comment('Name as Azure spells it');
      table.string('location', 60);
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
      table
        .text('changed_outside')
        .comment(
          'JSON: the last change that no operation made, and when it was noticed',
        );
      readingColumns(table);
      listedAs(table);
      table
        .string('state', 20)
        .comment('Of the verdict; null when it was not judged yet');
      table.text('state_message');
      table
        .integer('severity')
        .comment('Of the worst finding: 3 error, 2 warning, 1 info, 0 none');
      table.text('findings').comment('JSON: ids of the findings that hold');
      table
        .text('undecided')
        .comment('JSON: ids of the findings that cannot be decided');
      table.bigInteger('behind_since').comment("Azure's time");
      table
        .bigInteger('expires_at')
        .comment("When the version in use expires, Azure's time");
      table
        .bigInteger('version_created_at')
        .comment("When the version in use was created, Azure's time");
      table
        .bigInteger('judge_at')
        .comment(
          'When to judge again: 0 when facts have changed; null when time alone changes nothing',
        );
      table.index(['subscription_id', 'resource_group']);
      table.index(['vault_host', 'key_name']);
      table.index(['identity']);
      table.index(['principal_id']);
      table.index(['state', 'severity']);
      table.index(['expires_at']);
      table.index(['judge_at']);
      table.index(['read_at']);
      // What lists and counts of the fleet read of all registries but those of one page.
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
          'read_at',
          'lag_ms',
        ],
        'registries_fleet',
      );
    },
  ],
  [
    'vaults',
    table => {
      table.string('id', 400).primary().comment('ARM id');
      table.string('subscription_id', 36).notNullable().index();
      table.string('host', 150).notNullable().index();
      table.string('permission_model', 20);
      table.boolean('purge_protection');
      table.string('network', 20).comment('open, trusted-services or closed');
      table
        .bigInteger('events_at')
        .comment(
          'When it last delivered an event of a key; null while its events do not arrive',
        );
      readingColumns(table);
      listedAs(table);
    },
  ],
  [
    'keys',
    table => {
      table.string('vault_host', 150).notNullable();
      table.string('name', 127).notNullable();
      table.string('newest_version', 32).comment('The newest enabled one');
      table
        .string('listed_version', 32)
        .comment(
          'The newest one, enabled or not: lists of the vault show it alone',
        );
      table
        .bigInteger('created_at')
        .comment("Of the newest version, Azure's time");
      table
        .bigInteger('expires_at')
        .comment("Of the newest version, Azure's time");
      table.boolean('rotates_by_policy');
      table
        .bigInteger('rotates_at')
        .comment(
          "When the vault's policy will make the next version, Azure's time",
        );
      table.integer('versions');
      table
        .text('listed')
        .comment(
          'JSON: what a list of its vault says of it; null when deleted',
        );
      readingColumns(table);
      table.primary(['vault_host', 'name']);
      table.index(['expires_at']);
      table.index(['rotates_at']);
    },
  ],
  [
    'access',
    table => {
      table.comment('How a principal reaches a key of a vault that uses RBAC');
      table.string('principal_id', 36).notNullable();
      table.string('vault_host', 150).notNullable();
      table.string('key_name', 127).notNullable();
      table
        .string('path', 10)
        .comment(
          'direct, inherited, group or none: how it may wrap and unwrap',
        );
      readingColumns(table);
      listedAs(table);
      table.primary(['principal_id', 'vault_host', 'key_name']);
      table.index(['vault_host', 'key_name']);
    },
  ],
  [
    'identities',
    table => {
      table.string('id', 400).primary().comment('ARM id');
      table.string('subscription_id', 36).notNullable().index();
      table.string('name', 128).notNullable().index();
      table.string('client_id', 36).index();
      table.string('principal_id', 36).index();
      readingColumns(table);
      listedAs(table);
    },
  ],
  [
    'links',
    table => {
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
    },
  ],
  [
    'listings',
    table => {
      table.comment('When everything of a kind in a part was last listed');
      table
        .string('kind', 20)
        .notNullable()
        .comment('registries, vaults, identities, keys or links');
      table
        .string('part', 400)
        .notNullable()
        .comment('A subscription, a vault host, or catalog');
      table.integer('items');
      table
        .bigInteger('read_at')
        .comment('When the last complete listing began');
      table.bigInteger('azure_at');
      table.bigInteger('expired_at');
      table.text('problem').comment('JSON: how the last attempt failed');
      table.bigInteger('problem_at');
      table.primary(['kind', 'part']);
    },
  ],
  [
    'facts',
    table => {
      table.comment('Facts that nothing filters or sorts by, as JSON');
      table.string('kind', 40).notNullable();
      table.string('subject', 600).notNullable();
      table.text('value');
      table.bigInteger('observed_at');
      table.bigInteger('azure_at');
      table.bigInteger('expired_at');
      table.text('problem');
      table.bigInteger('problem_at');
      table.primary(['kind', 'subject']);
    },
  ],
  [
    'sweeps',
    table => {
      table.increments('id');
      table
        .string('state', 10)
        .notNullable()
        .comment('running, whole, partial or failed');
      table
        .text('subscriptions')
        .notNullable()
        .comment('JSON: the subscriptions to list');
      table.text('expected').notNullable().comment('JSON: counts at its start');
      table.text('outcome').comment('JSON: the outcome of each subscription');
      table.text('problem').comment('JSON: why the whole sweep failed');
      table.bigInteger('started_at').notNullable().index();
      table.bigInteger('ended_at');
    },
  ],
  [
    'partitions',
    table => {
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
    },
  ],
  [
    'dirty',
    table => {
      table.comment('What has to be read from Azure again, soon');
      table
        .string('kind', 20)
        .notNullable()
        .comment('registry, vault, identity, key or access');
      table.string('subject', 450).notNullable();
      table
        .string('subscription_id', 36)
        .notNullable()
        .comment('Azure counts the calls there; empty where it is not known');
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
      table.index(['subscription_id', 'due_at', 'since']);
    },
  ],
  [
    'events_seen',
    table => {
      table.comment('Events of Azure that were processed: they may come twice');
      table.string('id', 64).primary().comment('Hash of topic and id');
      table.bigInteger('received_at').notNullable().index();
    },
  ],
  [
    'sync_state',
    table => {
      table.comment('Small values that the inventory remembers, by their name');
      table.string('name', 120).primary();
      table.text('value').notNullable().comment('JSON');
      table.bigInteger('at').notNullable();
    },
  ],
  [
    'view_reads',
    table => {
      table.comment('How many readings of Azure viewers caused in each minute');
      table.bigInteger('minute').primary().comment('Of the epoch');
      table.integer('reads').notNullable();
    },
  ],
  [
    'plans',
    table => {
      table.string('id', 36).primary();
      table.string('hash', 64).notNullable();
      table.string('entity_ref', 255).notNullable();
      table.string('registry_key', 400).notNullable();
      table.string('requested_by', 255).notNullable();
      table.text('plan').notNullable();
      table.text('draft').notNullable();
      table.bigInteger('expires_at').notNullable().index();
    },
  ],
  [
    'operations',
    table => {
      table.string('id', 36).primary();
      table.integer('revision').notNullable();
      table.string('state', 20).notNullable();
      table.string('kind', 20).notNullable().comment('Kind of its intent');
      table
        .string('label', 20)
        .notNullable()
        .comment('Kind in the words of labels');
      table.string('plan_id', 36).notNullable().references('plans.id');
      table.string('entity_ref', 255).notNullable();
      table.string('registry_key', 400).notNullable();
      table.string('requested_by', 255).notNullable();
      table
        .string('origin', 20)
        .notNullable()
        .defaultTo('person')
        .comment('person, program, timer or campaign');
      table
        .string('campaign_id', 36)
        .comment('The campaign that started it; null otherwise');
      table.string('idempotency_key', 100).notNullable();
      table.string('request_hash', 64).notNullable();
      table.text('reason').notNullable();
      table.text('plan').notNullable();
      table.text('inverse').notNullable();
      table.text('outputs').notNullable();
      table.text('result');
      table.text('waiting_for');
      table.bigInteger('created_at').notNullable();
      table.bigInteger('started_at');
      table.bigInteger('ended_at');
      table.bigInteger('due_at').comment('Null when it has ended');
      table
        .integer('attempts')
        .notNullable()
        .defaultTo(0)
        .comment(
          'Sum of its steps, and one for each step of a revoke that was found done: zero when nothing was written',
        );
      table
        .integer('epoch')
        .notNullable()
        .comment('Fence: grows with every claim');
      table.string('lease_owner', 100);
      table.bigInteger('lease_until');
      table
        .bigInteger('silent_since')
        .comment('Its worker seems to have gone away; null otherwise');
      table
        .bigInteger('settles_at')
        .comment(
          'A former worker may have sent a write that arrives until then',
        );
      table
        .integer('interruptions')
        .notNullable()
        .defaultTo(0)
        .comment('In a row, by faults of ours or the end of a process');
      table
        .string('approval', 20)
        .comment(
          'pending, approved, rejected or expired; null when none is needed',
        );
      table.string('approval_by', 255);
      table.bigInteger('approval_at');
      table.bigInteger('approval_expires_at');
      table
        .text('needs')
        .comment('JSON: the approvals it needs; null when it needs none');
      table
        .text('authorities')
        .notNullable()
        .comment('JSON: the permissions it takes, most of them on an entity');
      table.text('effects').comment('JSON: the effects of its plan');
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
      table
        .text('pulls')
        .comment('What pulls got since it ended, and shall get');
      table.bigInteger('pulls_due_at').comment('Null when none is tried');
      table.unique(['requested_by', 'idempotency_key']);
      table.index(['due_at']);
      table.index(['ended_at']);
      table.index(['restores_at']);
      table.index(['pulls_due_at']);
      table.index(['entity_ref', 'created_at']);
      table.index(['registry_key', 'created_at']);
      table.index(['registry_key', 'state', 'ended_at']);
      table.index(['state', 'created_at']);
      table.index(['created_at']);
      table.index(['plan_id']);
      table.index(['campaign_id']);
    },
  ],
  [
    'campaigns',
    table => {
      table.comment('One change to many registries');
      table.string('id', 36).primary();
      table.integer('revision').notNullable();
      table.string('state', 12).notNullable();
      table.text('intent').notNullable().comment('JSON');
      table.text('selection').notNullable().comment('JSON: what was selected');
      table.string('requested_by', 255).notNullable();
      table.text('reason').comment('Null until it was started');
      table.text('strategy').comment('JSON; null until it was started');
      table
        .string('hash', 64)
        .comment('Over intent, members and plans; null until all are planned');
      table
        .integer('stage')
        .notNullable()
        .defaultTo(0)
        .comment('The current one, from 1; 0 before its start');
      table.bigInteger('stage_opened_at');
      table
        .bigInteger('approval_expires_at')
        .comment('Of the current stage; null where nobody has to agree');
      table.bigInteger('soak_until').comment('Null while it does not soak');
      table
        .text('pause')
        .comment('JSON: who paused it, or which limit did, and why');
      table
        .text('retry')
        .comment('JSON: how far its members are planned again, or why not');
      table
        .integer('failures_accepted')
        .notNullable()
        .defaultTo(0)
        .comment('Failures of the current stage with which it was resumed');
      table
        .text('unlinked_commands')
        .comment('JSON: commands of az that link the unlinked registries');
      table
        .text('totals')
        .comment('JSON: what its members come to; null until all are planned');
      table.text('problem').comment('Why its members could not be planned');
      table
        .text('waiting_for')
        .comment(
          'Why its stage waits, as of the last turn; null if for people',
        );
      table.bigInteger('created_at').notNullable().index();
      table.bigInteger('started_at');
      table.bigInteger('ended_at');
      table
        .bigInteger('due_at')
        .comment('When the next turn looks at it; null when it has ended')
        .index();
    },
  ],
  [
    'campaign_members',
    table => {
      table.comment('A registry of a campaign, or a key with its registries');
      table
        .string('campaign_id', 36)
        .notNullable()
        .references('campaigns.id')
        .onDelete('cascade');
      table.integer('position').notNullable().comment('From 1');
      table.string('name', 300).notNullable();
      table.string('registry_id', 400).notNullable().comment('ARM id');
      table
        .string('key_id', 300)
        .comment('Key of a member that is a key, without a version');
      table.string('vault_host', 150);
      table.string('subscription_id', 36).notNullable();
      table.string('entity_ref', 255).index();
      table.string('owner', 255);
      table
        .text('registries')
        .notNullable()
        .comment('JSON: ARM ids of the registries that change with it');
      table.string('outcome', 12).notNullable();
      table.string('state', 12).notNullable();
      table.integer('stage').comment('Null until its campaign was started');
      table
        .text('plan')
        .comment('JSON: the change, its fingerprint, steps in numbers');
      table.integer('seconds').comment('Estimated duration of its operation');
      table.text('needs').comment('JSON: the approvals it needs');
      table.text('before').comment('In words');
      table.text('after').comment('In words');
      table.text('message').comment('Why it is as it is');
      table.string('decided_by', 255).comment('Who rejected or skipped it');
      table
        .integer('attempt')
        .notNullable()
        .defaultTo(0)
        .comment('Grows when it is tried again');
      table.string('operation_id', 36).index();
      table.bigInteger('started_at');
      table.bigInteger('ended_at');
      table.primary(['campaign_id', 'position']);
      table.index(['campaign_id', 'stage', 'state']);
    },
  ],
  [
    'operation_locks',
    table => {
      table.comment('One writer for each registry and each key');
      table.string('target', 600).primary();
      table
        .string('operation_id', 36)
        .notNullable()
        .index()
        .references('operations.id');
    },
  ],
  [
    'revoke_claims',
    table => {
      table.comment('Targets on which nothing but a revoke begins for a while');
      table.string('target', 600).notNullable();
      table.string('requested_by', 255).notNullable();
      table.primary(['target', 'requested_by']);
      table.bigInteger('until').notNullable();
    },
  ],
  [
    'operation_steps',
    table => {
      table
        .string('operation_id', 36)
        .notNullable()
        .references('operations.id');
      table.integer('position').notNullable();
      table.string('state', 20).notNullable();
      table.text('spec').notNullable();
      table.text('checkpoint').notNullable();
      table.text('before');
      table.text('after');
      table.integer('attempts').notNullable();
      table.string('correlation_id', 100);
      table.text('message');
      table.bigInteger('started_at');
      table.bigInteger('ended_at');
      table.primary(['operation_id', 'position']);
    },
  ],
  [
    'registry_losses',
    table => {
      table.comment(
        'Registries that lose their key by an operation on another registry',
      );
      table
        .string('operation_id', 36)
        .notNullable()
        .references('operations.id');
      table.string('registry_key', 400).notNullable().index();
      table.primary(['operation_id', 'registry_key']);
    },
  ],
  [
    'audit',
    table => {
      table.comment('Append-only; each row holds the hash of the one before');
      table.integer('seq').primary();
      table.bigInteger('at').notNullable();
      table.string('actor', 255).notNullable();
      table.string('event', 60).notNullable();
      table.string('entity_ref', 255);
      table.string('registry_id', 400);
      table.string('operation_id', 36).index();
      table
        .string('campaign_id', 36)
        .index()
        .comment(
          'Of its details, by which the records of a campaign are found',
        );
      table.text('details').notNullable();
      table.string('previous_hash', 64).notNullable();
      table.string('hash', 64).notNullable();
    },
  ],
  [
    'audit_head',
    table => {
      table.comment(
        'One row: the end of the chain, and the lock that orders writers',
      );
      table.integer('id').primary();
      table.integer('seq').notNullable();
      table.string('hash', 64).notNullable();
    },
  ],
  [
    'registry_conditions',
    table => {
      table.comment('What held of a registry when owners were last notified');
      table.string('registry_id', 400).notNullable();
      table.string('condition', 40).notNullable();
      table
        .string('subject', 300)
        .notNullable()
        .comment('What it holds of, such as a key: another one is news');
      table
        .integer('level')
        .notNullable()
        .comment('How urgent it is: higher is news');
      table.boolean('holds').notNullable();
      table.bigInteger('since').notNullable();
      table.primary(['registry_id', 'condition']);
    },
  ],
  [
    'notification_messages',
    table => {
      table.comment('Messages to recipients, sent or to be sent');
      table.string('id', 36).primary();
      table
        .string('scope', 300)
        .notNullable()
        .comment('Sent with it: Backstage keeps one notification for each');
      table
        .string('recipient', 255)
        .notNullable()
        .comment('Entity ref: a user, a group, or an entity for its owner');
      table
        .string('excluded', 255)
        .comment('Entity ref of the person who knows already');
      table.text('payload').notNullable().comment('JSON');
      table.bigInteger('created_at').notNullable().index();
      table.integer('attempts').notNullable().defaultTo(0);
      table
        .bigInteger('due_at')
        .comment('When it is sent, or sent again; null when that is over')
        .index();
      table.bigInteger('sent_at').comment('Null when it was not, or given up');
      table.text('problem').comment('How the last attempt failed');
      table.unique(['scope', 'recipient']);
    },
  ],
  [
    'notification_ledger',
    table => {
      table.comment('Each thing that a digest reports to a recipient');
      table
        .string('thing', 64)
        .notNullable()
        .comment('Hash of registry, condition, subject, level and time');
      table.string('recipient', 255).notNullable();
      table.string('kind', 40).notNullable();
      table.string('registry_id', 400).notNullable();
      table.text('details').notNullable().comment('JSON');
      table.bigInteger('created_at').notNullable().index();
      table
        .string('message_id', 36)
        .comment('The digest that reports it; null until there is one')
        .index();
      table.primary(['thing', 'recipient']);
    },
  ],
];

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  for (const [name, columns] of TABLES) {
    await knex.schema.createTable(name, columns);
  }
  await knex('audit_head').insert({ id: 1, seq: 0, hash: '0'.repeat(64) });
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  for (const [name] of [...TABLES].reverse()) {
    await knex.schema.dropTable(name);
  }
};
