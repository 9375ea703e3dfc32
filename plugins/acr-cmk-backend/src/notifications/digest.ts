import { utcDay } from 'backstage-plugin-acr-cmk-common';
import { DIGEST_KINDS, DIGEST_TOPIC } from './kinds';
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
  details: { name: string; days?: number; expiresAt?: number };
}

/** Sentence about the registries of one kind; of an expiry, of one stage. */
function sentenceOf([{ kind, details }, ...more]: DigestEntry[]): string {
  return DIGEST_KINDS[kind].sentence(countOfRegistries(more.length + 1), {
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
const listLink = (recipient: string, isPlatform: boolean) =>
  `/acr-cmk/registries?severity=error,warning${
    isPlatform ? '' : `&owner=${encodeURIComponent(recipient)}`
  }`;

/** One message about all entries. */
export function digestOf(
  entries: readonly DigestEntry[],
  {
    recipient,
    isPlatform,
  }: {
    recipient: string;
    /** The recipient also gets what concerns registries without an owner. */
    isPlatform: boolean;
  },
): Message {
  const groups = new Map<string, DigestEntry[]>();
  for (const each of entries) {
    const name = `${each.kind} ${each.details.days ?? ''}`;
    groups.set(name, [...(groups.get(name) ?? []), each]);
  }
  const rank = ([{ kind }]: DigestEntry[]) =>
    SEVERITIES.indexOf(DIGEST_KINDS[kind].severity);
  const sorted = [...groups.values()].sort(
    (a, b) =>
      rank(a) - rank(b) || (a[0].details.days ?? 0) - (b[0].details.days ?? 0),
  );
  const lines = sorted.map(group => `${sentenceOf(group)}: ${names(group)}.`);
  const ids = new Set(entries.map(({ registryId }) => registryId));
  return {
    topic: DIGEST_TOPIC,
    title:
      sorted.length === 1
        ? sentenceOf(sorted[0])
        : `${countOfRegistries(ids.size)} need${ids.size === 1 ? 's' : ''} attention`,
    description: lines.join(' '),
    severity: DIGEST_KINDS[sorted[0][0].kind].severity,
    link:
      ids.size === 1
        ? registryLink([...ids][0])
        : listLink(recipient, isPlatform),
  };
}
