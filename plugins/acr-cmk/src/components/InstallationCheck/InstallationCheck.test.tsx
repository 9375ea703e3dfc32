import { screen, within } from '@testing-library/react';
import { doctorReport } from '../../fixtures/doctor';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { refusals } from '../../fixtures/refusals';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { press } from '../../__testUtils__/user';
import { InstallationCheck } from './InstallationCheck';

const check = (name: string) =>
  screen.getByRole('region', { name: new RegExp(`^${name}`) });

describe('the installation check', () => {
  it('says how many checks failed, with the worst first and its remedy', async () => {
    renderView(<InstallationCheck />, { api: new InMemoryAcrCmk() });

    expect(await screen.findByText('1 check failed')).toBeVisible();
    expect(
      screen
        .getAllByRole('heading', { level: 3 })
        .map(({ textContent }) => textContent),
    ).toEqual([
      'Rights in AzureFailed',
      'Network path to the vaultsUnknown',
      'Permission policyWarning',
      'ConfigurationPassed',
    ]);
    const [first, second] = within(check('Rights in Azure')).getAllByRole(
      'listitem',
    );
    expect(first).toHaveTextContent(
      /^rotate may not perform .*What to do: Assign the role/,
    );
    expect(second).toHaveTextContent('read may list registries in rg-shop');
  });

  it('runs once, and again when asked', async () => {
    const api = new InMemoryAcrCmk();
    renderView(<InstallationCheck />, { api });
    await screen.findByText('1 check failed');
    expect(api.inputsOf('doctor')).toHaveLength(1);

    const held = api.hold('doctor');
    await press('Check again');
    expect(screen.getByRole('button', { name: 'Checking…' })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    held.open();
    await screen.findByRole('button', { name: 'Check again' });
    expect(api.inputsOf('doctor')).toHaveLength(2);
  });

  it('says which permission is missing', async () => {
    const api = new InMemoryAcrCmk();
    api.refuse('doctor', refusals.permissionMissing);
    renderView(<InstallationCheck />, { api });

    expect(await screen.findByText('You do not have access')).toBeVisible();
  });

  it('has no axe findings', async () => {
    renderView(<InstallationCheck />, { api: new InMemoryAcrCmk() });
    await screen.findByText(`${doctorReport.checks.length - 3} check failed`);
    expect(await axeFindings()).toEqual([]);
  });
});
