import {
  type Check,
  CRYPTO_SERVICE_ENCRYPTION_USER,
  WRAP_PERMISSIONS,
} from 'backstage-plugin-acr-cmk-common';
import { accessPathsOf } from '../accessPaths';
import type { StepSpec } from '../steps';
import type { Subject } from '../subject';
import {
  credentialConfigured,
  firewallPassable,
  identityAttached,
  keyUsable,
  noOtherOperation,
  registryReady,
} from './checks';
import { encryptionFields, type PlanContext, type PlanDraft } from './draft';

/**
 * Gives a registry its way to the key back: exactly what a revoke of ours stored, else, when the
 * grant was taken away outside, the narrowest one that works.
 */
export function planRestore(subject: Subject, context: PlanContext): PlanDraft {
  const { registry, key, vault, identity } = subject;
  const fields = encryptionFields(registry);
  const paths = accessPathsOf(subject);
  const hasAccess = paths.known && paths.paths.length > 0;
  const grant = hasAccess
    ? []
    : context.revoked?.inverse ?? narrowestGrant(subject, context);
  const principalId = identity.principalId;
  const confirm: StepSpec[] =
    vault.known && principalId
      ? [
          {
            kind: 'confirm-restored',
            version: 1,
            registryId: registry.id,
            vaultId: vault.value.id,
            keyName: key.keyName,
            principalId,
            loginServer: registry.loginServer,
          },
        ]
      : [];
  const nudge: StepSpec = {
    kind: 'nudge-registry',
    version: 1,
    registryId: registry.id,
  };
  return {
    summary: context.revoked
      ? `Give ${registry.name} back exactly what operation ${context.revoked.operationId} took away, and let it read the vault again.`
      : `Give ${registry.name} the access to the key ${key.keyName} that is missing, and let it read the vault again.`,
    before: fields,
    after: fields,
    checks: [
      noOtherOperation(context),
      credentialConfigured('revoke', context),
      credentialConfigured('rotate', context),
      registryReady(subject),
      identityAttached(subject),
      firewallPassable(subject),
      keyUsable(subject),
      grantKnown(hasAccess, paths.known, grant, context),
    ],
    steps: grant.length > 0 ? [...grant, nudge, ...confirm] : [],
    inverse: {
      sentence:
        'Revoke takes the access away again. A role assignment that is made anew has another id than the one before.',
      steps: [],
    },
    touched: [registry],
    locks: [registry.id.toLowerCase(), `key:${key.keyOfKey}`],
    typedName: null,
  };
}

function grantKnown(
  hasAccess: boolean,
  pathsKnown: boolean,
  grant: readonly StepSpec[],
  { revoked }: PlanContext,
): Check {
  const id = 'grant';
  if (hasAccess) {
    return {
      id,
      status: 'fail',
      sentence:
        'The registry has access to its key; nothing is to be restored.',
      remedy:
        'If a pull is refused all the same, rotate: that makes the registry read the vault again.',
    };
  }
  if (grant.length === 0) {
    return {
      id,
      status: 'fail',
      sentence:
        'What is missing cannot be told, because the vault or its role assignments could not be read.',
      remedy: 'Give the read credential the right that is missing.',
    };
  }
  if (!pathsKnown) {
    return {
      id,
      status: 'unknown',
      sentence: 'Whether the access is back already is not known.',
      remedy: 'Go on: giving it again changes nothing.',
    };
  }
  return {
    id,
    status: 'pass',
    sentence: revoked
      ? 'What was taken away is on record.'
      : 'The access was taken away outside of this portal; the narrowest grant that works is given.',
  };
}

function narrowestGrant(
  { vault, identity, key }: Subject,
  context: PlanContext,
): StepSpec[] {
  if (!vault.known || !identity.principalId) return [];
  const { id, tenantId, permissionModel } = vault.value;
  if (permissionModel === 'access-policy') {
    return [
      {
        kind: 'add-access-policy',
        version: 1,
        vaultId: id,
        entry: {
          tenantId,
          objectId: identity.principalId,
          keys: [...WRAP_PERMISSIONS],
          secrets: [],
          certificates: [],
          storage: [],
        },
      },
    ];
  }
  const scope = `${id}/keys/${key.keyName}`;
  const subscription = /^\/subscriptions\/[^/]+/i.exec(id)?.[0] ?? '';
  return [
    {
      kind: 'create-role-assignment',
      version: 1,
      assignment: {
        scope,
        name: context.guid(`grant ${scope}`),
        principalId: identity.principalId,
        principalType: 'ServicePrincipal',
        roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${CRYPTO_SERVICE_ENCRYPTION_USER}`,
        roleName: 'Key Vault Crypto Service Encryption User',
      },
    },
  ];
}
