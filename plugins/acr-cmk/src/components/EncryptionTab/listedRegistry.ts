import {
  RegistryId,
  type EntityRegistries,
  type RegistryStateId,
} from 'backstage-plugin-acr-cmk-common';

export type ListedRegistry = EntityRegistries['registries'][number];

/** Name of a registry, or the text of the annotation if that is not a registry's id. */
export function nameOf(registry: ListedRegistry): string {
  return registry.kind === 'registry'
    ? registry.name
    : (RegistryId.tryParse(registry.text)?.name ?? registry.text);
}

/** States that need action. Unknown is one of them. */
const NEEDS_ATTENTION: Record<RegistryStateId, boolean> = {
  current: false,
  converging: false,
  behind: true,
  'behind-by-choice': false,
  'behind-shared-key': false,
  'behind-manual': false,
  'last-change-failed': true,
  'pinned-key-trap': true,
  'at-risk': true,
  expired: true,
  unreachable: true,
  revoked: true,
  unknown: true,
  'no-cmk': false,
};

/** Its state, a finding about it, or that it cannot be read. */
export function needsAttention(registry: ListedRegistry): boolean {
  return (
    registry.kind === 'unreadable' ||
    NEEDS_ATTENTION[registry.state.id] ||
    registry.findings.some(({ severity }) => severity !== 'info')
  );
}
