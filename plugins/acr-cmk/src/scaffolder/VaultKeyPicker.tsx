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
import { useTexts } from '../translations/ref';
import { formOf } from './CheckedName';
import { fieldProps } from './fieldProps';
import { textAt } from './form';
import { isUsable, type VaultKeyPickerOptions } from './judgeChoices';
import { VaultField } from './VaultPicker';

const useStyles = makeStyles(
  theme => ({ pair: { display: 'grid', gap: theme.spacing(2) } }),
  { name: 'AcrCmkVaultKeyPicker' },
);

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
  const t = useTexts();
  const { title, required, disabled, description, errors } = fieldProps(props);
  const [picked, setPicked] = useState(
    () => KeyIdentifier.tryParse(formData)?.vaultName ?? '',
  );
  const { vault: vaultPath, versions } = uiSchema['ui:options'] ?? {};
  const vaultName =
    vaultPath === undefined ? picked : (textAt(formOf(props), vaultPath) ?? '');
  const keys = useKeys(vaultName || undefined);
  const key = keyIn(vaultName, formData);
  const label = title ?? t('keyChoice.key');
  return (
    <div role="group" aria-label={label} className={classes.pair}>
      {vaultPath === undefined && (
        <VaultField
          required={required}
          disabled={disabled}
          value={vaultName}
          onChange={chosen => {
            setPicked(chosen);
            // A value that was never there is not removed: the review would show an empty row for it.
            if (formData !== undefined) onChange(undefined);
          }}
        />
      )}
      <OptionField<KeyChoice>
        label={label}
        description={vaultName ? description : t('keyChoice.vaultFirst')}
        required={required}
        disabled={disabled}
        errors={errors}
        formOptions={vaultName ? keys : NOTHING_ASKED}
        waits={!vaultName}
        empty={vaultName ? t('fields.noKeys') : t('keyChoice.vaultFirst')}
        toOptions={({ keyIdentifier, name, type, size, unsuitable }) => [
          {
            value: keyIdentifier,
            label: name,
            detail: [
              ...unsuitable.map(why => t(`keyChoice.unsuitable.${why}`)),
              type,
              size && t('key.bits', { size: String(size) }),
            ]
              .filter(Boolean)
              .join(' · '),
            disabled: unsuitable.length > 0,
          },
        ]}
        value={key?.versionless.toString() ?? ''}
        onChange={value => onChange(value || undefined)}
      />
      {versions && (
        <VersionField
          keyIdentifier={key}
          disabled={disabled}
          onChange={onChange}
        />
      )}
    </div>
  );
}

/** The selected key, if it is in the selected vault. */
function keyIn(
  vaultName: string,
  uri: string | undefined,
): KeyIdentifier | undefined {
  const key = KeyIdentifier.tryParse(uri);
  return key?.vaultName.toLowerCase() === vaultName.toLowerCase()
    ? key
    : undefined;
}

/** New versions as they come, or one that the registry stays on. */
function VersionField(props: {
  keyIdentifier: KeyIdentifier | undefined;
  disabled?: boolean;
  onChange(keyIdentifier: string): void;
}) {
  const { keyIdentifier: key, onChange } = props;
  const t = useTexts();
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
