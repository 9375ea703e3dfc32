import { newGuid } from './state/ids';

/**
 * Every error of the emulated Azure: status, code and Azure's message. Messages without a public source
 * are marked [?]; clients must not depend on their text.
 */
type ErrorShape = 'arm' | 'vault' | 'entra' | 'registry';

interface ErrorDetail {
  code: string;
  message: string;
}

/** The content of an error beside its status and code. */
interface ErrorAnswer {
  message: string;
  innerCode?: string;
  details?: ErrorDetail[];
  headers?: Record<string, string>;
  /** The message ends in what support asks for: the time and the id of the request. */
  forSupport?: true;
}

export class AzureError extends Error {
  readonly headers: Record<string, string>;
  readonly innerCode?: string;
  readonly details?: ErrorDetail[];
  readonly forSupport?: true;

  constructor(
    readonly status: number,
    readonly code: string,
    answer: string | ErrorAnswer,
  ) {
    const { message, ...options }: ErrorAnswer =
      typeof answer === 'string' ? { message: answer } : answer;
    super(message);
    this.innerCode = options.innerCode;
    this.details = options.details;
    this.forSupport = options.forSupport;
    this.headers = options.headers ?? {};
  }

  body(shape: ErrorShape, request: FailedRequest): unknown {
    switch (shape) {
      case 'entra':
        return entraBody(this, request);
      case 'registry':
        return { errors: [{ code: this.code, message: this.message }] };
      case 'vault':
      case 'arm':
        return {
          error: {
            code: this.code,
            message: this.forSupport
              ? `${this.message}: timestamp = ${new Date(
                  request.at,
                ).toISOString()}, correlationId = ${request.correlationId}.`
              : this.message,
            ...(this.details && { details: this.details }),
            ...(this.innerCode && { innererror: { code: this.innerCode } }),
          },
        };
      default:
        throw new Error(`No error shape ${shape satisfies never}`);
    }
  }
}

/** The failed request, which Entra's errors identify. */
interface FailedRequest {
  correlationId: string;
  /** The emulator's time, in milliseconds since 1970. */
  at: number;
}

function entraBody(
  { code, message }: AzureError,
  { correlationId, at }: FailedRequest,
) {
  const timestamp = new Date(at).toISOString().replace(/T(.*)\..*/, ' $1Z');
  const traceId = newGuid();
  const number = Number(/^AADSTS(\d+)/.exec(message)?.[1]);
  return {
    error: code,
    error_description: `${message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: Number.isNaN(number) ? [] : [number],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    ...(!Number.isNaN(number) && {
      error_uri: `https://login.microsoftonline.com/error?code=${number}`,
    }),
  };
}

interface Caller {
  id: string;
  appId: string;
}

interface ScopedAction {
  action: string;
  scope: string;
}

/** The caller that a vault refuses, and the vault. */
interface VaultRefusal {
  caller: Caller;
  tenant: string;
  name: string;
  location: string;
}

const issuer = (tenant: string) => `https://sts.windows.net/${tenant}/`;
const callerOf = ({ caller, tenant }: VaultRefusal) =>
  `appid=${caller.appId};oid=${caller.id};iss=${issuer(tenant)}`;

const vaultOf = ({ name, location }: VaultRefusal) =>
  `${name};location=${location}`;

const notSupported = (message: string) =>
  new AzureError(501, 'NotSupportedByEmulator', message);

/** The emulator's own errors, not Azure's. */
export const unsupported = {
  route: (method: string, path: string) =>
    notSupported(
      `The emulator does not support ${method} ${path}. Its README says how to add a route.`,
    ),
  feature: (what: string) =>
    notSupported(`The emulator does not support ${what}.`),
};

