/** What messages say, in the plain text that Backstage's notifications show. */
import type { NotificationPayload } from '@backstage/plugin-notifications-common';
import { day } from '../cmk/encryptedRegistry';
import { isoTime } from '../database/clock';
import type { OperationRecord } from '../operations/engine/types';
import { type DigestKind, TOPICS, type Topic } from './kinds';

/** What is sent, but for its scope. */
export type Payload = Omit<NotificationPayload, 'scope' | 'icon' | 'metadata'>;

/** One thing that a digest reports. */
export interface DigestEntry {
  kind: DigestKind;
  registryId: string;
  details: { name: string; days?: number; expiresAt?: number };
}

/** Registries that are named; more are counted. */
const MOST_NAMED = 5;
/** Characters of what somebody has typed. */
const MOST_TYPED = 300;

const SEVERITY = {
  expires: 'normal',
  expired: 'critical',
  behind: 'high',
  'pinned-key-trap': 'high',
  'identity-detached': 'critical',
  'firewall-closed': 'critical',
} as const satisfies Record<DigestKind, NotificationPayload['severity']>;

/** The worst first, which is their order in a digest, too. */
const SEVERITIES = ['critical', 'high', 'normal'] as const;

const registries = (count: number) =>
  count === 1 ? '1 registry' : `${count} registries`;

/** What is said of registries of one kind, and for an expiry of one stage. */
function sentenceOf(
  { kind, details: { days } }: DigestEntry,
  count: number,
): string {
  const those = registries(count);
  const one = count === 1;
  switch (kind) {
    case 'expires':
      return `${those}: the key version in use expires within ${
        days === 1 ? '1 day' : `${days} days`
      }`;
    case 'expired':
      return `${those}: the key version in use has expired`;
    case 'behind':
      return `${those} ${
        one ? 'has' : 'have'
      } not followed a new version of the key`;
    case 'pinned-key-trap':
      return `${those} ${
        one ? 'is' : 'are'
      } pinned to one version while a policy rotates the key`;
    case 'identity-detached':
      return `${those}: the encryption identity is not attached`;
    case 'firewall-closed':
    default:
      return `${those}: a firewall keeps the registry from its key`;
  }
}

function names(entries: readonly DigestEntry[]): string {
  const all = entries
    .map(({ details: { name, expiresAt } }) =>
      expiresAt === undefined ? name : `${name} (${day(isoTime(expiresAt))})`,
    )
    .sort();
  const named = all.slice(0, MOST_NAMED).join(', ');
  return all.length > MOST_NAMED
    ? `${named} and ${all.length - MOST_NAMED} more`
    : named;
}

const registryLink = (registryId: string) =>
  `/acr-cmk/registries?registry=${encodeURIComponent(registryId)}`;

/** What a recipient is notified of: what is theirs, or, for the platform, what may be anybody's. */
const listLink = (recipient: string, isPlatform: boolean) =>
  `/acr-cmk/registries?severity=error,warning${
    isPlatform ? '' : `&owner=${encodeURIComponent(recipient)}`
  }`;

/** One digest for everything that a recipient has to be notified of. */
export function digestOf(
  entries: readonly DigestEntry[],
  {
    topic,
    recipient,
    isPlatform,
  }: {
    topic: Topic | 'overview';
    recipient: string;
    /** Is the recipient notified of what has no owner, too? */
    isPlatform: boolean;
  },
): Payload {
  const groups = new Map<string, DigestEntry[]>();
  for (const each of entries) {
    const name = `${each.kind} ${each.details.days ?? ''}`;
    groups.set(name, [...(groups.get(name) ?? []), each]);
  }
  const rank = ([{ kind }]: DigestEntry[]) =>
    SEVERITIES.indexOf(SEVERITY[kind]);
  const sorted = [...groups.values()].sort(
    (a, b) =>
      rank(a) - rank(b) || (a[0].details.days ?? 0) - (b[0].details.days ?? 0),
  );
  const lines = sorted.map(
    group => `${sentenceOf(group[0], group.length)}: ${names(group)}.`,
  );
  const ids = new Set(entries.map(({ registryId }) => registryId));
  return {
    topic,
    title:
      sorted.length === 1
        ? sentenceOf(sorted[0][0], sorted[0].length)
        : `${registries(ids.size)} need${ids.size === 1 ? 's' : ''} attention`,
    description: lines.join(' '),
    severity: SEVERITY[sorted[0][0].kind],
    link:
      ids.size === 1
        ? registryLink([...ids][0])
        : listLink(recipient, isPlatform),
  };
}

