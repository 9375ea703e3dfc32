#!/usr/bin/env node
/*
 * Verifies an exported audit record of acr-cmk offline, and signs that damage of it is known. It shares
 * no code with the plugin, so that it would not repeat a mistake of it: chain, checkpoints and
 * acknowledgements are defined by docs/audit.md, and tests run both on the same records.
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

const USAGE = `Usage: acr-cmk-audit verify [--checkpoints FILE... --public-key FILE]
                            [--acknowledged FILE... --operator-key FILE
                             (--public-key FILE | --no-checkpoints)] [--report FILE...] [FILE...]
       acr-cmk-audit acknowledge --key FILE --reason TEXT ID...

verify reads records as GET /api/acr-cmk/v1/audit answers them: one or more JSON documents
{"items": [...]}, arrays, or one record on each line; from the files in their order, or from
standard input. It names each record that does not hold the hash of the one before.

  --checkpoints FILE  signed checkpoints: the backend's log or anything else with one on a line
  --public-key FILE   the public key that they are verified with, in PEM
  --acknowledged FILE lines that acknowledge has printed: the breaks that they name are known
  --operator-key FILE the public key that these lines are verified with, in PEM; it must not be that
                      of the checkpoints, so that one is needed too
  --no-checkpoints    the portal has no key for checkpoints, which --operator-key could be
  --report FILE       a report of a campaign, as GET /api/acr-cmk/v1/campaigns/<id>/report answers
                      it: each member has to have the operation, the end and the approvers that the
                      records say, and nothing may be missing or added

Without checkpoints, records that are missing at the end, and a chain that was hashed again after
a change, are not found.

acknowledge prints a line for --acknowledged, in which the owner of a key says that breaks are
known. ID is the id of a break, as verify, the backend's log and the doctor name it.

  --key FILE          an Ed25519 private key other than that of the checkpoints, in PEM
  --reason TEXT       why the damage may stand

Exit code: 0 done or the chain holds but for known breaks, 1 the chain is broken, 2 something could
not be read.`;

const CHECKPOINT = 'acr-cmk-audit-checkpoint';
const ACKNOWLEDGEMENT = 'acr-cmk-audit-acknowledgement';
/** Breaks that are printed; the others are counted. */
const MOST_PRINTED = 20;

/** Input that cannot be used. Exit code 2. */
class Unreadable extends Error {}

const say = line => process.stdout.write(`${line}\n`);
const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** A name that an object in JSON text has twice. Readers differ in which of the two they take. */
function doubledNameIn(json) {
  const open = [];
  for (const [part, colon] of json.matchAll(
    /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/g,
  )) {
    if (part === '{') open.push(new Set());
    else if (part === '[') open.push(undefined);
    else if (part === '}' || part === ']') open.pop();
    else if (colon) {
      const names = open[open.length - 1];
      const name = JSON.parse(part.slice(0, -colon.length));
      if (names.has(name)) return name;
      names.add(name);
    }
  }
  return undefined;
}

function parse(json) {
  const value = JSON.parse(json);
  const doubled = doubledNameIn(json);
  if (doubled !== undefined) {
    throw new Unreadable(
      `The name ${JSON.stringify(doubled)} is twice in one object, so readers may see another value than the one that is verified.`,
    );
  }
  return value;
}

/** Records of a document. Nothing may stand beside them: it would be read, and not verified. */
function recordsOf(document) {
  if (Array.isArray(document)) return document;
  const { items, ...others } = document;
  return Array.isArray(items) && Object.keys(others).length === 0
    ? items
    : [document];
}

function recordsIn(text) {
  const whole = text.trim();
  if (whole === '') return [];
  if (isJson(whole)) return recordsOf(parse(whole));
  return whole
    .split('\n')
    .filter(line => line.trim() !== '')
    .flatMap(line => recordsOf(parse(line)));
}