export const arm = {
  noToken: (tenant: string) =>
    new AzureError(401, 'AuthenticationFailed', {
      message: "Authentication failed. The 'Authorization' header is missing.",
      headers: {
        'www-authenticate': `Bearer authorization_uri="https://login.windows.net/${tenant}", error="invalid_token", error_description="The authentication failed because of missing 'Authorization' header."`,
      },
    }),
  badToken: (tenant: string, why: string) =>
    new AzureError(401, 'InvalidAuthenticationToken', {
      message: why,
      headers: {
        'www-authenticate': `Bearer authorization_uri="https://login.windows.net/${tenant}", error="invalid_token", error_description="${why}"`,
      },
    }),
  missingApiVersion: () =>
    new AzureError(
      400,
      'MissingApiVersionParameter',
      'The api-version query parameter (?api-version=) is required for all requests.',
    ),
  invalidApiVersion: (version: string) =>
    new AzureError(
      400,
      'InvalidApiVersionParameter',
      `The api-version '${version}' is invalid. The value must be a date such as 2025-11-01, with -preview or without.`,
    ),
  invalidBody: (why: string) =>
    new AzureError(
      400,
      'InvalidRequestContent',
      `The request content was invalid and could not be deserialized: '${why}'.`,
    ),
  authorizationFailed: (caller: Caller, action: string, scope: string) =>
    new AzureError(
      403,
      'AuthorizationFailed',
      `The client '${caller.appId}' with object id '${caller.id}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    ),
  linkedAuthorizationFailed: (
    caller: Caller,
    { action, scope }: ScopedAction,
    linked: ScopedAction,
  ) =>
    new AzureError(
      403,
      'LinkedAuthorizationFailed',
      `The client '${caller.appId}' with object id '${caller.id}' has permission to perform action '${action}' on scope '${scope}'; however, it does not have permission to perform action(s) '${linked.action}' on the linked scope(s) '${linked.scope}' (respectively) or the linked scope(s) are invalid.`,
    ),
  scopeLocked: (scope: string, verb: 'write' | 'delete', locked: string[]) =>
    new AzureError(
      409,
      'ScopeLocked',
      `The scope '${scope}' cannot perform ${verb} operation because following scope(s) are locked: '${locked.join(
        "','",
      )}'. Please remove the lock and try again.`,
    ),
  subscriptionNotFound: (id: string) =>
    new AzureError(
      404,
      'SubscriptionNotFound',
      `The subscription '${id}' could not be found.`,
    ),
  managementGroupNotFound: (name: string) =>
    new AzureError(
      404,
      'NotFound',
      `'/providers/Microsoft.Management/managementGroups/${name}' not found`,
    ),
  groupNotFound: (name: string) =>
    new AzureError(
      404,
      'ResourceGroupNotFound',
      `Resource group '${name}' could not be found.`,
    ),
  resourceNotFound: (type: string, name: string, group: string) =>
    new AzureError(
      404,
      'ResourceNotFound',
      `The Resource '${type}/${name}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    ),
  notFound: (what: string) => new AzureError(404, 'NotFound', what),
  locationNotAvailable: (
    location: string,
    type: string,
    available: readonly string[],
  ) =>
    new AzureError(
      400,
      'LocationNotAvailableForResourceType',
      `The provided location '${location}' is not available for resource type '${type}'. List of available regions for the resource type is '${available.join(
        ',',
      )}'.`,
    ),
  groupLocationNotAvailable: (location: string, available: readonly string[]) =>
    new AzureError(
      400,
      'LocationNotAvailableForResourceGroup',
      `The provided location '${location}' is not available for resource group. List of available regions is '${available.join(
        ',',
      )}'.`,
    ),
  invalidResourceLocation: (
    present: { name: string; location: string; group: string },
    location: string,
  ) =>
    new AzureError(
      409,
      'InvalidResourceLocation',
      `The resource '${present.name}' already exists in location '${present.location}' in resource group '${present.group}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
    ),
  invalidGroupLocation: (present: string, location: string) =>
    new AzureError(
      409,
      'InvalidResourceGroupLocation',
      `Invalid resource group location '${location}'. The Resource group already exists in location '${present}'.`,
    ),
  locationRequired: () =>
    new AzureError(
      400,
      'LocationRequired',
      'The location property is required for this definition.',
    ),
  invalidQuery: (name: string, value: string) =>
    new AzureError(
      400,
      'InvalidQueryParameterValue',
      `The value '${value}' of the query parameter '${name}' is invalid.`,
    ),
  invalidFilter: (filter: string) =>
    new AzureError(
      400,
      'InvalidFilterInQueryString',
      `Invalid $filter '${filter}' specified in the query string.`,
    ),
  throttled: (retryAfterSeconds: number) =>
    new AzureError(429, 'SubscriptionRequestsThrottled', {
      message:
        'Number of requests for subscription exceeded the limit. Please try again after some time.',
      headers: { 'retry-after': String(retryAfterSeconds) },
    }),
};

const INVALID_QUERY =
  'Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.';

/** Resource Graph says the cause in the details only (Azure/azqr issue 847, of 2026-05-13). */
export const resourceGraph = {
  refused: (...details: ErrorDetail[]) =>
    new AzureError(400, 'BadRequest', {
      message: 'Please provide below info when asking for support',
      forSupport: true,
      details,
    }),
  /** The first detail as in Azure/azure-powershell issue 13762; code and message of the second are [?]. */
  invalidQuery: (code: string, message: string) =>
    resourceGraph.refused(
      { code: 'InvalidQuery', message: INVALID_QUERY },
      { code, message },
    ),
  /** As in Azure/azqr issue 847. */
  unknownTable: (name: string) =>
    resourceGraph.refused({
      code: 'DisallowedLogicalTableName',
      message: `Table ${name} is invalid, unsupported or disallowed.`,
    }),
  /** Code and message [?]: documented is only that they "can't be used at the same time". */
  twoScopes: () =>
    resourceGraph.refused({
      code: 'InvalidScope',
      message:
        "Subscriptions and management groups can't be used at the same time.",
    }),
  throttled: (retryAfterSeconds: number) =>
    new AzureError(429, 'RateLimiting', {
      message: 'Please provide below info when asking for support',
      forSupport: true,
      details: [
        {
          code: 'RateLimiting',
          message:
            'Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.',
        },
      ],
      headers: { 'retry-after': String(retryAfterSeconds) },
    }),
};

export const registry = {
  nameTaken: (name: string) =>
    new AzureError(
      409,
      'AlreadyInUse',
      `The registry DNS name ${name}.azurecr.io is already in use. You can check if the name is already claimed using following API: https://docs.microsoft.com/en-us/rest/api/containerregistry/registries/checknameavailability`,
    ),
  invalidName: (name: string) =>
    new AzureError(
      400,
      'InvalidResourceName',
      `The registry name '${name}' is invalid: it may contain alpha numeric characters only and must be between 5 and 50 characters.`,
    ),
  /** Message [?]: no recording. */
  premiumOnly: () =>
    new AzureError(
      400,
      'SkuNotSupported',
      'Customer-managed keys are supported by registries of the Premium SKU only.',
    ),
  /** Code and message [?]. */
  featureNeedsPremium: (feature: string) =>
    new AzureError(
      400,
      'SkuNotSupported',
      `The Premium SKU is required for ${feature}.`,
    ),
  /** Message [?]: the code is documented. */
  trustBlockedByEncryption: () =>
    new AzureError(
      400,
      'BlockedForEncryptionEnabledRegistry',
      'Content trust cannot be enabled on a registry that is encrypted with a customer-managed key.',
    ),
  /** Message [?]: the rule is documented. */
  exportNeedsClosedNetwork: () =>
    new AzureError(
      400,
      'BadRequest',
      'The export policy can only be disabled when public network access is disabled.',
    ),
  /** Message [?]: documented is only that it can be set at creation. */
  onlyAtCreation: (name: string) =>
    new AzureError(
      400,
      'BadRequest',
      `Encryption with a customer-managed key can only be enabled when the registry is created. The registry ${name} was created without it.`,
    ),
  /** Message [?]: documented is only that it cannot be done. */
  cannotDisable: (name: string) =>
    new AzureError(
      400,
      'BadRequest',
      `Encryption with a customer-managed key cannot be disabled on the registry ${name}.`,
    ),
  bothRequired: () =>
    new AzureError(
      400,
      'BadRequest',
      'Property Identity and KeyIdentifier must be set when encryption is enabled.',
    ),
  /** Message [?]. */
  userAssignedAtCreation: () =>
    new AzureError(
      400,
      'BadRequest',
      "A registry with a customer-managed key has to be created with a user-assigned identity; 'system' can be set afterwards.",
    ),
  /** Message [?]. */
  invalidKeyIdentifier: (keyIdentifier: string) =>
    new AzureError(
      400,
      'BadRequest',
      `The key identifier '${keyIdentifier}' is not valid. It should look like 'https://myvault.vault.azure.net/keys/mykey' or 'https://myvault.vault.azure.net/keys/mykey/version'.`,
    ),
  identityNotAttached: (registryId: string, name: string, identity: string) =>
    new AzureError(
      400,
      'BadRequest',
      `Azure resource '${registryId}' does not have access to identity '${identity}' Try forcibly adding the identity to the registry ${name}. For more information on bring your own key, please visit 'https://aka.ms/acr/cmk'.`,
    ),
  cannotReachKey: (kid: string, clientId: string) =>
    new AzureError(
      400,
      'BadRequest',
      `Failed to access KeyId '${kid}'. Verify that identity '${clientId}' has 'Get, Wrap Key, Unwrap Key' permission on key '${kid}'. For more information on bring your own key, please visit 'https://aka.ms/acr/cmk'.`,
    ),
  /** Message [?]: documented is only "an error". */
  identityInUse: (identity: string, name: string) =>
    new AzureError(
      400,
      'BadRequest',
      `The identity '${identity}' is used for the encryption of the registry ${name} and cannot be removed. Attach another identity and rotate the key to it first.`,
    ),
  invalidIdentityValues: () =>
    new AzureError(
      400,
      'InvalidIdentityValues',
      "Invalid value for the identities. The 'UserAssignedIdentities' property keys should only be empty json objects, null or the resource exisiting property.",
    ),
  identityMissing: (id: string) =>
    new AzureError(
      400,
      'FailedIdentityOperation',
      `Identity operation failed because the identity '${id}' does not exist.`,
    ),
  /** Code and message [?]. */
  busy: (name: string, state: string) =>
    new AzureError(
      409,
      'RegistryIsBusy',
      `The registry ${name} is in state ${state}; another operation on it is in progress. Try again later.`,
    ),
  noSuchOperation: (id: string) =>
    new AzureError(404, 'NotFound', `The operation '${id}' was not found.`),
  /** Status [?]: a deletion that fails was not recorded. */
  deletionFailed: ({ code, message }: ErrorDetail) =>
    new AzureError(500, code, message),
  /** The answer to a pull. 403 is documented, the message is not [?]. */
  keyOutOfReach: (
    reason: string,
    { status = 403, code = 'DENIED' }: { status?: number; code?: string } = {},
  ) =>
    new AzureError(
      status,
      code,
      `The registry cannot access its customer-managed key: ${reason}. For more information visit https://aka.ms/acr/cmk`,
    ),
  /** Words of the documented error: azure-sdk-for-java, containers/azure-containers-containerregistry/TROUBLESHOOTING.md. */
  notAdmitted: (address: string) =>
    new AzureError(
      403,
      'DENIED',
      `client with IP '${address}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.`,
    ),
  /** The challenge of the registry's token service. */
  unauthorized: (host: string, scope: string | undefined) =>
    new AzureError(401, 'UNAUTHORIZED', {
      message:
        'authentication required, visit https://aka.ms/acr/authorization for more information.',
      headers: {
        'www-authenticate': `Bearer realm="https://${host}/oauth2/token",service="${host}"${
          scope ? `,scope="${scope}"` : ''
        }`,
      },
    }),
  /** A token that does not cover the request, or a principal without the role. */
  insufficientScope: (host: string, scope: string) =>
    new AzureError(401, 'UNAUTHORIZED', {
      message:
        'authentication required, visit https://aka.ms/acr/authorization for more information.',
      headers: {
        'www-authenticate': `Bearer realm="https://${host}/oauth2/token",service="${host}",scope="${scope}",error="insufficient_scope"`,
      },
    }),
  denied: () =>
    new AzureError(
      401,
      'UNAUTHORIZED',
      'Application not registered with AAD, or the credentials are wrong.',
    ),
  unsupportedGrant: (grant: string) =>
    new AzureError(
      400,
      'UNSUPPORTED',
      `The grant_type '${grant}' is not supported.`,
    ),
  noManifest: (reference: string) =>
    new AzureError(
      404,
      'MANIFEST_UNKNOWN',
      `manifest tagged by "${reference}" is not found`,
    ),
  noRepository: () =>
    new AzureError(
      404,
      'NAME_UNKNOWN',
      'repository name not known to registry',
    ),
  noSuchRegistry: (name: string) =>
    new AzureError(404, 'NAME_UNKNOWN', `no registry ${name}`),
};

