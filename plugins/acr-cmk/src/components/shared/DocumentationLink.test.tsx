import { screen } from '@testing-library/react';
import { renderView } from '../../__testUtils__/render';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { ExplanationLink } from './DocumentationLink';

jest.mock('backstage-plugin-acr-cmk-common', () => ({
  ...jest.requireActual('backstage-plugin-acr-cmk-common'),
  documentationUrl: (path: string) => `https://git.example/blob/v1/${path}`,
}));

it('opens the documentation of this release at its public address', async () => {
  renderView(
    <ExplanationLink finding={{ id: 'pinned-key-trap', verdict: 'found' }} />,
    { api: new InMemoryAcrCmk() },
  );
  expect(
    await screen.findByRole('link', { name: /^More about this/ }),
  ).toHaveAttribute(
    'href',
    'https://git.example/blob/v1/docs/troubleshooting.md#pinned-key-trap',
  );
});
