#!/usr/bin/env node
/*
 * Checks an exported record of acr-cmk offline. It shares no code with the plugin, so that it would
 * not repeat a mistake of its: the chain is defined by docs/operations.md alone.
 */
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');

const USAGE = `Usage: acr-cmk-audit verify [FILE...]

Reads records as GET /api/acr-cmk/v1/audit answers them: one or more JSON documents
{"items": [...]}, arrays, or one record on each line; from the files in their order, or from
standard input. Says whether each record holds the hash of the one before, and where not.

Exit code: 0 the chain holds, 1 it is broken, 2 it could not be read.`;

/** Keys sorted at every level; what is undefined is left out. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = Object.keys(value)
      .sort()
      .map(name => `${JSON.stringify(name)}:${canonical(value[name])}`);
    return `{${fields.join(',')}}`;
  }
  return JSON.stringify(value);
}

function recordsIn(text) {
  const whole = text.trim();
  if (whole === '') return [];
  try {
    const document = JSON.parse(whole);
    if (Array.isArray(document)) return document;
    return Array.isArray(document.items) ? document.items : [document];
  } catch {
    return whole
      .split('\n')
      .filter(line => line.trim() !== '')
      .flatMap(line => recordsIn(JSON.stringify(JSON.parse(line))));
  }
}

/** The first record that does not hold, with why; nothing when all do. */
function firstBroken(records) {
  for (const [index, { hash, ...record }] of records.entries()) {
    const before = records[index - 1];
    if (before && record.seq !== before.seq + 1) {
      return { seq: record.seq, why: `comes after ${before.seq}` };
    }
    if (before && record.previousHash !== before.hash) {
      return {
        seq: record.seq,
        why: 'does not hold the hash of the one before',
      };
    }
    const own = createHash('sha256').update(canonical(record)).digest('hex');
    if (own !== hash) {
      return { seq: record.seq, why: 'is not what its hash was made of' };
    }
  }
  return undefined;
}

function verify(files) {
  const texts =
    files.length === 0
      ? [readFileSync(0, 'utf8')]
      : files.map(file => readFileSync(file, 'utf8'));
  const records = texts.flatMap(recordsIn);
  if (records.length === 0) {
    process.stdout.write('There are no records.\n');
    return 2;
  }
  const broken = firstBroken(records);
  if (broken) {
    process.stdout.write(`Broken at record ${broken.seq}: it ${broken.why}.\n`);
    return 1;
  }
  const [first, last] = [records[0], records[records.length - 1]];
  const begins =
    first.seq === 1
      ? ''
      : ` What came before record ${first.seq} is not in the export.`;
  process.stdout.write(
    `The chain holds: ${records.length} records, ${first.seq} to ${last.seq}, ending in ${last.hash}.${begins}\n`,
  );
  return 0;
}

const [command, ...files] = process.argv.slice(2);
if (command !== 'verify') {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = verify(files);
  } catch (error) {
    process.stderr.write(`The record cannot be read: ${error.message}\n`);
    process.exitCode = 2;
  }
}
