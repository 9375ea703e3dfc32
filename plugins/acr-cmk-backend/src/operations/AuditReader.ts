import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type AuditRecord,
  auditReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import type { AuditLog } from '../audit/AuditLog';
import type { PermissionChecker } from '../authority/PermissionChecker';

/** Reads the audit record for people who may read it. */
export class AuditReader {
  readonly #audit: Pick<AuditLog, 'list'>;
  readonly #permissionChecker: PermissionChecker;

  constructor(options: {
    audit: Pick<AuditLog, 'list'>;
    permissionChecker: PermissionChecker;
  }) {
    this.#audit = options.audit;
    this.#permissionChecker = options.permissionChecker;
  }

  /** Oldest first. */
  async records(
    of: { after: number; limit: number },
    credentials: BackstageCredentials,
  ): Promise<AuditRecord[]> {
    await this.#permissionChecker.require(
      { permission: auditReadPermission },
      credentials,
    );
    return this.#audit.list({ afterSeq: of.after, limit: of.limit });
  }
}
