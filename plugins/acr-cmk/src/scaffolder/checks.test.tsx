import type { Entity } from '@backstage/catalog-model';
import { type ApiHolder, useApiHolder } from '@backstage/core-plugin-api';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { FactsUnavailable } from 'backstage-plugin-acr-cmk-common';
import { errorsOfField, HeldField } from '../__testUtils__/formField';
import { axeFindings, renderView } from '../__testUtils__/render';
import {
  IDENTITIES,
  KEY_VERSIONS,
  RESOURCE_GROUPS,
  VAULTS,
} from '../fixtures/formOptions';
import { entityWith } from '../fixtures/entities';
import { InMemoryAcrCmk } from '../fixtures/InMemoryAcrCmk';
import { refusals, refusedWith } from '../fixtures/refusals';
import * as templateFields from './fields';

const GROUP =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shop';
const KEY = 'https://kv-shop.vault.azure.net/keys/orders';
const FORM = { resourceGroupId: GROUP, key: { vaultName: 'kv-shop' } };

const FORM_SCHEMA = {
  resourceGroupId: { type: 'string' },
  key: { type: 'object', properties: { vaultName: { type: 'string' } } },
};

type FieldName = Exclude<keyof typeof templateFields, 'registryPickerField'>;

/** The field in a form, with values of other pages. */
function show(
  name: FieldName,
  options: {
    api?: InMemoryAcrCmk;
    initial?: string;
    form?: object;
    ui?: object;
    rawErrors?: string[];
    catalog?: (ref: string) => Promise<Entity | undefined>;
  } = {},
) {
  const api = options.api ?? new InMemoryAcrCmk();
  const field = templateFields[name];
  const values: (string | undefined)[] = [];
  let holder: ApiHolder;
  function Held() {
    holder = useApiHolder();
    return (
      <HeldField
        component={field.component}
        initial={options.initial}
        uiOptions={options.ui}
        rawErrors={options.rawErrors}
        formData={options.form ?? FORM}
        onValue={value => values.push(value)}
      />
    );
  }
  renderView(<Held />, {
    api,
    catalog: {
      getEntityByRef: async ref => options.catalog?.(String(ref)),
    },
  });
  return {
    api,
    values,
    /** Errors from the scaffolder's own check of a page, as **Next** runs it. */
    errorsOf: (answer: unknown) =>
      errorsOfField(
        field,
        { ...(options.form ?? FORM), answer },
        { properties: FORM_SCHEMA, apiHolder: holder },
      ),
  };
}

const NAMES = [
  {
    field: 'entityNameField',
    label: 'Name in the catalog',
    free: /resource:default\/fresh-images is not in the catalog yet/,
    typed: 'fresh-images',
  },
  {
    field: 'registryNameField',
    label: 'Name in Azure',
    free: /The name freshimages is free in Azure/,
    typed: 'freshimages',
  },
  {
    field: 'keyNameField',
    label: 'Key name',
    free: /The vault kv-shop has no key fresh yet/,
    typed: 'fresh',
  },
] as const;

describe.each(NAMES)('the field $field', ({ field, label, free, typed }) => {
  it('says that a name is free, once the typing pauses', async () => {
    const { errorsOf } = show(field);
    await userEvent.type(screen.getByLabelText(label), typed);
    expect(screen.getByText('Checking…')).toBeInTheDocument();
    expect(await screen.findByText(free)).toBeInTheDocument();
    expect(await errorsOf(typed)).toEqual([]);
    expect(await axeFindings()).toEqual([]);
  });

  it('says of an error of the form that it is about an earlier value', async () => {
    show(field, { rawErrors: ['The previous name is taken'] });
    await userEvent.type(screen.getByLabelText(label), typed);
    expect(await screen.findByText(free)).toBeInTheDocument();
    expect(
      screen.getByText(/This error is about an earlier value/),
    ).toBeInTheDocument();
    expect(screen.getByLabelText(label)).toBeValid();
  });

  it('shows the rules of a name, before any request', async () => {
    const { api, errorsOf } = show(field);
    await userEvent.type(screen.getByLabelText(label), 'a b!');
    expect(await screen.findByText(/[Ll]etters.*digits/)).toBeInTheDocument();
    expect(screen.getByLabelText(label)).toBeInvalid();
    expect(await errorsOf('a b!')).toEqual([
      expect.stringMatching(/[Ll]etters.*digits/),
    ]);
    expect(api.calls).toEqual([]);
  });
});

