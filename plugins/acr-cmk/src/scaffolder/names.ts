import {
  DEFAULT_NAMESPACE,
  KubernetesValidatorFunctions,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import {
  assertNever,
  isKeyName,
  type NameCheck,
} from 'backstage-plugin-acr-cmk-common';
import { keyHomeWords } from '../components/shared/keyHome';
import { localeOf, utcDayInWords } from '../components/shared/Time';
import { textAt, type Texts } from './form';
import { nameField } from './nameField';
import { fine, wrong, type Verdict } from './verdict';

/** A name that the catalog does not have yet, as far as the person may see it. */
export const entityNameField = nameField<{
  /** Default: `Resource`. */
  kind?: string;
  /** Default: `default`. */
  namespace?: string;
}>({
  name: 'AcrCmkEntityName',
  label: t => t('fields.entityName'),
  async judge(name, { apis, t, options }) {
    if (!KubernetesValidatorFunctions.isValidObjectName(name)) {
      return wrong(t('fields.entityFormat'));
    }
    const { kind = 'Resource', namespace = DEFAULT_NAMESPACE } = options;
    const entityRef = stringifyEntityRef({ kind, namespace, name });
    const present = await apis.get(catalogApiRef)!.getEntityByRef(entityRef);
    return present
      ? { ...wrong(t('fields.entityTaken', { entityRef })), entityRef }
      : fine(t('fields.entityFree', { entityRef }));
  },
});

interface RegistryNameOptions {
  /** Path of the resource group's ARM id in the form. Default: `resourceGroupId`. */
  resourceGroup?: string;
}

const groupPath = ({
  resourceGroup = 'resourceGroupId',
}: RegistryNameOptions) => resourceGroup;

/** A name that no registry in Azure has yet. */
export const registryNameField = nameField<RegistryNameOptions>({
  name: 'AcrCmkRegistryName',
  label: t => t('fields.registryName'),
  dependsOn: groupPath,
  async judge(name, { api, t, form, options, signal }) {
    if (!/^[A-Za-z0-9]{5,50}$/.test(name)) {
      return wrong(t('fields.registryFormat'));
    }
    const group = textAt(form, groupPath(options));
    if (!group) return { status: 'waits', text: t('fields.groupFirst') };
    const check = await api.checkRegistryName(
      `${group}/providers/Microsoft.ContainerRegistry/registries/${name}`,
      { signal },
    );
    return verdictOn(check, t, {
      free: t('fields.registryFree', { name }),
      taken: t('fields.registryTaken', { name }),
      deleted: t('fields.registryTaken', { name }),
    });
  },
});

interface KeyNameOptions {
  /** Path of the vault's name in the form. Default: `key.vaultName`. */
  vault?: string;
}

const vaultPath = ({ vault = 'key.vaultName' }: KeyNameOptions) => vault;

/** A name that no key of the chosen vault has yet. */
export const keyNameField = nameField<KeyNameOptions>({
  name: 'AcrCmkKeyName',
  label: t => t('newKey.name'),
  dependsOn: vaultPath,
  async judge(keyName, { api, apis, t, form, options, signal }) {
    if (!isKeyName(keyName)) return wrong(t('newKey.nameHelp'));
    const vaultName = textAt(form, vaultPath(options));
    if (!vaultName) return { status: 'waits', text: t('keyChoice.vaultFirst') };
    const check = await api.checkKeyName({ vaultName, keyName }, { signal });
    const names = { ...keyHomeWords(t, vaultName), name: keyName };
    return verdictOn(check, t, {
      free: t('fields.keyFree', names),
      taken: t('fields.keyTaken', names),
      deleted: check.until
        ? t('fields.keyDeletedUntil', {
            ...names,
            until: utcDayInWords(check.until, localeOf(apis)),
          })
        : t('fields.keyDeleted', names),
    });
  },
});

function verdictOn(
  { name, state, message }: NameCheck,
  t: Texts,
  texts: { free: string; taken: string; deleted: string },
): Verdict {
  switch (state) {
    case 'free':
      return fine(texts.free);
    case 'taken':
      return wrong(texts.taken);
    case 'soft-deleted':
      return wrong(texts.deleted);
    case 'unknown':
      return {
        status: 'unknown',
        text: t('fields.nameUnknown', { name, message: message ?? '' }),
      };
    default:
      return assertNever(state);
  }
}
