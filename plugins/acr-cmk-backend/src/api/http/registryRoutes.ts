import { InvalidInput, RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Router } from 'express';
import type { ChosenFor } from '../../registries/forms/FormOptions';
import { type Query, routesByCaller } from './callers';
import type { RouteDeps } from './services';

const keyIn = ({ vault, key }: Record<string, string>) => ({
  vaultName: vault,
  keyName: key,
});

/** Adds the routes of an entity's registries, and of the options that forms offer for them. */
export function addRegistryRoutes(
  router: Router,
  { services, httpAuth }: RouteDeps,
): void {
  const { anyone, people } = routesByCaller(router, httpAuth);
  const { registries, formOptions, nameChecks } = services;

  anyone.get(
    '/v1/entities/:kind/:namespace/:name/registries',
    ({ params: { kind, namespace, name }, query, credentials }) =>
      registries.registriesOf(`${kind}:${namespace}/${name}`, credentials, {
        refresh: query.refresh === 'true',
      }),
  );

  anyone.get('/v1/vaults', ({ query, credentials }) =>
    formOptions.vaults(credentials, chosenFor(query)),
  );

  anyone.get(
    '/v1/vaults/:vault/keys',
    async ({ params, query, credentials }) => ({
      items: await formOptions.keys(
        params.vault,
        credentials,
        chosenFor(query),
      ),
    }),
  );

  anyone.get(
    '/v1/vaults/:vault/keys/:key/versions',
    async ({ params, query, credentials }) => ({
      items: await formOptions.keyVersions(
        keyIn(params),
        credentials,
        chosenFor(query),
      ),
    }),
  );

  people.get('/v1/vaults/:vault/keys/:key/name', ({ params, credentials }) =>
    nameChecks.key(keyIn(params), credentials),
  );

  people.get('/v1/registry-name', ({ query, credentials }) =>
    nameChecks.registry(
      RegistryId.parse(String(query.registryId)),
      credentials,
    ),
  );

  anyone.get('/v1/identities', ({ query, credentials }) =>
    formOptions.identities(credentials, chosenFor(query)),
  );

  anyone.get('/v1/resource-groups', ({ credentials }) =>
    formOptions.resourceGroups(credentials),
  );

  anyone.get('/v1/registries', ({ credentials }) =>
    services.registryOptions.visibleTo(credentials),
  );
}

/** Entity and registry for which a value is chosen. */
function chosenFor({ entityRef, registryId }: Query): ChosenFor {
  if (registryId !== undefined && entityRef === undefined) {
    throw new InvalidInput('entityRef', 'is missing beside a registryId');
  }
  return {
    entityRef,
    registryId:
      registryId === undefined ? undefined : RegistryId.parse(registryId),
  };
}
