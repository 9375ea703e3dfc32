import type { FleetScope } from 'backstage-plugin-acr-cmk-common';
import { useFleetTexts } from '../../translations/fleet';

/** Parts of the fleet that could not be read, one sentence each. None while the scope is not known. */
export function useUnreadable(scope?: FleetScope): string[] {
  const t = useFleetTexts();
  if (!scope) return [];
  const { unreadableSubscriptions: unreadable } = scope;
  const { unlistedSubscriptions: unlisted = 0, unreadableGroups = 0 } = scope;
  return [
    { text: 'scope.unreadable' as const, count: unreadable - unlisted },
    { text: 'scope.unlisted' as const, count: unlisted },
    { text: 'scope.groupsInPart' as const, count: unreadableGroups },
  ]
    .filter(({ count }) => count > 0)
    .map(({ text, count }) => t(text, { count }));
}
