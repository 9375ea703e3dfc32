import type { KeyService, Plan, ServicesLookedAtState } from './model';

/**
 * Meaning of a number of resources of other Azure services that are known to use something. None is none only where all
 * of them were looked at, and a number is all of them only there.
 */
export function knownUse(
  count: number,
  lookedAt: ServicesLookedAtState,
): 'none' | 'all' | 'at-least' | 'not-known' {
  if (lookedAt === 'all') return count === 0 ? 'none' : 'all';
  return count === 0 ? 'not-known' : 'at-least';
}

/** Resources of other Azure services in words, such as `orders (SQL server)`. Hidden ones are counted. */
export function servicesInWords(
  services: readonly KeyService[] = [],
): string[] {
  return services.flatMap(({ service, resources, hiddenResources }) => [
    ...resources.map(({ name }) => `${name} (${service})`),
    ...(hiddenResources > 0
      ? [`${hiddenResources} × ${service} that you may not see`]
      : []),
  ]);
}

/**
 * Resources of other Azure services that lose a key by the chosen method of a plan to revoke, or may, in words. Those
 * that may not be seen are counted. Empty where the method spares all that are known.
 */
export function servicesAtRisk({
  methods = [],
  services = [],
}: Pick<Plan, 'methods' | 'services'>): string[] {
  const count = methods.find(({ chosen }) => chosen)?.services ?? 0;
  const seen = servicesInWords(
    services.map(each => ({
      ...each,
      resources: each.resources.filter(
        ({ effect }) => effect === 'loses-key' || effect === 'not-known',
      ),
      hiddenResources: 0,
    })),
  );
  const hidden = count - seen.length;
  return hidden > 0 ? [...seen, `${hidden} that you may not see`] : seen;
}