describe('a name that is taken', () => {
  it('in the catalog is refused with the entity and what would follow', async () => {
    const { errorsOf } = show('entityNameField', {
      initial: 'shop-images',
      catalog: async () => entityWith(),
    });
    expect(
      await screen.findByText(
        /There is already resource:default\/shop-images\. .*nothing would name the new registry/,
      ),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: /shop-images/ })).toHaveAttribute(
      'href',
      '/catalog/default/resource/shop-images',
    );
    expect(await errorsOf('shop-images')).toEqual([
      expect.stringContaining('already resource:default/shop-images'),
    ]);
  });

  it('in the catalog is looked for under the kind and namespace of the template', async () => {
    const asked: string[] = [];
    show('entityNameField', {
      initial: 'x-images',
      ui: { kind: 'Component', namespace: 'shop' },
      catalog: async ref => {
        asked.push(ref);
        return undefined;
      },
    });
    expect(
      await screen.findByText(
        /component:shop\/x-images is not in the catalog yet/,
      ),
    ).toBeVisible();
    expect(asked).toEqual(['component:shop/x-images']);
  });

  it.each([
    ['registryNameField', 'taken', /The name ordersimages is taken in Azure/],
    ['keyNameField', 'taken', /kv-shop already has a key ordersimages/],
    ['keyNameField', 'soft-deleted', /deleted key .* until Dec 24, 2026/],
  ] as const)('%s, %s: says so and refuses it', async (field, state, said) => {
    const api = new InMemoryAcrCmk();
    api.nameState = { state, until: '2026-12-24T08:00:00.000Z' };
    const { errorsOf } = show(field, { api, initial: 'ordersimages' });
    expect(await screen.findByText(said)).toBeInTheDocument();
    expect(await errorsOf('ordersimages')).toEqual([
      expect.stringMatching(said),
    ]);
  });
});

describe('a name of which nothing is known', () => {
  it.each(['registryNameField', 'keyNameField'] as const)(
    '%s: is called unknown, and is not let through',
    async field => {
      const api = new InMemoryAcrCmk();
      api.nameState = { state: 'unknown', message: 'Azure does not answer' };
      const { errorsOf } = show(field, { api, initial: 'ordersimages' });
      expect(
        await screen.findByText(
          /Could not determine whether .* is free: Azure does not answer/,
        ),
      ).toBeInTheDocument();
      expect(await errorsOf('ordersimages')).toEqual([
        expect.stringContaining('Could not determine whether'),
      ]);
    },
  );

  it('the catalog does not answer: the same', async () => {
    const { errorsOf } = show('entityNameField', {
      initial: 'x-images',
      catalog: async () => {
        throw new Error('The catalog is away');
      },
    });
    expect(
      await screen.findByText(/could not be checked: The catalog is away/),
    ).toBeInTheDocument();
    expect(await errorsOf('x-images')).toHaveLength(1);
  });

  it('shows which permission the check of a name needs', async () => {
    const api = new InMemoryAcrCmk();
    api.refuse('checkRegistryName', refusals.listsDenied);
    show('registryNameField', { api, initial: 'ordersimages' });
    expect(
      await screen.findByText(/You need the permission acr-cmk\.use/),
    ).toBeInTheDocument();
  });

  it.each([
    ['registryNameField', 'Select a resource group first.'],
    ['keyNameField', 'First select where the key is stored.'],
  ] as const)('%s: waits for what it depends on', async (field, said) => {
    const { errorsOf, api } = show(field, {
      initial: 'ordersimages',
      form: {},
    });
    expect(await screen.findByText(said)).toBeInTheDocument();
    expect(await errorsOf('ordersimages')).toEqual([said]);
    expect(api.calls).toEqual([]);
  });
});

