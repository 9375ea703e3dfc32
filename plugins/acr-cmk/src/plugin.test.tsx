import { mockApis, renderTestApp } from '@backstage/frontend-test-utils';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import { screen } from '@testing-library/react';
import type { Entity } from '@backstage/catalog-model';
import {
  AZURE_RESOURCE_ID_ANNOTATION,
  REGISTRY_ID_ANNOTATION,
} from 'backstage-plugin-acr-cmk-common';
import { acrCmkPlugin } from '.';
import { CAMPAIGN_ID, runningCampaign } from './fixtures/campaigns';
import { doctorReport } from './fixtures/doctor';
import { entityWith } from './fixtures/entities';
import { registryId } from './fixtures/ids';
import { answerWith, registryWith } from './fixtures/registry';

function answerTo(url: string) {
  if (url.includes('/members')) return { items: [], total: 0 };
  if (url.includes('/v1/campaigns/')) return runningCampaign();
  if (url.endsWith('/v1/doctor')) return doctorReport;
  return url.includes('/operations')
    ? { items: [] }
    : answerWith(registryWith());
}

function renderPortal(entity: Entity, path?: string) {
  const asked: string[] = [];
  const fetchApi = mockApis.fetch({
    baseImplementation: async input => {
      asked.push(String(input));
      const answer = answerTo(String(input));
      return new Response(JSON.stringify(answer), {
        headers: { 'Content-Type': 'application/json' },
      });
    },
  });
  renderTestApp({
    features: [acrCmkPlugin],
    extensions: [createTestEntityPage({ entity })],
    apis: [fetchApi],
    ...(path && { initialRouteEntries: [path] }),
  });
  return asked;
}

describe('the plugin in the new frontend system', () => {
  it.each([REGISTRY_ID_ANNOTATION, AZURE_RESOURCE_ID_ANNOTATION])(
    'gives an entity with %s its tab and card, from the backend’s API',
    async annotation => {
      const asked = renderPortal(
        entityWith({ [annotation]: registryId('shopimages') }),
      );

      expect(
        await screen.findByRole('button', { name: 'Rotate' }),
      ).toBeVisible();
      expect(asked).toContain(
        'plugin://acr-cmk/v1/entities/resource/default/shop-images/registries',
      );
    },
  );

  it('adds nothing to other entities, and sends no request', async () => {
    const asked = renderPortal(entityWith({ 'backstage.io/source': 'x' }));

    await expect(
      screen.findByRole('button', { name: 'Rotate' }, { timeout: 500 }),
    ).rejects.toThrow();
    expect(asked).toEqual([]);
  });

  it('has each campaign at its own address', async () => {
    const asked = renderPortal(
      entityWith(),
      `/acr-cmk/campaigns/${CAMPAIGN_ID}`,
    );

    expect(
      await screen.findByRole('heading', { name: /^Switch 35 registries/ }),
    ).toBeVisible();
    expect(screen.getByRole('link', { name: 'All campaigns' })).toHaveAttribute(
      'href',
      '/acr-cmk/campaigns',
    );
    expect(asked).toContain(`plugin://acr-cmk/v1/campaigns/${CAMPAIGN_ID}`);
  });

  it('has the installation check at its own address, and runs it there only', async () => {
    const asked = renderPortal(entityWith(), '/acr-cmk/installation');

    expect(await screen.findByText('1 check failed')).toBeVisible();
    expect(asked).toEqual(['plugin://acr-cmk/v1/doctor']);
  });
});