const FORBIDDEN_HELP =
  'For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287';

/** Vaults and Managed HSMs have an audience each. */
const challengeOf = (tenant: string, isHsm: boolean) => ({
  'www-authenticate': `Bearer authorization="https://login.microsoftonline.com/${tenant}", resource="https://${
    isHsm ? 'managedhsm' : 'vault'
  }.azure.net"`,
});

/**
 * Errors of a Managed HSM's own roles. All but the codes are the emulator's words, except for the first, as quoted in
 * Azure/azure-cli issue 32719, and the last.
 */
export const hsm = {
  notAuthorized: (action: string, scope: string) =>
    new AzureError(
      403,
      'AccessDenied',
      `Not authorized to access ${action} on ${scope}`,
    ),
  invalidScope: (scope: string) =>
    new AzureError(400, 'InvalidScope', `There is no scope '${scope}'.`),
  roleNotFound: () =>
    new AzureError(
      404,
      'RoleDefinitionNotFound',
      'Requested role definition not found',
    ),
  assignmentExists: () =>
    new AzureError(
      409,
      'RoleAssignmentExists',
      'The role assignment already exists.',
    ),
  assignmentNotFound: () =>
    new AzureError(
      404,
      'RoleAssignmentNotFound',
      'Requested role assignment not found',
    ),
};