describe('a vault that is not suitable', () => {
  class Backend extends InMemoryAcrCmk {
    async vaults() {
      await super.vaults();
      return {
        items: [
          {
            ...VAULTS[0],
            name: 'kv-open',
            purgeProtection: false,
            unsuitable: ['purge-protection-off' as const],
          },
          {
            ...VAULTS[0],
            name: 'kv-shut',
            unsuitable: ['firewall-closed' as const],
          },
          ...VAULTS,
        ],
        complete: true,
      };
    }
  }

  it('stands at the end with the reason, and cannot be selected', async () => {
    show('vaultPickerField', { api: new Backend() });
    const field = screen.getByRole('combobox', { name: 'Vault' });
    await waitFor(() => expect(field).toBeEnabled());
    await userEvent.click(field);
    const options = screen.getAllByRole('option');
    expect(
      options.map(one => one.textContent?.split(/(?=west|Not)/)[0]),
    ).toEqual(['kv-shop', 'kv-platform', 'kv-open', 'kv-shut']);
    expect(options[2]).toHaveTextContent(
      'Not suitable: purge protection is off',
    );
    expect(options[3]).toHaveTextContent(
      /Not suitable: its firewall is closed/,
    );
    expect(
      options.map(one => one.getAttribute('aria-disabled') === 'true'),
    ).toEqual([false, false, true, true]);
  });

  it.each([
    ['kv-shop', []],
    ['kv-open', [/The vault kv-open has no purge protection/]],
    ['kv-shut', [/The firewall of the vault kv-shut is closed/]],
    ['kv-other', [/There is no vault kv-other with keys that you may use/]],
  ])('%s: is refused by the form with the reason', async (vault, said) => {
    const { errorsOf } = show('vaultPickerField', { api: new Backend() });
    expect(await errorsOf(vault)).toEqual(
      said.map(text => expect.stringMatching(text)),
    );
  });

  it('is not let through while the list cannot be read', async () => {
    const api = new Backend();
    const { errorsOf } = show('vaultPickerField', { api });
    await waitFor(() =>
      expect(screen.getByRole('combobox', { name: 'Vault' })).toBeEnabled(),
    );
    api.refuse('vaults', () =>
      refusedWith(
        503,
        new FactsUnavailable('The list', 'Azure does not answer'),
      ),
    );
    expect(await errorsOf('kv-shop')).toEqual([
      expect.stringMatching(/could not be checked: .*Azure does not answer/),
    ]);
  });
});

