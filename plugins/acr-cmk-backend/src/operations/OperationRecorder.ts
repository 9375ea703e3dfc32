import type { AuditorService } from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError } from '@backstage/errors';
import type { Operation, Plan } from 'backstage-plugin-acr-cmk-common';
import type { AuditLog } from '../audit/AuditLog';

/** The HTTP request behind a call, where there is one. */
export type HttpRequest = Parameters<
  AuditorService['createEvent']
>[0]['request'];

/** Has what people ask of operations on record: with Backstage's auditor, and what was refused here. */
export class OperationRecorder {
  readonly #audit: Pick<AuditLog, 'record'>;
  readonly #auditor: AuditorService;

  constructor(options: {
    audit: Pick<AuditLog, 'record'>;
    auditor: AuditorService;
  }) {
    this.#audit = options.audit;
    this.#auditor = options.auditor;
  }

  /** Does the work inside an event of Backstage's auditor. */
  async audited(
    event: { id: string; meta: Record<string, string>; request: HttpRequest },
    work: () => Promise<Operation>,
  ): Promise<Operation> {
    const created = await this.#auditor.createEvent({
      eventId: event.id,
      severityLevel: 'medium',
      request: event.request,
      meta: event.meta,
    });
    try {
      const operation = await work();
      await created.success({
        meta: { operationId: operation.id, intent: operation.intent.kind },
      });
      return operation;
    } catch (error) {
      await created.fail({ error: error as Error });
      throw error;
    }
  }

  /** Somebody was refused to have a plan carried out: that is on record too. */
  async refused(
    of: { actor: string; planId: string; plan?: Plan },
    error: unknown,
  ): Promise<void> {
    if (!(error instanceof NotAllowedError) && !(error instanceof InputError)) {
      return;
    }
    await this.#audit.record({
      event: 'operation-refused',
      actor: of.actor,
      entityRef: of.plan?.entityRef,
      registryId: of.plan?.registryId,
      details: { planId: of.planId, message: error.message },
    });
  }
}
