import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { useTexts } from '../translations/ref';
import { CheckedName, formOf } from './CheckedName';
import { textAt } from './form';
import {
  type EntityNameOptions,
  judgeEntityName,
  judgeKeyName,
  judgeRegistryName,
  type KeyNameOptions,
  type RegistryNameOptions,
} from './judgeNames';

/** Field `AcrCmkEntityName`: a name that the catalog does not have yet. */
export function EntityName(
  props: FieldExtensionComponentProps<string, EntityNameOptions>,
) {
  const t = useTexts();
  return (
    <CheckedName
      {...props}
      label={t('fields.entityName')}
      judge={judgeEntityName}
    />
  );
}

/** Field `AcrCmkRegistryName`: a name that no registry in Azure has yet. */
export function RegistryName(
  props: FieldExtensionComponentProps<string, RegistryNameOptions>,
) {
  const t = useTexts();
  const { resourceGroup = 'resourceGroupId' } =
    props.uiSchema['ui:options'] ?? {};
  return (
    <CheckedName
      {...props}
      label={t('fields.registryName')}
      judge={judgeRegistryName}
      dependsOn={textAt(formOf(props), resourceGroup)}
    />
  );
}

/** Field `AcrCmkKeyName`: a name that no key of the vault has yet. */
export function KeyName(
  props: FieldExtensionComponentProps<string, KeyNameOptions>,
) {
  const t = useTexts();
  const { vault = 'key.vaultName' } = props.uiSchema['ui:options'] ?? {};
  return (
    <CheckedName
      {...props}
      label={t('newKey.name')}
      judge={judgeKeyName}
      dependsOn={textAt(formOf(props), vault)}
    />
  );
}
