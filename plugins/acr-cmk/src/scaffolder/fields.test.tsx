import { type ApiHolder, useApiHolder } from '@backstage/core-plugin-api';
import type { ExtensionDefinition } from '@backstage/frontend-plugin-api';
import { createExtensionTester } from '@backstage/frontend-test-utils';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { FormFieldBlueprint } from '@backstage/plugin-scaffolder-react/alpha';
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  FactsUnavailable,
  type RegistryChoice,
  type RegistryChoices,
} from 'backstage-plugin-acr-cmk-common';
import type { ComponentType } from 'react';
import { HeldField } from '../__testUtils__/formField';
import { press } from '../__testUtils__/user';
import { axeFindings, renderView } from '../__testUtils__/render';
import { VAULTS } from '../fixtures/formOptions';
import { InMemoryAcrCmk } from '../fixtures/InMemoryAcrCmk';
import { refusals, refusedWith } from '../fixtures/refusals';
import { PAUSES_WHILE_EMPTY_MS } from '../hooks/useOptionList';
import {
  registryPickerField,
  vaultKeyPickerField,
  vaultPickerField,
} from './fields';
import { templateFields } from './extensions';

const group =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shop/providers/Microsoft.ContainerRegistry/registries';

const REGISTRIES: RegistryChoice[] = [
  {
    registryId: `${group}/shopimages`,
    name: 'shopimages',
    location: 'westeurope',
    encrypted: true,
    versionMode: 'automatic',
    entities: [
      {
        entityRef: 'resource:default/shop-images',
        owner: 'group:default/team-shop',
      },
      { entityRef: 'resource:default/shop-suite' },
    ],
  },
  {
    registryId: `${group}/plainimages`,
    name: 'plainimages',
    location: 'westeurope',
    encrypted: false,
    entities: [{ entityRef: 'resource:default/plain-images' }],
  },
];

class Backend extends InMemoryAcrCmk {
  list: RegistryChoices = {
    items: REGISTRIES,
    complete: true,
    programsMayRevoke: true,
  };

  async registries(): Promise<RegistryChoices> {
    await super.registries();
    return this.list;
  }
}

/** The field as a form holds it, and every value that it states the form. */
function held(
  component: ComponentType<FieldExtensionComponentProps<any, any>>,
  options: { initial?: unknown; ui?: object; form?: object } = {},
) {
  const values: unknown[] = [];
  const view = (
    <HeldField
      component={component}
      initial={options.initial}
      description="What it is for"
      uiOptions={options.ui}
      formData={options.form}
      onValue={value => values.push(value)}
    />
  );
  return { view, values };
}

it('says of an error of the form that it is about an earlier choice, once another one is made', async () => {
  const note = /This error is about an earlier value/;
  renderView(
    <HeldField
      component={vaultPickerField.component}
      rawErrors={['Select a vault']}
      onValue={() => undefined}
    />,
    { api: new Backend() },
  );
  const field = screen.getByRole('combobox', { name: 'Vault' });
  await waitFor(() => expect(field).toBeEnabled());
  expect(field).toBeInvalid();
  expect(screen.queryByText(note)).not.toBeInTheDocument();
  await userEvent.click(field);
  const [vault] = await screen.findAllByRole('option');
  await userEvent.click(vault);
  expect(await screen.findByText(note)).toBeVisible();
  expect(field).toBeValid();
});

const FIELDS = [
  {
    title: 'a registry',
    method: 'registries',
    component: registryPickerField.component,
    label: 'Registry',
  },
  {
    title: 'a vault',
    method: 'vaults',
    component: vaultPickerField.component,
    label: 'Vault',
  },
  {
    title: 'the vault of a key',
    method: 'vaults',
    component: vaultKeyPickerField.component,
    label: 'Vault',
  },
] as const;

