import {
  type Check,
  CRYPTO_SERVICE_ENCRYPTION_USER,
  InvalidInput,
  type RegistryFacts,
  type RevokeIntent,
  WRAP_PERMISSIONS,
} from 'backstage-plugin-acr-cmk-common';
import {
  accessPathsOf,
  entryOf,
  type Path,
  scopeInWords,
} from '../accessPaths';
import type { StepSpec } from '../steps';
import type { Subject } from '../subject';
import {
  credentialConfigured,
  noOtherOperation,
  othersTouched,
  registryReady,
} from './checks';
import { usingKey, usingVaultAs } from './consumers';
import { encryptionFields, type PlanContext, type PlanDraft } from './draft';

type RolePath = Extract<Path, { kind: 'role-assignment' }>;

interface Way {
  steps: StepSpec[];
  inverse: StepSpec[];
  checks: Check[];
  touched: RegistryFacts[];
}

/**
 * Takes the encryption identity's way to the key away, by whatever the vault works with. The key
 * itself stays as it is, so that nobody else is hit.
 */
export function planRevoke(
  subject: Subject,
  intent: RevokeIntent,
  context: PlanContext,
): PlanDraft {
  const { registry, key, vault, identity } = subject;
  const model = vault.known ? vault.value.permissionModel : undefined;
  const fitting = model === 'rbac' ? 'role-assignment' : 'access-policy';
  if (model && intent.method && intent.method !== fitting) {
    throw new InvalidInput(
      'intent.method',
      `the vault ${key.vaultName} works with ${
        model === 'rbac' ? 'role assignments' : 'access policies'
      }, so ${intent.method} does nothing there; use ${fitting}`,
    );
  }
  const way =
    model === 'rbac' ? byRole(subject, context) : byPolicy(subject, context);
  const others = way.touched.filter(
    other => other.id.toLowerCase() !== registry.id.toLowerCase(),
  );
  const fields = encryptionFields(registry);
  const confirm: StepSpec[] =
    vault.known && identity.principalId
      ? [
          {
            kind: 'confirm-revoked',
            version: 1,
            registryId: registry.id,
            vaultId: vault.value.id,
            keyName: key.keyName,
            principalId: identity.principalId,
            loginServer: registry.loginServer,
          },
        ]
      : [];
  return {
    summary: `Take ${registry.name}'s access to the key ${
      key.keyName
    } away by ${
      model === 'rbac' ? 'deleting its role assignment' : 'its access policy'
    }. Every pull and push of ${registry.name} is refused once Azure notices.`,
    before: fields,
    after: fields,
    checks: [
      noOtherOperation(context),
      credentialConfigured('revoke', context),
      registryReady(subject),
      ...way.checks,
      othersTouched(
        others.length,
        'they reach their key by the same grant, and lose it too.',
        context,
      ),
    ],
    steps: way.steps.length > 0 ? [...way.steps, ...confirm] : [],
    inverse: {
      sentence:
        'Restore gives exactly the same rights back. There is no time limit; how fast the registry notices is not documented.',
      steps: way.inverse,
    },
    touched: way.touched,
    locks: [registry.id.toLowerCase(), `key:${key.keyOfKey}`],
    typedName: registry.name,
  };
}

const nothingToRevoke: Check = {
  id: 'access-path',
  status: 'fail',
  sentence: 'The registry has no access to its key that could be taken away.',
  remedy: 'Nothing is to be done; Restore brings access back.',
};

function unknownPaths(problem: string): Way {
  return {
    steps: [],
    inverse: [],
    touched: [],
    checks: [
      {
        id: 'access-path',
        status: 'fail',
        sentence: `How the registry reaches its key is not known, so it cannot be taken away: ${problem}.`,
        remedy: 'Give the read credential the right that is missing.',
      },
    ],
  };
}

