/**
 * Errors of the API, with their messages for people.
 *
 * `name`, or `statusCode` where no name has the status, decides the HTTP status (Backstage's error
 * middleware); `code` is for a switch. Own fields reach the client unchanged, so they must not contain
 * secrets. No error here keeps a `cause`, because Backstage joins its text to the message and sends both.
 */
import {
  ConflictError,
  CustomErrorBase,
  InputError,
  NotAllowedError,
  NotFoundError,
  type ResponseError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { utcTimeAfter } from './utcTime';

/** One difference between a plan as it was shown and as it would be now. */
export interface FieldChange {
  field: string;
  shown: string;
  now: string;
}

/** A value that came from outside is not what it should be. HTTP 400. */
export class InvalidInput extends InputError {
  readonly code = 'INVALID_INPUT';
  constructor(
    readonly field: string,
    problem: string,
  ) {
    super(`${field}: ${problem}`);
  }
}

/** A request's body is larger than any that could be right. HTTP 413. */
export class BodyTooLarge extends CustomErrorBase {
  override name = 'BodyTooLarge' as const;
  readonly code = 'BODY_TOO_LARGE';
  readonly statusCode = 413;
  readonly field = 'body';
  constructor(limit: string) {
    super(`body: must not be larger than ${limit}`);
  }
}

/** A request's body is not JSON in UTF-8 by its headers. HTTP 415. */
export class ContentTypeUnsupported extends CustomErrorBase {
  override name = 'ContentTypeUnsupported' as const;
  readonly code = 'CONTENT_TYPE_UNSUPPORTED';
  readonly statusCode = 415;
  constructor(
    readonly field: string,
    problem: string,
  ) {
    super(`${field}: ${problem}`);
  }
}

/** Limit per caller. */
export type LimitId =
  | 'readsPerMinute'
  | 'writesPerMinute'
  | 'previewsPerMinute'
  | 'openStreams'
  | 'waitingRequests';

const LIMITED: Record<LimitId, string> = {
  readsPerMinute: 'reads in a minute',
  writesPerMinute: 'writes in a minute',
  previewsPerMinute: 'previews of campaigns in a minute',
  openStreams: 'open event streams',
  waitingRequests:
    'operations that wait for approval, and as many campaigns that are open or began within the hour',
};

/** The caller has as much of something as one person may have. HTTP 429. */
export class LimitReached extends CustomErrorBase {
  override name = 'LimitReached' as const;
  readonly code = 'LIMIT_REACHED';
  readonly statusCode = 429;
  /** Also the answer's `Retry-After`. */
  readonly retryAfterSeconds: number;
  /** @param of.freeAt - latest time at which there is room, unless a person makes some before. ISO 8601 */
  constructor(
    readonly limit: LimitId,
    allowed: number,
    of: { retryAfterSeconds: number; freeAt?: string },
  ) {
    const { retryAfterSeconds, freeAt } = of;
    super(
      `One person may have ${allowed} ${LIMITED[limit]}. ${
        freeAt
          ? `Have one of them decided, or try again after ${utcTimeAfter(freeAt)}`
          : `Try again in ${retryAfterSeconds} seconds`
      }`,
    );
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The caller lacks a permission on an entity. HTTP 403. */
export class PermissionMissing extends NotAllowedError {
  readonly code = 'PERMISSION_MISSING';
  /** Field of the request that decides which permission is needed, if one does. */
  readonly field?: string;
  /** @param of.holders - words for those who have it, by the configuration */
  constructor(
    readonly permission: string,
    readonly entityRef?: string,
    of: { field?: string; holders?: string } = {},
  ) {
    super(
      `You need the permission ${permission}${
        entityRef ? ` on ${entityRef}` : ''
      }. Ask ${of.holders ?? 'somebody who has it'}`,
    );
    if (of.field !== undefined) this.field = of.field;
  }
}

/** The answer is for another plugin of this portal, and the caller is not that one. HTTP 403. */
export class CallerNotPlugin extends NotAllowedError {
  readonly code = 'CALLER_NOT_PLUGIN';
  constructor(readonly pluginId: string) {
    super(
      `Only the plugin ${pluginId} of this portal may read this. GET /v1/fleet/registries lists registries for people and programs`,
    );
  }
}

/** The entity is not there, or the caller may not see it: the answer is the same. HTTP 404. */
export class EntityUnknown extends NotFoundError {
  readonly code = 'ENTITY_UNKNOWN';
  constructor(readonly entityRef: string) {
    super(`There is no entity ${entityRef} that you may see`);
  }
}

/** The registry is not there, or the caller may not see it: the answer is the same. HTTP 404. */
export class RegistryUnknown extends NotFoundError {
  readonly code = 'REGISTRY_UNKNOWN';
  constructor(readonly registryId: string) {
    super(`There is no registry ${registryId} that you may see`);
  }
}

/** The entity does not name this registry. HTTP 403. */
export class RegistryNotOfEntity extends NotAllowedError {
  readonly code = 'REGISTRY_NOT_OF_ENTITY';
  readonly field = 'registryId';
  constructor(
    readonly entityRef: string,
    readonly registryId: string,
  ) {
    super(
      `${entityRef} does not name the registry ${registryId} in its annotations`,
    );
  }
}

/** The action is not possible now, with the message that the button shows too. HTTP 403. */
export class ActionRefused extends NotAllowedError {
  readonly code = 'ACTION_REFUSED';
  /** @param field - the field of the request whose value is refused, if one is */
  constructor(
    readonly action: string,
    reason: string,
    readonly field?: string,
  ) {
    super(reason);
  }
}

/** The facts behind a plan have changed. Ask for a new plan; approvals of this one are void. HTTP 409. */
export class PlanDrifted extends ConflictError {
  readonly code = 'PLAN_DRIFTED';
  constructor(
    readonly planId: string,
    readonly changes: readonly FieldChange[],
  ) {
    super(
      `Plan ${planId} no longer fits, because this changed since it was shown: ${changes
        .map(change => `${change.field} (${change.shown} → ${change.now})`)
        .join(', ')}. Create a new plan`,
    );
  }
}

/** A plan is used after its time. HTTP 409. */
export class PlanExpired extends ConflictError {
  readonly code = 'PLAN_EXPIRED';
  constructor(
    readonly planId: string,
    readonly expiredAt: string,
  ) {
    super(`Plan ${planId} expired at ${expiredAt}. Create a new plan`);
  }
}

/** A plan was used by an operation that was cancelled or rejected. HTTP 409. */
export class PlanSpent extends ConflictError {
  readonly code = 'PLAN_SPENT';
  constructor(
    readonly planId: string,
    readonly operationId: string,
    state: string,
  ) {
    super(
      `Plan ${planId} was used by operation ${operationId}, which was ${state}. Create a new plan`,
    );
  }
}

/** There is no such plan of the caller. HTTP 404. */
export class PlanUnknown extends NotFoundError {
  readonly code = 'PLAN_UNKNOWN';
  constructor(readonly planId: string) {
    super(`You have no plan ${planId}`);
  }
}

/** A plan has a failed check, and so cannot be carried out. HTTP 409. */
export class PlanBlocked extends ConflictError {
  readonly code = 'PLAN_BLOCKED';
  constructor(
    readonly planId: string,
    readonly checks: readonly { id: string; message: string }[],
  ) {
    super(
      `Plan ${planId} cannot be carried out: ${checks
        .map(check => check.message)
        .join(' ')}`,
    );
  }
}

/** Another operation writes to the same registry or key, or a revoke goes first. HTTP 409. */
export class TargetBusy extends ConflictError {
  readonly code = 'TARGET_BUSY';
  /** The operation that holds the target; absent while the target is kept for a revoke. */
  readonly operationId?: string;
  constructor(
    readonly target: string,
    by: string | { keptUntil: string },
  ) {
    super(
      typeof by === 'string'
        ? `Operation ${by} is using ${target}. Wait for it to finish`
        : `A revoke that concerns ${target} was requested, and goes first. Try again after ${utcTimeAfter(
            by.keptUntil,
          )}`,
    );
    if (typeof by === 'string') this.operationId = by;
  }
}

/** An idempotency key came back with another request. HTTP 409. */
export class IdempotencyKeyReused extends ConflictError {
  readonly code = 'IDEMPOTENCY_KEY_REUSED';
  constructor(readonly operationId: string) {
    super(
      `idempotencyKey: was used for operation ${operationId} with another plan, reason or confirmation. Use a new one`,
    );
  }
}

/** There is no such operation, or the caller may not see its entity. HTTP 404. */
export class OperationUnknown extends NotFoundError {
  readonly code = 'OPERATION_UNKNOWN';
  constructor(readonly operationId: string) {
    super(`There is no operation ${operationId} that you may see`);
  }
}

/** An operation is in a state in which this cannot be done with it. HTTP 409. */
export class OperationStateConflict extends ConflictError {
  readonly code = 'OPERATION_STATE';
  constructor(
    readonly operationId: string,
    message: string,
  ) {
    super(`Operation ${operationId}: ${message}`);
  }
}

/** There is no such campaign, or the caller may not see it. HTTP 404. */
export class CampaignUnknown extends NotFoundError {
  readonly code = 'CAMPAIGN_UNKNOWN';
  constructor(readonly campaignId: string) {
    super(`There is no campaign ${campaignId} that you may see`);
  }
}

/** A campaign is in a state in which this cannot be done with it. HTTP 409. */
export class CampaignStateConflict extends ConflictError {
  readonly code = 'CAMPAIGN_STATE';
  constructor(
    readonly campaignId: string,
    message: string,
  ) {
    super(`Campaign ${campaignId}: ${message}`);
  }
}

/** The database did not answer while a plan was being accepted. HTTP 503. */
export class AcceptanceUnknown extends ServiceUnavailableError {
  readonly code = 'ACCEPTANCE_UNKNOWN';
  constructor(readonly idempotencyKey: string) {
    super(
      `The plugin's database does not answer, so it is unclear whether the operation was accepted. Send the same request again with the idempotency key ${idempotencyKey}: it is carried out at most once`,
    );
  }
}

/** A fact that is needed could not be read and was never known. HTTP 503. */
export class FactsUnavailable extends ServiceUnavailableError {
  readonly code = 'FACTS_UNAVAILABLE';
  constructor(
    readonly subject: string,
    reason: string,
  ) {
    super(`${subject} could not be read: ${reason}`);
  }
}

/**
 * Whether an error is an answer of the API that is not ok. Like `ResponseError.is`, which Backstage has since 1.57.
 *
 * @public
 */
export function isResponseError(error: unknown): error is ResponseError {
  const { name, body, statusCode } = (error ?? {}) as Partial<ResponseError>;
  return (
    error instanceof Error &&
    name === 'ResponseError' &&
    typeof statusCode === 'number' &&
    typeof body === 'object' &&
    body !== null
  );
}
