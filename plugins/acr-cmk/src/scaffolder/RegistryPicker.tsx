import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { parseEntityRef } from '@backstage/catalog-model';
import type { RegistryChoice } from 'backstage-plugin-acr-cmk-common';
import { OptionField } from './OptionField';
import { useTexts } from '../translations/ref';
import { fieldProps } from './fieldProps';
import { useRegistries } from '../hooks/useFormOptions';
import { Note } from '../components/shared/Note';
import { checkStyles } from '../components/shared/statusStyles';

/** A registry, and the entity by which the person comes to it. */
export interface PickedRegistry {
  entityRef: string;
  registryId: string;
}

export interface RegistryPickerOptions {
  /** Only those with a customer-managed key. Default: false. */
  encryptedOnly?: boolean;
  /** Operation that the template requests. */
  intent?: 'revoke';
}

/**
 * Field `AcrCmkRegistryPicker`: a registry of an entity that the person may see. Its value is
 * `{ entityRef, registryId }`, which is what the actions ask for.
 */
export function RegistryPicker(
  props: FieldExtensionComponentProps<PickedRegistry, RegistryPickerOptions>,
) {
  const { formData, onChange, uiSchema } = props;
  const t = useTexts();
  const { title, ...field } = fieldProps(props);
  const formOptions = useRegistries();
  const { encryptedOnly = false, intent } = uiSchema['ui:options'] ?? {};
  const isRefused =
    intent === 'revoke' &&
    formOptions.status === 'ready' &&
    !formOptions.data.programsMayRevoke;
  if (isRefused) {
    return (
      <Note statusStyle={checkStyles.fail} role="alert">
        {t('fields.programsMayNotRevoke')}
      </Note>
    );
  }
  return (
    <OptionField<RegistryChoice>
      {...field}
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
              detail: [
                entityRef,
                owner && parseEntityRef(owner).name,
                versionMode && t(`mode.short.${versionMode}`),
                !encrypted && t('fields.notEncrypted'),
              ]
                .filter(Boolean)
                .join(' · '),
            }))
      }
      value={formData?.registryId ? toValue(formData) : ''}
      onChange={value => onChange(fromValue(value))}
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
