/** Building blocks of the cases in `intentCases.ts`: initial states, writes to Azure and expected results. */
import type { Emulator } from 'azure-emulator';
import type { Intent, RevokeMethodId } from 'backstage-plugin-acr-cmk-common';
import { asAdmin } from './asAdmin';
import type { Engine } from './engine';
import { registryId } from './demoWorld';

/** State before the operation. */
export interface Before {
  versions: number;
  latest: string;
  registry?: ReturnType<Emulator['state']['registry']>;
}

export interface IntentCase {
  name: string;
  registry: string;
  group?: string;
  vault: string;
  intent: Intent | ((azure: Emulator) => Intent);
  /** Brings the world to where the case begins. */
  given?(engine: Engine, azure: Emulator): Promise<void>;
  /** Seconds that the clock moves between two turns, for a case that waits for an hour. */
  turnSeconds?: number;
  /**
   * Its crashes happen in every `npm test`, on SQLite, and with `--all` on PostgreSQL too; those of the other
   * cases with `--all` alone, on SQLite. The fast cases have every kind of intent and of step. PostgreSQL differs
   * in SQL, transactions and time, of which no kind of step has any of its own.
   */
  fast?: true;
  /** Every write to Azure, in order. */
  writes: RegExp[];
  /** Did exactly what was wanted happen? */
  expectDone(azure: Emulator, before: Before): void;
}

/** State before the operation of a case. A registry that the case creates does not exist yet. */
export function stateBefore(
  azure: Emulator,
  { registry, vault }: IntentCase,
): Before {
  const there = azure.state.registries().includes(registry);
  if (!there) return { versions: 0, latest: '' };
  const key = azure.state.key(vault, registry);
  return {
    versions: key.versions.length,
    latest: key.latest,
    registry: azure.state.registry(registry),
  };
}

/** The intent of a case, in the world as it is now. */
export function intentOf(azure: Emulator, { intent }: IntentCase): Intent {
  return typeof intent === 'function' ? intent(azure) : intent;
}

export const RBAC = 'kv-contoso-rbac';
export const POLICY = 'kv-contoso-policy';

export const PATCH_REGISTRY = (name: string) =>
  new RegExp(`^PATCH /.*/registries/${name}$`, 'i');
export const ROTATE_KEY = (name: string) =>
  new RegExp(`^POST /keys/${name}/rotate$`);
export const CREATE_KEY = (name: string) =>
  new RegExp(`^POST /keys/${name}/create$`);
export const UPDATE_VERSION = (name: string) =>
  new RegExp(`^PATCH /keys/${name}/[0-9a-f]{32}$`);
export const SET_POLICY = (name: string) =>
  new RegExp(`^PUT /keys/${name}/rotationpolicy$`);
export const DELETE_KEY = (name: string) =>
  new RegExp(`^DELETE /keys/${name}$`);
export const RECOVER_KEY = (name: string) =>
  new RegExp(`^POST /deletedkeys/${name}/recover$`);
export const REMOVE_POLICY = new RegExp(
  `/vaults/${POLICY}/accessPolicies/remove$`,
);
export const ADD_POLICY = new RegExp(`/vaults/${POLICY}/accessPolicies/add$`);
export const DELETE_ROLE = /^DELETE \/.*\/roleAssignments\/[0-9a-f-]{36}$/i;
export const CREATE_ROLE = /^PUT \/.*\/roleAssignments\/[0-9a-f-]{36}$/i;

export const keyUri = (vault: string, key: string) =>
  `https://${vault}.vault.azure.net/keys/${key}`;

export const versionsOf = (azure: Emulator, vault: string, key: string) =>
  azure.state.key(vault, key).versions;

/** The registry uses the newest version of its key, of which there is one more than before. */
export const rotatedOnce =
  (registry: string, vault: string) =>
  ({ state }: Emulator, { versions }: Before) => {
    const key = state.key(vault, registry);
    expect(key.versions).toHaveLength(versions + 1);
    expect(state.registry(registry)).toMatchObject({
      versionInUse: key.latest,
      reach: { reaches: true },
    });
  };

export const pointsAt =
  (registry: string, keyIdentifier: string) =>
  ({ state }: Emulator) =>
    expect(state.registry(registry)).toMatchObject({
      keyIdentifier,
      reach: { reaches: true },
    });

export const reaches =
  (registry: string, vault: string, wanted: boolean) =>
  ({ state }: Emulator, { versions }: Before) => {
    expect(state.registry(registry).reach.reaches).toBe(wanted);
    expect(state.key(vault, registry).versions).toHaveLength(versions);
  };

export const enabledVersions = (azure: Emulator, vault: string, key: string) =>
  versionsOf(azure, vault, key).map(({ enabled }) => enabled);

export const doneBefore =
  (registry: string, intent: Intent) => async (engine: Engine) => {
    const { id } = await engine.accept(registryId(registry), intent);
    const operation = await engine.runToEnd(id);
    expect(operation.state).toBe('succeeded');
  };

export const revokedBefore = (registry: string, method?: RevokeMethodId) =>
  doneBefore(registry, { kind: 'revoke', method });

/** Somebody else, with the rights of an administrator. */
export const outside =
  (method: string, url: string, body?: Record<string, unknown>) =>
  async (_engine: Engine, azure: Emulator) => {
    await asAdmin(azure).send(method, url, body);
  };

const principalOf = (azure: Emulator, registry: string) =>
  azure.state.principalId(`id-${registry}`);

/** The entry of the registry's identity says `all` beside what it says already. */
export const allPermissions =
  (registry: string) => async (engine: Engine, azure: Emulator) => {
    const { id, tenantId } = azure.state.vault(POLICY);
    await outside(
      'PUT',
      `https://management.azure.com${id}/accessPolicies/add?api-version=2026-02-01`,
      {
        properties: {
          accessPolicies: [
            {
              tenantId,
              objectId: principalOf(azure, registry),
              permissions: { keys: ['all'] },
            },
          ],
        },
      },
    )(engine, azure);
  };

export const permissionsOf = (azure: Emulator, registry: string) =>
  [
    ...(azure.state
      .vault(POLICY)
      .accessPolicies.find(
        ({ objectId }) => objectId === principalOf(azure, registry),
      )?.permissions.keys ?? []),
  ].sort();

export const ALL_BUT_USES = [
  'backup',
  'create',
  'delete',
  'encrypt',
  'getrotationpolicy',
  'import',
  'list',
  'recover',
  'release',
  'restore',
  'rotate',
  'setrotationpolicy',
  'sign',
  'update',
  'verify',
];

export const KEYS_API = '?api-version=7.5';

export const CREATE_IDENTITY = /^PUT \/.*\/userAssignedIdentities\/id-new$/i;
export const CREATE_REGISTRY = /^PUT \/.*\/registries\/newimages$/i;

export const encryptedWith =
  (keyIdentifier: string) =>
  ({ state }: Emulator) =>
    expect(state.registry('newimages')).toMatchObject({
      keyIdentifier,
      provisioningState: 'Succeeded',
      tags: { 'backstage-entity-ref': 'resource:default/under-test' },
      reach: { reaches: true },
    });

export const NINETY: Intent = {
  kind: 'automatic-rotation',
  rotation: { kind: 'on', policy: { timeAfterCreate: 'P90D' } },
};

/** Time when the vault rotates the key by its policy; nothing when it does not. */
export const rotation = ({ state }: Emulator, vault: string, key: string) =>
  state
    .key(vault, key)
    .rotationPolicy?.lifetimeActions.filter(
      ({ action }) => action.type === 'Rotate',
    )
    .map(({ trigger }) => trigger);
