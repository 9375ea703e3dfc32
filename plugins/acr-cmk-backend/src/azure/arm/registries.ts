import type {
  EncryptionProperty,
  IdentityProperties,
  Registry,
  RegistryUpdateParameters,
  SystemData,
} from '@azure/arm-containerregistry';
import {
  type RegistryFacts,
  RegistryId,
  type RegistryNetwork,
} from 'backstage-plugin-acr-cmk-common';
import type {
  AttachedIdentity,
  EncryptionFacts,
} from 'backstage-plugin-acr-cmk-common';
import { ASSIGN_IDENTITY } from '../permissions';
import { identityIdOf, identityIdText, subscriptionIdOf } from '../armIds';
import { read, write } from '../transport/call';
import type { AzureClients } from '../client';
import { allOf, withoutDuplicates } from '../transport/pipeline';
import type {
  ArmOperationStatus,
  CredentialName,
  EncryptionChange,
  IdentityChange,
  RegistriesPort,
} from '../ports';
import { AzureError } from '../AzureError';
import { cleanWords } from '../failures/cleanWords';
import { currentCall } from '../transport/call';
import { retryAfterOf } from '../transport/retryAfter';
import { createPullTest } from '../registry/pullTest';
import { readProvider } from './providers';

/** Azure's times have seven decimals at times; ours have three. */
function isoOf(time: Date | undefined): string | undefined {
  return time && !Number.isNaN(time.getTime()) ? time.toISOString() : undefined;
}

function encryptionOf(encryption?: EncryptionProperty): EncryptionFacts {
  const key = encryption?.keyVaultProperties;
  return {
    status:
      encryption?.status?.toLowerCase() === 'enabled' ? 'enabled' : 'disabled',
    ...(key?.keyIdentifier ? { keyIdentifier: key.keyIdentifier } : {}),
    ...(key?.identity ? { identity: key.identity } : {}),
    ...(key?.versionedKeyIdentifier
      ? { versionedKeyIdentifier: key.versionedKeyIdentifier }
      : {}),
    ...(typeof key?.keyRotationEnabled === 'boolean'
      ? { keyRotationEnabled: key.keyRotationEnabled }
      : {}),
    ...(isoOf(key?.lastKeyRotationTimestamp)
      ? { lastKeyRotation: isoOf(key?.lastKeyRotationTimestamp) }
      : {}),
  };
}

function lastModifiedOf(
  data: SystemData | undefined,
): Pick<RegistryFacts, 'lastModified'> {
  const at = isoOf(data?.lastModifiedAt);
  const by = cleanWords(data?.lastModifiedBy).slice(0, 200);
  return at ? { lastModified: { at, ...(by && { by }) } } : {};
}

/** The id in Azure's own spelling; one that Azure answers and we cannot parse is shown as it is. */
function identityIdShown(id: string): string {
  try {
    return identityIdText(identityIdOf(id));
  } catch {
    return id;
  }
}

function attachedOf(identity?: IdentityProperties | null): AttachedIdentity[] {
  return Object.entries(identity?.userAssignedIdentities ?? {}).map(
    ([id, ids]) => ({
      resourceId: identityIdShown(id),
      ...(ids?.clientId ? { clientId: ids.clientId } : {}),
      ...(ids?.principalId ? { principalId: ids.principalId } : {}),
    }),
  );
}

/** Rules that are absent, as below Premium, admit everybody: the defaults of the specification. */
function networkOf({
  publicNetworkAccess,
  networkRuleSet,
}: Registry): RegistryNetwork {
  return {
    publicNetworkAccess:
      `${publicNetworkAccess ?? 'Enabled'}`.toLowerCase() === 'enabled',
    defaultAction:
      `${networkRuleSet?.defaultAction ?? 'Allow'}`.toLowerCase() === 'allow'
        ? 'allow'
        : 'deny',
    ipRules: (networkRuleSet?.ipRules ?? [])
      .map(({ iPAddressOrRange }) => iPAddressOrRange)
      .sort(),
  };
}

