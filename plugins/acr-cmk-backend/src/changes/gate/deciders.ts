import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  acrCmkPermissions,
  ActionRefused,
  assertNever,
  keyRotatePermission,
  type OperationOffer,
  operationApprovePermission,
  type PermissionMissing,
} from 'backstage-plugin-acr-cmk-common';
import type { CatalogLinks } from '../../catalog/CatalogLinks';
import { personOf } from '../../platform/callerOf';
import type { Approvers } from '../../platform/config';
import { batchesOf } from '../../platform/database/batches';
import { definitionOf } from '../../domain/plan/intents';
import type {
  OperationRecord,
  StoredAuthority,
  StoredNeed,
} from '../../engine/types';
import { standingFor } from './approvers';
import {
  type Authority,
  authorityFor,
  type PermissionChecker,
} from './PermissionChecker';

const UNSEEN = 'on an entity that you may not see';

/** A decision about an operation, and the caller who attempts it. */
export interface DecisionRequest {
  action: OperationOffer['action'];
  operation: Pick<
    OperationRecord,
    'entityRef' | 'requestedBy' | 'intent' | 'approval' | 'authorities'
  >;
  credentials: BackstageCredentials;
  /** Entities that may be named to the caller, lower-cased. Default: the one of the operation. */
  seen?: ReadonlySet<string>;
}

/** Authority that meets a need. */
export function authorityOf({
  permission,
  entityRef,
}: StoredAuthority): Authority {
  const found = acrCmkPermissions.find(({ name }) => name === permission);
  if (!found) throw new Error(`There is no permission ${permission}`);
  return { permission: found, entityRef } as Authority;
}

/** Distinguishes needs that different people may meet. */
export const nameOfNeed = ({ permission, entityRef }: StoredAuthority) =>
  `${permission} ${entityRef ?? ''}`;

/** The needs of an operation, met or not, that somebody may meet. */
export async function needsWithin(
  needs: readonly StoredNeed[],
  credentials: BackstageCredentials,
  permissionChecker: PermissionChecker,
): Promise<StoredNeed[]> {
  const asked = needs.map(need => ({ ...authorityOf(need), need }));
  const lacked = new Set(await permissionChecker.lackedOf(asked, credentials));
  return asked.filter(one => !lacked.has(one)).map(({ need }) => need);
}

/** Needs that the catalog is asked about at once. Our choice. */
const ASKED_AT_ONCE = 100;

/** Relations by which a person may meet each of these needs, by the names of the needs. */
export async function standingsOf(
  person: string,
  needs: readonly StoredNeed[],
  {
    approvers,
    catalog,
  }: { approvers: Approvers; catalog: Pick<CatalogLinks, 'relationsOf'> },
): Promise<ReadonlyMap<string, readonly string[]>> {
  const distinct = new Map(needs.map(need => [nameOfNeed(need), need]));
  const standings = new Map<string, readonly string[]>();
  for (const batch of batchesOf([...distinct], ASKED_AT_ONCE)) {
    const answers = await Promise.all(
      batch.map(([, { entityRef }]) => catalog.relationsOf(person, entityRef)),
    );
    batch.forEach(([name, need], index) =>
      standings.set(name, standingFor(approvers, need, answers[index])),
    );
  }
  return standings;
}

/** Reason for which the caller may not decide about an operation; undefined when they may. */
export async function refusalToDecide(
  { action, ...of }: DecisionRequest,
  permissionChecker: PermissionChecker,
): Promise<PermissionMissing | ActionRefused | undefined> {
  return (await refusalsToDecide([action], of, permissionChecker))[0];
}

/** Reason for which the caller may not take each of these decisions. The policy is asked for each authority once. */
export async function refusalsToDecide(
  actions: readonly DecisionRequest['action'][],
  of: Omit<DecisionRequest, 'action'>,
  permissionChecker: PermissionChecker,
): Promise<(PermissionMissing | ActionRefused | undefined)[]> {
  const { operation, credentials } = of;
  const isOwn = isCaller(credentials, operation.requestedBy);
  const authorities = actions.flatMap(action => [
    ...authoritiesToDecide(action, operation, isOwn),
    // Each that its effects required, including those that the requester had.
    ...(action === 'confirm' ? operation.authorities.map(authorityOf) : []),
  ]);
  const has = await permissionChecker.heldAmong(authorities, credentials);
  return actions.map(action =>
    refusalOf({ action, ...of }, { has, isOwn }, permissionChecker),
  );
}

