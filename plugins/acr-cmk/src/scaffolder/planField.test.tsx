import { type ApiHolder, useApiHolder } from '@backstage/core-plugin-api';
import { screen, waitFor } from '@testing-library/react';
import { FactsUnavailable } from 'backstage-plugin-acr-cmk-common';
import { errorsOfField, HeldField } from '../__testUtils__/formField';
import { press } from '../__testUtils__/user';
import { axeFindings, renderView } from '../__testUtils__/render';
import { InMemoryAcrCmk } from '../fixtures/InMemoryAcrCmk';
import { blockedPlan, planWith, revokePlan } from '../fixtures/plans';
import { refusals, refusedWith } from '../fixtures/refusals';
import { resourceWith, SERVICES } from '../fixtures/services';
import { planField } from './fields';

const REGISTRY = {
  entityRef: 'resource:default/shop-images',
  registryId:
    '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/shopimages',
};

function show(
  api: InMemoryAcrCmk,
  { intent = 'rotate', ...form }: Record<string, any> = {},
) {
  const values: (string | undefined)[] = [];
  const whole = { registry: REGISTRY, ...form };
  let holder: ApiHolder;
  function Held() {
    holder = useApiHolder();
    return (
      <HeldField
        component={planField.component}
        initial="of an older plan"
        uiOptions={{ intent }}
        formData={whole}
        onValue={value => values.push(value)}
      />
    );
  }
  renderView(<Held />, { api });
  return {
    values,
    errors: () =>
      errorsOfField(
        planField,
        { ...whole, answer: values.at(-1) ?? '' },
        { ui: { 'ui:options': { intent } }, apiHolder: holder },
      ),
  };
}

const shown = () => screen.findByText('Affected registries and teams');