/** A registry of ARM as facts. Types and ids of identities come in any case (docs/azure.md). */
export function toRegistryFacts(registry: Registry): RegistryFacts {
  const id = registry.id ?? '';
  const { identity } = registry;
  const systemOn = `${identity?.type ?? ''}`
    .toLowerCase()
    .includes('systemassigned');
  return {
    id: RegistryId.tryParse(id)?.toString() ?? id,
    name: registry.name ?? '',
    location: registry.location,
    sku: registry.sku?.name ?? '',
    loginServer: registry.loginServer ?? '',
    provisioningState: registry.provisioningState ?? '',
    tags: registry.tags ?? {},
    network: networkOf(registry),
    encryption: encryptionOf(registry.encryption),
    ...lastModifiedOf(registry.systemData),
    ...(systemOn && identity?.principalId
      ? { systemPrincipalId: identity.principalId }
      : {}),
    userAssignedIdentities: attachedOf(identity),
  };
}

/**
 * The `identity` of a PATCH that attaches one more. ARM merges the map of a PATCH, so only the new
 * one is named (inferred: `az acr identity remove` has to PUT for that reason); the type covers
 * what is on already, or the PATCH would turn it off.
 */
export function identityOf(change: IdentityChange): IdentityProperties {
  const attach =
    change.attach === 'system'
      ? undefined
      : identityIdText(identityIdOf(change.attach));
  const system = change.attach === 'system' || change.current.system;
  const user = attach !== undefined || change.current.userAssigned;
  let type: IdentityProperties['type'] = 'SystemAssigned';
  if (user) type = system ? 'SystemAssigned, UserAssigned' : 'UserAssigned';
  return {
    type,
    ...(attach ? { userAssignedIdentities: { [attach]: {} } } : {}),
  };
}

/**
 * Builds the PATCH for a change of the encryption. It has no other fields, because each could undo a change
 * made by somebody else.
 */
export function encryptionPatch({
  keyIdentifier,
  identity,
  identityChange,
}: EncryptionChange): RegistryUpdateParameters {
  return {
    ...(identityChange ? { identity: identityOf(identityChange) } : {}),
    encryption: {
      status: 'enabled',
      keyVaultProperties: { keyIdentifier, identity },
    },
  };
}

/**
 * Reads the status from the response to a poll. Every state that is not final means that the operation is
 * running.
 */
