import { screen } from '@testing-library/react';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { answerWith, registryWith } from '../../fixtures/registry';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { tabStates } from '../EncryptionTab/EncryptionTab.states';
import { OverviewCard } from './OverviewCard';

describe('the card on the overview', () => {
  it('shows state, mode and age, and links to the tab', async () => {
    renderView(<OverviewCard />, {
      api: new InMemoryAcrCmk({ answer: answerWith(registryWith()) }),
    });

    expect(await screen.findByText('Current')).toBeVisible();
    expect(screen.getByText(/automatic version mode/)).toBeVisible();
    expect(screen.getByText('2 minutes ago')).toBeVisible();
    expect(
      screen.getByRole('button', { name: 'View encryption' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/resource/shop-images/encryption',
    );
  });

  it('says when facts were read, and by how much their source may lag', async () => {
    const registry = registryWith();
    renderView(<OverviewCard />, {
      api: new InMemoryAcrCmk({
        answer: answerWith({
          ...registry,
          freshness: { ...registry.freshness, lagSeconds: 300 },
        }),
      }),
    });
    expect(
      await screen.findByText(/may lag by up to 5 minutes/),
    ).toHaveTextContent(/2 minutes ago \(may lag by up to 5 minutes\)/);
  });

  it.each(Object.entries(tabStates))(
    'has no axe findings: %s',
    async (_, state) => {
      renderView(<OverviewCard />, { api: state.api(), entity: state.entity });
      await screen.findByRole('heading', { name: 'Encryption key' });
      expect(await axeFindings()).toEqual([]);
    },
  );
});
