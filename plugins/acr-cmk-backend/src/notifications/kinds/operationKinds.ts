import { utcTime } from 'backstage-plugin-acr-cmk-common';
import type { AuditEvent } from '../../platform/audit/AuditLog';
import { notifiesOf } from '../../changes/gate/effectRules';
import {
  registriesLosingKey,
  registriesRegainingKey,
} from '../../domain/effects';
import { restoresInPart } from '../../domain/plan/restore';
import { stillServes } from '../../engine/pulls';
import { hasTaken, hasWritten } from '../../engine/run';
import type { OperationRecord } from '../../engine/types';
import { countOfRegistries, registryLink, typed } from '../message';
import type { EventKind } from './types';

const ENDS: readonly AuditEvent[] = [
  'operation-ended',
  'operation-cancelled',
  'operation-rejected',
];

const END_WORDS: Partial<Record<OperationRecord['state'], string>> = {
  succeeded: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  rejected: 'Rejected',
  unverified: 'Ended without proof of its effect',
};

const REGISTRIES = '/acr-cmk/registries';
const WAITING = '/acr-cmk/waiting';
const linkTo = ({ id }: OperationRecord) => `${WAITING}?request=${id}`;
/** Scope of the request for an approval, and of its end, which takes its place. */
const approvalScope = ({ id }: OperationRecord) => `approval:${id}`;
/**
 * Time after a request within which its requester still has the dialog open that shows the operation.
 * Our choice.
 */
const WATCHED_MS = 5 * 60_000;

/**
 * Whether the requester saw an operation succeed: their own change in the portal, without an approval, that
 * was soon done. One that failed left something to do, so it is always reported.
 */
const isWatched = ({
  origin,
  state,
  approval,
  createdAt,
  endedAt,
}: OperationRecord) =>
  origin === 'person' &&
  state === 'succeeded' &&
  approval === undefined &&
  endedAt !== undefined &&
  endedAt - createdAt <= WATCHED_MS;

/** Kinds about operations. */
export const OPERATION_KINDS: Record<string, EventKind> = {
  revoked: {
    topic: 'revokes-and-restores',
    many: {
      title: notices => `${notices} notices about revokes of access to keys`,
      link: REGISTRIES,
    },
    on: [...ENDS, 'revoke-confirmed', 'pulls-observed'],
    notice({ event, actor, details }, operation) {
      if (!operation) return undefined;
      const { id, registryId, effects } = operation;
      const link = registryLink(registryId.key);
      const to = {
        ownersOf: operation,
        affected: registriesLosingKey(effects),
      };
      if (event === 'revoke-confirmed') {
        return {
          to,
          scope: `permanent:${id}`,
          excluded: actor,
          message: others => ({
            severity: 'critical',
            title: `The revoke is permanent: ${named(operation, others)}`,
            description: `By ${actor}. Reason: ${typed(
              details.reason,
            )}. It is not restored automatically any more.`,
            link,
          }),
        };
      }
      if (event === 'pulls-observed') {
        if (!operation.pulls || !stillServes(operation.pulls)) return undefined;
        return {
          to: { ...to, also: operation.requestedBy },
          scope: `still-pulled:${id}`,
          message: others => ({
            severity: 'critical',
            title: `Pulls still work after a revoke: ${named(operation, others)}`,
            description: `${requestOf(operation)} ${typed(operation.result?.message ?? '')}.`,
            link,
          }),
        };
      }
      if (!notifiesOf(effects, 'revoked') || !hasTaken(operation)) {
        return undefined;
      }
      return {
        to,
        scope: `revoked:${id}`,
        excluded: operation.requestedBy,
        message: others => ({
          severity: 'critical',
          title: revokeTitle(operation, others),
          description: revokeDescription(operation),
          link,
        }),
      };
    },
  },
  restored: {
    topic: 'revokes-and-restores',
    many: {
      title: notices =>
        `${notices} notices about restores and grants of access to keys`,
      link: REGISTRIES,
    },
    on: ENDS,
    notice(_record, operation) {
      if (!operation) return undefined;
      const { id, effects, registryId, requestedBy } = operation;
      if (!notifiesOf(effects, 'restored') || !hasWritten(operation)) {
        return undefined;
      }
      return {
        to: {
          ownersOf: operation,
          affected: registriesRegainingKey(effects),
        },
        scope: `restored:${id}`,
        excluded: requestedBy,
        message: others => ({
          severity: 'normal',
          title: gainTitle(operation, others),
          description: requestOf(operation),
          link: registryLink(registryId.key),
        }),
      };
    },
  },
  'approval-wanted': {
    topic: 'approvals',
    many: {
      title: operations => `Approval wanted: ${operations} operations`,
      link: WAITING,
    },
    on: ['operation-accepted'],
    notice(_record, operation) {
      if (operation?.state !== 'awaiting-approval') return undefined;
      const expiresAt = operation.approval?.expiresAt;
      return {
        to: { approversOf: operation },
        scope: approvalScope(operation),
        excluded: operation.requestedBy,
        message: () => ({
          // Somebody waits for the reader. Nothing else may stand before it.
          severity: 'critical',
          title: `Approval wanted: ${operation.plan.summary}`,
          description: `${requestOf(operation)}${
            expiresAt === undefined
              ? ''
              : ` It expires at ${utcTime(expiresAt)}.`
          }`,
          link: linkTo(operation),
        }),
      };
    },
  },
  'approval-over': {
    topic: 'approvals',
    on: ['operation-approved', ...ENDS],
    notice({ event }, operation) {
      const { approval, state } = operation ?? {};
      if (!operation || !approval || state === 'awaiting-approval') {
        return undefined;
      }
      const isApproved = approval.state === 'approved';
      // Its later end concerns the requester alone.
      if (isApproved && event !== 'operation-approved') return undefined;
      const scope = approvalScope(operation);
      return {
        to: { told: scope },
        scope,
        excluded: operation.requestedBy,
        message: () => ({
          severity: 'low',
          title: `${requestEnd(operation)}: ${operation.plan.summary}`,
          description: requestOf(operation),
          link: linkTo(operation),
        }),
      };
    },
  },
  'operation-ended': {
    topic: 'operations',
    many: {
      title: operations => `${operations} of your operations have ended`,
      link: REGISTRIES,
    },
    on: ENDS,
    notice({ event, actor }, operation) {
      // A campaign reports its own end.
      if (!operation || operation.origin === 'campaign') return undefined;
      const { id, plan, state, result, registryId, requestedBy } = operation;
      const isOwnDecision =
        event === 'operation-cancelled' &&
        actor.toLowerCase() === requestedBy.toLowerCase();
      if (isOwnDecision || isWatched(operation)) return undefined;
      return {
        to: { requester: requestedBy },
        scope: `operation:${id}`,
        message: () => ({
          severity: state === 'succeeded' ? 'low' : 'high',
          title: `${END_WORDS[state] ?? state}: ${plan.summary}`,
          ...(result && { description: typed(result.message) }),
          link: registryLink(registryId.key),
        }),
      };
    },
  },
};

