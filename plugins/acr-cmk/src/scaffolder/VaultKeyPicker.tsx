import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { type KeyChoice, KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import { useState } from 'react';
import { OptionField } from '../components/ScaffolderFields/OptionField';
import { FieldPair } from '../components/ScaffolderFields/FieldPair';
import { useKeys } from '../hooks/useFormOptions';
import type { OptionsToSelect } from '../hooks/useOptionList';
import { acrCmkTranslationRef } from '../translations/ref';
import { fieldProps } from './fieldProps';
import { VaultField } from './VaultPicker';

const NO_KEYS: OptionsToSelect<KeyChoice> = {
  status: 'ready',
  data: { items: [], complete: true },
  checkedAt: '',
  refreshing: false,
  refresh: () => undefined,
};

/** Field `AcrCmkVaultKeyPicker`: the URI of a key, without a version, found by its vault. */
export function VaultKeyPicker(props: FieldExtensionComponentProps<string>) {
  const { formData, onChange } = props;
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const { title, required, disabled, description, errors } = fieldProps(props);
  const [vaultName, setVaultName] = useState(
    () => KeyIdentifier.tryParse(formData)?.vaultName ?? '',
  );
  const keys = useKeys(vaultName || undefined);
  const label = title ?? t('keyChoice.key');
  return (
    <FieldPair label={label}>
      <VaultField
        label={t('keyChoice.vault')}
        required={required}
        disabled={disabled}
        value={vaultName}
        onChange={picked => {
          setVaultName(picked);
          onChange(undefined);
        }}
      />
      <OptionField<KeyChoice>
        label={label}
        description={vaultName ? description : t('keyChoice.vaultFirst')}
        required={required}
        disabled={disabled}
        errors={errors}
        // Nothing is asked while there is no vault, and so nothing is being read.
        formOptions={vaultName ? keys : NO_KEYS}
        waits={!vaultName}
        empty={vaultName ? t('fields.noKeys') : t('keyChoice.vaultFirst')}
        toOptions={({ keyIdentifier, name, type, size, enabled }) => [
          {
            value: keyIdentifier,
            label: name,
            detail: [
              type,
              size && t('key.bits', { size: String(size) }),
              enabled === false && t('key.disabled'),
            ]
              .filter(Boolean)
              .join(' · '),
          },
        ]}
        value={formData ?? ''}
        onChange={value => onChange(value || undefined)}
      />
    </FieldPair>
  );
}
