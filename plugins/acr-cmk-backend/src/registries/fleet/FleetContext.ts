import type { Context } from '../../platform/context';

/** Services and settings that the fleet uses. */
export interface FleetContext extends Pick<
  Context,
  'db' | 'clock' | 'permissions' | 'permissionsRegistry'
> {
  catalog: Pick<Context['catalog'], 'getEntitiesByRefs'>;
  config: Pick<
    Context['config'],
    | 'scopes'
    | 'managementGroups'
    | 'cloud'
    | 'bindings'
    | 'keys'
    | 'sync'
    | 'readUnlinked'
  >;
}
