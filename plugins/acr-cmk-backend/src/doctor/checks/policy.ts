import {
  type DoctorLine,
  documentationUrl,
} from 'backstage-plugin-acr-cmk-common';
import {
  CREDENTIAL_NAMES,
  type CredentialsConfig,
} from '../../azure/credentials/credentials';
import {
  type Check,
  type DoctorPorts,
  NEEDS_BACKEND,
  presenceUnknown,
} from '../check';
import { failed, ok, unknown, warning } from '../lines';

const WRITE_A_POLICY = `Write a permission policy that names who may rotate and revoke. A policy to start from: ${documentationUrl(
  'docs/install.md#the-policy',
)}. Every permission: ${documentationUrl('docs/permissions.md')}.`;

/** The jobs of these credentials that change something at Azure. */
export const writingJobs = (credentials: CredentialsConfig) =>
  CREDENTIAL_NAMES.filter(job => job !== 'read' && credentials[job]);

/** Checks that the portal's permission policy does not let every user change keys. */
export const policy: Check = {
  id: 'policy',
  title: 'The permission policy restricts changes',
  run: ({ config, ...ports }) =>
    policyLines({
      ...ports,
      // Without a valid configuration, as if it could write.
      canWrite:
        !config.understood || writingJobs(config.value.credentials).length > 0,
    }),
};

/** Lines of the check. Its warnings are also logged when the backend starts. */
export async function policyLines({
  permission,
  backend,
  canWrite,
}: Pick<DoctorPorts, 'permission' | 'backend'> & {
  canWrite: boolean;
}): Promise<DoctorLine[]> {
  const cannotWrite = canWrite
    ? ''
    : ' No configured credential can change a registry.';
  const everybody = `every user who can sign in ${
    canWrite
      ? 'may rotate, revoke and restore the keys of every registry that is linked to an entity'
      : 'sees every registry'
  }.${cannotWrite}`;
  if ('wrong' in permission) {
    return [
      failed(
        `${permission.wrong}.`,
        `Correct app-config: permission.enabled is true or false. ${WRITE_A_POLICY}`,
      ),
    ];
  }
  if (!permission.enabled) {
    return [
      warning(
        `permission.enabled is not true: ${everybody}`,
        `Set permission.enabled: true in app-config and install the permission backend. ${WRITE_A_POLICY}`,
      ),
    ];
  }
  if (!backend) return [NEEDS_BACKEND];
  const presence = await backend.hasPlugin('permission');
  if ('unknown' in presence) {
    return [presenceUnknown('the permission backend', presence.unknown)];
  }
  if (!presence.there) {
    return [
      failed(
        'permission.enabled is true, but no permission backend answers: every request of a user is refused.',
        `Add @backstage/plugin-permission-backend to the backend. ${WRITE_A_POLICY}`,
      ),
    ];
  }
  const lines: DoctorLine[] = [];
  if (backend.policy.allowAllModuleLoaded) {
    lines.push(
      warning(
        `This backend has loaded @backstage/plugin-permission-backend-module-allow-all-policy: ${everybody}`,
        `Remove that module. ${WRITE_A_POLICY}`,
      ),
    );
  }
  const guest = await backend.policy.asGuest();
  if (guest.asked && guest.allowed.length > 0) {
    lines.push(
      warning(
        `Anyone can sign in as guest, and the permission policy allows a guest ${guest.allowed.join(
          ', ',
        )}.${cannotWrite}`,
        WRITE_A_POLICY,
      ),
    );
  }
  if (lines.length > 0) return lines;
  return guest.asked
    ? [ok('The permission policy does not allow a guest to change keys.')]
    : [
        unknown(
          `Could not determine whether the permission policy gives every user every permission: ${guest.why}.`,
          'Sign in as someone without a team, and check whether the Encryption tab offers Rotate and Revoke.',
        ),
      ];
}
