import {
  type KeyChoice,
  KeyIdentifier,
  type KeyVersionChoice,
} from 'backstage-plugin-acr-cmk-common';
import { useState } from 'react';
import { isSame } from '../components/shared/isSame';
import { joined } from '../components/shared/joined';
import { keyOption } from '../components/shared/keyOptions';
import { shortVersion } from '../components/shared/shortVersion';
import { Stack } from '../components/shared/Stack';
import { dayInWords, useLocale } from '../components/shared/Time';
import { useKeys, useKeyVersions } from '../hooks/useFormOptions';
import type { OptionsToSelect } from '../hooks/useOptionList';
import { useTexts } from '../translations/ref';
import { checkedField, type ControlProps } from './checkedField';
import { OptionField } from './choiceField';
import { textAt } from './form';
import { judgeVault, VaultControl } from './vaultField';
import { fine, wrong } from './verdict';
import { keyHomeWords } from '../components/shared/keyHome';

/** Options of a field whose predecessor is not selected: no request. */
const NOTHING_ASKED: OptionsToSelect<never> = {
  status: 'ready',
  data: { items: [], complete: true },
  checkedAt: '',
  refreshing: false,
  refresh: () => undefined,
};

interface VaultKeyPickerOptions {
  /** A version may be chosen, too: then the version mode is manual. Default: false. */
  versions?: boolean;
  /** Path of the vault's name in the form, where another field asks for it. Default: the picker asks. */
  vault?: string;
}

/**
 * The URI of a key, found by its vault. It has a version only where the template lets one be chosen, and one is.
 */
export const vaultKeyPickerField = checkedField<string, VaultKeyPickerOptions>({
  name: 'AcrCmkVaultKeyPicker',
  Control: VaultKeyControl,
  /** Judges whether a registry may use the key, and its version if the URI has one. */
  async judge(uri, circumstances) {
    const { api, t, form, options, signal } = circumstances;
    const key = KeyIdentifier.tryParse(uri);
    const chosen = options.vault && textAt(form, options.vault);
    if (!key || (chosen && !isSame(chosen, key.vaultName))) {
      return wrong(t('fields.notAKey'));
    }
    const { vaultName, keyName: name } = key;
    const vault = await judgeVault(vaultName, circumstances);
    if (vault.status !== 'fine') return vault;
    const keys = await api.keys(vaultName, { signal });
    const listed = keys.find(choice => isSame(choice.name, name));
    if (!listed) {
      const words = keyHomeWords(t, vaultName);
      return wrong(t('fields.keyNotListed', { ...words, name }));
    }
    const [unsuitable] = listed.unsuitable;
    if (unsuitable) {
      return wrong(t(`fields.keyProblem.${unsuitable}`, { name }));
    }
    if (!key.version) return fine();
    const versions = await api.keyVersions(
      { vaultName, keyName: name },
      { signal },
    );
    const version = versions.find(one => one.version === key.version);
    return version && isUsable(version)
      ? fine()
      : wrong(t('fields.versionOff', { version: shortVersion(key.version) }));
  },
});

/** True when a registry can start to use the version. */
function isUsable({ enabled, expires }: KeyVersionChoice): boolean {
  return enabled && (expires === undefined || Date.parse(expires) > Date.now());
}

function VaultKeyControl(props: ControlProps<string, VaultKeyPickerOptions>) {
  const { title, description, required, disabled, errors } = props;
  const { value, onChange, form, options } = props;
  const t = useTexts();
  const [picked, setPicked] = useState(
    () => KeyIdentifier.tryParse(value)?.vaultName ?? '',
  );
  const { vault: vaultPath, versions } = options;
  const vaultName =
    vaultPath === undefined ? picked : (textAt(form, vaultPath) ?? '');
  const keys = useKeys(vaultName || undefined);
  const key = keyIn(vaultName, value);
  const label = title ?? t('key.title');
  return (
    <Stack gap={2} role="group" aria-label={label}>
      {vaultPath === undefined && (
        <VaultControl
          required={required}
          disabled={disabled}
          value={vaultName}
          onChange={chosen => {
            setPicked(chosen ?? '');
            // A value that was never there is not removed: the review would show an empty row for it.
            if (value !== undefined) onChange(undefined);
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
        toOptions={choice => [keyOption(t, choice)]}
        value={key?.versionless.toString() ?? ''}
        onChange={chosen => onChange(chosen || undefined)}
      />
      {versions && (
        <VersionField
          keyIdentifier={key}
          disabled={disabled}
          onChange={onChange}
        />
      )}
    </Stack>
  );
}

/** The selected key, if it is in the selected vault. */
function keyIn(
  vaultName: string,
  uri: string | undefined,
): KeyIdentifier | undefined {
  const key = KeyIdentifier.tryParse(uri);
  return key && isSame(key.vaultName, vaultName) ? key : undefined;
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
      label={t('key.mode')}
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
      toOptions={choice => [
        {
          value: choice.version,
          label: t('fields.manual', { version: shortVersion(choice.version) }),
          detail: joined([
            t('fields.created', {
              day: dayInWords(choice.created, locale),
            }),
            !choice.enabled && t('key.disabled'),
            choice.enabled && !isUsable(choice) && t('key.expired'),
          ]),
          disabled: !isUsable(choice),
        },
      ]}
      value={key?.version ?? ''}
      onChange={version =>
        onChange([key!.versionless, version].filter(Boolean).join('/'))
      }
    />
  );
}
