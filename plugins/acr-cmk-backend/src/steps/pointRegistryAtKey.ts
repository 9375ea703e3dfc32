import { KeyIdentifier, RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { PointRegistryAtKey } from '../cmk/steps';
import type { StepOutputs, StepStatus } from '../operations/engine/types';
import {
  keyOutOfReach,
  observationsOf,
  statusOfUpdate,
} from './registryUpdate';
import { defineStep, type StepContext } from './step';

/** How long the registry may show the old version after ARM said it is done. Our choice. */
const READ_BACK_DEADLINE_MS = 10 * 60_000;

function targetOf(spec: PointRegistryAtKey, outputs: Readonly<StepOutputs>) {
  const key = KeyIdentifier.parse(spec.key);
  const version =
    spec.use === 'new-version' ? outputs.newVersion ?? '' : spec.use;
  const versioned = key.at(version);
  return {
    stored: spec.mode === 'automatic' ? key : versioned,
    inUse: versioned,
  };
}

/**
 * Sends the registry's encryption settings, and is done when the registry itself shows key,
 * identity and version in use: ARM answers 201 with the old key while it still works.
 */
export const pointRegistryAtKey = defineStep<PointRegistryAtKey>({
  kind: 'point-registry-at-key',
  version: 1,
  credential: 'rotate',

  async observe(context) {
    const { spec, azure, outputs } = context;
    const target = targetOf(spec, outputs);
    const { value: registry } = await azure.registries.get(
      RegistryId.parse(spec.registryId),
    );
    const observations = observationsOf(registry);
    const { encryption } = registry;
    const stored = KeyIdentifier.tryParse(encryption.keyIdentifier);
    const inUse = KeyIdentifier.tryParse(encryption.versionedKeyIdentifier);
    const asWanted =
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
    const update = await statusOfUpdate(context, spec.registryId, registry);
    if (update && update !== 'succeeded') return update;
    if (update === 'succeeded' || context.checkpoint.azureSucceeded) {
      return (
        (await superseded(context, target.inUse, inUse)) ??
        notShownYet(context, observations)
      );
    }
    return { status: 'needs-write', observations };
  },

  act: ({ spec, azure, outputs }) =>
    azure.registries.updateEncryption(
      RegistryId.parse(spec.registryId),
      {
        keyIdentifier: targetOf(spec, outputs).stored.toString(),
        identity: spec.identity,
      },
      'rotate',
    ),

  passes: (error, { afterGrant }) =>
    afterGrant === true && keyOutOfReach(error),
});

/**
 * Somebody else made a newer version in between, and the registry, which follows new versions, has
 * taken that one: fine for the registry, but not what this operation was to prove.
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
  const { value: versions } = await azure.keys.listVersions(
    ours.versionless,
    'rotate',
  );
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
        message: `Somebody made version ${theirs} after this operation's ${ours.version}, and the registry uses that one. Nothing is to be done, unless the newer version is not wanted`,
      }
    : undefined;
}

/** ARM says that it is done, and the registry does not show it: Azure's caches, or a fault. */
function notShownYet(
  { now, startedAt }: StepContext,
  observations: ReturnType<typeof observationsOf>,
) {
  return now - startedAt > READ_BACK_DEADLINE_MS
    ? ({
        status: 'unverified',
        observations,
        message:
          'Azure reported success, but the registry still does not use the new version',
      } as const)
    : ({
        status: 'in-progress',
        observations,
        message:
          'Azure reported success; the registry does not show the new version yet',
        checkAgainSeconds: 5,
      } as const);
}
