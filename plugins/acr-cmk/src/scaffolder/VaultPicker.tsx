import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import type { VaultChoice } from 'backstage-plugin-acr-cmk-common';
import {
  ChoiceField,
  type ChoiceFieldProps,
} from '../components/ScaffolderFields/ChoiceField';
import { useVaults } from '../hooks/useChoices';
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
  props: Omit<ChoiceFieldProps<VaultChoice>, 'choices' | 'optionsOf' | 'empty'>,
) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const choices = useVaults();
  return (
    <ChoiceField<VaultChoice>
      {...props}
      choices={choices}
      empty={t('fields.noVaults')}
      optionsOf={({ name, location, permissionModel, purgeProtection }) => [
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
