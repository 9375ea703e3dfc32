import { registry as errors } from '../errors';
import { same } from '../state/ids';
import { readLocation } from '../state/locations';
import type { Registry } from '../state/model';
import type { Call, Route } from '../types';
import { ok } from '../http/answers';
import { requiredString } from '../http/body';
import { needsAction, routesOf } from '../http/route';
import { ONE_REGISTRY, registryId, registryOf } from './registryPaths';

const route = routesOf('arm');

const TYPE = 'Microsoft.ContainerRegistry/registries/replications';

/** Whether the list names the home region is an assumption: that it does. */
const regionsOf = ({ location, replicas = [] }: Registry) => [
  location,
  ...replicas,
];

const regionOf = ({ azure, request }: Call) =>
  readLocation(
    azure.settings.cloud,
    requiredString(request.body.location, 'location'),
    TYPE,
  );

const json = ({ id }: Registry, region: string) => ({
  id: `${id}/replications/${region}`,
  name: region,
  type: TYPE,
  location: region,
  properties: {
    provisioningState: 'Succeeded',
    regionEndpointEnabled: true,
    zoneRedundancy: 'Disabled',
  },
});

/**
 * Replications of a registry, which are all active: the global endpoint serves a client from the nearest
 * (container-registry-geo-replication.md). Here, they are ready at once, and each serves what the registry does.
 */
export const replicationRoutes: Route[] = [
  route(
    `GET ${ONE_REGISTRY}/replications`,
    needsAction(`${TYPE}/read`, registryId),
    call => {
      const registry = registryOf(call);
      return ok({
        value: regionsOf(registry).map(region => json(registry, region)),
      });
    },
  ),
  route(
    `PUT ${ONE_REGISTRY}/replications/{replication}`,
    needsAction(`${TYPE}/write`, registryId),
    call => {
      const registry = registryOf(call);
      if (!same(registry.sku, 'Premium')) {
        throw errors.featureNeedsPremium('replications');
      }
      const region = regionOf(call);
      if (!regionsOf(registry).includes(region)) {
        call.azure.store.put('registries', {
          ...registry,
          replicas: [...(registry.replicas ?? []), region],
        });
      }
      return ok(json(registry, region));
    },
  ),
];
