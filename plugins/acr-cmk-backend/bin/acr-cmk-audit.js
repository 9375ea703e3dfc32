#!/usr/bin/env node
/*
 * Checks an exported record of acr-cmk offline. It shares no code with the plugin, so that it would
 * not repeat a mistake of it: chain and checkpoints are defined by docs/audit.md alone.
 */
const { createHash, createPublicKey, verify } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { parseArgs } = require('node:util');
const canonicalize = require('canonicalize');

const USAGE = `Usage: acr-cmk-audit verify [--checkpoints FILE... --public-key FILE] [FILE...]

Reads records as GET /api/acr-cmk/v1/audit answers them: one or more JSON documents
{"items": [...]}, arrays, or one record on each line; from the files in their order, or from
standard input. Says whether each record holds the hash of the one before, and where not.

  --checkpoints FILE  signed checkpoints: the backend's log or anything else with one on a line
  --public-key FILE   the public key that they are checked with, in PEM

Without checkpoints, records that are missing at the end, and a chain that was hashed again after
a change, are not found.

Exit code: 0 the chain holds, 1 it is broken, 2 it could not be read.`;

const CHECKPOINT = 'acr-cmk-audit-checkpoint';
/** Breaks that are printed; the others are counted. */
const MOST_PRINTED = 20;

/** Something that was asked for in a way that cannot be answered. Exit code 2. */
class Unreadable extends Error {}

const say = line => process.stdout.write(`${line}\n`);
const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

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

/** What is wrong with a record, given the one before; nothing when it holds. */
function breakAt({ hash, ...record }, before) {
  const { seq } = record;
  if (before && seq !== before.seq + 1) {
    return {
      seq,
      id: `missing:${before.seq}:${seq}`,
      why: `comes after ${before.seq}`,
    };
  }
  if (before && record.previousHash !== before.hash) {
    return {
      seq,
      id: `link:${seq}:${String(before.hash).slice(0, 16)}`,
      why: 'does not hold the hash of the one before',
    };
  }
  const own = createHash('sha256').update(canonicalize(record)).digest('hex');
  return own === hash
    ? undefined
    : {
        seq,
        id: `content:${seq}:${own.slice(0, 16)}`,
        why: 'is not what its hash was made of',
      };
}

/** Breaks by the record that acknowledges them. */
function acknowledgementsIn(records) {
  return new Map(
    records
      .filter(({ event }) => event === 'audit-break-acknowledged')
      .flatMap(record =>
        (record.details?.breaks ?? []).map(({ id }) => [id, record]),
      ),
  );
}

/** Says what is broken. Answers with how many breaks nobody has acknowledged. */
function reportBreaks(records) {
  const breaks = records
    .map((record, index) => breakAt(record, records[index - 1]))
    .filter(found => found !== undefined);
  const acknowledgements = acknowledgementsIn(records);
  for (const { seq, id, why } of breaks.slice(0, MOST_PRINTED)) {
    const by = acknowledgements.get(id);
    const known = by
      ? ` ${by.actor} acknowledged that in record ${by.seq}.`
      : '';
    say(`Broken at record ${seq}: it ${why}.${known}`);
  }
  if (breaks.length > MOST_PRINTED) {
    say(`There are ${breaks.length - MOST_PRINTED} more breaks.`);
  }
  return breaks.filter(({ id }) => !acknowledgements.has(id)).length;
}

/** Checkpoints in anything that was read from a line of a log, also where JSON is inside a text. */
function checkpointsIn(value) {
  if (typeof value === 'string') {
    if (!value.includes(CHECKPOINT)) return [];
    try {
      return checkpointsIn(JSON.parse(value.slice(value.indexOf('{'))));
    } catch {
      return [];
    }
  }
  if (value === null || typeof value !== 'object') return [];
  return value.kind === CHECKPOINT
    ? [value]
    : Object.values(value).flatMap(checkpointsIn);
}

