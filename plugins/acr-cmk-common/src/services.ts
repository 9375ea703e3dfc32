import type { KeyService, ServicesLookedAtState } from './model';

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
