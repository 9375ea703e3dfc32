import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import type { VaultChoice } from 'backstage-plugin-acr-cmk-common';
import {
  OptionField,
  type OptionFieldProps,
} from '../components/ScaffolderFields/OptionField';
import { useVaults } from '../hooks/useFormOptions';
import { acrCmkTranslationRef } from '../translations/ref';
import { fieldProps } from './fieldProps';

/** Field `AcrCmkVaultPicker`: the name of a vault whose keys may be chosen. */
export function VaultPicker(props: FieldExtensionComponentProps<string>) {
  const { formData, onChange } = props;
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const { title, ...field } = fieldProps(props);
  return (
    <VaultField
      {...field}
      label={title ?? t('keyChoice.vault')}
      value={formData ?? ''}
      onChange={value => onChange(value || undefined)}
    />
  );
}

/** One of the vaults. */
export function VaultField(
  props: Omit<
    OptionFieldProps<VaultChoice>,
    'formOptions' | 'toOptions' | 'empty'
  >,
) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const formOptions = useVaults();
  return (
    <OptionField<VaultChoice>
      {...props}
      formOptions={formOptions}
      empty={t('fields.noVaults')}
      toOptions={({ name, location, permissionModel, purgeProtection }) => [
        {
          value: name,
          label: name,
          detail: [
            location,
            t(`vault.${permissionModel}`),
            purgeProtection
              ? t('keyChoice.purgeProtected')
              : t('keyChoice.notPurgeProtected'),
          ].join(' · '),
        },
      ]}
    />
  );
}
