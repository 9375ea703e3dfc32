import { TYPES } from '../ids';

const SUBSCRIPTION = 'arm GET /subscriptions/{subscription}';
const GROUP = '/subscriptions/{subscription}/resourceGroups/{group}';
const LOCKS = '{scope*}/providers/Microsoft.Authorization/locks';
const TAGS = '{scope*}/providers/Microsoft.Resources/tags/default';

/** Routes that no package of the Azure SDK among our tests calls, by the test that calls them, with the reason. */
export const OTHER_ROUTES = {
  'otherClients.test.ts': {
    'login GET /common/discovery/instance':
      'az requests it to sign in; @azure/identity has the public cloud built in.',
    'login GET /{tenant}/v2.0/.well-known/openid-configuration':
      'az requests it to sign in; @azure/identity has the endpoints of the public cloud built in.',
    'login GET /{tenant}/.well-known/openid-configuration':
      'The v1 endpoint, for older clients.',
    'login GET /{tenant}/discovery/v2.0/keys':
      'The OpenID configuration links to it; no client that requests a token verifies its signature.',
    'login POST /{tenant}/oauth2/token':
      'The v1 endpoint, with `resource` instead of `scope`; MSAL uses v2 only.',
    'vault GET /':
      'Terraform waits until a new vault answers here, with any status; @azure/keyvault-keys does not call it.',
    'vault GET /certificates/contacts':
      'Terraform reads the contacts of every vault; that is @azure/keyvault-certificates, which is not among these packages.',
    'graph GET /v1.0/me':
      'az requests it when it creates a vault; Graph has its own SDK, which is not among these packages.',
    'graph GET /v1.0/servicePrincipals':
      'az turns a client id into an object id; Graph has its own SDK, which is not among these packages.',
    'graph GET /v1.0/servicePrincipals/{id}':
      '`az ad sp show`; Graph has its own SDK, which is not among these packages.',
    'graph GET /v1.0/users':
      'az looks up an assignee among the users; Graph has its own SDK, which is not among these packages.',
    'graph GET /v1.0/groups':
      'az looks up an assignee among the groups; Graph has its own SDK, which is not among these packages.',
    'graph POST /v1.0/groups':
      '`az ad group create`; Graph has its own SDK, which is not among these packages.',
    'graph GET /v1.0/groups/{id}':
      '`az ad group show`; Graph has its own SDK, which is not among these packages.',
    'graph POST /v1.0/groups/{id}/members/$ref':
      '`az ad group member add`; Graph has its own SDK, which is not among these packages.',
    'graph POST /v1.0/directoryObjects/getByIds':
      'az turns the object ids of role assignments into names; Graph has its own SDK, which is not among these packages.',
  },
  'resources.test.ts': {
    'arm GET /tenants':
      'az lists tenants when none was given; that is @azure/arm-subscriptions, which is not among these packages.',
    'arm GET /subscriptions':
      'az lists subscriptions when it signs in; that is @azure/arm-subscriptions, which is not among these packages.',
    [SUBSCRIPTION]:
      'Terraform reads its subscription; that is @azure/arm-subscriptions, which is not among these packages.',
    [`${SUBSCRIPTION}/providers`]:
      'Terraform reads which providers are registered; that is @azure/arm-resources, which is not among these packages.',
    [`${SUBSCRIPTION}/providers/{namespace}`]:
      'az reads a provider before it uses it; that is @azure/arm-resources, which is not among these packages.',
    'arm POST /subscriptions/{subscription}/providers/{namespace}/register':
      'az and Terraform register providers; that is @azure/arm-resources, which is not among these packages.',
    [`${SUBSCRIPTION}/resourceGroups`]:
      '`az group list`; groups belong to @azure/arm-resources, which is not among these packages.',
    [`arm GET ${GROUP}`]:
      'az reads the location of a group; groups belong to @azure/arm-resources, which is not among these packages.',
    [`arm HEAD ${GROUP}`]:
      '`az group exists`; groups belong to @azure/arm-resources, which is not among these packages.',
    [`arm PUT ${GROUP}`]:
      '`az group create`; groups belong to @azure/arm-resources, which is not among these packages.',
    [`arm DELETE ${GROUP}`]:
      '`az group delete`; groups belong to @azure/arm-resources, which is not among these packages.',
    [`arm GET ${LOCKS}`]:
      '`az lock list`; locks belong to @azure/arm-locks, which is not among these packages.',
    [`arm GET ${LOCKS}/{name}`]:
      '`az lock show`; locks belong to @azure/arm-locks, which is not among these packages.',
    [`arm PUT ${LOCKS}/{name}`]:
      '`az lock create`; locks belong to @azure/arm-locks, which is not among these packages.',
    [`arm DELETE ${LOCKS}/{name}`]:
      '`az lock delete`; locks belong to @azure/arm-locks, which is not among these packages.',
    'arm GET /metadata/endpoints':
      'Terraform with a metadata host reads the endpoints of the cloud; the packages have them built in.',
    'arm GET /providers':
      '`az provider list` without a subscription; that is @azure/arm-resources, which is not among these packages.',
    'arm GET /providers/{namespace}':
      'A provider of the tenant; that is @azure/arm-resources, which is not among these packages.',
    'arm GET /providers/Microsoft.Authorization/operations':
      '`az rest`; @azure/arm-authorization does not have it.',
    'arm GET /providers/Microsoft.Management/operations':
      'That is @azure/arm-managementgroups, which is not among these packages.',
    'arm GET /providers/Microsoft.Resources/operations':
      'That is @azure/arm-resources, which is not among these packages.',
    'arm POST /subscriptions/{subscription}/providers/{namespace}/unregister':
      '`az provider unregister`; that is @azure/arm-resources, which is not among these packages.',
    [`${SUBSCRIPTION}/locations`]:
      '`az account list-locations`; that is @azure/arm-subscriptions, which is not among these packages.',
    [`${SUBSCRIPTION}/operationresults/{token}`]:
      'Every client follows the deletion of a group here; that is @azure/arm-resources, which is not among these packages.',
    [`arm PATCH ${GROUP}`]:
      '`az group update`; groups belong to @azure/arm-resources, which is not among these packages.',
    [`arm GET ${GROUP}/resources`]:
      'Terraform lists what is left in a group before it deletes it; that is @azure/arm-resources, which is not among these packages.',
    [`arm HEAD ${GROUP}/providers/${TYPES.registry}/{name}`]:
      'Whether a resource exists; that is @azure/arm-resources, which is not among these packages.',
    [`arm HEAD ${GROUP}/providers/${TYPES.vault}/{name}`]:
      'Whether a resource exists; that is @azure/arm-resources, which is not among these packages.',
    [`arm HEAD ${GROUP}/providers/${TYPES.identity}/{name}`]:
      'Whether a resource exists; that is @azure/arm-resources, which is not among these packages.',
    [`arm GET ${TAGS}`]:
      '`az tag list`; that is @azure/arm-resources, which is not among these packages.',
    [`arm PUT ${TAGS}`]:
      '`az tag create`; that is @azure/arm-resources, which is not among these packages.',
    [`arm PATCH ${TAGS}`]:
      '`az tag update`; that is @azure/arm-resources, which is not among these packages.',
    [`arm DELETE ${TAGS}`]:
      '`az tag delete`; that is @azure/arm-resources, which is not among these packages.',
    [`arm POST ${GROUP}/providers/${TYPES.identity}/{name}/listAssociatedResources`]:
      '`az identity list-resources`; @azure/arm-msi no longer has it.',
  },
  'eventGrid.test.ts': {
    'arm GET /subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.EventGrid/systemTopics':
      'Event Grid has its own SDK, which is not among these packages.',
    'arm GET /subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.EventGrid/systemTopics/{topic}':
      'Event Grid has its own SDK, which is not among these packages.',
    'arm PUT /subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.EventGrid/systemTopics/{topic}':
      'Event Grid has its own SDK, which is not among these packages.',
    'arm DELETE /subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.EventGrid/systemTopics/{topic}':
      'Event Grid has its own SDK, which is not among these packages.',
    'arm GET {scope*}/providers/Microsoft.EventGrid/eventSubscriptions':
      'Event Grid has its own SDK, which is not among these packages.',
    'arm GET {scope*}/providers/Microsoft.EventGrid/eventSubscriptions/{name}':
      'Event Grid has its own SDK, which is not among these packages.',
    'arm PUT {scope*}/providers/Microsoft.EventGrid/eventSubscriptions/{name}':
      'Event Grid has its own SDK, which is not among these packages.',
    'arm DELETE {scope*}/providers/Microsoft.EventGrid/eventSubscriptions/{name}':
      'Event Grid has its own SDK, which is not among these packages.',
    'arm GET /subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.EventGrid/systemTopics/{topic}/eventSubscriptions':
      'Event Grid has its own SDK, which is not among these packages.',
    'arm GET /subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.EventGrid/systemTopics/{topic}/eventSubscriptions/{name}':
      'Event Grid has its own SDK, which is not among these packages.',
    'arm PUT /subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.EventGrid/systemTopics/{topic}/eventSubscriptions/{name}':
      'Event Grid has its own SDK, which is not among these packages.',
    'arm DELETE /subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.EventGrid/systemTopics/{topic}/eventSubscriptions/{name}':
      'Event Grid has its own SDK, which is not among these packages.',
    'arm GET /providers/Microsoft.EventGrid/operations':
      'Event Grid has its own SDK, which is not among these packages.',
  },
  'managedHsm.test.ts': {
    ...Object.fromEntries(
      [
        `arm GET /subscriptions/{subscription}/providers/${TYPES.hsm}`,
        `arm GET ${GROUP}/providers/${TYPES.hsm}`,
        `arm GET ${GROUP}/providers/${TYPES.hsm}/{name}`,
        `arm HEAD ${GROUP}/providers/${TYPES.hsm}/{name}`,
      ].map(route => [
        route,
        'The SDK calls it here: the demo of the other tests has no Managed HSM.',
      ]),
    ),
    ...Object.fromEntries(
      [
        'GET {scope*}/providers/Microsoft.Authorization/roleAssignments',
        'GET {scope*}/providers/Microsoft.Authorization/roleAssignments/{name}',
        'PUT {scope*}/providers/Microsoft.Authorization/roleAssignments/{name}',
        'DELETE {scope*}/providers/Microsoft.Authorization/roleAssignments/{name}',
        'GET {scope*}/providers/Microsoft.Authorization/roleDefinitions',
        'GET {scope*}/providers/Microsoft.Authorization/roleDefinitions/{name}',
      ].map(route => [
        `vault ${route}`,
        'Roles of a Managed HSM are of @azure/keyvault-admin, which is not among these packages.',
      ]),
    ),
  },
  'managementGroups.test.ts': {
    'arm GET /providers/Microsoft.Management/managementGroups':
      'Management groups belong to @azure/arm-managementgroups, which is not among these packages.',
    'arm GET /providers/Microsoft.Management/managementGroups/{group}':
      'Management groups belong to @azure/arm-managementgroups, which is not among these packages.',
    'arm GET /providers/Microsoft.Management/managementGroups/{group}/descendants':
      'Management groups belong to @azure/arm-managementgroups, which is not among these packages.',
    'arm PUT /providers/Microsoft.Management/managementGroups/{group}':
      'Management groups belong to @azure/arm-managementgroups, which is not among these packages.',
    'arm DELETE /providers/Microsoft.Management/managementGroups/{group}':
      'Management groups belong to @azure/arm-managementgroups, which is not among these packages.',
    'arm PUT /providers/Microsoft.Management/managementGroups/{group}/subscriptions/{subscription}':
      'Management groups belong to @azure/arm-managementgroups, which is not among these packages.',
    'arm DELETE /providers/Microsoft.Management/managementGroups/{group}/subscriptions/{subscription}':
      'Management groups belong to @azure/arm-managementgroups, which is not among these packages.',
  },
  'registryClients.test.ts': {
    'registry GET /v2':
      'The first request of a container runtime; no management client uses the data plane.',
    'registry GET /v2/_catalog':
      'Registry tools list repositories; no management client uses the data plane.',
    'registry GET /v2/{repository}/tags/list':
      'Registry tools list tags; no management client uses the data plane.',
    'registry GET /v2/{repository}/manifests/{reference}':
      'The pull itself; no management client uses the data plane.',
    'registry HEAD /v2/{repository}/manifests/{reference}':
      'A container runtime resolves the digest before it pulls; no management client uses the data plane.',
    'registry GET /v2/{repository}/blobs/{digest}':
      'The rest of a pull; no management client uses the data plane.',
    'registry HEAD /v2/{repository}/blobs/{digest}':
      'A container runtime checks whether it has a blob; no management client uses the data plane.',
    'registry GET /v2/{repository}/referrers/{digest}':
      '`oras discover`; no management client uses the data plane.',
    'registry GET /oauth2/token':
      'A container runtime gets a token with user name and password; no management client uses the data plane.',
    'registry POST /oauth2/token':
      'az gets a token for a scope; no management client uses the data plane.',
    'registry POST /oauth2/exchange':
      '`az acr login --expose-token`; no management client uses the data plane.',
    'registry GET /acr/v1/_catalog':
      '@azure/container-registry lists repositories, which is not among these packages.',
    'registry GET /acr/v1/{repository}':
      '`az acr repository show`; no management client uses the data plane.',
    'registry GET /acr/v1/{repository}/_tags':
      '`az acr repository show-tags`; no management client uses the data plane.',
    'registry GET /acr/v1/{repository}/_tags/{tag}':
      '`az acr repository show --image`; no management client uses the data plane.',
    'registry GET /acr/v1/{repository}/_manifests':
      '`az acr manifest list-metadata`; no management client uses the data plane.',
    'registry GET /acr/v1/{repository}/_manifests/{digest}':
      '`az acr manifest show-metadata`; no management client uses the data plane.',
  },
} satisfies Record<string, Record<string, string>>;
