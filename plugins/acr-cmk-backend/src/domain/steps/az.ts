/**
 * Commands of `az` that do the same as a step. They are for people who review a plan, or have to do
 * it by hand. Names in capitals are shell variables that a command sets for later ones.
 */
import {
  type AccessPolicyEntry,
  bareVaultName,
  KeyIdentifier,
  RegistryId,
  isHsmName,
} from 'backstage-plugin-acr-cmk-common';
import { hsmScopeOf } from '../../azure/armIds';
import { lastPart } from './words';

/** The version that a command has made, as its key URI. */
export const NEW_KEY = 'NEW_KEY';
const SYSTEM_PRINCIPAL = 'SYSTEM_PRINCIPAL_ID';
const NEW_PRINCIPAL = 'NEW_PRINCIPAL_ID';
const POLICIES_API = '2026-02-01';

/** A text as one word of a shell. */
export function quoted(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text)
    ? text
    : `'${text.replace(/'/g, `'\\''`)}'`;
}

const variable = (name: string) => `"$${name}"`;

/** `az` with its arguments; a value that is a variable comes as `$NAME`. */
export function az(command: string, options: Record<string, string>): string {
  return [
    `az ${command}`,
    ...Object.entries(options).map(([name, value]) =>
      [`--${name}`, /^\$[A-Z_]+$/.test(value) ? `"${value}"` : quoted(value)]
        .filter(part => part !== `''`)
        .join(' '),
    ),
  ].join(' ');
}

/** A command whose answer is a variable for later ones. */
export const into = (name: string, command: string, query: string) =>
  `${name}=$(${command} --query ${query} --output tsv)`;

/** A command that may have to wait for Azure: half a minute at most. */
export const withRetries = (command: string) =>
  `for attempt in 1 2 3 4 5 6; do ${command} && break; sleep 5; done`;

/** Arguments of `az acr` that name the registry. */
export const ofRegistry = ({
  name,
  resourceGroup,
  subscriptionId,
}: RegistryId) => ({
  name,
  'resource-group': resourceGroup,
  subscription: subscriptionId,
});

/** Arguments of `az keyvault key` that name the key. */
export const ofKey = ({
  vaultName,
  keyName,
}: Pick<KeyIdentifier, 'vaultName' | 'keyName'>) => ({
  [isHsmName(vaultName) ? 'hsm-name' : 'vault-name']: bareVaultName(vaultName),
  name: keyName,
});

/** A scope of a Managed HSM's own roles, for `az keyvault role`; nothing for every other scope. */
export function inHsm(
  scope: string,
): { 'hsm-name': string; scope: string } | undefined {
  const local = hsmScopeOf(scope);
  return local && { 'hsm-name': bareVaultName(local.hsm), scope: local.scope };
}

/** The object id of a principal, or the variable that has it. */
export function principalArgument(principalId: string): string {
  switch (principalId) {
    case 'system-identity':
      return `$${SYSTEM_PRINCIPAL}`;
    case 'created-identity':
      return `$${NEW_PRINCIPAL}`;
    default:
      return principalId;
  }
}

/** Turns the system-assigned identity on, and keeps its object id. */
export const systemIdentityOn = (registryId: RegistryId) => [
  az('acr identity assign', {
    ...ofRegistry(registryId),
    identities: '[system]',
  }),
  into(
    SYSTEM_PRINCIPAL,
    az('acr identity show', ofRegistry(registryId)),
    'principalId',
  ),
];

/** Makes a user-assigned identity, and keeps its object id. */
export function newIdentity(identity: string, location: string): string[] {
  const [, , subscription, , group] = identity.split('/');
  return [
    into(
      NEW_PRINCIPAL,
      az('identity create', {
        name: lastPart(identity),
        'resource-group': group,
        subscription,
        location,
      }),
      'principalId',
    ),
  ];
}

/**
 * Adds or removes permissions of one principal, and leaves the others of the vault as they are.
 * `az keyvault set-policy` and `delete-policy` would replace, or take, all that the principal has.
 */
export function changePolicy(
  change: 'add' | 'remove',
  vaultId: string,
  entry: AccessPolicyEntry,
): string {
  const objectId = principalArgument(entry.objectId);
  const body = JSON.stringify({
    properties: {
      accessPolicies: [
        {
          tenantId: entry.tenantId,
          objectId,
          permissions: { keys: entry.keys },
        },
      ],
    },
  });
  const [before, after] = objectId.startsWith('$')
    ? body.split(objectId)
    : [body];
  const text =
    after === undefined
      ? `'${before}'`
      : `'${before}'${variable(objectId.slice(1))}'${after}'`;
  return `az rest --method put --url '${vaultId}/accessPolicies/${change}?api-version=${POLICIES_API}' --body ${text}`;
}

/** Command that pulls without signing in: a registry that has lost its key answers 403. */
export const tryAPull = (loginServer: string) =>
  `curl --silent --output /dev/null --write-out '%{http_code}\\n' https://${loginServer}/v2/`;

/**
 * Command that lists the access paths of a principal to a key: an access policy of the vault, or
 * role assignments.
 */
export function showAccess({
  vaultId,
  keyName,
  principalId,
}: {
  vaultId: string;
  keyName: string;
  principalId: string;
}): string[] {
  const principal = principalArgument(principalId);
  const hsm = inHsm(`${vaultId}/keys/${keyName}`);
  if (hsm) {
    const scopes = ['/', '/keys', hsm.scope];
    return [
      az('keyvault role assignment list', {
        'hsm-name': hsm['hsm-name'],
        assignee: principal,
        // With --scope, az shows those at exactly that scope.
        query: `[?${scopes.map(scope => `scope=='${scope}'`).join(' || ')}]`,
      }),
    ];
  }
  const [, , subscription, , resourceGroup] = vaultId.split('/');
  return [
    az('keyvault show', {
      name: lastPart(vaultId),
      'resource-group': resourceGroup,
      subscription,
      query: 'properties.[enableRbacAuthorization, accessPolicies]',
    }),
    az('role assignment list', {
      scope: `${vaultId}/keys/${keyName}`,
      assignee: principal,
      'include-inherited': '',
      'include-groups': '',
    }),
  ];
}
