import { InvalidInput, RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Request, Router } from 'express';
import type { ChosenFor } from '../../registries/forms/FormOptions';
import type { RouteDeps } from './services';

/** Adds the routes of an entity's registries, and of the options that forms offer for them. */
export function addRegistryRoutes(
  router: Router,
  { services, httpAuth }: RouteDeps,
): void {
  router.get(
    '/v1/entities/:kind/:namespace/:name/registries',
    async (req, res) => {
      const credentials = await httpAuth.credentials(req);
      const { kind, namespace, name } = req.params;
      res.json(
        await services.registries.registriesOf(
          `${kind}:${namespace}/${name}`,
          credentials,
          {
            refresh: req.query.refresh === 'true',
          },
        ),
      );
    },
  );

  router.get('/v1/vaults', async (req, res) => {
    res.json(
      await services.formOptions.vaults(
        await httpAuth.credentials(req),
        chosenFor(req),
      ),
    );
  });

  router.get('/v1/vaults/:vault/keys', async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    res.json({
      items: await services.formOptions.keys(
        req.params.vault,
        credentials,
        chosenFor(req),
      ),
    });
  });

  router.get('/v1/vaults/:vault/keys/:key/versions', async (req, res) => {
    const { vault, key } = req.params;
    res.json({
      items: await services.formOptions.keyVersions(
        { vaultName: vault, keyName: key },
        await httpAuth.credentials(req),
        chosenFor(req),
      ),
    });
  });

  router.get('/v1/vaults/:vault/keys/:key/name', async (req, res) => {
    const { vault, key } = req.params;
    res.json(
      await services.nameChecks.key(
        { vaultName: vault, keyName: key },
        await httpAuth.credentials(req, { allow: ['user'] }),
      ),
    );
  });

  router.get('/v1/registry-name', async (req, res) => {
    res.json(
      await services.nameChecks.registry(
        RegistryId.parse(String(req.query.registryId)),
        await httpAuth.credentials(req, { allow: ['user'] }),
      ),
    );
  });

  router.get('/v1/identities', async (req, res) => {
    res.json(
      await services.formOptions.identities(
        await httpAuth.credentials(req),
        chosenFor(req),
      ),
    );
  });

  router.get('/v1/resource-groups', async (req, res) => {
    res.json(
      await services.formOptions.resourceGroups(
        await httpAuth.credentials(req),
      ),
    );
  });

  router.get('/v1/registries', async (req, res) => {
    res.json(
      await services.registryOptions.visibleTo(await httpAuth.credentials(req)),
    );
  });
}

/** Entity and registry for which a value is chosen. */
function chosenFor({ query }: Request): ChosenFor {
  const { entityRef, registryId } = query as Record<string, string | undefined>;
  if (registryId !== undefined && entityRef === undefined) {
    throw new InvalidInput('entityRef', 'is missing beside a registryId');
  }
  return {
    entityRef,
    registryId:
      registryId === undefined ? undefined : RegistryId.parse(registryId),
  };
}
