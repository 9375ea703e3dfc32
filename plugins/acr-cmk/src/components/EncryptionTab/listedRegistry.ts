import {
  RegistryId,
  type EntityRegistries,
} from 'backstage-plugin-acr-cmk-common';
import { stateStyles } from '../shared/statusStyles';

export type ListedRegistry = EntityRegistries['registries'][number];

/** Name of a registry, or the text of the annotation if that is not a registry's id. */
export function nameOf(registry: ListedRegistry): string {
  return registry.kind === 'registry'
    ? registry.name
    : (RegistryId.tryParse(registry.text)?.name ?? registry.text);
}

/** Its state, a finding about it, or that it cannot be read. */
export function needsAttention(registry: ListedRegistry): boolean {
  return (
    registry.kind === 'unreadable' ||
    registry.state.id === 'unknown' ||
    ['warning', 'bad'].includes(stateStyles[registry.state.id].tone) ||
    registry.findings.some(({ severity }) => severity !== 'info')
  );
}
