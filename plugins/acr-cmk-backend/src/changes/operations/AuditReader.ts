import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type AuditRecord,
  auditReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import type { AuditLog } from '../../platform/audit/AuditLog';
import type { PermissionChecker } from '../gate/PermissionChecker';

interface AuditReaderDeps {
  audit: Pick<AuditLog, 'list'>;
  permissionChecker: PermissionChecker;
}

/** Reads the audit record for people who may read it. */
export class AuditReader {
  readonly #deps: AuditReaderDeps;

  constructor(deps: AuditReaderDeps) {
    this.#deps = deps;
  }

  /** Oldest first. */
  async records(
    of: { after: number; limit: number },
    credentials: BackstageCredentials,
  ): Promise<AuditRecord[]> {
    await this.#deps.permissionChecker.require(
      { permission: auditReadPermission },
      credentials,
    );
    return this.#deps.audit.list({ afterSeq: of.after, limit: of.limit });
  }
}
