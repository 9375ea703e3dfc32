/**
 * Writes of each kind of step to Azure, and the state that they lead to, read from its stored data. It
 * shares types with the product and no code, so that it does not repeat its mistakes.
 */
import type { stepKinds } from 'backstage-plugin-acr-cmk-backend/src/domain/steps';
import { ROTATION_DAYS } from '../client/choices';
import type { OperationRow, StepRow, StepSpec } from '../evidence';

/** Something in Azure that exists or not, or is enabled or not. */
export interface Change {
  thing: string;
  value: boolean;
}

interface WritingKind {
  /** Request that it writes by: `METHOD host/path`, in lower case. */
  write(spec: StepSpec): string;
  changes?(spec: StepSpec, operation: OperationRow): Change[];
}

type ReadingKind = Partial<Record<keyof WritingKind, undefined>>;

type ProductKind = (typeof stepKinds)[number];
type Kinds = Record<
  Extract<ProductKind, { writes: true }>['kind'],
  WritingKind
> &
  Record<Extract<ProductKind, { writes: false }>['kind'], ReadingKind>;

const ARM = 'management.azure.com';

const vault = (method: string, uri: string, suffix = '') =>
  `${method} ${uri.replace('https://', '')}${suffix}`.toLowerCase();
const arm = (method: string, id: string) =>
  `${method} ${ARM}${id}`.toLowerCase();
const patchRegistry: WritingKind = {
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

/** Every kind that an operation may have. The compiler asks for each, and for the request of one that writes. */
const KINDS: Kinds = {
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

function kindOf({ spec }: StepRow): WritingKind | ReadingKind {
  const kind = (KINDS as Record<string, WritingKind | ReadingKind>)[spec.kind];
  if (!kind) throw new Error(`The suite does not know the step ${spec.kind}`);
  return kind;
}

/** The request by which a step writes; nothing for one that only looks. */
export const writeOf = (step: StepRow): string | undefined =>
  kindOf(step).write?.(step.spec);

/** State of Azure when a step is done. */
export const changesOf = (step: StepRow, operation: OperationRow): Change[] =>
  kindOf(step).changes?.(step.spec, operation) ?? [];

/** The key of which a step makes a version, in lower case. */
export const keyMadeBy = ({ spec }: StepRow): string | undefined =>
  spec.kind === 'make-key-version' || spec.kind === 'create-key'
    ? String(spec.key).toLowerCase()
    : undefined;
