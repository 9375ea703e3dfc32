import type { PermissionsService } from '@backstage/backend-plugin-api';
import type { Bindings } from '../catalog/binding';
import { PermissionChecker } from '../changes/gate/PermissionChecker';
import { MayRead } from '../changes/mayRead';

/** The rule who may see an operation, by a policy. No tag of a registry names an entity. */
export const mayReadBy = (
  permissions: PermissionsService,
  bindings: Bindings = new Map(),
): MayRead =>
  new MayRead(
    { config: { bindings }, permissions },
    {
      permissionChecker: new PermissionChecker({ permissions }),
      links: { tagged: async () => [] },
    },
  );