describe('the plan in the form of a template', () => {
  it('is shown before anything happens, and lets the form continue', async () => {
    const api = new InMemoryAcrCmk({ plan: planWith() });
    const gate = api.hold('plan');
    const { values, errors } = show(api);
    expect(await screen.findByText(/Creating the plan/)).toBeInTheDocument();
    expect(values).toEqual(['']);
    gate.open();
    await shown();
    expect(screen.getByText('Checks')).toBeInTheDocument();
    expect(screen.getByText('Steps')).toBeInTheDocument();
    await waitFor(() => expect(values).toEqual(['', planWith().summary]));
    expect(await errors()).toEqual([]);
    expect(api.inputsOf('plan')).toEqual([
      { ...REGISTRY, intent: { kind: 'rotate' } },
    ]);
    expect(api.inputsOf('accept')).toEqual([]);
    expect(await axeFindings()).toEqual([]);
  });

  it('says once how long the operation waits', async () => {
    show(new InMemoryAcrCmk({ plan: planWith({ waitingSeconds: 900 }) }));
    await shown();
    expect(screen.getAllByText(/waits 15 minutes/)).toHaveLength(1);
  });

  it('does not let the form continue before it is shown', async () => {
    const api = new InMemoryAcrCmk({ plan: planWith() });
    api.hold('plan');
    const { errors } = show(api);
    await screen.findByText(/Creating the plan/);
    expect(await errors()).toEqual([
      'The plan is not shown yet. Wait for it, then continue.',
    ]);
  });

  it('that is blocked keeps the form, with the check that has failed', async () => {
    const plan = blockedPlan();
    const failed = plan.checks.find(({ status }) => status === 'fail')!;
    const { values, errors } = show(new InMemoryAcrCmk({ plan }));
    await shown();
    expect(values).toEqual(['']);
    expect(await errors()).toEqual([
      `This cannot be carried out. ${failed.message}`,
    ]);
  });

  it('is made again on demand, after the obstacle is removed', async () => {
    const api = new InMemoryAcrCmk({ plan: blockedPlan() });
    const { values, errors } = show(api);
    await shown();
    api.nextPlan = planWith();
    await press('Create a new plan');
    await waitFor(() => expect(values.at(-1)).toBe(planWith().summary));
    expect(await errors()).toEqual([]);
  });

  it('that would hit others keeps the form, until that is accepted', async () => {
    const plan = revokePlan({});
    const methods = plan.methods!.map(method => ({
      ...method,
      alsoAffects: 2,
    }));
    const api = () => new InMemoryAcrCmk({ plan: { ...plan, methods } });
    const spare = show(api(), { intent: 'revoke', others: 'spare' });
    expect(
      await screen.findByText(/2 other registries would lose their key, too/),
    ).toBeInTheDocument();
    expect(await spare.errors()).toEqual([
      expect.stringContaining('2 other registries would lose their key, too'),
    ]);
  });

  it('that would hit other services keeps the form, and names them', async () => {
    const plan = revokePlan({});
    const methods = plan.methods!.map(method => ({ ...method, services: 2 }));
    const [sql] = SERVICES;
    const services = [
      {
        ...sql,
        resources: [resourceWith({ effect: 'loses-key' })],
      },
    ];
    const api = new InMemoryAcrCmk({ plan: { ...plan, methods, services } });
    const spare = show(api, { intent: 'revoke', others: 'spare' });
    expect(
      await screen.findByText(
        /Other Azure services lose a key, too, or may: sql-orders \(SQL server\), 1 that you may not see/,
      ),
    ).toBeInTheDocument();
    expect(await spare.errors()).toEqual([
      expect.stringContaining('Select another method, or accept that'),
    ]);
  });

  it('that spares the other services of the key continues', async () => {
    const plan = { ...revokePlan({}), services: SERVICES };
    const api = new InMemoryAcrCmk({ plan });
    const spare = show(api, { intent: 'revoke', others: 'spare' });
    await shown();
    await waitFor(() => expect(spare.values.at(-1)).toContain(plan.summary));
    expect(await spare.errors()).toEqual([]);
  });

  it('that affects other registries continues where that is accepted', async () => {
    const plan = revokePlan({});
    const api = new InMemoryAcrCmk({
      plan: {
        ...plan,
        methods: plan.methods!.map(one => ({ ...one, alsoAffects: 2 })),
      },
    });
    const accept = show(api, { intent: 'revoke', others: 'accept' });
    await shown();
    await waitFor(() =>
      expect(accept.values.at(-1)).toBe(
        `${plan.summary} A second person has to approve this, because a template requests it.`,
      ),
    );
    expect(await accept.errors()).toEqual([]);
    expect(screen.getByText(/^A second person has to approve/)).toBeVisible();
  });

  it('of a new registry says what it costs, and who is affected in words', async () => {
    const made = planWith();
    const api = new InMemoryAcrCmk({
      plan: {
        ...made,
        consumers: [],
        after: { ...made.after, identity: '<new identity>' },
      },
    });
    show(api, {
      intent: 'create-registry',
      entityName: 'invoice-images',
      name: 'invoiceimages',
      resourceGroupId: '/subscriptions/s/resourceGroups/rg',
      location: 'westeurope',
      key: { kind: 'new-key', vaultName: 'kv-shop', name: 'invoices' },
    });
    expect(
      await screen.findByText('No existing registries are affected.'),
    ).toBeInTheDocument();
    expect(screen.getByText(/Azure bills a Premium registry/)).toBeVisible();
    expect(screen.getByText(/a new identity/)).toBeVisible();
    expect(screen.queryByText(/<new identity>/)).not.toBeInTheDocument();
  });

  it('says who may not, and why there is no plan', async () => {
    const api = new InMemoryAcrCmk();
    api.refuse('plan', refusals.listsDenied);
    api.refuse('plan', () =>
      refusedWith(
        503,
        new FactsUnavailable('The vault', 'Azure does not answer'),
      ),
    );
    const { errors, values } = show(api);
    expect(
      await screen.findByText(/You need the permission acr-cmk\.use/),
    ).toBeInTheDocument();
    expect(values).toEqual(['']);
    expect(await errors()).toEqual([
      expect.stringMatching(/could not be checked: .*Azure does not answer/),
    ]);
  });
});
