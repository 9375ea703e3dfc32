import {
  type AccessPolicyEntry,
  type Check,
  CRYPTO_SERVICE_ENCRYPTION_USER,
  HSM_CRYPTO_SERVICE_ENCRYPTION_USER,
  KEY_USES,
  type KeyIdentifier,
  keyHome,
  type VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import { check } from '../../check';
import { accessPathsOf, encryptionRole, type Path } from '../../accessPaths';
import type { StepSpec } from '../../steps';
import {
  entryOf,
  holds,
  KEY_PERMISSIONS,
  othersThatOpen,
} from '../../steps/accessPolicy';
import { addAccessPolicy } from '../../steps/addAccessPolicy';
import { confirmRevoked } from '../../steps/confirmRevoked';
import { createRoleAssignment } from '../../steps/createRoleAssignment';
import { deleteRoleAssignment } from '../../steps/deleteRoleAssignment';
import { keepPermissions } from '../../steps/keepPermissions';
import { removeAccessPolicy } from '../../steps/removeAccessPolicy';
import { scopeInWords } from '../../steps/words';
import { principalOf, type EncryptedRegistry } from '../../encryptedRegistry';
import type { PlanContext } from '../draft';
import {
  type MethodPlan,
  type RevokeMethodPlanner,
  type RevokeMethods,
  unavailableMethod,
} from './method';

type RolePath = Extract<Path, { kind: 'role-assignment' }>;

const REVERSIBLE =
  'At any time, exactly as it was. Azure does not document how soon the registry notices.';

const nothingToRevoke: Check = check('access-path').fail(
  'The registry has no access to its key that could be removed.',
  'Nothing to do. Restore gives the access back.',
);

const unknownPaths = (problem: string): Check =>
  check('access-path').fail(
    `Could not determine the registry's access to its key, so it cannot be removed: ${problem}.`,
    'Give the read credential the right that is missing.',
  );

/** The proof that a grant was removed: no access path is left. */
function proofOfRevoke(
  { registry, vault, key, identity }: EncryptedRegistry,
  otherIdentities?: string[],
): StepSpec[] {
  return vault.known && identity.principalId
    ? [
        confirmRevoked.build({
          registryId: registry.id,
          vaultId: vault.value.id,
          keyName: key.keyName,
          principalId: identity.principalId,
          loginServer: registry.loginServer,
          ...(otherIdentities && { otherIdentities }),
        }),
      ]
    : [];
}

/** Permissions that an entry with `all` keeps. Empty for an entry without. */
function permissionsLeft({ keys }: AccessPolicyEntry): string[] {
  return holds(keys, 'all')
    ? KEY_PERMISSIONS.filter(permission => !holds(KEY_USES, permission))
    : [];
}

const narrowed = (left: readonly string[]) =>
  `"all" is replaced by what is left: ${left.join(
    ', ',
  )}. Purge is not among them.`;

/** Object ids of other access policies that may use the key, apart: identities of registries are no groups. */
function otherPolicies(
  vault: VaultFacts,
  own: AccessPolicyEntry,
  { registries, elsewhere }: PlanContext,
): { identities: string[]; unknown: string[] } {
  const known = new Set(
    [...registries, ...elsewhere].map(registry =>
      principalOf(registry)?.toLowerCase(),
    ),
  );
  const others = othersThatOpen(vault, own.objectId).map(
    ({ objectId }) => objectId,
  );
  return {
    identities: others.filter(id => known.has(id.toLowerCase())),
    unknown: others.filter(id => !known.has(id.toLowerCase())),
  };
}

/** Access policies may name groups, and Key Vault does not say which object ids are groups. */
function policyGroups(others: readonly string[]): Check[] {
  if (others.length === 0) return [];
  return [
    check('policy-groups').warn(
      `Access policies also let ${others.length} other object ${
        others.length === 1 ? 'id' : 'ids'
      } use the key. If one is a group of the identity, the registry keeps its access.`,
      'Continue, unless one is such a group. az keyvault show lists the access policies, az ad group member check the members.',
    ),
  ];
}

/** Removes every use of keys from the identity's access policy; its other permissions stay. */
const byAccessPolicy: RevokeMethodPlanner = (encrypted, context) => {
  const { vault, identity, key } = encrypted;
  const message = `Removes every use of keys from the identity's access policy in the ${keyHome(
    key.vaultName,
  )}.`;
  if (vault.known && vault.value.permissionModel !== 'access-policy') {
    return {
      ...unavailableMethod(
        message,
        key.isInHsm
          ? 'A Managed HSM has no access policies.'
          : `The vault ${key.vaultName} uses role assignments, so its access policies have no effect.`,
      ),
      unsuitable: true,
    };
  }
  const paths = accessPathsOf(encrypted);
  if (!paths.known) {
    return unavailableMethod(
      message,
      "Could not determine the registry's access to its key.",
      [unknownPaths(paths.problem.message)],
    );
  }
  const entry =
    vault.known && identity.principalId
      ? entryOf(vault.value, identity.principalId)
      : undefined;
  if (!vault.known || !entry || paths.paths.length === 0) {
    return unavailableMethod(message, 'There is no access policy to remove.', [
      nothingToRevoke,
    ]);
  }
  const keyPermissions = entry.keys.filter(permission =>
    holds(['all', ...KEY_USES], permission),
  );
  const others = otherPolicies(vault.value, entry, context);
  const left = permissionsLeft(entry);
  return {
    message: left.length > 0 ? `${message} ${narrowed(left)}` : message,
    reversible:
      left.length > 0
        ? 'At any time: the entry gets "all" again, beside the permissions that it then lists. Azure does not document how soon the registry notices.'
        : REVERSIBLE,
    steps: [
      removeAccessPolicy.build({
        vaultId: vault.value.id,
        tenantId: entry.tenantId,
        objectId: entry.objectId,
        keyPermissions,
      }),
      ...(left.length > 0
        ? [
            keepPermissions.build({
              vaultId: vault.value.id,
              tenantId: entry.tenantId,
              objectId: entry.objectId,
              keyPermissions: left,
            }),
          ]
        : []),
    ],
    inverse: [
      addAccessPolicy.build({
        vaultId: vault.value.id,
        entry: {
          tenantId: entry.tenantId,
          objectId: entry.objectId,
          keys: keyPermissions,
          secrets: [],
          certificates: [],
          storage: [],
        },
      }),
    ],
    confirm: proofOfRevoke(encrypted, others.identities),
    checks: [
      check('access-path').pass(
        `The access policy of the object id ${entry.objectId} is the identity's own access path to the key.`,
      ),
      ...policyGroups(others.unknown),
      ...(left.length > 0
        ? [
            check('all-permissions').warn(
              `The access policy grants "all". ${narrowed(
                left,
              )} For a moment the identity has none of them.`,
              'Continue, unless something else uses the identity in these seconds. A registry needs get, wrapKey and unwrapKey only.',
            ),
          ]
        : []),
    ],
  };
};

/** Deletes the role assignments that are made for the identity at the key or its vault. */
const byRoleAssignment: RevokeMethodPlanner = (encrypted, context) => {
  const { vault, key } = encrypted;
  const message = `Deletes the role assignment that lets the identity use the key ${key.keyName}.`;
  if (vault.known && vault.value.permissionModel !== 'rbac') {
    return {
      ...unavailableMethod(
        message,
        `The vault ${key.vaultName} uses access policies, so role assignments have no effect on its keys.`,
      ),
      unsuitable: true,
    };
  }
  const paths = accessPathsOf(encrypted);
  if (!paths.known) {
    return unavailableMethod(
      message,
      "Could not determine the registry's access to its key.",
      [unknownPaths(paths.problem.message)],
    );
  }
  const roles = paths.paths.filter(
    (path): path is RolePath => path.kind === 'role-assignment',
  );
  if (roles.length === 0) {
    return unavailableMethod(
      message,
      'There is no role assignment to delete.',
      [nothingToRevoke],
    );
  }
  return byRoles(encrypted, context, { roles, message });
};

/** A Managed HSM lists the assignments of the principals themselves, and neither who is in a group nor what is one. */
const groupsUnknown: Check = check('hsm-groups').warn(
  'A Managed HSM does not report group membership. A role assigned to a group of the identity would still give the registry access.',
  'Continue, unless groups have roles in the HSM. az keyvault role assignment list shows who has them.',
);

function byRoles(
  encrypted: EncryptedRegistry,
  context: PlanContext,
  { roles, message }: { roles: readonly RolePath[]; message: string },
): MethodPlan {
  const { key } = encrypted;
  const direct = roles.filter(path => path.direct);
  const surviving = roles.filter(path => !path.direct);
  const survivors = surviving
    .map(
      ({ assignment }) =>
        `${assignment.roleName} at ${scopeInWords(assignment.scope)}`,
    )
    .join(' and ');
  const deleted =
    direct.length === 1
      ? 'this assignment is deleted'
      : 'these assignments are deleted';
  return {
    ...(surviving.length > 0
      ? {
          unavailable: `This will not revoke: ${survivors} would still give the registry access.`,
        }
      : {}),
    message,
    reversible: `${REVERSIBLE} The assignment gets another id.`,
    steps: direct.map(({ assignment }) =>
      deleteRoleAssignment.build({ assignment }),
    ),
    inverse: direct.map(({ assignment }) =>
      createRoleAssignment.build({
        assignment: {
          scope: assignment.scope,
          name: context.guid(`restore ${assignment.id}`),
          principalId: assignment.principalId,
          principalType: assignment.principalType,
          roleDefinitionId: assignment.roleDefinitionId,
          roleName: assignment.roleName,
          keyUses: assignment.keyUses,
          condition: assignment.condition,
          conditionVersion: assignment.conditionVersion,
        },
      }),
    ),
    confirm: proofOfRevoke(encrypted),
    checks: [
      surviving.length === 0
        ? check('access-path').pass(
            key.isInHsm
              ? `No role assignment of the identity itself is left after ${deleted}; a Managed HSM does not report group membership.`
              : `No access path is left after ${deleted}.`,
          )
        : check('access-path').fail(
            `This will not revoke: ${survivors} would still give the registry access.`,
            'Remove the inherited or group assignment first: it was not made for this registry, so this portal does not touch it. Or disable the version.',
          ),
      ...roleWidth(direct, key),
      ...(key.isInHsm ? [groupsUnknown] : []),
    ],
  };
}

function roleWidth(direct: readonly RolePath[], key: KeyIdentifier): Check[] {
  const narrow = key.isInHsm
    ? HSM_CRYPTO_SERVICE_ENCRYPTION_USER
    : CRYPTO_SERVICE_ENCRYPTION_USER;
  const wider = direct.filter(
    ({ assignment }) =>
      !assignment.roleDefinitionId.toLowerCase().endsWith(narrow),
  );
  if (wider.length === 0) return [];
  return [
    check('role-width').warn(
      `${wider
        .map(({ assignment }) => assignment.roleName)
        .join(
          ', ',
        )} grants more than the use of the key; the whole assignment is deleted.`,
      `Use the role ${encryptionRole(key)} for registries.`,
    ),
  ];
}

/** Methods that remove the access of the identity, the most exactly reversible first. */
export const grantMethods = {
  'access-policy': byAccessPolicy,
  'role-assignment': byRoleAssignment,
} satisfies RevokeMethods;