function readCheckpoints(files) {
  const found = files.flatMap(file => {
    const text = readFileSync(file, 'utf8');
    const whole = checkpointsIn(text);
    return whole.length > 0 ? whole : text.split('\n').flatMap(checkpointsIn);
  });
  if (found.length === 0) {
    throw new Unreadable(
      'There are no checkpoints in what --checkpoints names.',
    );
  }
  // The auditor writes each of them more than once.
  return [...new Map(found.map(one => [canonicalize(one), one])).values()].sort(
    (a, b) => a.seq - b.seq,
  );
}

function isSigned({ signature, ...signed }, publicKey) {
  return (
    typeof signature === 'string' &&
    verify(
      null,
      Buffer.from(canonicalize(signed)),
      publicKey,
      Buffer.from(signature, 'base64'),
    )
  );
}

/** What a checkpoint says against these records; nothing when they agree. */
function contradiction(checkpoint, records, publicKey) {
  const { seq, hash, count, at } = checkpoint;
  const [first, last] = [records[0], records[records.length - 1]];
  if (!isSigned(checkpoint, publicKey)) {
    return `The checkpoint of ${at} over record ${seq} is not signed with this key.`;
  }
  if (count !== seq) {
    return `The checkpoint of ${at} counted ${count} records up to record ${seq}.`;
  }
  if (seq > last.seq) {
    return `Records are missing at the end: the checkpoint of ${at} saw record ${seq}, and these end with ${last.seq}.`;
  }
  const record =
    seq < first.seq ? undefined : records.find(one => one.seq === seq);
  if (seq >= first.seq && record?.hash !== hash) {
    return `The chain was written again: record ${seq} is not the one that the checkpoint of ${at} signed.`;
  }
  return undefined;
}

/** Says what the checkpoints are against. Answers with how many of them are. */
function reportCheckpoints(checkpoints, records, publicKey) {
  const against = checkpoints
    .map(one => contradiction(one, records, publicKey))
    .filter(found => found !== undefined);
  against.slice(0, MOST_PRINTED).forEach(say);
  if (against.length === 0) {
    const last = checkpoints[checkpoints.length - 1];
    const after = records[records.length - 1].seq - last.seq;
    say(
      `${plural(checkpoints.length, 'checkpoint')} agree${
        checkpoints.length === 1 ? 's' : ''
      }, the last one over record ${last.seq} at ${last.at}. ${
        after === 0 ? 'Nothing' : plural(after, 'record')
      } came after it.`,
    );
  }
  return against.length;
}

function readPublicKey(file) {
  const key = createPublicKey(readFileSync(file));
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new Unreadable('--public-key is no Ed25519 key.');
  }
  return key;
}

function run(files, options) {
  const checkpointFiles = options.checkpoints ?? [];
  if (checkpointFiles.length > 0 !== (options['public-key'] !== undefined)) {
    throw new Unreadable('--checkpoints and --public-key go together.');
  }
  const texts =
    files.length === 0
      ? [readFileSync(0, 'utf8')]
      : files.map(file => readFileSync(file, 'utf8'));
  const records = texts.flatMap(recordsIn);
  if (records.length === 0) throw new Unreadable('There are no records.');

  let wrong = reportBreaks(records);
  if (checkpointFiles.length > 0) {
    wrong += reportCheckpoints(
      readCheckpoints(checkpointFiles),
      records,
      readPublicKey(options['public-key']),
    );
  }
  if (wrong > 0) return 1;
  const [first, last] = [records[0], records[records.length - 1]];
  const begins =
    first.seq === 1
      ? ''
      : ` What came before record ${first.seq} is not in the export.`;
  say(
    `The chain holds: ${plural(records.length, 'record')}, ${first.seq} to ${
      last.seq
    }, ending in ${last.hash}.${begins}`,
  );
  return 0;
}

function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      checkpoints: { type: 'string', multiple: true },
      'public-key': { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const [command, ...files] = positionals;
  if (command !== 'verify' || values.help) throw new Unreadable(USAGE);
  return run(files, values);
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(
    error instanceof Unreadable
      ? `${error.message}\n`
      : `The record cannot be read: ${error.message}\n`,
  );
  process.exitCode = 2;
}
