import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import { acrCmkApiRef } from '../api';
import { keyHomeWords } from '../components/shared/keyHome';
import { shortVersion } from '../components/shared/shortVersion';
import type { PickedRegistry, RegistryPickerOptions } from './RegistryPicker';
import { textAt } from './form';
import type { Judge } from './verdict';

export interface VaultKeyPickerOptions {
  /** A version may be chosen, too: then the version mode is manual. Default: false. */
  versions?: boolean;
  /** Path of the vault's name in the form, where another field asks for it. Default: the picker asks. */
  vault?: string;
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Judges whether a template may request what it is for. */
export const judgeRegistry: Judge<
  PickedRegistry,
  RegistryPickerOptions
> = async (_picked, { apis, t, options, signal }) => {
  if (options.intent !== 'revoke') return { status: 'fine', text: '' };
  const { programsMayRevoke } = await apis
    .get(acrCmkApiRef)!
    .registries({ signal });
  return programsMayRevoke
    ? { status: 'fine', text: '' }
    : { status: 'wrong', text: t('fields.programsMayNotRevoke') };
};

/** Judges whether a new registry may use keys of the vault. */
export const judgeVault: Judge<string, {}> = async (
  vault,
  { apis, t, signal },
) => {
  const words = keyHomeWords(t, vault);
  const { items } = await apis.get(acrCmkApiRef)!.vaults({ signal });
  const listed = items.find(({ name }) => same(name, vault));
  if (!listed) {
    return { status: 'wrong', text: t('fields.vaultNotListed', words) };
  }
  const [problem] = listed.unsuitable;
  return problem
    ? { status: 'wrong', text: t(`fields.vaultProblem.${problem}`, words) }
    : { status: 'fine', text: '' };
};

/** Judges whether a registry may use the key, and its version if the URI has one. */
export const judgeKey: Judge<string, VaultKeyPickerOptions> = async (
  uri,
  circumstances,
) => {
  const { apis, t, form, options, signal } = circumstances;
  const key = KeyIdentifier.tryParse(uri);
  if (!key) return { status: 'wrong', text: t('fields.notAKey') };
  const chosen = options.vault && textAt(form, options.vault);
  if (chosen && !same(chosen, key.vaultName)) {
    return { status: 'wrong', text: t('fields.notAKey') };
  }
  const vault = await judgeVault(key.vaultName, circumstances);
  if (vault.status !== 'fine') return vault;
  const { vaultName, keyName } = key;
  const api = apis.get(acrCmkApiRef)!;
  const keys = await api.keys(vaultName, { signal });
  const listed = keys.find(({ name }) => same(name, keyName));
  if (!listed) {
    return {
      status: 'wrong',
      text: t('fields.keyNotListed', {
        ...keyHomeWords(t, vaultName),
        name: keyName,
      }),
    };
  }
  const [unsuitable] = listed.unsuitable;
  if (unsuitable) {
    return {
      status: 'wrong',
      text: t(`fields.keyProblem.${unsuitable}`, { name: keyName }),
    };
  }
  if (!key.version) return { status: 'fine', text: '' };
  const versions = await api.keyVersions({ vaultName, keyName }, { signal });
  const version = versions.find(one => one.version === key.version);
  return version && isUsable(version, Date.now())
    ? { status: 'fine', text: '' }
    : {
        status: 'wrong',
        text: t('fields.versionOff', { version: shortVersion(key.version) }),
      };
};

/** True when a registry can start to use the version. */
export function isUsable(
  version: { enabled: boolean; expires?: string },
  now: number,
): boolean {
  return (
    version.enabled &&
    (version.expires === undefined || Date.parse(version.expires) > now)
  );
}

/** Judges whether a registry may be created in the resource group. */
export const judgeResourceGroup: Judge<string, {}> = async (
  group,
  { apis, t, signal },
) => {
  const { items } = await apis.get(acrCmkApiRef)!.resourceGroups({ signal });
  return items.some(({ resourceGroupId }) => same(resourceGroupId, group))
    ? { status: 'fine', text: '' }
    : {
        status: 'wrong',
        text: t('fields.resourceGroupNotListed', {
          name: group.slice(group.lastIndexOf('/') + 1),
        }),
      };
};

/** Judges whether the person may use the identity. */
export const judgeIdentity: Judge<string, {}> = async (
  identity,
  { apis, t, signal },
) => {
  const { items } = await apis.get(acrCmkApiRef)!.identities({ signal });
  return items.some(({ resourceId }) => same(resourceId, identity))
    ? { status: 'fine', text: '' }
    : {
        status: 'wrong',
        text: t('fields.identityNotListed', {
          name: identity.slice(identity.lastIndexOf('/') + 1),
        }),
      };
};
