import { KeyIdentifier, RegistryId } from 'backstage-plugin-acr-cmk-common';
import { az, NEW_KEY, ofRegistry } from './az';
import { keysOf, observeRegistry, statusOfUpdate } from './registryUpdate';
import { writeRegistry } from './rights';
import {
  defineStep,
  type StepContext,
  type StepOutputs,
  type StepStatus,
} from './step';
import { inProgressUntil } from './timing';
import { shortVersion } from './words';

/** Sends the registry's encryption settings, and waits until Azure's read-back shows them. */
export interface PointRegistryAtKey {
  kind: 'point-registry-at-key';
  version: 1;
  registryId: RegistryId;
  /** Versionless. */
  key: KeyIdentifier;
  /** `automatic` stores the versionless URI, `manual` the one with the version. */
  mode: 'automatic' | 'manual';
  /** The version that must be in use at the end: 32 hex digits, or the one this operation makes. */
  use: 'new-version' | string;
  /** Client id, or `system`. */
  identity: string;
  /** The operation gave the access itself, so a refusal may pass while that spreads. */
  afterGrant?: boolean;
  /** The registry had these settings when the plan was made: they are sent again, so that it reads its key. */
  resend?: boolean;
}

/** Time for which the registry may show the old version after ARM reported success. Our choice. */
const READ_BACK_DEADLINE_MS = 10 * 60_000;

/**
 * Done when the registry itself shows key, identity and version in use: ARM answers 201 with the
 * old key while it still works. What is sent again it shows already, so there ARM's own operation proves it.
 */
export const pointRegistryAtKey = defineStep<PointRegistryAtKey>({
  kind: 'point-registry-at-key',
  version: 1,
  ids: { registryId: RegistryId, key: KeyIdentifier },
  credential: 'rotate',

  title({ registryId, key, mode, use, resend }) {
    if (resend) {
      return `Send the current key to ${registryId.name} again, so that it reads the key now`;
    }
    if (mode === 'automatic') {
      return `Send the key ${key.keyName} without a version to ${registryId.name}, so that it uses the latest one now`;
    }
    const version =
      use === 'new-version'
        ? 'the new version'
        : `version ${shortVersion(use)}`;
    return `Point ${registryId.name} at ${version} of the key ${key.keyName}`;
  },
  target: ({ registryId }) => registryId.toString(),
  commands: ({ registryId, key, mode, use, identity }) => {
    const versioned = use === 'new-version' ? `$${NEW_KEY}` : `${key.at(use)}`;
    return [
      az('acr encryption rotate-key', {
        ...ofRegistry(registryId),
        'key-encryption-key': mode === 'automatic' ? `${key}` : versioned,
        identity: identity === 'system' ? '[system]' : identity,
      }),
    ];
  },
  effects: ({ registryId, key, identity }) => [
    { does: 'change-registry', registryId },
    { does: 'use-key', registryId, key },
    { does: 'use-identity', registryId, identity },
  ],
  rights: ({ registryId }) => writeRegistry(registryId.toString()),
  lockedScope: ({ registryId }) => ({
    scope: registryId.toString(),
    deletes: false,
  }),
  expectsFreshAccess: ({ afterGrant }) => afterGrant === true,

  async observe(context) {
    const { spec, azure, outputs, checkpoint } = context;
    const target = targetOf(spec, outputs);
    const { value: registry } = await azure.registries.get(spec.registryId);
    const observations = observeRegistry(registry);
    const { encryption } = registry;
    const { stored, inUse } = keysOf(registry);
    const isSent =
      !spec.resend ||
      checkpoint.azureSucceeded ||
      (await statusOfUpdate(context, registry)) === 'succeeded';
    const asWanted =
      isSent &&
      stored?.equals(target.stored) &&
      inUse?.equals(target.inUse) &&
      encryption.identity?.toLowerCase() === spec.identity.toLowerCase();
    if (asWanted && registry.provisioningState === 'Succeeded') {
      return {
        status: 'done',
        observations,
        message: `The registry uses version ${target.inUse.version}`,
      };
    }
    const update = await statusOfUpdate(context, registry);
    if (update && update !== 'succeeded') return update;
    if (update !== 'succeeded' && !checkpoint.azureSucceeded) {
      return { status: 'needs-write', observations };
    }
    return (
      (await superseded(context, target.inUse, inUse)) ??
      // Azure's caches, or a fault of it.
      inProgressUntil(context, {
        deadlineMs: READ_BACK_DEADLINE_MS,
        checkAgainSeconds: 5,
        observations,
        message:
          'Azure reported success; the registry does not show the new version yet',
        overdue:
          'Azure reported success, but the registry still does not use the new version',
      })
    );
  },

  act: ({ spec, azure, outputs }) =>
    azure.registries.updateEncryption(spec.registryId, {
      keyIdentifier: targetOf(spec, outputs).stored.toString(),
      identity: spec.identity,
    }),
});

function targetOf(
  { key, mode, use }: PointRegistryAtKey,
  outputs: Readonly<StepOutputs>,
) {
  const versioned = key.at(
    use === 'new-version' ? (outputs.newVersion ?? '') : use,
  );
  return { stored: mode === 'automatic' ? key : versioned, inUse: versioned };
}

/**
 * Reports a newer version that somebody else created meanwhile and that the registry has followed.
 * The registry is fine, but this operation cannot prove its own version.
 */
async function superseded(
  { spec, azure }: StepContext<PointRegistryAtKey>,
  ours: KeyIdentifier,
  inUse: KeyIdentifier | undefined,
): Promise<StepStatus | undefined> {
  const theirs = inUse?.version;
  if (spec.mode !== 'automatic' || !theirs || theirs === ours.version) {
    return undefined;
  }
  const { value: versions } = await azure.keys.listVersions(ours.versionless);
  const made = (version: string | undefined) =>
    versions.find(one => one.version === version)?.created ?? '';
  // Key Vault's times are of a second: two versions can have the same.
  return made(theirs) !== '' && made(theirs) >= made(ours.version)
    ? {
        status: 'failed',
        observations: [
          { what: 'version in use', value: theirs },
          { what: 'version of this operation', value: ours.version ?? 'none' },
        ],
        code: 'SUPERSEDED',
        message: `Someone created version ${theirs} after this operation's ${ours.version}, and the registry uses that one. No action is needed, unless the newer version is unwanted`,
      }
    : undefined;
}
