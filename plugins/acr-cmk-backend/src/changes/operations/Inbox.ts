import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type DecidedOperation,
  type FleetWaiting,
  operationKindOf,
  type WaitingOperation,
} from 'backstage-plugin-acr-cmk-common';
import { approvableBy, decisionBy } from '../gate/deciders';
import type { PermissionChecker } from '../gate/PermissionChecker';
import { personOf } from '../../platform/callerOf';
import type { Context } from '../../platform/context';
import { isoTime } from '../../platform/database/clock';
import type { OperationQueries } from '../../engine/OperationQueries';
import type { OperationRecord } from '../../engine/types';
import { VisibleEntities } from '../../registries/fleet/VisibleEntities';

/** Operations in an answer. */
const MAX_ANSWERED = 100;
/** Operations that are considered. No portal has as many that wait for approval at once. */
const MAX_READ = 1_000;

/** Decisions in an answer. Our choice. */
export const MAX_DECIDED = 20;
/** Age of the oldest decision that is shown. Our choice. */
export const DECIDED_WITHIN_MS = 7 * 24 * 60 * 60_000;

interface Parts {
  operations: Pick<OperationQueries, 'list'>;
  permissionChecker: PermissionChecker;
}

/** Lists the operations that wait for the caller's approval, and those that they decided about. */
export class Inbox {
  readonly #context: Pick<Context, 'clock'>;
  readonly #parts: Parts;
  readonly #visible: VisibleEntities;

  constructor(
    context: Pick<Context, 'clock' | 'catalog' | 'permissions'>,
    parts: Parts,
  ) {
    this.#context = context;
    this.#parts = parts;
    this.#visible = new VisibleEntities(context);
  }

  /** Operations that the caller may approve now, the longest waiting first. */
  async waiting(
    credentials: BackstageCredentials,
  ): Promise<Omit<FleetWaiting, 'campaigns' | 'decidedStages'>> {
    const { operations, permissionChecker } = this.#parts;
    const newestFirst = await operations.list({
      state: 'awaiting-approval',
      // A stage is decided about at once.
      ofCampaigns: false,
      limit: MAX_READ,
    });
    const approvable = await approvableBy(
      newestFirst.reverse(),
      credentials,
      permissionChecker,
    );
    const shown = approvable.slice(0, MAX_ANSWERED);
    const decided = await this.#decided(credentials);
    const visible = await this.#visible.among(
      [...shown, ...decided].map(({ operation }) => operation.entityRef),
      credentials,
    );
    const showsEntity = ({ entityRef }: OperationRecord) =>
      visible.has(entityRef.toLowerCase());
    return {
      items: shown.map(({ operation, because }) =>
        toWaiting(operation, {
          needs: because,
          showsEntity: showsEntity(operation),
        }),
      ),
      complete:
        approvable.length <= MAX_ANSWERED && newestFirst.length < MAX_READ,
      decided: decided.map(({ operation, decision, at }) =>
        toDecided(operation, {
          decision,
          decidedAt: isoTime(at),
          showsEntity: showsEntity(operation),
        }),
      ),
    };
  }

  /** Decisions of the caller, newest first. */
  async #decided(credentials: BackstageCredentials) {
    const person = personOf(credentials);
    if (person === undefined) return [];
    const found = await this.#parts.operations.list({
      decidedBy: person,
      // One decision is about many of them: `decidedStages`.
      ofCampaigns: false,
      since: (await this.#context.clock.now()) - DECIDED_WITHIN_MS,
      limit: MAX_READ,
    });
    return found
      .flatMap(operation => {
        const own = decisionBy(credentials, operation);
        return own ? [{ operation, ...own }] : [];
      })
      .sort((a, b) => b.at - a.at)
      .slice(0, MAX_DECIDED);
  }
}

/** Parts of an answer that every operation has. */
const aboutOperation = (operation: OperationRecord, showsEntity: boolean) => ({
  id: operation.id,
  kind: operationKindOf(operation),
  registryId: operation.plan.registryId,
  registryName: operation.plan.registryName,
  ...(showsEntity && { entityRef: operation.entityRef }),
});

function toDecided(
  operation: OperationRecord,
  {
    decision,
    decidedAt,
    showsEntity,
  }: Pick<DecidedOperation, 'decision' | 'decidedAt'> & {
    showsEntity: boolean;
  },
): DecidedOperation {
  const { state, endedAt, result } = operation;
  return {
    ...aboutOperation(operation, showsEntity),
    decision,
    decidedAt,
    state,
    ...(endedAt !== undefined && { endedAt: isoTime(endedAt) }),
    ...(result && { message: result.message }),
  };
}

function toWaiting(
  operation: OperationRecord,
  { needs, showsEntity }: { needs: string[]; showsEntity: boolean },
): WaitingOperation {
  const { plan, approval, origin } = operation;
  const { typedName } = plan.confirmation;
  return {
    ...aboutOperation(operation, showsEntity),
    planHash: plan.hash,
    summary: plan.summary,
    requestedBy: operation.requestedBy,
    reason: operation.reason,
    createdAt: isoTime(operation.createdAt),
    ...(approval?.expiresAt !== undefined && {
      expiresAt: isoTime(approval.expiresAt),
    }),
    consumers: plan.consumers.length,
    ...(origin === 'program' && typedName && { typedName }),
    needs,
  };
}
