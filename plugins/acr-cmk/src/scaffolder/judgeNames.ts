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
import { acrCmkApiRef } from '../api';
import { keyHomeWords } from '../components/shared/keyHome';
import { textAt } from './form';
import type { Circumstances, Judge, Verdict } from './verdict';
import { localeOf, utcDayInWords } from '../components/shared/Time';

/** `ui:options` of `AcrCmkEntityName`. */
export interface EntityNameOptions {
  /** Default: `Resource`. */
  kind?: string;
  /** Default: `default`. */
  namespace?: string;
}

/** Judges whether the name is free in the catalog, as far as the person may see it. */
export const judgeEntityName: Judge<string, EntityNameOptions> = async (
  name,
  { apis, t, options },
) => {
  if (!KubernetesValidatorFunctions.isValidObjectName(name)) {
    return { status: 'wrong', text: t('fields.entityFormat') };
  }
  const entityRef = stringifyEntityRef({
    kind: options.kind ?? 'Resource',
    namespace: options.namespace ?? DEFAULT_NAMESPACE,
    name,
  });
  const present = await apis.get(catalogApiRef)!.getEntityByRef(entityRef);
  return present
    ? {
        status: 'wrong',
        text: t('fields.entityTaken', { entityRef }),
        entityRef,
      }
    : { status: 'fine', text: t('fields.entityFree', { entityRef }) };
};

/** `ui:options` of `AcrCmkRegistryName`. */
export interface RegistryNameOptions {
  /** Path of the resource group's ARM id in the form. Default: `resourceGroupId`. */
  resourceGroup?: string;
}

/** Judges whether the name of a registry is free in all of Azure. */
export const judgeRegistryName: Judge<string, RegistryNameOptions> = async (
  name,
  circumstances,
) => {
  const { apis, t, form, options, signal } = circumstances;
  if (!/^[A-Za-z0-9]{5,50}$/.test(name)) {
    return { status: 'wrong', text: t('fields.registryFormat') };
  }
  const group = textAt(form, options.resourceGroup ?? 'resourceGroupId');
  if (!group) return { status: 'waits', text: t('fields.groupFirst') };
  const check = await apis
    .get(acrCmkApiRef)!
    .checkRegistryName(
      `${group}/providers/Microsoft.ContainerRegistry/registries/${name}`,
      { signal },
    );
  return verdictOn(check, circumstances, {
    free: t('fields.registryFree', { name }),
    taken: t('fields.registryTaken', { name }),
    deleted: t('fields.registryTaken', { name }),
  });
};

/** `ui:options` of `AcrCmkKeyName`. */
export interface KeyNameOptions {
  /** Path of the vault's name in the form. Default: `key.vaultName`. */
  vault?: string;
}

/** Judges whether the name is free for a new key of the chosen vault. */
export const judgeKeyName: Judge<string, KeyNameOptions> = async (
  keyName,
  circumstances,
) => {
  const { apis, t, form, options, signal } = circumstances;
  if (!isKeyName(keyName)) {
    return { status: 'wrong', text: t('newKey.nameHelp') };
  }
  const vaultName = textAt(form, options.vault ?? 'key.vaultName');
  if (!vaultName) return { status: 'waits', text: t('keyChoice.vaultFirst') };
  const check = await apis
    .get(acrCmkApiRef)!
    .checkKeyName({ vaultName, keyName }, { signal });
  const names = { ...keyHomeWords(t, vaultName), name: keyName };
  return verdictOn(check, circumstances, {
    free: t('fields.keyFree', names),
    taken: t('fields.keyTaken', names),
    deleted: check.until
      ? t('fields.keyDeletedUntil', {
          ...names,
          until: utcDayInWords(new Date(check.until), localeOf(apis)),
        })
      : t('fields.keyDeleted', names),
  });
};

function verdictOn(
  { name, state, message }: NameCheck,
  { t }: Pick<Circumstances<unknown>, 't'>,
  texts: { free: string; taken: string; deleted: string },
): Verdict {
  switch (state) {
    case 'free':
      return { status: 'fine', text: texts.free };
    case 'taken':
      return { status: 'wrong', text: texts.taken };
    case 'soft-deleted':
      return { status: 'wrong', text: texts.deleted };
    case 'unknown':
      return {
        status: 'unknown',
        text: t('fields.nameUnknown', { name, message: message ?? '' }),
      };
    default:
      return assertNever(state);
  }
}