export const vault = {
  challenge: (tenant: string, isHsm: boolean) =>
    new AzureError(401, 'Unauthorized', {
      message: 'AKV10000: Request is missing a Bearer or PoP token.',
      headers: challengeOf(tenant, isHsm),
    }),
  badToken: (tenant: string, isHsm: boolean, why: string) =>
    new AzureError(401, 'Unauthorized', {
      message: `AKV10022: ${why}`,
      headers: challengeOf(tenant, isHsm),
    }),
  /** Message [?]. */
  /** Its code is that of every bad parameter [?]. */
  missingApiVersion: () =>
    new AzureError(400, 'BadParameter', 'api-version must be specified'),
  /** As in Azure/azure-sdk-for-python issue 28595. */
  unknownApiVersion: (version: string, latest: string) =>
    new AzureError(
      400,
      'BadParameter',
      `The specified version (${version}) is not recognized. Consider using the latest supported version (${latest}).`,
    ),
  noPolicy: (refusal: VaultRefusal, permission: string) =>
    new AzureError(403, 'Forbidden', {
      message: `The user, group or application '${callerOf(
        refusal,
      )}' does not have keys ${permission} permission on key vault '${vaultOf(
        refusal,
      )}'. ${FORBIDDEN_HELP}`,
      innerCode: 'ForbiddenByPolicy',
    }),
  noRole: (
    refusal: VaultRefusal,
    { action, resource }: { action: string; resource: string },
  ) =>
    new AzureError(403, 'Forbidden', {
      message: `Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\r\nCaller: ${callerOf(
        refusal,
      )}\r\nAction: '${action}'\r\nResource: '${resource}'\r\nAssignment: (not found)\r\nDenyAssignmentId: null\r\nDecisionReason: null \r\nVault: ${vaultOf(
        refusal,
      )}\r\n`,
      innerCode: 'ForbiddenByRbac',
    }),
  firewall: (refusal: VaultRefusal, address: string) =>
    new AzureError(403, 'Forbidden', {
      message: `Client address is not authorized and caller is not a trusted service.\r\nClient address: ${address}\r\nCaller: ${callerOf(
        refusal,
      )}\r\nVault: ${vaultOf(refusal)}`,
      innerCode: 'ForbiddenByFirewall',
    }),
  noPublicAccess: (refusal: VaultRefusal) =>
    new AzureError(403, 'Forbidden', {
      message: `Public network access is disabled and request is not from a trusted service nor via an approved private link.\r\nCaller: ${callerOf(
        refusal,
      )}\r\nVault: ${vaultOf(refusal)}`,
      innerCode: 'ForbiddenByConnection',
    }),
  keyNotFound: (name: string) =>
    new AzureError(
      404,
      'KeyNotFound',
      `A key with (name/id) ${name} was not found in this key vault. If you recently deleted this key you may be able to recover it using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182`,
    ),
  deletedKeyNotFound: (name: string) =>
    new AzureError(404, 'KeyNotFound', `Deleted Key not found: ${name}`),
  isBeingDeleted: (name: string) =>
    new AzureError(409, 'Conflict', {
      message: `Key ${name} is currently being deleted.`,
      innerCode: 'ObjectIsBeingDeleted',
    }),
  isDeletedButRecoverable: (name: string) =>
    new AzureError(409, 'Conflict', {
      message: `Key ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the key can only be recovered or purged.`,
      innerCode: 'ObjectIsDeletedButRecoverable',
    }),
  isBeingRecovered: (name: string) =>
    new AzureError(409, 'Conflict', {
      message: `Key ${name} is currently being recovered.`,
      innerCode: 'ObjectIsBeingRecovered',
    }),
  /** Code and message [?]: documented is only that a policy has to be set first. */
  policyBeforeRotation: (name: string) =>
    new AzureError(
      400,
      'BadParameter',
      `A rotation policy must be set for the key ${name} before it can be rotated.`,
    ),
  /** Code and message [?]: documented is only the limit. */
  tooManyVersions: (name: string, most: number) =>
    new AzureError(
      400,
      'BadParameter',
      `The key ${name} has ${most} versions, the most that a key may have.`,
    ),
  policyNotFound: (name: string) =>
    new AzureError(
      404,
      'KeyRotationPolicyNotFound',
      `The key ${name} has no rotation policy.`,
    ),
  badParameter: (message: string) =>
    new AzureError(400, 'BadParameter', message),
  throttled: (retryAfterSeconds: number) =>
    new AzureError(429, 'Throttled', {
      message:
        'Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached',
      headers: { 'retry-after': String(retryAfterSeconds) },
    }),
};

