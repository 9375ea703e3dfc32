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

  it.each(Object.entries(tabStates))(
    'has no axe findings: %s',
    async (_, state) => {
      renderView(<OverviewCard />, { api: state.api(), entity: state.entity });
      await screen.findByRole('heading', { name: 'Encryption key' });
      expect(await axeFindings()).toEqual([]);
    },
  );
});