describe.each(FIELDS)(
  'the field for $title',
  ({ method, component, label }) => {
    const field = () => screen.getByRole('combobox', { name: label });

    it('says that it is loading, then offers the list', async () => {
      const api = new Backend();
      const gate = api.hold(method);
      renderView(held(component).view, { api });
      expect(await screen.findByText('Loading the list…')).toBeInTheDocument();
      expect(field()).toBeDisabled();
      gate.open();
      await waitFor(() => expect(field()).toBeEnabled());
      expect(screen.queryByText('Loading the list…')).not.toBeInTheDocument();
      expect(await axeFindings()).toEqual([]);
    });

    it('says why the list cannot be read, and retries', async () => {
      const api = new Backend();
      api.refuse(method, () =>
        refusedWith(
          503,
          new FactsUnavailable('The list', 'Azure does not answer'),
        ),
      );
      renderView(held(component).view, { api });
      expect(
        await screen.findByText(/Azure does not answer/),
      ).toBeInTheDocument();
      expect(field()).toBeDisabled();
      await press('Try again');
      await waitFor(() => expect(field()).toBeEnabled());
      expect(
        screen.queryByText(/Azure does not answer/),
      ).not.toBeInTheDocument();
    });

    it('says which permission is missing, without offering a retry', async () => {
      const api = new Backend();
      api.refuse(method, refusals.listsDenied);
      renderView(held(component).view, { api });
      expect(
        await screen.findByText(/You need the permission acr-cmk\.use/),
      ).toBeInTheDocument();
      expect(
        screen.queryByRole('button', { name: 'Try again' }),
      ).not.toBeInTheDocument();
    });
  },
);