function byPolicy(subject: Subject, context: PlanContext): Way {
  const { vault, identity, key } = subject;
  const paths = accessPathsOf(subject);
  if (!paths.known) return unknownPaths(paths.problem.message);
  const entry =
    vault.known && identity.principalId
      ? entryOf(vault.value, identity.principalId)
      : undefined;
  if (!vault.known || !entry || paths.paths.length === 0) {
    return {
      steps: [],
      inverse: [],
      touched: [],
      checks: [nothingToRevoke],
    };
  }
  const touched = usingVaultAs(
    context.registries,
    key.vaultName,
    entry.objectId,
  );
  if (entry.keys.some(permission => permission.toLowerCase() === 'all')) {
    return {
      steps: [],
      inverse: [],
      touched,
      checks: [
        {
          id: 'access-path',
          status: 'fail',
          sentence:
            'The access policy says "all", from which single permissions cannot be taken.',
          remedy:
            'Replace "all" by the permissions that are needed: get, wrapKey and unwrapKey.',
        },
      ],
    };
  }
  const wrap = WRAP_PERMISSIONS.map(permission => permission.toLowerCase());
  const keyPermissions = entry.keys.filter(permission =>
    wrap.includes(permission.toLowerCase()),
  );
  return {
    steps: [
      {
        kind: 'remove-access-policy',
        version: 1,
        vaultId: vault.value.id,
        tenantId: entry.tenantId,
        objectId: entry.objectId,
        keyPermissions,
      },
    ],
    inverse: [
      {
        kind: 'add-access-policy',
        version: 1,
        vaultId: vault.value.id,
        entry: {
          tenantId: entry.tenantId,
          objectId: entry.objectId,
          keys: keyPermissions,
          secrets: [],
          certificates: [],
          storage: [],
        },
      },
    ],
    touched,
    checks: [
      {
        id: 'access-path',
        status: 'pass',
        sentence: `The access policy of the object id ${entry.objectId} is the only way to the key.`,
      },
    ],
  };
}

function byRole(subject: Subject, context: PlanContext): Way {
  const paths = accessPathsOf(subject);
  if (!paths.known) return unknownPaths(paths.problem.message);
  const roles = paths.paths.filter(
    (path): path is RolePath => path.kind === 'role-assignment',
  );
  const direct = roles.filter(path => path.direct);
  const surviving = roles.filter(path => !path.direct);
  if (roles.length === 0) {
    return { steps: [], inverse: [], touched: [], checks: [nothingToRevoke] };
  }
  const { key, vault } = subject;
  const atVault = direct.some(
    ({ assignment }) =>
      vault.known &&
      assignment.scope.toLowerCase() === vault.value.id.toLowerCase(),
  );
  const principalId = subject.identity.principalId ?? '';
  const inVault = usingVaultAs(context.registries, key.vaultName, principalId);
  const ofKey = new Set(
    usingKey(context.registries, key).map(({ id }) => id.toLowerCase()),
  );
  const touched = atVault
    ? inVault
    : inVault.filter(({ id }) => ofKey.has(id.toLowerCase()));

  const checks: Check[] = [
    surviving.length === 0
      ? {
          id: 'access-path',
          status: 'pass',
          sentence: `No access path is left after ${
            direct.length === 1 ? 'this assignment is' : 'these assignments are'
          } deleted.`,
        }
      : {
          id: 'access-path',
          status: 'fail',
          sentence: `This will not revoke: ${surviving
            .map(
              ({ assignment }) =>
                `${assignment.roleName} at ${scopeInWords(assignment.scope)}`,
            )
            .join(' and ')} would still let the registry in.`,
          remedy:
            'Remove the inherited or group assignment first; it is not made for this registry, so this portal leaves it alone.',
        },
  ];
  const wider = direct.filter(
    ({ assignment }) =>
      !assignment.roleDefinitionId
        .toLowerCase()
        .endsWith(CRYPTO_SERVICE_ENCRYPTION_USER),
  );
  if (wider.length > 0) {
    checks.push({
      id: 'role-width',
      status: 'warn',
      sentence: `${wider
        .map(({ assignment }) => assignment.roleName)
        .join(
          ', ',
        )} gives more than the use of the key; all of it is taken away.`,
      remedy:
        'Use the role Key Vault Crypto Service Encryption User for registries.',
    });
  }
  return {
    steps: direct.map(({ assignment }) => ({
      kind: 'delete-role-assignment',
      version: 1,
      assignment,
    })),
    inverse: direct.map(({ assignment }) => ({
      kind: 'create-role-assignment',
      version: 1,
      assignment: {
        scope: assignment.scope,
        name: context.guid(`restore ${assignment.id}`),
        principalId: assignment.principalId,
        principalType: assignment.principalType,
        roleDefinitionId: assignment.roleDefinitionId,
        roleName: assignment.roleName,
        condition: assignment.condition,
        conditionVersion: assignment.conditionVersion,
      },
    })),
    touched,
    checks,
  };
}
