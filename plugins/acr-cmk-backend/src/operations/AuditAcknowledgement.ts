import type {
  AuditorService,
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import {
  auditAcknowledgePermission,
  type AuditRecord,
  parseReason,
} from 'backstage-plugin-acr-cmk-common';
import type { AuditIntegrity } from '../audit/AuditIntegrity';
import type { PermissionChecker } from '../authority/PermissionChecker';
import { requirePerson } from '../authority/requirePerson';
import type { HttpRequest } from '../authority/RequestRecorder';
import type { Origin } from './engine/types';

/** Lets a person say that damage of the audit chain is known, so that changes go on. */
export class AuditAcknowledgement {
  readonly #integrity: Pick<AuditIntegrity, 'acknowledge'>;
  readonly #permissionChecker: PermissionChecker;
  readonly #auditor: AuditorService;

  constructor(options: {
    integrity: Pick<AuditIntegrity, 'acknowledge'>;
    permissionChecker: PermissionChecker;
    auditor: AuditorService;
  }) {
    this.#integrity = options.integrity;
    this.#permissionChecker = options.permissionChecker;
    this.#auditor = options.auditor;
  }

  /**
   * Answers with the record that says so.
   *
   * @throws ActionRefused when a program would, in the place of a person
   */
  async acknowledge(
    request: { reason: string },
    {
      credentials,
      origin,
      http,
    }: {
      credentials: BackstageCredentials<BackstageUserPrincipal>;
      origin: Origin;
      http?: HttpRequest;
    },
  ): Promise<AuditRecord> {
    const actor = credentials.principal.userEntityRef;
    const event = await this.#auditor.createEvent({
      eventId: 'audit-acknowledge',
      severityLevel: 'high',
      request: http,
      meta: { actor },
    });
    try {
      await this.#permissionChecker.require(
        { permission: auditAcknowledgePermission },
        credentials,
      );
      requirePerson('acknowledge', { origin, where: 'with their own token' });
      const record = await this.#integrity.acknowledge({
        actor,
        reason: parseReason(request.reason),
      });
      await event.success({ meta: { seq: record.seq } });
      return record;
    } catch (error) {
      await event.fail({ error: error as Error });
      throw error;
    }
  }
}