export const vaultArm = {
  nameTaken: (name: string) =>
    new AzureError(
      409,
      'VaultAlreadyExists',
      `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not purged after being placed in a recoverable state. If the vault is in a recoverable state then the vault will need to be purged before reusing the name.`,
    ),
  invalidName: (name: string) =>
    new AzureError(
      400,
      'VaultNameNotValid',
      `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens.`,
    ),
  purgeProtectionStays: () =>
    new AzureError(
      400,
      'BadRequest',
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.',
    ),
  softDeleteStays: () =>
    new AzureError(
      400,
      'BadRequest',
      'The property "enableSoftDelete" can be set to false only for creating new vault. Enabling the \'soft delete\' functionality is an irreversible action.',
    ),
  /** Message [?]: new vaults always have soft delete. */
  softDeleteRequired: () =>
    new AzureError(
      400,
      'BadRequest',
      'The property "enableSoftDelete" cannot be set to false: soft delete is enabled for all new vaults.',
    ),
  /** Status, code and message [?]. */
  foreignTenant: (tenantId: string) =>
    new AzureError(
      400,
      'BadRequest',
      `The tenant ID '${tenantId}' of the vault is not the tenant of its subscription.`,
    ),
  policiesRequired: () =>
    new AzureError(
      400,
      'BadRequest',
      'The parameter accessPolicies is not specified.',
    ),
  retentionStays: () =>
    new AzureError(
      400,
      'BadRequest',
      'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.',
    ),
  invalid: (message: string) => new AzureError(400, 'BadRequest', message),
};

