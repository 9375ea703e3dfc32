import type {
  IdentityChoice,
  ResourceGroupChoice,
} from 'backstage-plugin-acr-cmk-common';
import { identityOption } from '../components/shared/keyOptions';
import { choiceField } from './choiceField';

/**
 * The resource id of a user-assigned identity that the person may use, or nothing for one that is to be
 * created.
 */
export const identityPickerField = choiceField<IdentityChoice>({
  name: 'AcrCmkIdentityPicker',
  label: t => t('identity.name'),
  list: (api, options) => api.identities(options),
  first: t => ({
    value: '',
    label: t('fields.newIdentity'),
    detail: t('fields.newIdentityDetail'),
  }),
  toOption: identity => identityOption(identity),
  empty: t => t('fields.noIdentities'),
  notListed: (t, name) => t('fields.identityNotListed', { name }),
});

/**
 * The ARM id of a resource group for a new registry. It begins with the first one in which the person may
 * create a registry alone.
 */
export const resourceGroupPickerField = choiceField<ResourceGroupChoice>({
  name: 'AcrCmkResourceGroupPicker',
  label: t => t('fields.resourceGroup'),
  list: (api, options) => api.resourceGroups(options),
  toOption: ({ resourceGroupId, name, location, open }, t) => ({
    value: resourceGroupId,
    label: name,
    detail: open ? location : t('fields.resourceGroupClosed'),
  }),
  initial: groups => groups.find(({ open }) => open)?.resourceGroupId,
  empty: t => t('fields.noResourceGroups'),
  notListed: (t, name) => t('fields.resourceGroupNotListed', { name }),
});
