import type { AuditorService } from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError } from '@backstage/errors';
import {
  type OperationOffer,
  type Plan,
  registryReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import type { UserCredentials } from './Gate';
import type { Origin } from '../../engine/types';
import type { PermissionChecker } from './PermissionChecker';
import type { Context } from '../../platform/context';

/** The HTTP request behind a call, where there is one. */
export type HttpRequest = Parameters<
  AuditorService['createEvent']
>[0]['request'];

/** A person who asks for a change. */
export interface Caller {
  credentials: UserCredentials;
  /** Programs ask; people agree. */
  origin: Origin;
  http?: HttpRequest;
}

/** Request for a plan or its operation, or a decision about it. */
interface Requested {
  credentials: UserCredentials;
  planId?: string;
  plan?: Pick<Plan, 'entityRef' | 'registryId'>;
  /** Decision that was attempted about an existing operation. */
  decision?: { operationId: string; action: OperationOffer['action'] };
}

const isRefusal = (error: unknown): error is NotAllowedError | InputError =>
  error instanceof NotAllowedError || error instanceof InputError;

/** Records requests about operations with Backstage's auditor, and refusals in the plugin's own record. */
export class RequestRecorder {
  readonly #context: Pick<Context, 'audit' | 'auditor' | 'logger'>;
  readonly #permissionChecker: Pick<PermissionChecker, 'granted'>;

  constructor(
    context: Pick<Context, 'audit' | 'auditor' | 'logger'>,
    permissionChecker: Pick<PermissionChecker, 'granted'>,
  ) {
    this.#context = context;
    this.#permissionChecker = permissionChecker;
  }

  /**
   * Runs the work inside an event of Backstage's auditor. Work with a `campaignId` has to throw CampaignUnknown first
   * when the caller may not see the campaign: its refusals are in the permanent record, too.
   */
  async audited<T extends { id: string; intent: { kind: string } }>(
    event: {
      id: string;
      meta: Record<string, string>;
      request: HttpRequest;
      /** Default: a plan, or an operation. */
      of?: 'campaign';
    },
    work: () => Promise<T>,
  ): Promise<T> {
    const created = await this.#context.auditor.createEvent({
      eventId: event.id,
      severityLevel: 'medium',
      request: event.request,
      meta: event.meta,
    });
    try {
      const { id, intent, ...result } = await work();
      const meta = {
        [`${event.of ?? ('state' in result ? 'operation' : 'plan')}Id`]: id,
      };
      await created.success({ meta: { ...meta, intent: intent.kind } });
      return { id, intent, ...result } as T;
    } catch (error) {
      await created.fail({ error: error as Error });
      const { actor, campaignId } = event.meta;
      if (campaignId && isRefusal(error)) {
        await this.#context.audit.record({
          event: 'campaign-refused',
          actor,
          details: { campaignId, request: event.id, message: error.message },
        });
      }
      throw error;
    }
  }

  /**
   * Runs the work, and records its refusal. For a caller without a permission on the entity, only Backstage's auditor
   * gets the event, so that nobody without permissions can make the permanent record longer.
   */
  async recording<T>(of: Requested, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isRefusal(error)) await this.#refused(of, error);
      throw error;
    }
  }

  async #refused(of: Requested, error: Error): Promise<void> {
    const { credentials, planId, plan, decision } = of;
    const what = decision?.action ?? (planId ? `plan ${planId}` : 'a plan');
    this.#context.logger.debug(
      `Refused ${what} of ${plan?.entityRef ?? 'an unknown entity'}: ${error.message}`,
    );
    if (!plan) return;
    const { entityRef, registryId } = plan;
    const hasRight = await this.#permissionChecker.granted(
      { permission: registryReadPermission, entityRef },
      credentials,
    );
    if (!hasRight) return;
    await this.#context.audit.record({
      event: planId ? 'operation-refused' : 'plan-refused',
      actor: credentials.principal.userEntityRef,
      entityRef,
      registryId,
      operationId: decision?.operationId,
      details: {
        planId,
        ...(decision && { decision: decision.action }),
        message: error.message,
      },
    });
  }
}
