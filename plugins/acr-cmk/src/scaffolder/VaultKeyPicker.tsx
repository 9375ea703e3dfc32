import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { makeStyles } from '@material-ui/core/styles';
import {
  type KeyChoice,
  KeyIdentifier,
  type KeyVersionChoice,
} from 'backstage-plugin-acr-cmk-common';
import { useState } from 'react';
import { OptionField } from './OptionField';
import { shortVersion } from '../components/shared/shortVersion';
import { dayInWords, useLocale } from '../components/shared/Time';
import { useKeys, useKeyVersions } from '../hooks/useFormOptions';
import type { OptionsToSelect } from '../hooks/useOptionList';
import { acrCmkTranslationRef } from '../translations/ref';
import { fieldProps } from './fieldProps';
import { isUsable } from './judgeChoices';
import { VaultField } from './VaultPicker';

const useStyles = makeStyles(
  theme => ({ pair: { display: 'grid', gap: theme.spacing(2) } }),
  { name: 'AcrCmkVaultKeyPicker' },
);

export interface VaultKeyPickerOptions {
  /** A version may be chosen, too: then the version mode is manual. Default: false. */
  versions?: boolean;
}

/** Options of a field whose predecessor is not selected: no request. */
const NOTHING_ASKED: OptionsToSelect<never> = {
  status: 'ready',
  data: { items: [], complete: true },
  checkedAt: '',
  refreshing: false,
  refresh: () => undefined,
};

/**
 * Field `AcrCmkVaultKeyPicker`: the URI of a key, found by its vault. It has a version only where the
 * template lets one be chosen, and one is.
 */
export function VaultKeyPicker(
  props: FieldExtensionComponentProps<string, VaultKeyPickerOptions>,
) {
  const { formData, onChange, uiSchema } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const { title, required, disabled, description, errors } = fieldProps(props);
  const [vaultName, setVaultName] = useState(
    () => KeyIdentifier.tryParse(formData)?.vaultName ?? '',
  );
  const keys = useKeys(vaultName || undefined);
  const key = KeyIdentifier.tryParse(formData);
  const label = title ?? t('keyChoice.key');
  return (
    <div role="group" aria-label={label} className={classes.pair}>
      <VaultField
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
        formOptions={vaultName ? keys : NOTHING_ASKED}
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
            disabled: enabled === false,
          },
        ]}
        value={key?.versionless.toString() ?? ''}
        onChange={value => onChange(value || undefined)}
      />
      {uiSchema['ui:options']?.versions && (
        <VersionField
          keyIdentifier={key}
          disabled={disabled}
          onChange={onChange}
        />
      )}
    </div>
  );
}

/** New versions as they come, or one that the registry stays on. */
function VersionField(props: {
  keyIdentifier: KeyIdentifier | undefined;
  disabled?: boolean;
  onChange(keyIdentifier: string): void;
}) {
  const { keyIdentifier: key, onChange } = props;
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const locale = useLocale();
  const versions = useKeyVersions(
    key && { vaultName: key.vaultName, keyName: key.keyName },
  );
  return (
    <OptionField<KeyVersionChoice>
      label={t('modeChoice.question')}
      description={
        key?.version
          ? t('fields.staysOn', { version: shortVersion(key.version) })
          : undefined
      }
      disabled={props.disabled || !key}
      formOptions={key ? versions : NOTHING_ASKED}
      waits={!key}
      empty={key ? t('fields.noVersions') : t('fields.keyFirst')}
      first={{ value: '', label: t('modeChoice.automatic') }}
      toOptions={({ version, enabled, created, expires }) => [
        {
          value: version,
          label: t('fields.manual', { version: shortVersion(version) }),
          detail: [
            t('fields.created', {
              day: dayInWords(new Date(created), locale),
            }),
            !enabled && t('key.disabled'),
            enabled &&
              !isUsable({ enabled, expires }, Date.now()) &&
              t('fields.expired'),
          ]
            .filter(Boolean)
            .join(' · '),
          disabled: !isUsable({ enabled, expires }, Date.now()),
        },
      ]}
      value={key?.version ?? ''}
      onChange={version =>
        onChange([key!.versionless, version].filter(Boolean).join('/'))
      }
    />
  );
}