/** Breaks at a record, given the one before. */
function breaksAt({ hash, ...record }, before) {
  const { seq } = record;
  const breaks = [];
  if (before && seq !== before.seq + 1) {
    breaks.push({
      seq,
      id: `missing:${before.seq}:${seq}`,
      why: `comes after ${before.seq}`,
    });
  } else if (before && record.previousHash !== before.hash) {
    breaks.push({
      seq,
      id: `link:${seq}:${String(before.hash).slice(0, 16)}`,
      why: 'does not hold the hash of the one before',
    });
  }
  const own = createHash('sha256').update(canonicalize(record)).digest('hex');
  if (own !== hash) {
    breaks.push({
      seq,
      id: `content:${seq}:${own.slice(0, 16)}`,
      why: 'is not what its hash was made of',
    });
  }
  return breaks;
}

/**
 * Prints the breaks.
 *
 * @param known - acknowledgements by the ids of the breaks
 * @returns the numbers of breaks that are known and of those that are not
 */
function reportBreaks(records, known) {
  const found = records.flatMap((record, index) =>
    breaksAt(record, records[index - 1]),
  );
  const breaks = found.filter(({ id }) => !known.has(id));
  for (const { seq, id, why } of found.filter(each => known.has(each.id))) {
    const { at, reason } = known.get(id);
    say(
      `Known break at record ${seq}: it ${why} (${id}). Acknowledged at ${at}: ${reason}`,
    );
  }
  for (const { seq, id, why } of breaks.slice(0, MOST_PRINTED)) {
    say(`Broken at record ${seq}: it ${why} (${id}).`);
  }
  if (breaks.length > MOST_PRINTED) {
    say(`There are ${breaks.length - MOST_PRINTED} more breaks.`);
  }
  return { known: found.length - breaks.length, unknown: breaks.length };
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

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function readCheckpoints(files) {
  const found = files.flatMap(file => {
    const text = readFileSync(file, 'utf8');
    return isJson(text)
      ? checkpointsIn(JSON.parse(text))
      : text.split('\n').flatMap(checkpointsIn);
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

/** Known breaks by which records are missing: the numbers before and after each. */
function gapsIn(known) {
  return [...known.keys()].flatMap(id => {
    const [, before, after] = /^missing:(\d+):(\d+)$/.exec(id) ?? [];
    return before === undefined ? [] : [[Number(before), Number(after)]];
  });
}

/** Numbers up to the one of a checkpoint that no record has, by known breaks that the chain had when it was signed. */
function skippedBefore({ seq, breaks = [], furtherBreaks }, known) {
  // A checkpoint names the first breaks alone.
  const ids = furtherBreaks ? [...known.keys()] : breaks;
  return gapsIn(known)
    .filter(([before, after]) => ids.includes(`missing:${before}:${after}`))
    .filter(gap => gap[1] <= seq)
    .reduce((sum, [before, after]) => sum + after - before - 1, 0);
}

/** Contradiction between a checkpoint and these records; nothing when they agree. */
function contradiction(checkpoint, { records, known, publicKey }) {
  const { seq, hash, count, at } = checkpoint;
  const [first, last] = [records[0], records[records.length - 1]];
  if (!isSigned(checkpoint, publicKey)) {
    return `The checkpoint of ${at} over record ${seq} is not signed with this key.`;
  }
  if (count !== seq - skippedBefore(checkpoint, known)) {
    return `The checkpoint of ${at} counted ${count} records up to record ${seq}.`;
  }
  if (seq > last.seq) {
    return `Records are missing at the end: the checkpoint of ${at} saw record ${seq}, and these end with ${last.seq}.`;
  }
  // A record that is missing by a known break cannot be compared.
  if (seq < first.seq || gapsIn(known).some(([a, b]) => a < seq && seq < b)) {
    return undefined;
  }
  if (records.find(one => one.seq === seq)?.hash !== hash) {
    return `The chain was written again: record ${seq} is not the one that the checkpoint of ${at} signed.`;
  }
  return undefined;
}

/** Acknowledgements by the ids of the breaks that they name. Lines that the key has not signed count for nothing. */
function readAcknowledgements(files, operatorKey) {
  const known = new Map();
  for (const line of files.flatMap(file =>
    readFileSync(file, 'utf8').split('\n'),
  )) {
    if (line.trim() === '') continue;
    const one = isJson(line) ? parse(line) : undefined;
    if (one?.kind === ACKNOWLEDGEMENT && isSigned(one, operatorKey)) {
      one.breaks.forEach(id => known.set(id, one));
    } else {
      say(
        'Ignored: a line of --acknowledged that is not an acknowledgement signed with the operator key.',
      );
    }
  }
  return known;
}

/** Prints each break that checkpoints name and that is not known, once. */
function reportSignedBreaks(checkpoints, known) {
  const times = new Map();
  const byTime = [...checkpoints].sort((a, b) => (a.at < b.at ? -1 : 1));
  for (const { at, breaks = [], furtherBreaks } of byTime) {
    const further = furtherBreaks ? ['further breaks, without names'] : [];
    for (const id of [...breaks.filter(one => !known.has(one)), ...further]) {
      const { first = at } = times.get(id) ?? {};
      times.set(id, { first, last: at });
    }
  }
  for (const [id, { first, last }] of [...times].slice(0, MOST_PRINTED)) {
    say(
      `The portal had damage when it signed: ${id} (first ${first}, last ${last}).`,
    );
  }
  if (times.size > MOST_PRINTED) {
    say(
      `The portal had ${plural(times.size - MOST_PRINTED, 'more break')} when it signed.`,
    );
  }
}

/** Prints the checkpoints that contradict the records. @returns their number */
function reportCheckpoints(read, { records, known, publicKey }) {
  const signed = read.filter(one => isSigned(one, publicKey));
  // Anybody can write one into a request that the backend logs.
  const checkpoints = signed.length > 0 ? signed : read;
  if (checkpoints.length < read.length) {
    say(
      `Ignored, since they are not signed with this key: ${plural(
        read.length - checkpoints.length,
        'checkpoint',
      )}.`,
    );
  }
  const against = checkpoints
    .map(one => contradiction(one, { records, known, publicKey }))
    .filter(found => found !== undefined);
  against.slice(0, MOST_PRINTED).forEach(say);
  if (against.length === 0) {
    const last = checkpoints[checkpoints.length - 1];
    const after = records[records.length - 1].seq - last.seq;
    reportSignedBreaks(checkpoints, known);
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

function readPublicKey(file, option) {
  const key = createPublicKey(readFileSync(file));
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new Unreadable(`--${option} is no Ed25519 key.`);
  }
  return key;
}

/** States of a member that an operation has which has not ended. */
const OPEN = ['waiting', 'approval', 'ready', 'running', 'proving'];
/** States of a member that has no operation. */
const UNMADE = ['waiting', 'excluded', 'not-started'];
/** Records that end an operation. */
const ENDS = ['operation-ended', 'operation-cancelled', 'operation-rejected'];

/** States that a member can have, by the records of its operation, with the record that decides them. */
function statesBy(ofOperation) {
  const ended = ofOperation.find(({ event }) => ENDS.includes(event));
  if (!ended) {
    const changed = ofOperation.find(
      ({ event }) => event === 'campaign-member-changed',
    );
    return { states: changed ? ['changed'] : OPEN, record: changed };
  }
  return { states: [stateAtEnd(ended)], record: ended };
}

function stateAtEnd({ event, details }) {
  const { code, state } = details;
  // Another operation went first: no failure of the campaign.
  if (code === 'TARGET_BUSY') return 'skipped';
  if (event === 'operation-rejected') return 'rejected';
  if (event === 'operation-cancelled') {
    return code === 'CAMPAIGN_ABORTED' ? 'not-started' : 'skipped';
  }
  return code === 'APPROVAL_EXPIRED' ? 'expired' : state;
}

/** Whether the campaign had not ended when its report was made. */
const isOpen = ({ campaign }) => ['running', 'paused'].includes(campaign.state);

const isSame = (one, other) =>
  canonicalize(one ?? null) === canonicalize(other ?? null);

/** ARM ids and entity refs are compared without case. */
const isSameId = (one, other) =>
  String(one).toLowerCase() === String(other).toLowerCase();

const sha256 = value =>
  createHash('sha256').update(canonicalize(value)).digest('hex');

/** Contradictions between a report and the record of the start of its campaign. */
function againstStart({ campaign, members }, started) {
  const { intent, hash, strategy, reason } = started.details;
  const wrong = Object.entries({ intent, hash, strategy, reason })
    .filter(([field, value]) => !isSame(value, campaign[field]))
    .map(([field]) => `its ${field} is not that of record ${started.seq}`);
  if (campaign.requestedBy !== started.actor) {
    wrong.push(`record ${started.seq} says that ${started.actor} requested it`);
  }
  const changing = members.filter(({ member }) => member.outcome === 'change');
  const listed = changing.map(({ member: { position, registryId } }) => ({
    position,
    registryId,
  }));
  const frozen = started.details.members.map(({ position, registryId }) => ({
    position,
    registryId,
  }));
  if (!isSame(listed, frozen)) {
    wrong.push(`its members are not those of record ${started.seq}`);
  }
  return wrong;
}

/** Contradictions between a member and the records of its operation. */
function againstOperation(
  { member, approvers },
  ofOperation,
  { campaign, own },
) {
  const { position, state, operationId, registryId, entityRef } = member;
  const accepted = ofOperation.find(
    ({ event }) => event === 'operation-accepted',
  );
  if (accepted?.details.campaignId !== campaign.id) {
    return [`no record says that its operation ${operationId} was accepted`];
  }
  const wrong = [];
  if (
    accepted.actor !== campaign.requestedBy ||
    !isSameId(accepted.registryId, registryId) ||
    !isSameId(accepted.entityRef, entityRef)
  ) {
    wrong.push(`its operation is not that of record ${accepted.seq}`);
  }
  if (!isSame(approversBy(ofOperation, { position, own }), approvers)) {
    wrong.push(`its approvers are not those who approved ${operationId}`);
  }
  const { states, record } = statesBy(ofOperation);
  if (!states.includes(state)) {
    wrong.push(
      record
        ? `it is ${state}, and record ${record.seq} says ${states[0]}`
        : `it is ${state}, and no record has the end of its operation`,
    );
  }
  return wrong;
}

/** People who approved an operation, since its campaign last asked again. */
function approversBy(ofOperation, { position, own }) {
  const askedAgain = own.findLast(
    ({ event, details }) =>
      event === 'campaign-resumed' && details.askedAgain?.includes(position),
  );
  const approved = ofOperation.filter(
    ({ event, seq }) =>
      event === 'operation-approved' && seq > (askedAgain?.seq ?? 0),
  );
  return [...new Set(approved.map(({ actor }) => actor))].sort();
}

/** Contradictions between a member without an operation and the records of its campaign. */
function againstCampaign({ member, approvers }, own) {
  const { position, state, operationId } = member;
  if (operationId !== undefined) return [];
  const wrong = approvers.map(
    approver => `no record says that ${approver} approved it`,
  );
  if (!UNMADE.includes(state)) {
    return [...wrong, `it is ${state} and has no operation`];
  }
  const isAborted = own.some(
    ({ event, details }) =>
      event === 'campaign-aborted' && details.positions.includes(position),
  );
  return state !== 'not-started' || isAborted
    ? wrong
    : [...wrong, `no record says that it is ${state}`];
}

/** The last record that was there when the report was made. */
function lastOf({ records, members }) {
  return Math.max(...records, ...members.flatMap(one => one.records));
}

/** Contradictions about the numbers of records that a report lists. */
function againstNumbers(report, { own, byOperation, records }) {
  const wrong = [];
  if (
    !isSame(
      report.records,
      own.map(({ seq }) => seq),
    )
  ) {
    wrong.push(
      'The report lists other records of the campaign than there are.',
    );
  }
  const known = new Map(records.map(record => [record.seq, record]));
  const listed = new Set();
  for (const { member, records: numbers } of report.members) {
    for (const seq of numbers) {
      const record = known.get(seq);
      listed.add(seq);
      if (
        !byOperation.has(record?.operationId) ||
        !isSameId(record.registryId, member.registryId)
      ) {
        wrong.push(
          `Member ${member.position}: record ${seq} is not about its operation.`,
        );
      }
    }
  }
  for (const ofOperation of byOperation.values()) {
    const missing = ofOperation.filter(({ seq }) => !listed.has(seq));
    for (const { seq, operationId } of missing) {
      wrong.push(
        `Record ${seq}, of operation ${operationId} of the campaign, is missing in the report.`,
      );
    }
  }
  return wrong;
}

/** Contradictions about the end of the campaign. */
function againstEnd({ campaign, members }, own) {
  // A retry that planned no member again changed nothing.
  const last = [...own]
    .reverse()
    .find(
      ({ event, details }) =>
        event === 'campaign-ended' ||
        (event === 'campaign-retried' && details.positions.length > 0),
    );
  const ended = last?.event === 'campaign-ended' ? last : undefined;
  const hasEnded = ['ended', 'aborted'].includes(campaign.state);
  if (!ended) {
    return hasEnded
      ? [`It is ${campaign.state}, and no record says that it has ended.`]
      : [];
  }
  if (campaign.state !== ended.details.state) {
    return [
      `It is ${campaign.state}, and record ${ended.seq} says ${ended.details.state}.`,
    ];
  }
  const { revision, offers, ...content } = campaign;
  const hash = sha256({
    campaign: content,
    members: members.map(({ member, approvers }) => ({ member, approvers })),
  });
  return hash === ended.details.reportHash
    ? []
    : [
        `It is not the report whose hash record ${ended.seq} holds: it was changed after the end.`,
      ];
}

/** Fields of a report that no record could confirm. */
function addedTo(report) {
  const added = (of, known) =>
    Object.keys(of).filter(field => !known.includes(field));
  return [
    ...added(report, ['campaign', 'members', 'records']),
    ...report.members.flatMap(one =>
      added(one, ['member', 'approvers', 'records']),
    ),
  ].map(field => `The report has a field that no report has: ${field}.`);
}

/** Records of a campaign itself. */
function recordsAbout({ id }, records) {
  return records.filter(
    ({ event, details, operationId }) =>
      event.startsWith('campaign-') &&
      details.campaignId === id &&
      operationId === undefined,
  );
}

/**
 * Everything in which a report of a campaign contradicts the records. Those that came after it are left out: the campaign
 * may have gone on, or was retried.
 */
function contradictionsOf(report, exported) {
  const { campaign, members } = report;
  const last = lastOf(report);
  const records = exported.filter(({ seq }) => seq <= last);
  const own = recordsAbout(campaign, records);
  const started = own.find(({ event }) => event === 'campaign-started');
  if (!started) {
    return [`The records do not say that campaign ${campaign.id} was started.`];
  }
  const byOperation = new Map(
    records
      .filter(
        ({ event, details }) =>
          event === 'operation-accepted' && details.campaignId === campaign.id,
      )
      .map(({ operationId }) => [
        operationId,
        records.filter(record => record.operationId === operationId),
      ]),
  );
  return [
    ...addedTo(report),
    ...againstStart(report, started).map(why => `The report is wrong: ${why}.`),
    ...members.flatMap(one => {
      const { position, operationId } = one.member;
      const wrong = [
        ...againstCampaign(one, own),
        ...(operationId === undefined
          ? []
          : againstOperation(one, byOperation.get(operationId) ?? [], {
              campaign,
              own,
            })),
      ];
      return wrong.map(why => `Member ${position}: ${why}.`);
    }),
    ...againstNumbers(report, { own, byOperation, records }),
    ...againstEnd(report, own),
  ];
}

/** A report that agrees, with what is not compared. */
function inWords({ campaign, members, ...report }, records) {
  const last = lastOf({ members, ...report });
  const later = recordsAbout(campaign, records).filter(({ seq }) => seq > last);
  return [
    `campaign ${campaign.id}, ${campaign.state}, ${plural(members.length, 'member')}.`,
    ...(isOpen({ campaign })
      ? ['It had not ended, so texts and times are not compared.']
      : []),
    ...(later.length > 0
      ? [
          `It has gone on since: ${plural(later.length, 'record')} of it came later, the first is ${later[0].seq}.`,
        ]
      : []),
  ].join(' ');
}

/** Prints where reports contradict the records. @returns the number of contradictions */
function reportReports(files, records) {
  let wrong = 0;
  for (const file of files) {
    const report = parse(readFileSync(file, 'utf8'));
    if (!report?.campaign?.id || !Array.isArray(report.members)) {
      throw new Unreadable(`${file} is no report of a campaign.`);
    }
    const found = contradictionsOf(report, records);
    found.slice(0, MOST_PRINTED).forEach(why => say(`${file}: ${why}`));
    if (found.length > MOST_PRINTED) {
      say(`${file}: there are ${found.length - MOST_PRINTED} more.`);
    }
    if (found.length === 0) {
      say(`${file} agrees with the records: ${inWords(report, records)}`);
    }
    wrong += found.length;
  }
  return wrong;
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
  const acknowledgedFiles = options.acknowledged ?? [];
  const usesNoKey = checkpointFiles.length + acknowledgedFiles.length === 0;
  if (
    acknowledgedFiles.length > 0 !==
    (options['operator-key'] !== undefined)
  ) {
    throw new Unreadable('--acknowledged and --operator-key go together.');
  }
  const hasPublicKey = options['public-key'] !== undefined;
  if (hasPublicKey ? usesNoKey : checkpointFiles.length > 0) {
    throw new Unreadable('--checkpoints and --public-key go together.');
  }
  if (hasPublicKey && options['no-checkpoints']) {
    throw new Unreadable(
      '--public-key is given, so leave --no-checkpoints out.',
    );
  }
  if (
    options['operator-key'] !== undefined &&
    !hasPublicKey &&
    !options['no-checkpoints']
  ) {
    throw new Unreadable(
      '--operator-key needs the --public-key of the checkpoints, to see that it is another key. Give --no-checkpoints where the portal has none.',
    );
  }
  const [publicKey, operatorKey] = ['public-key', 'operator-key'].map(
    option => options[option] && readPublicKey(options[option], option),
  );
  if (publicKey && operatorKey?.equals(publicKey)) {
    throw new Unreadable(
      '--operator-key is the key that signs checkpoints, which the portal has. Acknowledge with another one.',
    );
  }
  const texts =
    files.length === 0
      ? [readFileSync(0, 'utf8')]
      : files.map(file => readFileSync(file, 'utf8'));
  const records = texts.flatMap(recordsIn);
  if (records.length === 0) throw new Unreadable('There are no records.');

  const known = readAcknowledgements(acknowledgedFiles, operatorKey);
  const breaks = reportBreaks(records, known);
  let wrong = breaks.unknown;
  if (checkpointFiles.length > 0) {
    wrong += reportCheckpoints(readCheckpoints(checkpointFiles), {
      records,
      known,
      publicKey,
    });
  }
  wrong += reportReports(options.report ?? [], records);
  if (wrong > 0) return 1;
  const [first, last] = [records[0], records[records.length - 1]];
  const begins =
    first.seq === 1
      ? ''
      : ` What came before record ${first.seq} is not in the export.`;
  const holds =
    breaks.known === 0
      ? 'The chain holds'
      : `The chain holds but for ${plural(breaks.known, 'known break')}`;
  say(
    `${holds}: ${plural(records.length, 'record')}, ${first.seq} to ${
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
      acknowledged: { type: 'string', multiple: true },
      'operator-key': { type: 'string' },
      'no-checkpoints': { type: 'boolean' },
      report: { type: 'string', multiple: true },
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