/** End of a request for an approval, in words. */
function requestEnd({ approval, state }: OperationRecord): string {
  switch (approval?.state) {
    case 'approved':
      return `Approved by ${approval.by}`;
    case 'expired':
      return 'Not approved in time';
    default:
      return END_WORDS[state] ?? state;
  }
}

function requestOf({ origin, requestedBy, reason }: OperationRecord): string {
  const by =
    origin === 'timer'
      ? `Automatically, as requested by ${requestedBy}`
      : `By ${requestedBy}`;
  return `${by}. Reason: ${typed(reason)}.`;
}

/** The registry and the number of others. */
function named({ plan }: OperationRecord, others: number): string {
  return others === 0
    ? plan.registryName
    : `${plan.registryName} and ${countOfRegistries(others)} more`;
}

function gainTitle(operation: OperationRecord, others: number): string {
  const { effects, plan, state } = operation;
  const isRestored = registriesRegainingKey(effects).size > 0;
  const what = named(operation, others);
  if (state === 'succeeded') {
    if (restoresInPart(plan)) {
      return `What one revoke took was given back: ${what}. ${
        others === 0 ? 'It' : plan.registryName
      } may still lack its key`;
    }
    return isRestored
      ? `Access to the key was restored: ${what}`
      : `Access to a key was granted: ${what}`;
  }
  return `A ${
    isRestored ? 'restore' : 'grant'
  } of access to a key has ended as ${state}: ${what}`;
}

function revokeTitle(operation: OperationRecord, others: number): string {
  const { state } = operation;
  return state === 'succeeded'
    ? `Access to the key was revoked: ${named(operation, others)}`
    : `A revoke has ended as ${state}: ${named(operation, others)}`;
}

function revokeDescription(operation: OperationRecord): string {
  const { restoresAt, state, result } = operation;
  const sentences = [requestOf(operation)];
  if (state !== 'succeeded') sentences.push(`${result?.message ?? ''}.`);
  if (restoresAt !== undefined) {
    sentences.push(
      `It is restored automatically at ${utcTime(restoresAt)}, unless someone keeps it revoked.`,
    );
  } else if (state === 'succeeded') {
    sentences.push('It stays revoked until someone restores it.');
  }
  return sentences.join(' ');
}
