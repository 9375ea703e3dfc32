import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import type { ResourceGroupChoice } from 'backstage-plugin-acr-cmk-common';
import { useEffect } from 'react';
import { useResourceGroups } from '../hooks/useFormOptions';
import { useTexts } from '../translations/ref';
import { fieldProps } from './fieldProps';
import { OptionField } from './OptionField';

/**
 * Field `AcrCmkResourceGroupPicker`: the ARM id of a resource group for a new registry. Without a value, it
 * begins with the first one in which the person may create a registry alone.
 */
export function ResourceGroupPicker(
  props: FieldExtensionComponentProps<string>,
) {
  const { formData, onChange } = props;
  const t = useTexts();
  const { title, ...field } = fieldProps(props);
  const groups = useResourceGroups();
  const first =
    groups.status === 'ready' && !formData
      ? groups.data.items.find(({ open }) => open)?.resourceGroupId
      : undefined;
  useEffect(() => {
    if (first) onChange(first);
  }, [first, onChange]);
  return (
    <OptionField<ResourceGroupChoice>
      {...field}
      label={title ?? t('fields.resourceGroup')}
      formOptions={groups}
      empty={t('fields.noResourceGroups')}
      toOptions={({ resourceGroupId, name, location, open }) => [
        {
          value: resourceGroupId,
          label: name,
          detail: open ? location : t('fields.resourceGroupClosed'),
        },
      ]}
      value={formData ?? ''}
      onChange={value => onChange(value || undefined)}
    />
  );
}
