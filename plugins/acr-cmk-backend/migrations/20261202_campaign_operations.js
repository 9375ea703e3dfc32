'use strict';

/** Members of campaigns are operations that their campaign holds: from an operation is read what a member had twice. */

const RELEASE = 'The plugin was upgraded';
const PLAN_AGAIN =
  'It was planned by an earlier release. Retry unsuccessful members, or abort the campaign';

/** States of a member that has ended, or waits, without an operation. */
const ENDED = [
  'excluded',
  'succeeded',
  'failed',
  'unverified',
  'skipped',
  'rejected',
  'expired',
  'not-started',
];

const isOpen = ({ state }) => state === 'running' || state === 'paused';

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.alterTable('operations', table => {
    table.integer('stage').comment('Of its campaign; null without one');
    table.string('retries', 36).comment('Operation that it tries again');
    table
      .text('findings')
      .comment('JSON: before its first write, of campaigns alone');
    table
      .bigInteger('proving_since')
      .comment('Its registries are read again; null before that');
  });
  const [campaigns, members] = [
    await knex('campaigns'),
    await knex('campaign_members'),
  ];
  await knex.schema.dropTable('campaign_members');
  // SQLite makes the table anew, and would delete the members with its rows.
  await knex.schema.alterTable('campaigns', table => {
    table.dropColumn('approval_expires_at');
  });
  await knex.schema.createTable('campaign_members', memberTable);
  const byId = new Map(campaigns.map(one => [one.id, one]));
  for (const member of members) {
    const campaign = byId.get(member.campaign_id);
    await knex('campaign_members').insert(
      await upgraded(knex, campaign, member),
    );
  }
  const open = members.filter(
    ({ campaign_id: id, state, operation_id: operation }) =>
      isOpen(byId.get(id)) && !operation && !ENDED.includes(state),
  );
  for (const id of new Set(open.map(one => one.campaign_id))) {
    const { pause, revision } = byId.get(id);
    const paused = pause ? JSON.parse(pause) : undefined;
    await knex('campaigns')
      .where({ id })
      .update({
        revision: revision + 1,
        state: 'paused',
        pause: JSON.stringify(
          paused?.aborts
            ? paused
            : {
                message: `${RELEASE}. ${PLAN_AGAIN}`,
                at: Date.now(),
              },
        ),
      });
  }
  // What was only previewed is previewed again: its plans were not kept.
  await knex('campaigns')
    .whereIn('state', ['previewing', 'preview'])
    .update({
      state: 'interrupted',
      hash: null,
      due_at: null,
      problem: `${RELEASE}. Create the preview again`,
    });
};

/** A row of a member, whose operation gets what only the member had. */
async function upgraded(knex, campaign, member) {
  const {
    state,
    stage,
    operation_id: id,
    plan: text,
    decided_by: _decided,
    started_at: _started,
    ended_at: _ended,
    ...kept
  } = member;
  const plan = text && JSON.parse(text);
  const row = {
    ...kept,
    stage,
    state: null,
    operation_id: id,
    // The plans of an earlier release were made again at each start.
    plan: plan
      ? JSON.stringify({
          planId: plan.planId,
          hash: '',
          authorities: plan.authorities,
          writes: plan.writes,
        })
      : null,
  };
  if (!isOpen(campaign)) return { ...row, state };
  if (!id) {
    return ENDED.includes(state)
      ? { ...row, state }
      : { ...row, state: 'changed', message: PLAN_AGAIN };
  }
  const operation = await knex('operations').where({ id }).first();
  if (!operation) return { ...row, state };
  await knex('operations')
    .where({ id })
    .update({
      stage,
      findings: plan?.findings ? JSON.stringify(plan.findings) : null,
    });
  // An operation that has ended is what it was; the member says more.
  return state === 'running'
    ? { ...row, message: null }
    : { ...row, state: state === 'proving' ? 'unverified' : state };
}

/** @param {import('knex').Knex.CreateTableBuilder} table */
function memberTable(table) {
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
  table
    .string('state', 12)
    .comment('Only of a member without an operation to come; else null');
  table
    .integer('stage')
    .comment('Of its next operation; null until its campaign was started');
  table.text('plan').comment('JSON: what is to be known of its kept plan');
  table.integer('seconds').comment('Estimated duration of its operation');
  table.text('needs').comment('JSON: the approvals that its plan needs');
  table.text('before').comment('In words');
  table.text('after').comment('In words');
  table.text('message').comment('Why it is not planned, or not tried again');
  table
    .integer('attempt')
    .notNullable()
    .defaultTo(0)
    .comment('Grows when it is tried again');
  table.string('operation_id', 36).index().comment('The newest one');
  table
    .string('retries', 36)
    .comment('Operation that the next one tries again');
  table.primary(['campaign_id', 'position']);
}

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.alterTable('operations', table => {
    table.dropColumns('stage', 'retries', 'findings', 'proving_since');
  });
  await knex.schema.alterTable('campaign_members', table => {
    table.dropColumn('retries');
    table.string('decided_by', 255);
    table.bigInteger('started_at');
    table.bigInteger('ended_at');
  });
  await knex.schema.alterTable('campaigns', table => {
    table.bigInteger('approval_expires_at');
  });
};
