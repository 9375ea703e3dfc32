import { fetchApiRef } from '@backstage/core-plugin-api';
import {
  EntityProvider,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';
import {
  MockFetchApi,
  wrapInTestApp,
  TestApiProvider,
} from '@backstage/test-utils';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router-dom';
import {
  CAMPAIGN_ID,
  runningCampaign,
  startedMembers,
} from './fixtures/campaigns';
import { entityWith } from './fixtures/entities';
import { InMemoryAcrCmk } from './fixtures/InMemoryAcrCmk';
import { answerWith, registryWith } from './fixtures/registry';
import {
  acrCmkApiRef,
  AcrCmkHomeCard,
  AcrCmkPage,
  acrCmkPlugin,
  EntityAcrCmkCard,
  EntityAcrCmkContent,
  isAcrCmkAvailable,
} from './legacy';

function renderInOldPortal(
  view: JSX.Element,
  path = '/encryption',
  {
    below = '',
    api = new InMemoryAcrCmk({ answer: answerWith(registryWith()) }),
  } = {},
) {
  return render(
    wrapInTestApp(
      <TestApiProvider apis={[[acrCmkApiRef, api]]}>
        <EntityProvider entity={entityWith()}>
          <Routes>
            <Route path={`${path}/*`} element={view} />
          </Routes>
        </EntityProvider>
      </TestApiProvider>,
      {
        routeEntries: [`${path}${below}`],
        mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
      },
    ),
  );
}

describe('the plugin in the old frontend system', () => {
  it('shows the same tab', async () => {
    renderInOldPortal(<EntityAcrCmkContent />);
    expect(await screen.findByRole('button', { name: 'Rotate' })).toBeVisible();
    expect(
      screen.getByText('No rotation policy, follows new versions'),
    ).toBeVisible();
  });

  it('shows the same card', async () => {
    renderInOldPortal(<EntityAcrCmkCard />);
    expect(await screen.findByText('Current')).toBeVisible();
  });

  it('shows the page of all registries, with its tabs', async () => {
    renderInOldPortal(<AcrCmkPage />, '/acr-cmk');
    expect(
      await screen.findByRole('link', { name: 'ordersimages' }),
    ).toBeVisible();
    expect(
      screen.getAllByRole('tab').map(({ textContent }) => textContent),
    ).toEqual([
      'Registries',
      'By key',
      'Calendar',
      'Campaigns',
      'Waiting for you',
      'Installation',
    ]);
  });

  it('shows a campaign at its own address, with a way back to all of them', async () => {
    const api = new InMemoryAcrCmk();
    api.campaigns.put(runningCampaign(), startedMembers());
    renderInOldPortal(<AcrCmkPage />, '/acr-cmk', {
      below: `/campaigns/${CAMPAIGN_ID}`,
      api,
    });
    expect(
      await screen.findByRole('heading', { name: /^Switch 35 registries/ }),
    ).toBeVisible();
    expect(screen.getByRole('tab', { name: 'Campaigns' })).toHaveAttribute(
      'aria-selected',
      'true',
    );
    await userEvent.click(screen.getByRole('link', { name: 'All campaigns' }));
    expect(await screen.findByRole('table')).toHaveTextContent('2 of 35');
  });

  it('shows the same card on the home page, with links to the page', async () => {
    renderInOldPortal(<AcrCmkHomeCard />, '/home');
    expect(await screen.findByText('Registry keys')).toBeVisible();
    expect(
      await screen.findByRole('link', { name: /need attention$/ }),
    ).toHaveAttribute('href', '/acr-cmk/registries?severity=error,warning');
  });

  it('has a client that uses the portal’s fetch', async () => {
    const [factory] = acrCmkPlugin.getApis();
    expect(factory.api.id).toBe(acrCmkApiRef.id);
    expect(Object.values(factory.deps)).toEqual([fetchApiRef]);
    const api = factory.factory({
      fetchApi: new MockFetchApi({
        baseImplementation: async () =>
          new Response(JSON.stringify(answerWith())),
      }),
    }) as InMemoryAcrCmk;
    expect((await api.registriesOf('resource:default/x')).registries).toEqual(
      [],
    );
  });

  it('is available for entities with an annotation', () => {
    expect(isAcrCmkAvailable(entityWith())).toBe(true);
    expect(isAcrCmkAvailable(entityWith({}))).toBe(false);
  });
});
