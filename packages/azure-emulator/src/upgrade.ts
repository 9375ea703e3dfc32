import { defaultSettings } from './azure/registrySettings';
import type { Store } from './store';
import { BUILT_IN_ROLES } from './worlds/roles';

/** The version of what the documents contain. Raise it with every change that `upgradeState` must handle. */
const STATE_VERSION = 2;

export function markCurrent(store: Store) {
  store.setSetting('stateVersion', STATE_VERSION);
}

/** Adds to the documents of an older emulator what this one expects in them. */
export function upgradeState(store: Store, now: number) {
  if (store.setting<number>('stateVersion') === STATE_VERSION) return;
  BUILT_IN_ROLES.forEach(role => store.put('roleDefinitions', role));
  for (const role of store.all('roleDefinitions')) {
    if (role.createdAt === undefined) {
      store.put('roleDefinitions', { ...role, createdAt: now, updatedAt: now });
    }
  }
  for (const lock of store.all('locks')) {
    if (lock.createdAt === undefined) {
      const history = { createdAt: now, modifiedAt: now };
      store.put('locks', {
        ...lock,
        ...history,
        createdBy: '',
        modifiedBy: '',
      });
    }
  }
  for (const registry of store.all('registries')) {
    const { policies, ...rest } = defaultSettings(registry.createdAt);
    store.put('registries', {
      ...registry,
      settings: {
        ...rest,
        ...registry.settings,
        policies: {
          ...(policies as object),
          ...(registry.settings.policies as object),
        },
      },
    });
  }
  markCurrent(store);
  store.compact();
}
