/**
 * What each kind of step needs of the credential that carries it out, and whether it has it.
 * Names are Azure's own, so that a message about a missing one can be acted upon.
 */
import {
  assertNever,
  type Check,
  type Fact,
  KeyIdentifier,
  type VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import { entryOf, scopeInWords } from './accessPaths';
import type { StepSpec } from './steps';

/** One action at one scope that one of our credentials must be allowed. */
export interface Right {
  credential: 'rotate' | 'revoke' | 'provision';
  /** ARM id. */
  scope: string;
  action: string;
  /** A data action: in a vault with access policies, `permission` stands for it. */
  data?: { permission: string; vaultName: string };
}

/** What the holder of a credential may do at a scope: blocks of ARM's permissions API. */
export interface PermissionBlock {
  actions: string[];
  notActions: string[];
  dataActions: string[];
  notDataActions: string[];
}

/** A management lock that holds at a scope. */
export interface Lock {
  name: string;
  level: 'CanNotDelete' | 'ReadOnly';
  scope: string;
}

const VAULTS = 'Microsoft.KeyVault/vaults';
const REGISTRIES = 'Microsoft.ContainerRegistry/registries';
const ASSIGNMENTS = 'Microsoft.Authorization/roleAssignments';

/** The resource group of an ARM id: where rights are asked about what is not there yet. */
const groupOf = (id: string) => id.split('/').slice(0, 5).join('/');

/** @param vaultIdOf - ARM id of the vault of a key, as far as it is known */
export function rightsOf(
  step: StepSpec,
  vaultIdOf: (key: KeyIdentifier) => string | undefined,
): Right[] {
  const inVault = (
    credential: Right['credential'],
    uri: string,
    needs: [action: string, permission: string][],
    at: 'key' | 'vault' = 'key',
  ): Right[] => {
    const key = KeyIdentifier.parse(uri);
    const vaultId = vaultIdOf(key);
    if (!vaultId) return [];
    return needs.map(([action, permission]) => ({
      credential,
      scope: at === 'vault' ? vaultId : `${vaultId}/keys/${key.keyName}`,
      action: `${VAULTS}/${action}`,
      data: { permission, vaultName: key.vaultName },
    }));
  };
  const onRegistry = (id: string): Right[] =>
    ['write', 'operationStatuses/read'].map(action => ({
      credential: 'rotate',
      scope: id,
      action: `${REGISTRIES}/${action}`,
    }));
  switch (step.kind) {
    case 'make-key-version':
      return inVault('rotate', step.key, [
        ['keys/read', 'list'],
        ['keys/rotate/action', 'rotate'],
      ]);
    case 'create-key':
      // Of a key that is not there yet, only its vault can be asked.
      return inVault(
        'rotate',
        step.key,
        [
          ['keys/read', 'get'],
          ['keys/create/action', 'create'],
        ],
        'vault',
      );
    case 'attach-identity':
      return [
        ...onRegistry(step.registryId),
        ...(step.identity === 'system'
          ? []
          : [
              {
                credential: 'rotate' as const,
                scope: step.identity,
                action:
                  'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
              },
            ]),
      ];
    case 'point-registry-at-key':
    case 'resend-key':
      return onRegistry(step.registryId);
    case 'create-identity':
      return [
        {
          credential: 'provision',
          scope: groupOf(step.identity),
          action: 'Microsoft.ManagedIdentity/userAssignedIdentities/write',
        },
      ];
    case 'create-registry':
      return [
        ...['write', 'operationStatuses/read'].map(action => ({
          credential: 'provision' as const,
          scope: groupOf(step.registryId),
          action: `${REGISTRIES}/${action}`,
        })),
        {
          credential: 'provision',
          scope: groupOf(step.identity),
          action:
            'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
        },
      ];
    case 'set-rotation-policy':
      return inVault(
        'provision',
        step.key,
        [
          ['keyrotationpolicies/read', 'getrotationpolicy'],
          ['keyrotationpolicies/write', 'setrotationpolicy'],
        ],
        'vault',
      );
    case 'add-access-policy':
    case 'remove-access-policy':
      return [
        {
          credential: 'revoke',
          scope: step.vaultId,
          action: 'Microsoft.KeyVault/vaults/accessPolicies/write',
        },
      ];
    case 'create-role-assignment':
      return [
        {
          credential: 'revoke',
          scope: step.assignment.scope,
          action: `${ASSIGNMENTS}/write`,
        },
      ];
    case 'delete-role-assignment':
      return [
        {
          credential: 'revoke',
          scope: step.assignment.scope,
          action: `${ASSIGNMENTS}/delete`,
        },
      ];
    case 'set-version-enabled':
      return inVault('revoke', step.key, [
        ['keys/read', 'list'],
        ['keys/update/action', 'update'],
      ]);
    case 'delete-key':
      return inVault('revoke', step.key, [
        ['keys/read', 'get'],
        ['keys/delete', 'delete'],
      ]);
    case 'recover-key':
      return inVault('revoke', step.key, [
        ['keys/read', 'get'],
        ['keys/recover/action', 'recover'],
      ]);
    case 'await-following':
    case 'await-access':
    case 'confirm-revoked':
    case 'confirm-restored':
    case 'confirm-key-state':
      return [];
    default:
      return assertNever(step);
  }
}

/** Does one pattern of a role, in which `*` stands for anything, cover the action? Without case. */
function covers(pattern: string, action: string): boolean {
  const parts = pattern
    .split('*')
    .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(action);
}

/** Is the action allowed by a block, and not taken back by the same one? */
export function allows(
  blocks: readonly PermissionBlock[],
  { action, data }: Pick<Right, 'action' | 'data'>,
): boolean {
  return blocks.some(block => {
    const given = data ? block.dataActions : block.actions;
    const taken = data ? block.notDataActions : block.notActions;
    return (
      given.some(pattern => covers(pattern, action)) &&
      !taken.some(pattern => covers(pattern, action))
    );
  });
}

/** What is known of our own credentials, to judge rights by. */
export interface OwnStanding {
  /** At a scope, of a credential. */
  permissions(right: Right): Fact<PermissionBlock[]> | undefined;
  /** The vault of a data action. */
  vault(name: string): VaultFacts | undefined;
  /** Object id of a credential, when it is known. */
  objectId(credential: Right['credential']): string | undefined;
}

/** May our credentials do every step? Names what is missing, by action and scope. */
export function ownRights(
  rights: readonly Right[],
  standing: OwnStanding,
): Check {
  const id = 'own-rights';
  const missing: string[] = [];
  const unknown: string[] = [];
  for (const right of rights) {
    const verdict = judge(right, standing);
    const words = `${right.credential}: ${verdict.lacks} at ${scopeInWords(
      right.scope,
    )}`;
    if (verdict.is === 'missing') missing.push(words);
    if (verdict.is === 'unknown') unknown.push(words);
  }
  if (missing.length > 0) {
    return {
      id,
      status: 'fail',
      message: `This portal's own credentials lack ${[...new Set(missing)].join(
        '; ',
      )}.`,
      remedy:
        'Give the credential the role that docs/permissions.md has for it, at that scope.',
    };
  }
  if (unknown.length > 0) {
    return {
      id,
      status: 'unknown',
      message: `Whether this portal's own credentials have ${[
        ...new Set(unknown),
      ].join('; ')} could not be asked.`,
      remedy:
        'Go on: Azure refuses what is not allowed, and nothing is half done that is not on record.',
    };
  }
  return {
    id,
    status: 'pass',
    message: "This portal's own credentials may do every step.",
  };
}

function judge(
  right: Right,
  standing: OwnStanding,
): { is: 'held' | 'missing' | 'unknown'; lacks: string } {
  if (right.data) {
    const vault = standing.vault(right.data.vaultName);
    if (vault?.permissionModel === 'access-policy') {
      const lacks = `the key permission ${right.data.permission}`;
      const objectId = standing.objectId(right.credential);
      if (!objectId) return { is: 'unknown', lacks };
      const held = (entryOf(vault, objectId)?.keys ?? []).map(one =>
        one.toLowerCase(),
      );
      return {
        is:
          held.includes('all') || held.includes(right.data.permission)
            ? 'held'
            : // A group of the credential may hold it, which the vault does not tell.
              'unknown',
        lacks,
      };
    }
  }
  const permissions = standing.permissions(right);
  if (!permissions?.known) return { is: 'unknown', lacks: right.action };
  return {
    is: allows(permissions.value, right) ? 'held' : 'missing',
    lacks: right.action,
  };
}

/** Steps that a lock stops. Key Vault's data plane knows no locks. */
function lockedScope(
  step: StepSpec,
): { scope: string; deletes: boolean } | undefined {
  switch (step.kind) {
    case 'attach-identity':
    case 'point-registry-at-key':
    case 'resend-key':
      return { scope: step.registryId, deletes: false };
    case 'create-registry':
      return { scope: groupOf(step.registryId), deletes: false };
    case 'create-identity':
      return { scope: groupOf(step.identity), deletes: false };
    case 'add-access-policy':
    case 'remove-access-policy':
      return { scope: step.vaultId, deletes: false };
    case 'create-role-assignment':
      return { scope: step.assignment.scope, deletes: false };
    case 'delete-role-assignment':
      return { scope: step.assignment.scope, deletes: true };
    default:
      return undefined;
  }
}

/** Scopes whose locks have to be read for these steps. */
export function scopesWithLocks(steps: readonly StepSpec[]): string[] {
  return [
    ...new Set(
      steps.flatMap(step => {
        const locked = lockedScope(step);
        return locked ? [locked.scope] : [];
      }),
    ),
  ];
}

/** Does a management lock stop a step? */
export function noLocks(
  steps: readonly StepSpec[],
  locksAt: (scope: string) => Fact<Lock[]> | undefined,
): Check {
  const id = 'locks';
  const unknown: string[] = [];
  for (const step of steps) {
    const locked = lockedScope(step);
    if (!locked) continue;
    const locks = locksAt(locked.scope);
    if (!locks?.known) {
      unknown.push(scopeInWords(locked.scope));
      continue;
    }
    const stopping = locks.value.find(
      ({ level }) => level === 'ReadOnly' || locked.deletes,
    );
    if (stopping) {
      return {
        id,
        status: 'fail',
        message: `The lock ${stopping.name} (${
          stopping.level
        }) at ${scopeInWords(stopping.scope)} stops the step at ${scopeInWords(
          locked.scope,
        )}.`,
        remedy:
          'Have the lock removed by who set it, or choose a way that it does not stop. This portal never touches locks.',
      };
    }
  }
  return unknown.length > 0
    ? {
        id,
        status: 'unknown',
        message: `Whether a management lock holds at ${[
          ...new Set(unknown),
        ].join(', ')} is not known.`,
        remedy:
          'Give the read credential Microsoft.Authorization/locks/read. A lock makes Azure refuse the step, before anything is changed by it.',
      }
    : { id, status: 'pass', message: 'No management lock stops a step.' };
}