function typed(text: string): string {
  return text.length > MOST_TYPED ? `${text.slice(0, MOST_TYPED)}…` : text;
}

const by = ({ requestedBy, reason }: OperationRecord) =>
  `By ${requestedBy}. Reason: ${typed(reason)}.`;

/** `name` and the others that it takes the key from. */
const withOthers = (name: string, others: number) =>
  others === 0 ? name : `${name} and ${registries(others)} more`;

/** Registries lost their key, or may have. */
export function revokedOf(operation: OperationRecord, others: number): Payload {
  const { plan, restoresAt, state, result } = operation;
  const name = withOthers(plan.registryName, others);
  return {
    topic: TOPICS.revoked,
    severity: 'critical',
    title:
      state === 'succeeded'
        ? `Access to the key was revoked: ${name}`
        : `A revoke has ended as ${state}: ${name}`,
    description: [
      by(operation),
      ...(state === 'succeeded' ? [] : [`${result?.message ?? ''}.`]),
      restoresAt === undefined
        ? 'It stays revoked until someone restores it.'
        : `It is restored automatically at ${isoTime(
            restoresAt,
          )}, unless someone keeps it revoked.`,
    ].join(' '),
    link: registryLink(operation.registryId.key),
  };
}

/** A revoke for a limited time became permanent. */
export function permanentOf(
  operation: OperationRecord,
  { actor, reason, others }: { actor: string; reason: string; others: number },
): Payload {
  const { plan, registryId } = operation;
  return {
    topic: TOPICS.revoked,
    severity: 'critical',
    title: `The revoke is permanent: ${withOthers(plan.registryName, others)}`,
    description: `By ${actor}. Reason: ${typed(
      reason,
    )}. It is not restored automatically any more.`,
    link: registryLink(registryId.key),
  };
}

/** Registries have their key again. */
export function restoredOf(
  operation: OperationRecord,
  others: number,
): Payload {
  return {
    topic: TOPICS.restored,
    severity: 'high',
    title: `Access to the key was restored: ${withOthers(
      operation.plan.registryName,
      others,
    )}`,
    description: by(operation),
    link: registryLink(operation.registryId.key),
  };
}

/** Somebody's agreement is needed. */
export function approvalOf(operation: OperationRecord): Payload {
  const { plan, approval } = operation;
  const until =
    approval?.expiresAt === undefined
      ? ''
      : ` It expires at ${isoTime(approval.expiresAt)}.`;
  return {
    topic: TOPICS['approval-wanted'],
    severity: 'high',
    title: `Approval wanted: ${plan.summary}`,
    description: `${by(operation)}${until}`,
    link: '/acr-cmk/waiting',
  };
}

const ENDS: Partial<Record<OperationRecord['state'], string>> = {
  succeeded: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  rejected: 'Rejected',
  unverified: 'Ended without proof of its effect',
};

/** For the one who asked for it. */
export function endOf({
  plan,
  state,
  result,
  registryId,
}: OperationRecord): Payload {
  return {
    topic: TOPICS['operation-ended'],
    severity: state === 'succeeded' ? 'normal' : 'high',
    title: `${ENDS[state] ?? state}: ${plan.summary}`,
    ...(result && { description: typed(result.message) }),
    link: registryLink(registryId.key),
  };
}
