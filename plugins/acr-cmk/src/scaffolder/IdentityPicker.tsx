import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import type { IdentityChoice } from 'backstage-plugin-acr-cmk-common';
import { OptionField } from './OptionField';
import { useIdentities } from '../hooks/useFormOptions';
import { useTexts } from '../translations/ref';
import { fieldProps } from './fieldProps';

/**
 * Field `AcrCmkIdentityPicker`: the resource id of a user-assigned identity that the person may use, or
 * nothing for one that is to be created.
 */
export function IdentityPicker(props: FieldExtensionComponentProps<string>) {
  const { formData, onChange } = props;
  const t = useTexts();
  const { title, ...field } = fieldProps(props);
  const identities = useIdentities();
  return (
    <OptionField<IdentityChoice>
      {...field}
      label={title ?? t('identityChoice.label')}
      formOptions={identities}
      empty={t('fields.noIdentities')}
      first={{
        value: '',
        label: t('fields.newIdentity'),
        detail: t('fields.newIdentityDetail'),
      }}
      toOptions={({ name, resourceId, clientId }) => [
        { value: resourceId, label: name, detail: clientId },
      ]}
      value={formData ?? ''}
      onChange={value => onChange(value || undefined)}
    />
  );
}
