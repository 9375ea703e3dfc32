#!/usr/bin/env node
/*
 * Verifies an exported audit record of acr-cmk offline, and signs that damage of it is known. It shares
 * no code with the plugin, so that it would not repeat a mistake of it: chain, checkpoints and
 * acknowledgements are defined by docs/audit.md alone.
 */
const {
  createHash,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
} = require('node:crypto');
const { readFileSync } = require('node:fs');
const { parseArgs, stripVTControlCharacters } = require('node:util');
const canonicalize = require('canonicalize');

const USAGE = `Usage: acr-cmk-audit verify [--checkpoints FILE... --public-key FILE] [FILE...]
       acr-cmk-audit acknowledge --key FILE --reason TEXT ID...

verify reads records as GET /api/acr-cmk/v1/audit answers them: one or more JSON documents
{"items": [...]}, arrays, or one record on each line; from the files in their order, or from
standard input. It names each record that does not hold the hash of the one before.

  --checkpoints FILE  signed checkpoints: the backend's log or anything else with one on a line
  --public-key FILE   the public key that they are verified with, in PEM

Without checkpoints, records that are missing at the end, and a chain that was hashed again after
a change, are not found.

acknowledge prints a line for acrCmk.audit.acknowledgements.signed, in which the owner of a key says
that breaks are known. ID is the id of a break, as verify, the backend's log and the doctor name it.

  --key FILE          an Ed25519 private key that is not in the portal's configuration, in PEM
  --reason TEXT       why the damage may stand

Exit code: 0 done or the chain holds, 1 the chain is broken, 2 something could not be read.`;

const CHECKPOINT = 'acr-cmk-audit-checkpoint';
const ACKNOWLEDGEMENT = 'acr-cmk-audit-acknowledgement';
/** Breaks that are printed; the others are counted. */
const MOST_PRINTED = 20;

/** Input that cannot be used. Exit code 2. */
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

/** Break at a record, given the one before; nothing when it holds. */
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

/** Prints the breaks. @returns their number */
function reportBreaks(records) {
  const breaks = records
    .map((record, index) => breakAt(record, records[index - 1]))
    .filter(found => found !== undefined);
  for (const { seq, id, why } of breaks.slice(0, MOST_PRINTED)) {
    say(`Broken at record ${seq}: it ${why} (${id}).`);
  }
  if (breaks.length > MOST_PRINTED) {
    say(`There are ${breaks.length - MOST_PRINTED} more breaks.`);
  }
  return breaks.length;
}

/** JSON objects in a line of text, such as `actor={…} meta={…}` of a plain log. */
function objectsIn(text) {
  const found = [];
  for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at)) {
    const end = endOfObject(text, at);
    try {
      found.push(JSON.parse(text.slice(at, end)));
      at = end;
    } catch {
      at += 1;
    }
  }
  return found;
}

/** Index behind the brace that closes the one at `start`. */
function endOfObject(text, start) {
  const parts = /"(?:[^"\\]|\\.)*"|[{}]/g;
  parts.lastIndex = start;
  let depth = 0;
  for (let part = parts.exec(text); part; part = parts.exec(text)) {
    if (part[0] === '{') depth += 1;
    if (part[0] === '}') depth -= 1;
    if (depth === 0) return parts.lastIndex;
  }
  return text.length;
}

/** Checkpoints in anything that was read from a line of a log, also where JSON is inside a text. */
function checkpointsIn(value) {
  if (typeof value === 'string') {
    return value.includes(CHECKPOINT)
      ? objectsIn(stripVTControlCharacters(value)).flatMap(checkpointsIn)
      : [];
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

/** Contradiction between a checkpoint and these records; nothing when they agree. */
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

/** Prints the checkpoints that contradict the records. @returns their number */
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

function acknowledge(breaks, { key: keyFile, reason }) {
  if (!keyFile || !reason || breaks.length === 0) throw new Unreadable(USAGE);
  const key = createPrivateKey(readFileSync(keyFile));
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new Unreadable('--key is no Ed25519 key.');
  }
  const unsigned = {
    kind: ACKNOWLEDGEMENT,
    breaks,
    reason,
    at: new Date().toISOString(),
  };
  const signature = sign(null, Buffer.from(canonicalize(unsigned)), key);
  say(JSON.stringify({ ...unsigned, signature: signature.toString('base64') }));
  return 0;
}

function verifyExport(files, options) {
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
      key: { type: 'string' },
      reason: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const [command, ...rest] = positionals;
  if (values.help) throw new Unreadable(USAGE);
  switch (command) {
    case 'verify':
      return verifyExport(rest, values);
    case 'acknowledge':
      return acknowledge(rest, values);
    default:
      throw new Unreadable(USAGE);
  }
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
