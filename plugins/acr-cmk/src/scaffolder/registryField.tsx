import { parseEntityRef } from '@backstage/catalog-model';
import type { RegistryChoice } from 'backstage-plugin-acr-cmk-common';
import { joined } from '../components/shared/joined';
import { Note } from '../components/shared/Note';
import { checkStyles } from '../components/shared/statusStyles';
import { dataOf } from '../hooks/loaded';
import { useRegistries } from '../hooks/useFormOptions';
import { useTexts } from '../translations/ref';
import { checkedField, type ControlProps } from './checkedField';
import { OptionField } from './choiceField';
import { fine, wrong } from './verdict';

/** A registry, and the entity by which the person comes to it. */
export interface PickedRegistry {
  entityRef: string;
  registryId: string;
}

interface RegistryPickerOptions {
  /** Only those with a customer-managed key. Default: false. */
  encryptedOnly?: boolean;
  /** Operation that the template requests. */
  intent?: 'revoke';
}

/**
 * A registry of an entity that the person may see. Its value is `{ entityRef, registryId }`, which is what the
 * actions ask for.
 */
export const registryPickerField = checkedField<
  PickedRegistry,
  RegistryPickerOptions
>({
  name: 'AcrCmkRegistryPicker',
  Control: RegistryControl,
  // Also without a selection: a refused template shows none.
  judgesMissing: true,
  async judge(_picked, { api, t, options, signal }) {
    if (options.intent !== 'revoke') return fine();
    const { programsMayRevoke } = await api.registries({ signal });
    return programsMayRevoke ? fine() : wrong(t('fields.programsMayNotRevoke'));
  },
});

function RegistryControl(
  props: ControlProps<PickedRegistry, RegistryPickerOptions>,
) {
  const { title, options, value, onChange, ...control } = props;
  const t = useTexts();
  const formOptions = useRegistries();
  const { encryptedOnly = false, intent } = options;
  const choices = dataOf(formOptions);
  const isRefused =
    intent === 'revoke' && choices !== undefined && !choices.programsMayRevoke;
  if (isRefused) {
    return (
      <Note statusStyle={checkStyles.fail} role="alert">
        {t('fields.programsMayNotRevoke')}
      </Note>
    );
  }
  return (
    <OptionField<RegistryChoice>
      {...control}
      label={title ?? t('fields.registry')}
      formOptions={formOptions}
      empty={t(
        encryptedOnly ? 'fields.noEncryptedRegistries' : 'fields.noRegistries',
      )}
      toOptions={({ registryId, name, encrypted, versionMode, entities }) =>
        encryptedOnly && !encrypted
          ? []
          : entities.map(({ entityRef, owner }) => ({
              value: toValue({ entityRef, registryId }),
              label: name,
              detail: joined([
                entityRef,
                owner && parseEntityRef(owner).name,
                versionMode && t(`mode.short.${versionMode}`),
                !encrypted && t('fields.notEncrypted'),
              ]),
            }))
      }
      value={value?.registryId ? toValue(value) : ''}
      onChange={chosen => onChange(fromValue(chosen))}
    />
  );
}

/** No character of an entity ref or an ARM id. */
const BETWEEN = ' ';

function toValue({ entityRef, registryId }: PickedRegistry): string {
  return [entityRef, registryId].join(BETWEEN);
}

function fromValue(value: string): PickedRegistry | undefined {
  if (value === '') return undefined;
  const [entityRef, registryId] = value.split(BETWEEN);
  return { entityRef, registryId };
}
