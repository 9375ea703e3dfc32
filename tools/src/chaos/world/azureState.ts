import { startEmulator, type StateView } from 'azure-emulator';
import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';

/** State of the emulated Azure, as far as the suite compares it. Everything is in lower case. */
export interface AzureState {
  /** Registries by name. */
  registries: Record<string, { keyIdentifier?: string; versionInUse?: string }>;
  /** Keys by versionless URI. */
  keys: Record<
    string,
    {
      deleted: boolean;
      versions: { version: string; enabled: boolean }[];
      /** Time when the vault makes the next version, as an ISO 8601 duration since the last one. */
      rotatesAfter?: string;
    }
  >;
  /** `vault/object id/permission`, for keys. */
  accessPolicies: string[];
  /** `scope/principal/GUID of the role`. */
  roleAssignments: string[];
}

/** Resources that are read. */
export interface Wanted {
  /** Versionless URIs of keys; one that is not there is left out. */
  keys: readonly string[];
  vaults: readonly string[];
  principals: readonly string[];
}

/** Reads the state past all clients, while the emulator's own process is not running. */
export async function readAzureState(
  dataDirectory: string,
  wantedIn: (state: StateView) => Wanted,
): Promise<AzureState> {
  const emulator = await startEmulator({ dataDir: dataDirectory });
  try {
    const { state } = emulator;
    const wanted = wantedIn(state);
    return {
      registries: Object.fromEntries(
        state.registries().map(name => {
          const { keyIdentifier, versionInUse } = state.registry(name);
          return [
            name.toLowerCase(),
            { keyIdentifier: keyIdentifier?.toLowerCase(), versionInUse },
          ];
        }),
      ),
      keys: Object.fromEntries(
        wanted.keys.flatMap(uri => {
          const key = keyIn(state, uri);
          return key ? [[uri.toLowerCase(), key]] : [];
        }),
      ),
      accessPolicies: wanted.vaults.flatMap(name =>
        state
          .vault(name)
          .accessPolicies.flatMap(({ objectId, permissions }) =>
            (permissions.keys ?? []).map(permission =>
              `${name}/${objectId}/${permission}`.toLowerCase(),
            ),
          ),
      ),
      roleAssignments: wanted.principals.flatMap(principal =>
        state
          .assignments(principal)
          .map(({ scope, principalId, roleId }) =>
            `${scope}/${principalId}/${roleId}`.toLowerCase(),
          ),
      ),
    };
  } finally {
    await emulator.close();
  }
}

function keyIn(
  state: StateView,
  uri: string,
): AzureState['keys'][string] | undefined {
  const { vaultName, keyName } = KeyIdentifier.parse(uri);
  try {
    const { deleted, versions, rotationPolicy } = state.key(vaultName, keyName);
    const rotates = rotationPolicy?.lifetimeActions.find(
      ({ action }) => action.type.toLowerCase() === 'rotate',
    );
    return {
      deleted,
      versions: versions.map(({ version, enabled }) => ({ version, enabled })),
      rotatesAfter: rotates?.trigger.timeAfterCreate,
    };
  } catch {
    // There is no such key: a creation that did not come to it.
    return undefined;
  }
}

/** The keys of registries, as they are. */
export function keysOf(
  state: StateView,
  registries: readonly string[],
): string[] {
  const keys = registries.map(name => {
    const key = KeyIdentifier.parse(state.registry(name).keyIdentifier!);
    return key.versionless.toString().toLowerCase();
  });
  return [...new Set(keys)];
}
