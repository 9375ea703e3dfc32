import { createExtensionTester } from '@backstage/frontend-test-utils';
import { homePageWidgetDataRef } from '@backstage/plugin-home-react/alpha';
import { screen } from '@testing-library/react';
import { InMemoryAcrCmk } from './fixtures/InMemoryAcrCmk';
import { homeWidget } from './homeExtension';
import { renderView } from './__testUtils__/render';

describe('the widget of the home page', () => {
  it('is offered by its name, and shows the card', async () => {
    const widget = createExtensionTester(homeWidget).get(homePageWidgetDataRef);
    expect([widget.name, widget.title]).toEqual([
      'AcrCmkRegistries',
      'Registry keys',
    ]);
    renderView(widget.component, { api: new InMemoryAcrCmk() });
    // The page is not part of this app, so the links lead to where it would be.
    expect(
      await screen.findByRole('link', { name: /need attention$/ }),
    ).toHaveAttribute('href', '/acr-cmk/registries?severity=error,warning');
  });
});
