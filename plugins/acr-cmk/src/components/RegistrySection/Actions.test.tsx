import { screen } from '@testing-library/react';
import type { ActionOffer } from 'backstage-plugin-acr-cmk-common';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { registryWith } from '../../fixtures/registry';
import { renderView } from '../../__testUtils__/render';
import { HeadActions } from './Actions';

const show = (offer: ActionOffer) => {
  renderView(
    <HeadActions
      registry={registryWith()}
      request={undefined}
      main={{ offer }}
      reasonId="why"
      onAction={jest.fn()}
    />,
    { api: new InMemoryAcrCmk() },
  );
  return screen.findByRole('button', { name: /^Rotate/ });
};

it('offers the main action with the permission', async () => {
  const button = await show({ action: 'rotate', allowed: true });
  expect(button).toBeEnabled();
  expect(button).not.toHaveAttribute('aria-describedby');
});

it('disables the main action without the permission, and names the element that says why', async () => {
  const button = await show({
    action: 'rotate',
    allowed: false,
    reason: 'You need the permission acr-cmk.key.rotate',
  });
  expect(button).toBeDisabled();
  expect(button).toHaveAttribute('aria-describedby', 'why');
});
