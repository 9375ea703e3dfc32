import { mockApis, renderTestApp } from '@backstage/frontend-test-utils';
import type { FrontendFeature } from '@backstage/frontend-plugin-api';
import { createTestEntityPage } from '@backstage/plugin-catalog-react/testUtils';
import { screen } from '@testing-library/react';
import { REGISTRY_ID_ANNOTATION } from 'backstage-plugin-acr-cmk-common';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exports as entries } from '../package.json';
import { entityWith } from './fixtures/entities';
import { registryId } from './fixtures/ids';
import { answerWith, registryWith } from './fixtures/registry';

/** Every entry of the package except the one of the old frontend system. */
const modules: Record<string, { default?: { $$type: string } }> = {
  '.': jest.requireActual('./index'),
  './plugin': jest.requireActual('./dynamic'),
  './scaffolder': jest.requireActual('./scaffolder'),
  './translations': jest.requireActual('./translations'),
};

/** Features that loaders of dynamic plugins accept; they drop other kinds silently. */
const loaded = Object.values(modules)
  .map(module => module.default)
  .filter(feature =>
    ['@backstage/FrontendPlugin', '@backstage/FrontendModule'].includes(
      feature?.$$type ?? '',
    ),
  ) as unknown as FrontendFeature[];

describe('the bundle in a portal that loads plugins while it runs', () => {
  it('is looked at whole here', () => {
    expect(Object.keys(entries).sort()).toEqual(
      [...Object.keys(modules), './legacy', './package.json'].sort(),
    );
  });

  it('gives an entity its tab and card', async () => {
    const answer = answerWith(registryWith());
    renderTestApp({
      features: loaded,
      extensions: [
        createTestEntityPage({
          entity: entityWith({
            [REGISTRY_ID_ANNOTATION]: registryId('shopimages'),
          }),
        }),
      ],
      apis: [
        mockApis.fetch({
          baseImplementation: async input =>
            Response.json(
              String(input).includes('/operations') ? { items: [] } : answer,
            ),
        }),
      ],
    });

    expect(await screen.findByRole('button', { name: 'Rotate' })).toBeVisible();
  });

  it('shares no React context between its modules: the one that there is belongs to the plugin', () => {
    expect(contextsOf('dynamic.ts')).toEqual([
      'components/RegistrySection/RefreshButton.tsx',
    ]);
    expect(contextsOf('scaffolder/index.ts')).toEqual([]);
    expect(contextsOf('translations/index.ts')).toEqual([]);
  });
});

/** Files that create a context, of those that an entry brings. */
function contextsOf(entry: string): string[] {
  return reachableFrom(entry).filter(file =>
    /\bcreateContext\b/.test(read(file)),
  );
}

/** The files of this package that an entry imports, sooner or later. */
function reachableFrom(entry: string, seen = new Set<string>()): string[] {
  if (!seen.has(entry)) {
    seen.add(entry);
    for (const [, target] of read(entry).matchAll(
      /(?:from |import\()'(\.[^']*)'/g,
    )) {
      const file = fileOf(join(dirname(entry), target));
      if (file) reachableFrom(file, seen);
    }
  }
  return [...seen];
}

function fileOf(path: string): string | undefined {
  return ['.ts', '.tsx', '/index.ts', '/index.tsx']
    .map(end => `${path}${end}`)
    .find(file => existsSync(join(__dirname, file)));
}

function read(file: string): string {
  return readFileSync(join(__dirname, file), 'utf8');
}
