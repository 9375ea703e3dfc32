import type { VaultChoice } from 'backstage-plugin-acr-cmk-common';
import { isSame } from '../components/shared/isSame';
import { keyHomeWords, vaultQuestion } from '../components/shared/keyHome';
import { joined } from '../components/shared/joined';
import { vaultOption } from '../components/shared/keyOptions';
import { dataOf } from '../hooks/loaded';
import { useVaults } from '../hooks/useFormOptions';
import { useTexts } from '../translations/ref';
import { checkedField, type ControlProps } from './checkedField';
import { OptionField } from './choiceField';
import { fine, wrong, type Judge } from './verdict';

/** Selection of a vault. Default label: "Vault" or "Vault or Managed HSM", by the options. */
export function VaultControl(
  props: Omit<ControlProps<string, {}>, 'form' | 'options'>,
) {
  const { title, value, onChange, ...control } = props;
  const t = useTexts();
  const vaults = useVaults();
  const items = dataOf(vaults)?.items ?? [];
  const isSuitable = ({ unsuitable }: VaultChoice) => unsuitable.length === 0;
  // Those that cannot be selected stand at the end.
  const ordered = [
    ...items.filter(isSuitable),
    ...items.filter(vault => !isSuitable(vault)),
  ];
  return (
    <OptionField<VaultChoice>
      {...control}
      label={
        title ??
        vaultQuestion(
          t,
          items.map(({ name }) => name),
        )
      }
      formOptions={
        vaults.status === 'ready'
          ? { ...vaults, data: { ...vaults.data, items: ordered } }
          : vaults
      }
      empty={t('fields.noVaults')}
      toOptions={vault => {
        const option = vaultOption(t, vault);
        const why = vault.unsuitable.map(reason =>
          t(`fields.vaultUnsuitable.${reason}`),
        );
        return [
          {
            ...option,
            detail: joined([...why, option.detail]),
            disabled: !isSuitable(vault),
          },
        ];
      }}
      value={value ?? ''}
      onChange={chosen => onChange(chosen || undefined)}
    />
  );
}

/** Judges whether a new registry may use keys of the vault. */
export const judgeVault: Judge<string, {}> = async (
  vault,
  { api, t, signal },
) => {
  const words = keyHomeWords(t, vault);
  const { items } = await api.vaults({ signal });
  const listed = items.find(({ name }) => isSame(name, vault));
  if (!listed) return wrong(t('fields.vaultNotListed', words));
  const [problem] = listed.unsuitable;
  return problem ? wrong(t(`fields.vaultProblem.${problem}`, words)) : fine();
};

/** The name of a vault whose keys may be chosen. */
export const vaultPickerField = checkedField<string, {}>({
  name: 'AcrCmkVaultPicker',
  Control: VaultControl,
  judge: judgeVault,
});
