import { screen } from '@testing-library/react';
import type { ComponentType } from 'react';
import { renderView } from '../../__testUtils__/render';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { lazyOrNotice } from './lazyOrNotice';

const fails = () =>
  Promise.reject<ComponentType>(new Error('Loading chunk 7 failed'));

function show(Lazy: ComponentType) {
  renderView(
    <>
      <p>The rest of the page</p>
      <Lazy />
    </>,
    { api: new InMemoryAcrCmk() },
  );
}

describe('lazyOrNotice', () => {
  it('is shown', async () => {
    show(lazyOrNotice(async () => () => <p>Here</p>));
    expect(await screen.findByText('Here')).toBeVisible();
  });

  it('asks to reload the page where it cannot be loaded, and leaves the rest', async () => {
    show(lazyOrNotice(fails));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'A part of this page could not be loaded. Reload the page',
    );
    expect(screen.getByText('The rest of the page')).toBeVisible();
  });
});
