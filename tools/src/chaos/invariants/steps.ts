/**
 * What each kind of step writes to Azure and what is so when it is done, read from its stored data. It
 * shares no code with the product, so that it would not repeat a mistake of its.
 */
import { ROTATION_DAYS } from '../client/choices';
import type { OperationRow, StepRow, StepSpec } from '../evidence';

/** Something in Azure that is there or not, is enabled or not. */
export interface Change {
  thing: string;
  value: boolean;
}

interface StepKind {
  /** The request that it writes by: `METHOD host/path`, in lower case. Absent: it only looks. */
  write?(spec: StepSpec): string;
  changes?(spec: StepSpec, operation: OperationRow): Change[];
}

const ARM = 'management.azure.com';

const vault = (method: string, uri: string, suffix = '') =>
  `${method} ${uri.replace('https://', '')}${suffix}`.toLowerCase();
const arm = (method: string, id: string) =>
  `${method} ${ARM}${id}`.toLowerCase();
const patchRegistry: StepKind = {
  write: ({ registryId }) => arm('PATCH', registryId),
};

/** `https://vault/keys/name` and a path below the same vault. */
const besideKey = (method: string, uri: string, path: string) => {
  const { host, pathname } = new URL(uri);
  const name = pathname.split('/')[2];
  return `${method} ${host}${path.replace('{key}', name)}`.toLowerCase();
};

function objectIdOf(id: string, { outputs }: OperationRow): string {
  if (id === 'system-identity') return outputs.systemPrincipalId ?? id;
  if (id === 'created-identity')
    return outputs.createdIdentity?.principalId ?? id;
  return id;
}

const lastPart = (id: string) => id.slice(id.lastIndexOf('/') + 1);

const policies = (
  { vaultId, objectId }: { vaultId: string; objectId: string },
  permissions: readonly string[],
  value: boolean,
): Change[] =>
  permissions.map(permission => ({
    thing: `access policy ${lastPart(
      vaultId,
    )}/${objectId}/${permission}`.toLowerCase(),
    value,
  }));

const role = (
  assignment: Record<string, string>,
  principalId: string,
  value: boolean,
): Change => ({
  thing: `role assignment ${assignment.scope}/${principalId}/${lastPart(
    assignment.roleDefinitionId,
  )}`.toLowerCase(),
  value,
});

/** Every kind that an operation may have; a test compares them with the product's own. */
export const KINDS: Record<string, StepKind> = {
  'make-key-version': { write: ({ key }) => vault('POST', key, '/rotate') },
  'create-key': { write: ({ key }) => vault('POST', key, '/create') },
  'create-identity': { write: ({ identity }) => arm('PUT', identity) },
  'set-rotation-policy': {
    write: ({ key }) => vault('PUT', key, '/rotationpolicy'),
    // Of all policies that the suite asks for, the one that is set is there, and the others are not.
    changes: ({ key, policy }) =>
      ROTATION_DAYS.map(days => ({
        thing: `rotation policy ${key}/${days}`.toLowerCase(),
        value: policy.timeAfterCreate === `P${days}D`,
      })),
  },
  'create-registry': { write: ({ registryId }) => arm('PUT', registryId) },
  'attach-identity': patchRegistry,
  'point-registry-at-key': patchRegistry,
  'resend-key': patchRegistry,
  'remove-access-policy': {
    write: ({ vaultId }) => arm('PUT', `${vaultId}/accessPolicies/remove`),
    changes: ({ vaultId, objectId, keyPermissions }) =>
      policies({ vaultId, objectId }, keyPermissions, false),
  },
  'add-access-policy': {
    write: ({ vaultId }) => arm('PUT', `${vaultId}/accessPolicies/add`),
    changes: ({ vaultId, entry }, operation) =>
      policies(
        { vaultId, objectId: objectIdOf(entry.objectId, operation) },
        entry.keys,
        true,
      ),
  },
  'keep-permissions': {
    write: ({ vaultId }) => arm('PUT', `${vaultId}/accessPolicies/add`),
  },
  'delete-role-assignment': {
    write: ({ assignment }) => arm('DELETE', assignment.id),
    changes: ({ assignment }) => [
      role(assignment, assignment.principalId, false),
    ],
  },
  'create-role-assignment': {
    write: ({ assignment: { scope, name } }) =>
      arm(
        'PUT',
        `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
      ),
    changes: ({ assignment }, operation) => [
      role(assignment, objectIdOf(assignment.principalId, operation), true),
    ],
  },
  'set-version-enabled': {
    write: ({ key }) => vault('PATCH', key),
    changes: ({ key, enabled }) => [
      { thing: `version ${key}`.toLowerCase(), value: enabled },
    ],
  },
  'delete-key': {
    write: ({ key }) => vault('DELETE', key),
    changes: ({ key }) => [{ thing: `key ${key}`.toLowerCase(), value: false }],
  },
  'recover-key': {
    write: ({ key }) => besideKey('POST', key, '/deletedkeys/{key}/recover'),
    changes: ({ key }) => [{ thing: `key ${key}`.toLowerCase(), value: true }],
  },
  'record-pull': {},
  'await-access': {},
  'await-following': {},
  'confirm-key-state': {},
  'confirm-revoked': {},
  'confirm-restored': {},
  'confirm-rotation': {},
};

function kindOf({ spec }: StepRow): StepKind {
  const kind = KINDS[spec.kind];
  if (!kind) {
    throw new Error(
      `The suite does not know the step ${spec.kind}: add it to chaos/invariants/steps.ts`,
    );
  }
  return kind;
}

/** The request by which a step writes; nothing for one that only looks. */
export const writeOf = (step: StepRow): string | undefined =>
  kindOf(step).write?.(step.spec);

/** What is so in Azure when a step is done. */
export const changesOf = (step: StepRow, operation: OperationRow): Change[] =>
  kindOf(step).changes?.(step.spec, operation) ?? [];

/** The key of which a step makes a version, in lower case. */
export const keyMadeBy = ({ spec }: StepRow): string | undefined =>
  spec.kind === 'make-key-version' || spec.kind === 'create-key'
    ? String(spec.key).toLowerCase()
    : undefined;
