/** The catalog of `portal.ts`: the demo's entities, hidden from whom a test says, with its calls reported. */
import type { PermissionsService } from '@backstage/backend-plugin-api';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { person, registryId, resource } from './demoWorld';

const ENTITIES: Entity[] = [
  resource('shop-images', registryId('shopimages')),
  resource('orders-images', registryId('ordersimages')),
  resource('payments-images', registryId('paymentsimages')),
  resource('search-images', registryId('searchimages')),
  resource('checkout-images', registryId('checkoutimages')),
  resource('catalog-images', registryId('catalogimages')),
  resource('legacy-images', registryId('legacyimages')),
  resource('reports-images', registryId('reportsimages')),
  resource('billing-images', registryId('billingimages')),
  resource('revoked-images', registryId('revokedimages')),
  resource('plain-images', registryId('plainimages')),
  resource('unbound-images', registryId('unboundimages')),
  resource('shared-base', registryId('sharedbase', 'rg-platform')),
  resource('shared-tools', registryId('sharedtools', 'rg-platform')),
  resource('hr-images', registryId('hrimages', 'rg-platform')),
  resource('wrong-images', 'shopimages.azurecr.io'),
  person('olivia', 'team-shop'),
  person('daniel', 'team-payments'),
  person('priya', 'platform-team'),
  person('paul', 'platform-team'),
  person('vera'),
  resource('outside-images', registryId('shopimages', 'rg-elsewhere')),
];

type AuthorizeOptions = Parameters<PermissionsService['authorize']>[1];

/** Name of the caller whose permission is decided. */
export const nameOf = ({
  credentials,
}: Pick<AuthorizeOptions, 'credentials'>): string =>
  String(
    (credentials.principal as { userEntityRef?: string }).userEntityRef ?? '',
  ).replace(/^.*\//, '');

/** A catalog that hides entities from people. */
function hiding(
  catalog: ReturnType<typeof catalogServiceMock>,
  hides: (entityRef: string, user: string) => boolean = () => false,
): ReturnType<typeof catalogServiceMock> {
  const isShown = (
    entity: Entity | undefined,
    user: string,
  ): entity is Entity =>
    entity !== undefined &&
    (user === '' || !hides(stringifyEntityRef(entity), user));
  // People's credentials come with every call; the plugin's own have no name.
  const userOf = (
    as: Pick<AuthorizeOptions, 'credentials'> | object | undefined,
  ) => (as && 'credentials' in as ? nameOf(as) : '');
  const shown: Partial<typeof catalog> = {
    getEntityByRef: async (...[ref, as]) => {
      const entity = await catalog.getEntityByRef(ref, as);
      return isShown(entity, userOf(as)) ? entity : undefined;
    },
    getEntitiesByRefs: async (...[refs, as]) => {
      const { items } = await catalog.getEntitiesByRefs(refs, as);
      const user = userOf(as);
      return {
        items: items.map(one => (isShown(one, user) ? one : undefined)),
      };
    },
  };
  return new Proxy(catalog, {
    get(target, property) {
      if (property in shown) return Reflect.get(shown, property);
      const value = Reflect.get(target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** `target`, with every call of its methods reported. */
function observed<T extends object>(
  target: T,
  onCall: (method: string) => void = () => undefined,
): T {
  return new Proxy(target, {
    get(object, property) {
      const value = Reflect.get(object, property, object);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        onCall(String(property));
        return value.apply(object, args);
      };
    },
  });
}

/** @param options - as those of `startPortal` */
export function portalCatalog(options: {
  entities?: Entity[];
  hides?: (entityRef: string, user: string) => boolean;
  onCatalogCall?: (method: string) => void;
}): ReturnType<typeof catalogServiceMock> {
  const { entities = ENTITIES, hides, onCatalogCall } = options;
  return observed(
    hiding(catalogServiceMock({ entities }), hides),
    onCatalogCall,
  );
}
