import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import type { VaultChoice } from 'backstage-plugin-acr-cmk-common';
import { OptionField, type OptionFieldProps } from './OptionField';
import { useVaults } from '../hooks/useFormOptions';
import type { OptionsToSelect } from '../hooks/useOptionList';
import { useTexts } from '../translations/ref';
import { fieldProps } from './fieldProps';
import {
  permissionModelInWords,
  vaultQuestion,
} from '../components/shared/keyHome';

/** Field `AcrCmkVaultPicker`: the name of a vault whose keys may be chosen. */
export function VaultPicker(props: FieldExtensionComponentProps<string>) {
  const { formData, onChange } = props;
  const { title, ...field } = fieldProps(props);
  return (
    <VaultField
      {...field}
      label={title}
      value={formData ?? ''}
      onChange={value => onChange(value || undefined)}
    />
  );
}

/** Selection of a vault. Default label: "Vault" or "Vault or Managed HSM", by the options. */
export function VaultField(
  props: Omit<
    OptionFieldProps<VaultChoice>,
    'formOptions' | 'toOptions' | 'empty' | 'label'
  > & { label?: string },
) {
  const t = useTexts();
  const formOptions = useVaults();
  return (
    <OptionField<VaultChoice>
      {...props}
      label={props.label ?? vaultQuestion(t, namesOf(formOptions))}
      formOptions={suitableFirst(formOptions)}
      empty={t('fields.noVaults')}
      toOptions={({
        name,
        location,
        permissionModel,
        purgeProtection,
        unsuitable,
      }) => [
        {
          value: name,
          label: name,
          detail: [
            ...unsuitable.map(why => t(`fields.vaultUnsuitable.${why}`)),
            location,
            permissionModelInWords(t, { name, permissionModel }),
            t(`grantReach.${permissionModel}`),
            purgeProtection && t('keyChoice.purgeProtected'),
          ]
            .filter(Boolean)
            .join(' · '),
          disabled: unsuitable.length > 0,
        },
      ]}
    />
  );
}

function namesOf(vaults: OptionsToSelect<VaultChoice>): string[] {
  return vaults.status === 'ready'
    ? vaults.data.items.map(({ name }) => name)
    : [];
}

/** Moves options that cannot be selected to the end. */
function suitableFirst(
  vaults: OptionsToSelect<VaultChoice>,
): OptionsToSelect<VaultChoice> {
  if (vaults.status !== 'ready') return vaults;
  const { items, complete } = vaults.data;
  const suitable = items.filter(({ unsuitable }) => unsuitable.length === 0);
  const others = items.filter(({ unsuitable }) => unsuitable.length > 0);
  return { ...vaults, data: { items: [...suitable, ...others], complete } };
}