function refusalOf(
  {
    action,
    operation,
    seen = new Set([operation.entityRef.toLowerCase()]),
  }: DecisionRequest,
  { has, isOwn }: { has: (authority: Authority) => boolean; isOwn: boolean },
  permissionChecker: PermissionChecker,
): PermissionMissing | ActionRefused | undefined {
  const maySee = ({ entityRef }: Authority) =>
    entityRef === undefined || seen.has(entityRef.toLowerCase());
  const authorities = authoritiesToDecide(action, operation, isOwn);
  if (!authorities.some(has)) {
    const named = authorities.find(maySee);
    return named
      ? permissionChecker.missing(named)
      : new ActionRefused(
          action,
          `You need the permission ${
            authorities[0].permission.name
          } ${UNSEEN}. Ask ${permissionChecker.holdersInWords(authorities[0])}`,
        );
  }
  if (action === 'confirm') {
    const other = operation.authorities.map(authorityOf).find(one => !has(one));
    if (other) {
      return new ActionRefused(
        action,
        `You need the permission ${other.permission.name}${onWhat(
          other,
          maySee,
        )} too, because the revoke was agreed to only until it is restored automatically. To make it permanent together, plan a revoke without an end`,
      );
    }
  }
  if (!isOwn) return undefined;
  if (action === 'approve' || action === 'reject') {
    return new ActionRefused(
      action,
      `You requested it; another person has to ${action} it`,
    );
  }
  if (action === 'confirm' && operation.approval) {
    return new ActionRefused(
      action,
      `You requested it, and it took a second person; another person has to make it permanent`,
    );
  }
  return undefined;
}

/** Decision that the caller made about an operation, and when, in epoch milliseconds. */
export function decisionBy(
  credentials: BackstageCredentials,
  { approval, result }: Pick<OperationRecord, 'approval' | 'result'>,
): { decision: 'approved' | 'rejected'; at: number } | undefined {
  if (!approval) return undefined;
  const { state, by, at } = approval;
  // A result with a code is no rejection: the plan no longer fitted when they approved.
  if (state === 'rejected' && by && at && !result?.code) {
    if (isCaller(credentials, by)) return { decision: 'rejected', at };
  }
  const met = approval.needs.find(
    need => need.by !== undefined && isCaller(credentials, need.by),
  );
  return met?.at === undefined
    ? undefined
    : { decision: 'approved', at: met.at };
}

function onWhat(
  authority: Authority,
  maySee: (authority: Authority) => boolean,
): string {
  if (authority.entityRef === undefined) return '';
  return ` ${maySee(authority) ? `on ${authority.entityRef}` : UNSEEN}`;
}

/** Operations that the caller may approve now, each with what an approval agrees to. */
export async function approvableBy(
  operations: readonly OperationRecord[],
  credentials: BackstageCredentials,
  permissionChecker: PermissionChecker,
): Promise<{ operation: OperationRecord; because: string[] }[]> {
  const ofOthers = operations.filter(
    ({ requestedBy }) => !isCaller(credentials, requestedBy),
  );
  const approving = (operation: OperationRecord) =>
    authoritiesToDecide('approve', operation, false);
  const has = await permissionChecker.heldAmong(
    ofOthers.flatMap(approving),
    credentials,
  );
  return ofOthers.flatMap(operation => {
    const held = approving(operation).filter(has);
    if (held.length === 0) return [];
    const because = (operation.approval?.needs ?? [])
      .filter(need =>
        held.some(
          ({ permission, entityRef }) =>
            permission.name === need.permission && entityRef === need.entityRef,
        ),
      )
      .map(need => need.because);
    return [{ operation, because: [...new Set(because)] }];
  });
}

/** Any of these is enough. */
function authoritiesToDecide(
  action: OperationOffer['action'],
  { intent, entityRef, approval }: DecisionRequest['operation'],
  isOwn: boolean,
): Authority[] {
  const needs = approval?.needs ?? [];
  const approver = { permission: operationApprovePermission, entityRef };
  switch (action) {
    case 'approve': {
      const unmet = needs.filter(({ by }) => by === undefined);
      return unmet.length > 0 ? unmet.map(authorityOf) : [approver];
    }
    case 'reject':
      return [approver, ...needs.map(authorityOf)];
    case 'cancel':
      return [
        authorityToCancel(intent, { entityRef, isOwn }),
        ...needs.map(authorityOf),
      ];
    case 'confirm':
      return [authorityFor(intent, entityRef)];
    default:
      return assertNever(action);
  }
}

/**
 * Authority to cancel an operation. A person who can create registries cannot cancel a creation that somebody
 * else requested.
 */
function authorityToCancel(
  intent: DecisionRequest['operation']['intent'],
  { entityRef, isOwn }: { entityRef: string; isOwn: boolean },
): Authority {
  return definitionOf(intent).registry === 'new' && !isOwn
    ? { permission: keyRotatePermission, entityRef }
    : authorityFor(intent, entityRef);
}

/** Whether the caller is this person, in any spelling of the ref. */
export function isCaller(
  credentials: BackstageCredentials,
  userEntityRef: string,
): boolean {
  const own = personOf(credentials);
  return own?.toLowerCase() === userEntityRef.toLowerCase();
}
