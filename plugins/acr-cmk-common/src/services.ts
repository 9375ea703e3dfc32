import type { KeyService } from './model';

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