export const authorization = {
  exists: () =>
    new AzureError(
      409,
      'RoleAssignmentExists',
      'The role assignment already exists.',
    ),
  principalNotFound: (id: string, tenant: string) =>
    new AzureError(
      400,
      'PrincipalNotFound',
      `Principal ${id.replace(
        /-/g,
        '',
      )} does not exist in the directory ${tenant}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`,
    ),
  roleNotFound: (id: string) =>
    new AzureError(
      404,
      'RoleDefinitionDoesNotExist',
      `The specified role definition with ID '${id}' does not exist.`,
    ),
  invalidId: (id: string) =>
    new AzureError(
      400,
      'InvalidRoleAssignmentId',
      `The role assignment ID '${id}' is not valid. The role assignment ID must be a GUID.`,
    ),
  updateNotPermitted: () =>
    new AzureError(
      400,
      'RoleAssignmentUpdateNotPermitted',
      'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
    ),
};

export const entra = {
  noSuchTenant: (tenant: string) =>
    new AzureError(
      400,
      'invalid_tenant',
      `AADSTS90002: Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
    ),
  noSuchClient: (clientId: string, tenant: string) =>
    new AzureError(
      400,
      'unauthorized_client',
      `AADSTS700016: Application with identifier '${clientId}' was not found in the directory '${tenant}'.`,
    ),
  wrongSecret: (clientId: string) =>
    new AzureError(
      401,
      'invalid_client',
      `AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    ),
  noSuchResource: (resource: string, tenant: string) =>
    new AzureError(
      400,
      'invalid_resource',
      `AADSTS500011: The resource principal named ${resource} was not found in the tenant named ${tenant}.`,
    ),
  grantType: (grant: string) =>
    new AzureError(
      501,
      'unsupported_grant_type',
      `The emulator does not support the grant '${grant}'. Support would belong in azure/entra.ts.`,
    ),
};
