/*
 * Renames columns and stored fields to the terms that the code uses since then. What is stored as
 * JSON is rewritten in place, so that operations which wait during the upgrade go on after it. The
 * audit chain is left as it was written: its hashes are over these very bytes.
 */

// @ts-check

/** @type {[table: string, from: string, to: string][]} */
const COLUMNS = [
  ['operations', 'shared', 'outputs'],
  ['operations', 'approval_lapses_at', 'approval_expires_at'],
  ['operation_steps', 'memo', 'checkpoint'],
  ['operation_steps', 'sentence', 'message'],
];

/** @type {[table: string, keys: string[], columns: string[]][]} */
const JSON_COLUMNS = [
  ['plans', ['id'], ['plan', 'draft']],
  ['operations', ['id'], ['plan', 'inverse', 'result']],
  ['operation_steps', ['operation_id', 'position'], ['spec', 'checkpoint']],
];

/** Names of fields, before and after. */
const FIELDS = [
  ['sentence', 'message'],
  ['hits', 'alsoAffects'],
  ['troubleSince', 'retryingSince'],
  ['troubles', 'retries'],
];

/** Values, wherever they stand: also in the JSON that a plan's fingerprint holds as text. */
const VALUES = [
  ['nudge-registry', 'resend-key'],
  ['others-touched', 'others-affected'],
  ['registries touched', 'registries affected'],
];

const APPROVALS = [
  ['awaited', 'pending'],
  ['given', 'approved'],
  ['refused', 'rejected'],
  ['lapsed', 'expired'],
];

/** @param {string} text @param {boolean} back */
function rewritten(text, back) {
  let result = text;
  for (const [from, to] of FIELDS) {
    const [a, b] = back ? [to, from] : [from, to];
    result = result.replaceAll(`"${a}":`, `"${b}":`);
  }
  for (const [from, to] of VALUES) {
    const [a, b] = back ? [to, from] : [from, to];
    result = result.replaceAll(a, b);
  }
  const [a, b] = back ? ['now', 'nudge'] : ['nudge', 'now'];
  return result
    .replaceAll(`"follow":"${a}"`, `"follow":"${b}"`)
    .replaceAll(`\\"follow\\":\\"${a}\\"`, `\\"follow\\":\\"${b}\\"`);
}

/** @param {import('knex').Knex} knex @param {boolean} back */
async function rewrite(knex, back) {
  for (const [table, keys, columns] of JSON_COLUMNS) {
    for (const row of await knex(table).select(...keys, ...columns)) {
      const changed = Object.fromEntries(
        columns
          .filter(column => row[column] !== null)
          .map(column => [column, rewritten(row[column], back)]),
      );
      await knex(table)
        .where(Object.fromEntries(keys.map(key => [key, row[key]])))
        .update(changed);
    }
  }
  for (const [from, to] of APPROVALS) {
    const [a, b] = back ? [to, from] : [from, to];
    await knex('operations').where({ approval: a }).update({ approval: b });
  }
  const [code, newCode] = back
    ? ['APPROVAL_EXPIRED', 'APPROVAL_LAPSED']
    : ['APPROVAL_LAPSED', 'APPROVAL_EXPIRED'];
  await knex('operations')
    .where('result', 'like', `%"${code}"%`)
    .update({
      result: knex.raw('replace(result, ?, ?)', [code, newCode]),
    });
}

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  for (const [table, from, to] of COLUMNS) {
    await knex.schema.alterTable(table, t => t.renameColumn(from, to));
  }
  await rewrite(knex, false);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await rewrite(knex, true);
  for (const [table, from, to] of [...COLUMNS].reverse()) {
    await knex.schema.alterTable(table, t => t.renameColumn(to, from));
  }
};
