/*
 * Ids of registries and identities in less than half of the bytes: `<subscription>/<resource group>/<name>`, as
 * `src/inventory/rows/ids.ts` explains. What stood beside an id and said the same is now made of it by the
 * database. Nothing is lost.
 *
 * SQLite: a table with such columns has to be altered by statements of SQLite (`alter table … drop column`), and
 * not by Knex, which copies the whole table and would write into them.
 */

// @ts-check

const REGISTRY = 'microsoft.containerregistry/registries';
const IDENTITY = 'microsoft.managedidentity/userassignedidentities';

/** Columns that hold ids, and of what. `registries` and `identities` are below. */
const REFERENCES = [
  { table: 'links', column: 'registry_id', type: REGISTRY },
  { table: 'registry_conditions', column: 'registry_id', type: REGISTRY },
];

/** Tables with ids, and the columns that are made of them: of which part of the id. */
const TABLES = [
  {
    table: 'registries',
    type: REGISTRY,
    parts: [
      { column: 'subscription_id', part: 1, length: 36 },
      { column: 'resource_group', part: 2, length: 90 },
      // Not the name: lists of thousands are sorted by it and searched in it.
    ],
    indexes: [],
  },
  {
    table: 'identities',
    type: IDENTITY,
    parts: [
      { column: 'subscription_id', part: 1, length: 36 },
      { column: 'name', part: 3, length: 128 },
    ],
    indexes: [['name']],
  },
];

/** An index of registries. SQLite finds those of a subscription by the id, whose beginning it is. */
const OF_SUBSCRIPTION = ['subscription_id', 'resource_group'];

/** Messages of states that the plugin knows by the state. */
const PLAIN_MESSAGES = {
  current: 'The registry uses the latest version of its key',
  'no-cmk': 'The registry is encrypted with a Microsoft-managed key',
};

/** Enough, since only what one thing was listed as at two times is compared. */
const HASH_LENGTH = 11;

/** @param {import('knex').Knex} knex */
const isPostgres = knex => /pg|postgres/.test(knex.client.config.client);

/**
 * SQL for a part of a short id.
 *
 * @param {import('knex').Knex} knex
 * @param {string} id - column
 * @param {number} part - from 1 on
 */
function partOf(knex, id, part) {
  if (isPostgres(knex)) return `split_part(${id}, '/', ${part})`;
  const rest = `substr(${id}, instr(${id}, '/') + 1)`;
  return [
    `substr(${id}, 1, instr(${id}, '/') - 1)`,
    `substr(${rest}, 1, instr(${rest}, '/') - 1)`,
    `substr(${rest}, instr(${rest}, '/') + 1)`,
  ][part - 1];
}

/** @typedef {{ table: string; column: string; type: string }} Ids Of which type ids in a column are. */

/** @param {import('knex').Knex} knex @param {Ids} ids */
async function shorten(knex, { table, column, type }) {
  const afterSubscriptions = `substr(${column}, ${
    '/subscriptions/'.length + 1
  })`;
  await knex.raw(
    `update ${table} set ${column} =
       replace(replace(${afterSubscriptions}, '/resourcegroups/', '/'), '/providers/${type}/', '/')
     where ${column} like '/subscriptions/%/resourcegroups/%/providers/${type}/%'`,
  );
}

/** @param {import('knex').Knex} knex @param {Ids} ids */
async function lengthen(knex, { table, column, type }) {
  const [subscription, group, name] = [1, 2, 3].map(part =>
    partOf(knex, column, part),
  );
  await knex.raw(
    `update ${table} set ${column} =
       '/subscriptions/' || ${subscription} || '/resourcegroups/' || ${group} || '/providers/${type}/' || ${name}
     where ${column} not like '/%'`,
  );
}

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  for (const ids of REFERENCES) await shorten(knex, ids);
  await knex.schema.alterTable('registries', each => {
    each.dropIndex(OF_SUBSCRIPTION);
  });
  for (const { table, type, parts, indexes } of TABLES) {
    await shorten(knex, { table, column: 'id', type });
    await knex.schema.alterTable(table, each => {
      for (const index of indexes) each.dropIndex(index);
    });
    const kind = isPostgres(knex) ? 'stored' : 'virtual';
    for (const { column, part, length } of parts) {
      await knex.raw(`alter table ${table} drop column ${column}`);
      await knex.raw(
        `alter table ${table} add column ${column} varchar(${length})
           generated always as (${partOf(knex, 'id', part)}) ${kind}`,
      );
    }
    await knex.schema.alterTable(table, each => {
      for (const index of indexes) each.index(index);
    });
  }
  if (isPostgres(knex)) {
    await knex.schema.alterTable('registries', each => {
      each.index(OF_SUBSCRIPTION);
    });
  }
  // Nobody looks for these; the facts hold them.
  for (const column of ['location', 'sku', 'judged_at']) {
    await knex.raw(`alter table registries drop column ${column}`);
  }
  for (const [state, message] of Object.entries(PLAIN_MESSAGES)) {
    await knex('registries')
      .where({ state, state_message: message })
      .update({ state_message: null });
  }
  for (const table of ['registries', 'vaults', 'identities', 'access']) {
    await knex.raw(
      `update ${table} set listed_as = substr(listed_as, 1, ${HASH_LENGTH}) where listed_as is not null`,
    );
  }
};

/**
 * What this release has packed, the one before cannot read: it is read from Azure again, and until then not all
 * is known to be listed.
 *
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  const format = isPostgres(knex)
    ? 'get_byte(facts, 0) = 2'
    : `hex(substr(facts, 1, 1)) = '02'`;
  let forgotten = 0;
  for (const table of ['registries', 'identities']) {
    forgotten += await knex(table).whereRaw(format).delete();
  }
  if (forgotten > 0) await knex('listings').delete();
  for (const [state, message] of Object.entries(PLAIN_MESSAGES)) {
    await knex('registries')
      .where({ state })
      .whereNull('state_message')
      .update({ state_message: message });
  }
  if (isPostgres(knex)) {
    await knex.schema.alterTable('registries', each => {
      each.dropIndex(OF_SUBSCRIPTION);
    });
  }
  for (const { table, type, parts, indexes } of TABLES) {
    await knex.schema.alterTable(table, each => {
      for (const index of indexes) each.dropIndex(index);
    });
    for (const { column } of parts) {
      await knex.raw(`alter table ${table} drop column ${column}`);
    }
    await knex.schema.alterTable(table, each => {
      for (const { column, length } of parts) {
        each.string(column, length).notNullable().defaultTo('');
      }
      if (table === 'registries') {
        each.string('location', 60);
        each.string('sku', 20);
        each.bigInteger('judged_at');
      }
    });
    await knex(table).update(
      Object.fromEntries(
        parts.map(({ column, part }) => [
          column,
          knex.raw(partOf(knex, 'id', part)),
        ]),
      ),
    );
    await knex.schema.alterTable(table, each => {
      for (const index of indexes) each.index(index);
    });
    await lengthen(knex, { table, column: 'id', type });
  }
  await knex.schema.alterTable('registries', each => {
    each.index(OF_SUBSCRIPTION);
  });
  // That release takes a registry without a location for one that was never read. What it shows is in the facts.
  await knex('registries').whereNotNull('facts').update({ location: '' });
  for (const ids of REFERENCES) await lengthen(knex, ids);
};