describe('the field for a registry', () => {
  const pick = async (text: RegExp) => {
    const field = screen.getByRole('combobox', { name: 'Registry' });
    await waitFor(() => expect(field).toBeEnabled());
    await userEvent.click(field);
    await userEvent.click(await screen.findByRole('option', { name: text }));
  };

  it('sets registry and entity, one option for each pair, and clears them', async () => {
    const { view, values } = held(registryPickerField.component);
    renderView(view, { api: new Backend() });
    await pick(/shop-suite/);
    expect(values).toEqual([
      {
        entityRef: 'resource:default/shop-suite',
        registryId: `${group}/shopimages`,
      },
    ]);
    expect(screen.getByRole('combobox')).toHaveValue('shopimages');
    await userEvent.click(screen.getByTitle('Clear'));
    expect(values.at(-1)).toBeUndefined();
  });

  it('omits registries without a customer-managed key, when the template says so', async () => {
    const { view } = held(registryPickerField.component, {
      ui: { encryptedOnly: true },
    });
    renderView(view, { api: new Backend() });
    const field = screen.getByRole('combobox', { name: 'Registry' });
    await waitFor(() => expect(field).toBeEnabled());
    await userEvent.click(field);
    expect(screen.getAllByRole('option')).toHaveLength(2);
  });

  it('refuses a template for revokes at once where no program may request one, with the setting that allows it', async () => {
    const api = new Backend();
    api.list = { ...api.list, programsMayRevoke: false };
    renderView(
      held(registryPickerField.component, { ui: { intent: 'revoke' } }).view,
      { api },
    );
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'acrCmk.actions.revoke is not true',
    );
    expect(screen.queryByRole('combobox')).not.toBeInTheDocument();
  });

  it.each([
    ['a revoke', 'revoke', false, 1],
    ['a revoke that is allowed', 'revoke', true, 0],
    ['anything else', undefined, false, 0],
  ])(
    'stops the form of a template for %s where programs may not revoke',
    async (_what, intent, programsMayRevoke, errors) => {
      const api = new Backend();
      api.list = { ...api.list, programsMayRevoke };
      let holder: ApiHolder;
      function Held() {
        holder = useApiHolder();
        return null;
      }
      renderView(<Held />, { api });
      const added: string[] = [];
      await registryPickerField.validation(
        { entityRef: 'resource:default/shop-images', registryId: group },
        { addError: (text: string) => added.push(text) } as never,
        {
          apiHolder: holder!,
          formData: {},
          schema: {},
          uiSchema: { 'ui:options': { intent } },
        } as never,
      );
      expect(added).toHaveLength(errors);
    },
  );

  it('says that there is nothing to select', async () => {
    const api = new Backend();
    api.list = { ...api.list, items: [] };
    renderView(held(registryPickerField.component).view, { api });
    expect(
      await screen.findByText(/No registries available/),
    ).toBeInTheDocument();
    expect(screen.getByRole('combobox')).toBeDisabled();
  });

  it('has an empty list read again by a button, and when the person comes back to the window', async () => {
    const api = new Backend();
    api.list = { ...api.list, items: [] };
    renderView(held(registryPickerField.component).view, { api });
    const reads = () => api.inputsOf('registries').length;
    await press('Refresh');
    await waitFor(() => expect(reads()).toBe(2));
    expect(screen.getByRole('combobox')).toBeDisabled();

    api.list = { ...api.list, items: REGISTRIES };
    fireEvent.focus(window);
    await waitFor(() => expect(screen.getByRole('combobox')).toBeEnabled());
    expect(
      screen.queryByRole('button', { name: 'Refresh' }),
    ).not.toBeInTheDocument();
  });

  it('reads an empty list again by itself, for some minutes', async () => {
    jest.useFakeTimers();
    try {
      const api = new Backend();
      api.list = { ...api.list, items: [] };
      const { unmount } = renderView(held(registryPickerField.component).view, {
        api,
      });
      const reads = () => api.inputsOf('registries').length;
      const pass = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));
      await pass(0);
      expect(reads()).toBe(1);
      await pass(PAUSES_WHILE_EMPTY_MS[0]);
      expect(reads()).toBe(2);
      await pass(3_600_000);
      expect(reads()).toBe(1 + PAUSES_WHILE_EMPTY_MS.length);
      unmount();
    } finally {
      jest.useRealTimers();
    }
  });

  it('reads a list once that is not empty', async () => {
    jest.useFakeTimers();
    try {
      const api = new Backend();
      const { unmount } = renderView(held(registryPickerField.component).view, {
        api,
      });
      await act(() => jest.advanceTimersByTimeAsync(3_600_000));
      expect(api.inputsOf('registries')).toHaveLength(1);
      unmount();
    } finally {
      jest.useRealTimers();
    }
  });

  it('does not say that there is none while the list is incomplete', async () => {
    const api = new Backend();
    api.list = { ...api.list, items: [], complete: false };
    renderView(held(registryPickerField.component).view, { api });

    expect(
      await screen.findByText(/The list is incomplete/),
    ).toBeInTheDocument();
    expect(screen.queryByText(/There is no registry/)).toBeNull();
  });

  it('says that the list may be incomplete', async () => {
    const api = new Backend();
    api.list = { ...api.list, complete: false };
    renderView(held(registryPickerField.component).view, { api });
    expect(
      await screen.findByText(/^What it is for\. The list is incomplete/),
    ).toBeInTheDocument();
  });
});