describe('an existing key', () => {
  it('follows new versions, or stays on one that is chosen', async () => {
    const { values } = show('vaultKeyPickerField', {
      initial: KEY,
      ui: { versions: true },
    });
    const field = screen.getByRole('combobox', { name: 'Version mode' });
    await waitFor(() =>
      expect(field).toHaveValue(
        'Automatic: use new versions within about an hour',
      ),
    );
    await userEvent.click(field);
    const options = await screen.findAllByRole('option');
    expect(options).toHaveLength(3);
    // A version that is disabled cannot be chosen.
    expect(options[2]).toHaveAttribute('aria-disabled', 'true');
    await userEvent.click(options[1]);
    expect(values.at(-1)).toBe(`${KEY}/${KEY_VERSIONS[0].version}`);
    expect(
      await screen.findByText(/will stay on version bbbbbbbb/),
    ).toBeInTheDocument();
    expect(screen.getByRole('combobox', { name: 'Key' })).toHaveValue('orders');
    await userEvent.click(field);
    await userEvent.click(screen.getAllByRole('option')[0]);
    expect(values.at(-1)).toBe(KEY);
  });

  it('has no version unless the template lets one be chosen', async () => {
    show('vaultKeyPickerField', { initial: KEY });
    expect(
      screen.queryByRole('combobox', { name: 'Version mode' }),
    ).not.toBeInTheDocument();
  });

  it.each([
    [KEY, []],
    [`${KEY}/${KEY_VERSIONS[0].version}`, []],
    [`${KEY}/${KEY_VERSIONS[1].version}`, [/Version aaaaaaaa… cannot be used/]],
    [`${KEY}/${'c'.repeat(32)}`, [/Version cccccccc… cannot be used/]],
    [`${KEY}s`, [/kv-shop has no key orderss that you may use/]],
    [
      'https://kv-shop.vault.azure.net/keys/signing',
      [/signing is not of the type RSA or RSA-HSM/],
    ],
    ['no uri', ['Select a key from the list.']],
  ])('%s: is judged when the page ends', async (uri, said) => {
    const { errorsOf } = show('vaultKeyPickerField');
    expect(await errorsOf(uri)).toEqual(
      said.map(text => expect.stringMatching(text)),
    );
  });
});

describe('the field for a resource group', () => {
  it('begins with one that is open, and says of others who has to agree', async () => {
    const { values, errorsOf } = show('resourceGroupPickerField');
    const field = screen.getByRole('combobox', { name: 'Resource group' });
    await waitFor(() => expect(field).toHaveValue('rg-shop'));
    expect(values).toEqual([RESOURCE_GROUPS[0].resourceGroupId]);
    await userEvent.click(field);
    const closed = await screen.findByRole('option', { name: /rg-platform/ });
    expect(closed).toHaveTextContent(
      'somebody with acr-cmk.unbound.change has to agree',
    );
    await userEvent.click(closed);
    expect(values.at(-1)).toBe(RESOURCE_GROUPS[1].resourceGroupId);
    expect(await errorsOf(values.at(-1))).toEqual([]);
    expect(await errorsOf(`${GROUP}-of-others`)).toHaveLength(1);
  });

  it('begins with nothing where no resource group is open', async () => {
    const api = new InMemoryAcrCmk();
    api.resourceGroups = async () => ({
      items: RESOURCE_GROUPS.slice(1),
      complete: true,
    });
    const { values } = show('resourceGroupPickerField', { api });
    const field = screen.getByRole('combobox', { name: 'Resource group' });
    await waitFor(() => expect(field).toBeEnabled());
    expect([field.getAttribute('value'), values]).toEqual(['', []]);
  });
});

describe('the field for an identity', () => {
  it('offers a new one, and those that the person may use', async () => {
    const { values, errorsOf } = show('identityPickerField');
    const field = screen.getByRole('combobox', { name: 'Identity' });
    await waitFor(() => expect(field).toBeEnabled());
    expect(field).toHaveValue('A new identity for this registry');
    await userEvent.click(field);
    await userEvent.click(
      await screen.findByRole('option', { name: /id-platform/ }),
    );
    expect(values.at(-1)).toBe(IDENTITIES[1].resourceId);
    expect(await errorsOf(values.at(-1))).toEqual([]);
    expect(await errorsOf(`${GROUP}/id-of-others`)).toEqual([
      'There is no identity id-of-others that you may use. Select one from the list.',
    ]);
  });

  it('still offers a new one when there is no other', async () => {
    const api = new InMemoryAcrCmk();
    api.identities = async () => ({ items: [], complete: true });
    show('identityPickerField', { api });
    const field = screen.getByRole('combobox', { name: 'Identity' });
    expect(field).toHaveValue('A new identity for this registry');
    expect(
      await screen.findByText(/There is no other identity that you may use/),
    ).toBeInTheDocument();
    expect(field).toBeEnabled();
  });
});
