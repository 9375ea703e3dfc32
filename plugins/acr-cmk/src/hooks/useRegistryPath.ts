import { useEntityRefLink } from '@backstage/plugin-catalog-react';

/** Paths of registries on the tabs of their entities. */
export function useRegistryPath(): (
  entityRef: string,
  registryName: string,
) => string {
  const linkTo = useEntityRefLink();
  return (entityRef, registryName) =>
    `${linkTo(entityRef)}/encryption?registry=${encodeURIComponent(registryName)}`;
}
