import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type AuditRecord,
  auditReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import type { Context } from '../../platform/context';
import type { PermissionChecker } from '../gate/PermissionChecker';

/** Reads the audit record for people who may read it. */
export function createAuditReader(
  { audit }: Pick<Context, 'audit'>,
  { permissionChecker }: { permissionChecker: PermissionChecker },
) {
  return {
    /** Oldest first. */
    async records(
      of: { after: number; limit: number },
      credentials: BackstageCredentials,
    ): Promise<AuditRecord[]> {
      await permissionChecker.require(
        { permission: auditReadPermission },
        credentials,
      );
      return audit.list({ afterSeq: of.after, limit: of.limit });
    },
  };
}

export type AuditReader = ReturnType<typeof createAuditReader>;