describe('the field for a key', () => {
  it('asks for the vault first, then sets the URI of a key without a version', async () => {
    const api = new Backend();
    const { view, values } = held(vaultKeyPickerField.component);
    renderView(view, { api });
    const vault = screen.getByRole('combobox', { name: 'Vault' });
    const key = screen.getByRole('combobox', { name: 'Key' });
    await waitFor(() => expect(vault).toBeEnabled());
    expect(key).toBeDisabled();
    expect(api.inputsOf('keys')).toEqual([]);

    await userEvent.click(vault);
    await userEvent.click(
      await screen.findByRole('option', { name: /kv-shop/ }),
    );
    await waitFor(() => expect(key).toBeEnabled());
    await userEvent.click(key);
    await userEvent.click(
      await screen.findByRole('option', { name: /orders/ }),
    );
    expect(values.at(-1)).toBe('https://kv-shop.vault.azure.net/keys/orders');

    // A key of one vault is not one of another.
    await userEvent.click(vault);
    await userEvent.click(
      await screen.findByRole('option', { name: /kv-platform/ }),
    );
    expect(values.at(-1)).toBeUndefined();
  });

  it('takes the vault from another field of the form, and offers its keys alone', async () => {
    const api = new Backend();
    const { view, values } = held(vaultKeyPickerField.component, {
      initial: 'https://kv-platform.vault.azure.net/keys/registries',
      ui: { vault: 'key.vaultName' },
      form: { key: { vaultName: 'kv-shop' } },
    });
    renderView(view, { api });
    expect(
      screen.queryByRole('combobox', { name: 'Vault' }),
    ).not.toBeInTheDocument();
    const key = screen.getByRole('combobox', { name: 'Key' });
    await waitFor(() => expect(key).toBeEnabled());
    // A key of another vault is not selected.
    expect(key).toHaveValue('');
    await userEvent.click(key);
    await userEvent.click(
      await screen.findByRole('option', { name: /orders/ }),
    );
    expect(values).toEqual(['https://kv-shop.vault.azure.net/keys/orders']);
  });

  it('sets nothing when a vault is selected and no key was: an empty row in the review', async () => {
    const { view, values } = held(vaultKeyPickerField.component);
    renderView(view, { api: new Backend() });
    const vault = screen.getByRole('combobox', { name: 'Vault' });
    await waitFor(() => expect(vault).toBeEnabled());
    await userEvent.click(vault);
    await userEvent.click(
      await screen.findByRole('option', { name: /kv-shop/ }),
    );
    expect(values).toEqual([]);
  });

  it('opens with the vault of the key in the form', async () => {
    const { view } = held(vaultKeyPickerField.component, {
      initial: 'https://kv-shop.vault.azure.net/keys/orders',
    });
    renderView(view, { api: new Backend() });
    await waitFor(() =>
      expect(screen.getByRole('combobox', { name: 'Key' })).toHaveValue(
        'orders',
      ),
    );
    expect(screen.getByRole('combobox', { name: 'Vault' })).toHaveValue(
      'kv-shop',
    );
  });

  it('asks for a vault or HSM where there is an HSM', async () => {
    const api = new Backend();
    api.vaults = async () => ({
      items: [...VAULTS, { ...VAULTS[0], name: 'hsm-shop.managedhsm' }],
      complete: true,
    });
    renderView(held(vaultKeyPickerField.component).view, { api });
    expect(
      await screen.findByRole('combobox', { name: 'Vault or HSM' }),
    ).toBeEnabled();
  });

  it('says that a vault has no key', async () => {
    const api = new Backend();
    api.keys = async () => [];
    const { view } = held(vaultKeyPickerField.component, {
      initial: 'https://kv-shop.vault.azure.net/keys/orders',
    });
    renderView(view, { api });
    expect(
      await screen.findByText('There is no key here that a registry can use.'),
    ).toBeInTheDocument();
  });
});

describe('the extensions of the new frontend system', () => {
  it('register every field under the names that templates use', async () => {
    const fields: { name?: string }[] = await Promise.all(
      templateFields.map(async extension => {
        const tester = createExtensionTester(extension as ExtensionDefinition);
        const load: any = tester.get(
          FormFieldBlueprint.dataRefs.formFieldLoader,
        );
        return load();
      }),
    );
    expect(fields.map(({ name }) => name)).toEqual([
      'AcrCmkRegistryPicker',
      'AcrCmkVaultPicker',
      'AcrCmkVaultKeyPicker',
      'AcrCmkIdentityPicker',
      'AcrCmkResourceGroupPicker',
      'AcrCmkEntityName',
      'AcrCmkRegistryName',
      'AcrCmkKeyName',
      'AcrCmkPlan',
    ]);
  });
});
