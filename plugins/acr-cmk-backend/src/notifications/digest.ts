import { lostStateIds, utcDay } from 'backstage-plugin-acr-cmk-common';
import { DIGEST_TOPIC, GROUPED_KINDS, LOST_TOPIC } from './kinds';
import {
  countOfRegistries,
  MAX_NAMED,
  type Message,
  registryLink,
  SEVERITIES,
} from './message';

/** A condition of a registry, as a digest reports it. */
export interface DigestEntry {
  kind: string;
  registryId: string;
  details: {
    name: string;
    days?: number;
    expiresAt?: number;
    /** The finding behind it, in words, with its way back. */
    cause?: string;
  };
}

/**
 * Groups that one message describes; more are counted. Our choice: more than the kinds of a digest, with the stages of an
 * expiry.
 */
const MAX_GROUPS = 10;

/**
 * Sentence about the registries of one kind; of an expiry, of one stage.
 *
 * @param registries - in words. Default: their number
 */
function sentenceOf(
  [{ kind, details }, ...more]: DigestEntry[],
  registries = countOfRegistries(more.length + 1),
): string {
  return GROUPED_KINDS[kind].sentence(registries, {
    isOne: more.length === 0,
    days: details.days,
  });
}

function names(entries: readonly DigestEntry[]): string {
  const all = entries
    .map(({ details: { name, expiresAt } }) =>
      expiresAt === undefined ? name : `${name} (${utcDay(expiresAt)})`,
    )
    .sort();
  const named = all.slice(0, MAX_NAMED).join(', ');
  return all.length > MAX_NAMED
    ? `${named} and ${all.length - MAX_NAMED} more`
    : named;
}

/** The list of the recipient's registries; of all registries for the platform. */
function listLink({ recipient, isPlatform, topic }: Addressed): string {
  const filter = new URLSearchParams({
    ...(topic === DIGEST_TOPIC && { severity: 'error,warning' }),
    ...(topic === LOST_TOPIC && { state: lostStateIds.join(',') }),
    ...(!isPlatform && { owner: recipient }),
  });
  return `/acr-cmk/registries?${String(filter).replaceAll('%2C', ',')}`;
}

interface Addressed {
  recipient: string;
  /** The recipient also gets what concerns registries without an owner. */
  isPlatform: boolean;
  /** Topic of all entries. */
  topic: string;
}

/** Names of a group's registries, with the cause and the way back where they are known. */
const lineOf = (group: DigestEntry[]) =>
  [`${sentenceOf(group)}: ${names(group)}.`, group[0].details.cause]
    .filter(Boolean)
    .join(' ');

/** Entries of one kind, stage and cause together, the worst first. */
function groupsOf(entries: readonly DigestEntry[]): DigestEntry[][] {
  const groups = new Map<string, DigestEntry[]>();
  for (const each of entries) {
    const { days = '', cause = '' } = each.details;
    const name = `${each.kind} ${days} ${cause}`;
    groups.set(name, [...(groups.get(name) ?? []), each]);
  }
  const rank = ([{ kind }]: DigestEntry[]) =>
    SEVERITIES.indexOf(GROUPED_KINDS[kind].severity);
  return [...groups.values()].sort(
    (a, b) =>
      rank(a) - rank(b) || (a[0].details.days ?? 0) - (b[0].details.days ?? 0),
  );
}

function textOf(groups: readonly DigestEntry[][]): string {
  const lines = groups.slice(0, MAX_GROUPS).map(lineOf);
  const more = groups.length - MAX_GROUPS;
  return [...lines, ...(more > 0 ? [`And ${more} more causes.`] : [])].join(
    ' ',
  );
}

/** Words of a message about entries, for the log. */
export const inWords = (entries: readonly DigestEntry[]): string =>
  textOf(groupsOf(entries));

/** Title that names a single registry. */
function titleOf(groups: readonly DigestEntry[][], topic: string): string {
  const entries = groups.flat();
  const count = new Set(entries.map(({ registryId }) => registryId)).size;
  const isOne = count === 1;
  const registries = isOne ? entries[0].details.name : countOfRegistries(count);
  if (groups.length === 1) return sentenceOf(groups[0], registries);
  return topic === LOST_TOPIC
    ? `${registries} ${isOne ? 'is' : 'are'} unreachable, revoked or expired`
    : `${registries} ${isOne ? 'needs' : 'need'} attention`;
}

/** One message about all entries. */
export function digestOf(
  entries: readonly DigestEntry[],
  to: Addressed,
): Message {
  const groups = groupsOf(entries);
  const ids = new Set(entries.map(({ registryId }) => registryId));
  return {
    topic: to.topic,
    title: titleOf(groups, to.topic),
    description: textOf(groups),
    severity: GROUPED_KINDS[groups[0][0].kind].severity,
    link: ids.size === 1 ? registryLink([...ids][0]) : listLink(to),
  };
}
