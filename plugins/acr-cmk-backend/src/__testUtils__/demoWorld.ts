/** Names of the emulator's demo world. */

export const SUBSCRIPTION = '11111111-2222-4333-8444-555555555555';

/** ARM id of a registry of the demo world. */
export const registryId = (name: string, group = 'rg-shop') =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.ContainerRegistry/registries/${name}`;