export function toOperationStatus(
  body: any,
  retryAfterSeconds?: number,
): ArmOperationStatus {
  const shown = `${body?.status ?? body?.properties?.provisioningState ?? ''}`;
  const status = shown.toLowerCase();
  if (status === 'succeeded') return { status: 'succeeded' };
  if (status === 'failed' || status === 'canceled' || status === 'cancelled') {
    const { code, message, details } = body?.error ?? {};
    const causes: any[] = Array.isArray(details) ? details : [];
    const words = [message, ...causes.map(cause => cause?.message)]
      .map(text => cleanWords(text))
      .filter(text => text !== '');
    return {
      status: 'failed',
      code: cleanWords(code).slice(0, 80) || shown,
      message: words.join(' ') || `Azure ended the operation as ${shown}`,
    };
  }
  return {
    status: 'running',
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

/**
 * The URL of an operation, checked: at ARM's own host, and below this registry or at a location of its subscription.
 * It was kept in our database and came from an answer, and it gets a token.
 *
 * @throws AzureError `not-found` for any other: the change was accepted, and the registry shows how it ended
 */
export function checkedOperationUrl(
  id: RegistryId,
  operationUrl: string,
  armHost: string,
): string {
  const url = URL.canParse(operationUrl) ? new URL(operationUrl) : undefined;
  const isArm =
    url?.protocol === 'https:' &&
    url.host.toLowerCase() === armHost &&
    url.username === '' &&
    url.password === '';
  const path = url?.pathname.toLowerCase() ?? '';
  const atLocation =
    /^\/subscriptions\/([^/]+)\/providers\/microsoft\.containerregistry\/locations\/[^/]+\/operation(?:results|statuses)\/[^/]+$/.exec(
      path,
    );
  const isOurs =
    path.startsWith(`${id.key}/`) ||
    atLocation?.[1] === id.subscriptionId.toLowerCase();
  if (url && isArm && isOurs && !path.includes('%')) return url.toString();
  throw new AzureError(
    {
      kind: 'not-found',
      code: 'OperationElsewhere',
      message: `The operation that Azure names is not one of the registry ${id}, so it is not asked for. The registry shows how the change ends.`,
    },
    { effect: 'refused' },
  );
}

/**
 * Meaning of Azure's refusal to show an operation. At a location it takes a right at the subscription, which a role
 * at resource groups does not give (`locations/operationResults/read`, in Azure's permissions/containers.md): the
 * registry itself is read then.
 */
function unlessAtLocation(
  id: RegistryId,
  operationUrl: string,
): (error: AzureError) => never {
  return error => {
    const isRefused =
      error.code === 'AuthorizationFailed' && URL.canParse(operationUrl);
    const path = isRefused ? new URL(operationUrl).pathname.toLowerCase() : '';
    if (!isRefused || path.startsWith(`${id.key}/`)) throw error;
    throw new AzureError(
      {
        kind: 'not-found',
        code: 'OperationElsewhere',
        message: `${error.message} The registry shows how the change ends.`,
      },
      { effect: 'refused' },
    );
  };
}

/** `westeurope` of `West Europe`. */
const toLocation = (name: unknown) =>
  String(name).toLowerCase().replaceAll(' ', '');

/** Locations of registries in the metadata of their provider, which has display names (`West Europe`). */
export function toLocations(provider: any): string[] {
  const type = provider?.resourceTypes?.find(
    (each: any) => String(each?.resourceType).toLowerCase() === 'registries',
  );
  if (!Array.isArray(type?.locations)) {
    throw new Error('The answer has no locations of registries');
  }
  return type.locations.map(toLocation);
}

/**
 * Role that remedies name for reading registries. Azure's role for registries alone, Container Registry Configuration
 * Reader and Data Access Configuration Reader, also lists the admin user's credentials, which can push (azure-docs,
 * role-based-access-control/built-in-roles.md): Reader cannot, so it is the smaller one.
 */
const READER = 'Reader';

/** container-registry-rbac-built-in-roles-directory-reference.md: the smallest role with registries/write. */
const WRITER =
  'Container Registry Contributor and Data Access Configuration Administrator';

/** A user-assigned identity takes another role as well, says that page. */
const WRITER_WITH_IDENTITY = `${WRITER}, with ${ASSIGN_IDENTITY.role} at the identity`;

const RESOURCE = 'Microsoft.ContainerRegistry/registries';

export function createRegistries(clients: AzureClients): RegistriesPort {
  const { limits, cloud } = clients;

  return {
    get(id) {
      const target = {
        doing: `read the registry ${id.name}`,
        scope: id.toString(),
        action: `${RESOURCE}/read`,
        role: READER,
        credential: 'read' as const,
      };
      return read(target, limits, async () =>
        toRegistryFacts(
          await clients
            .registries('read', id.subscriptionId)
            .registries.get(id.resourceGroup, id.name),
        ),
      );
    },

    listBySubscription(subscription) {
      return read(
        {
          doing: 'list the registries of a subscription',
          scope: `/subscriptions/${subscription}`,
          action: `${RESOURCE}/read`,
          role: READER,
          credential: 'read',
        },
        limits,
        async () => {
          const subscriptionId = subscriptionIdOf(subscription);
          const { registries } = clients.registries('read', subscriptionId);
          const found = await allOf(registries.list(), toRegistryFacts);
          return withoutDuplicates(found, registry => registry.id);
        },
      );
    },

    async updateEncryption(id, change, credential) {
      const { receipt } = await write(
        {
          doing: `change the encryption of the registry ${id.name}`,
          scope: id.toString(),
          action: `${RESOURCE}/write`,
          role:
            (change.identityChange?.attach ?? 'system') === 'system'
              ? WRITER
              : WRITER_WITH_IDENTITY,
          credential,
        },
        limits,
        async () => {
          const poller = clients
            .registries(credential, id.subscriptionId)
            .registries.update(
              id.resourceGroup,
              id.name,
              encryptionPatch(change),
            );
          // `submitted` ends with the answer to the PATCH; without a `then` on it the poller
          // itself never polls.
          await poller.submitted();
        },
      );
      return receipt;
    },

    async create(id, registry, credential) {
      const { receipt } = await write(
        {
          doing: `make the registry ${id.name}`,
          scope: id.toString(),
          action: `${RESOURCE}/write`,
          role: WRITER_WITH_IDENTITY,
          credential,
        },
        limits,
        async () => {
          const poller = clients
            .registries(credential, id.subscriptionId)
            .registries.create(id.resourceGroup, id.name, {
              location: registry.location,
              tags: registry.tags,
              sku: { name: 'Premium' },
              identity: {
                type: 'UserAssigned',
                userAssignedIdentities: {
                  [identityIdText(identityIdOf(registry.identityId))]: {},
                },
              },
              encryption: {
                status: 'enabled',
                keyVaultProperties: {
                  keyIdentifier: registry.keyIdentifier,
                  identity: registry.identityClientId,
                },
              },
            });
          await poller.submitted();
        },
      );
      return receipt;
    },

    regions(registry) {
      const id = RegistryId.parse(registry.id);
      return read(
        {
          doing: `list the replications of the registry ${id.name}`,
          scope: registry.id,
          action: `${RESOURCE}/replications/read`,
          role: READER,
          credential: 'read',
        },
        limits,
        async () => {
          const { replications } = clients.registries(
            'read',
            id.subscriptionId,
          );
          const replicated = await allOf(
            replications.list(id.resourceGroup, id.name),
            ({ location }) => location,
          );
          // Whether the list has the registry's own region is not documented.
          const regions = [registry.location, ...replicated].map(toLocation);
          return [...new Set(regions)];
        },
      );
    },

    checkName(subscription, name, credential) {
      return read(
        {
          doing: `ask whether the name ${name} is free`,
          scope: `/subscriptions/${subscription}`,
          action: `Microsoft.ContainerRegistry/checkNameAvailability/read`,
          role: READER,
          credential,
        },
        limits,
        async () => {
          const subscriptionId = subscriptionIdOf(subscription);
          const answer = await clients
            .registries(credential, subscriptionId)
            .registries.checkNameAvailability({
              name,
              type: 'Microsoft.ContainerRegistry/registries',
            });
          return {
            free: answer.nameAvailable === true,
            ...(answer.message ? { message: cleanWords(answer.message) } : {}),
          };
        },
      );
    },

    locations: (subscription, credential) =>
      readProvider(
        clients,
        {
          doing: 'list the locations of registries',
          subscription,
          namespace: 'Microsoft.ContainerRegistry',
          parse: toLocations,
        },
        credential,
      ),

    async operationStatus(id, operationUrl, credential: CredentialName) {
      const { value } = await read(
        {
          doing: `ask how the change of the registry ${id.name} stands`,
          scope: id.toString(),
          action: `${RESOURCE}/operationStatuses/read`,
          role: READER,
          credential,
        },
        limits,
        async () => {
          const url = checkedOperationUrl(id, operationUrl, cloud.armHost);
          const answer = await clients.send(credential, { url });
          // The result of an operation that has ended may have no body.
          const body =
            answer.body ??
            (answer.status === 202 ? undefined : { status: 'Succeeded' });
          const headers = currentCall()?.lastAnswer?.headers;
          return toOperationStatus(
            body,
            headers && retryAfterOf(headers, limits.now()),
          );
        },
      ).catch(unlessAtLocation(id, operationUrl));
      return value;
    },

    testPull: createPullTest(clients),
  };
}
