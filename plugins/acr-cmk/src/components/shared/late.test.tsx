import { screen } from '@testing-library/react';
import { Suspense, type ComponentType } from 'react';
import { renderView } from '../../__testUtils__/render';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { late } from './late';

const fails = () =>
  Promise.reject<ComponentType>(new Error('Loading chunk 7 failed'));

function show(Late: ComponentType) {
  renderView(
    <>
      <p>The rest of the page</p>
      <Suspense fallback={<p>Loading</p>}>
        <Late />
      </Suspense>
    </>,
    { api: new InMemoryAcrCmk() },
  );
}

describe('what is loaded late', () => {
  it('is shown', async () => {
    show(late(async () => () => <p>Here</p>));
    expect(await screen.findByText('Here')).toBeVisible();
  });

  it('asks to reload the page where it cannot be loaded, and leaves the rest', async () => {
    show(late(fails));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'A part of this page could not be loaded. Reload the page',
    );
    expect(screen.getByText('The rest of the page')).toBeVisible();
  });

  it('can be left out', async () => {
    show(late(fails, () => <p>Nothing</p>));
    expect(await screen.findByText('Nothing')).toBeVisible();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });
});
