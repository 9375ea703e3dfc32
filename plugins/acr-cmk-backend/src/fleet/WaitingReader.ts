import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type {
  FleetWaiting,
  WaitingOperation,
} from 'backstage-plugin-acr-cmk-common';
import { approvableBy } from '../authority/deciders';
import type { PermissionChecker } from '../authority/PermissionChecker';
import { isoTime } from '../database/clock';
import type { OperationQueries } from '../operations/engine/OperationQueries';
import type { OperationRecord } from '../operations/engine/types';
import type { VisibleEntities } from './VisibleEntities';

/** Operations in an answer. */
const MAX_ANSWERED = 100;
/** Operations that are considered. No portal has as many that wait for approval at once. */
const MAX_READ = 1_000;

interface Deps {
  operations: Pick<OperationQueries, 'list'>;
  permissionChecker: PermissionChecker;
  visible: VisibleEntities;
}

/** Lists the operations that wait for the caller's approval. */
export class WaitingReader {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Operations that the caller may approve now, the longest waiting first. */
  async waiting(credentials: BackstageCredentials): Promise<FleetWaiting> {
    const { operations, permissionChecker, visible: entities } = this.#deps;
    const newestFirst = await operations.list({
      state: 'awaiting-approval',
      limit: MAX_READ,
    });
    const approvable = await approvableBy(
      newestFirst.reverse(),
      credentials,
      permissionChecker,
    );
    const shown = approvable.slice(0, MAX_ANSWERED);
    const visible = await entities.among(
      shown.map(({ operation }) => operation.entityRef),
      credentials,
    );
    return {
      items: shown.map(({ operation, because }) =>
        toWaiting(operation, {
          needs: because,
          showsEntity: visible.has(operation.entityRef.toLowerCase()),
        }),
      ),
      complete:
        approvable.length <= MAX_ANSWERED && newestFirst.length < MAX_READ,
    };
  }
}

function toWaiting(
  operation: OperationRecord,
  { needs, showsEntity }: { needs: string[]; showsEntity: boolean },
): WaitingOperation {
  const { plan, approval, origin } = operation;
  const { typedName } = plan.confirmation;
  return {
    id: operation.id,
    planHash: plan.hash,
    intent: operation.intent.kind,
    summary: plan.summary,
    registryId: plan.registryId,
    registryName: plan.registryName,
    ...(showsEntity && { entityRef: operation.entityRef }),
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
