/** The list of requests beside what Microsoft publishes, the role files and docs/azure.md. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AZURE_CLOUDS } from 'backstage-plugin-acr-cmk-common';
import {
  DOCUMENTED_REQUESTS,
  type DocumentedRequest,
  isDocumented,
} from './__testUtils__/documentedRequests';

const DOCS = resolve(__dirname, '../../../../docs');

/** The code of a package that is generated from a specification. */
function codeOf(name: string): string {
  const folder = join(
    dirname(require.resolve(`@azure/${name}`)).replace(/\/dist\/.*$/, '/dist'),
  );
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => /^(commonjs\/.*|index)\.js$/.test(file))
    .map(file => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

/** A path without the names of its parameters, and without its query. */
const shape = (path: string) =>
  path
    .replace(/\{\?.*$/, '')
    .replace(/\{[^}]*\}/g, '{}')
    .toLowerCase();

const SDKS = [...new Set(DOCUMENTED_REQUESTS.flatMap(({ sdk }) => sdk ?? []))];

const nameOf = ({ method, path }: DocumentedRequest) => `${method} ${path}`;

describe('the requests to Azure', () => {
  it.each(SDKS)(
    'have the paths and the API version that Microsoft generates @azure/%s from',
    sdk => {
      const code = codeOf(sdk);
      const published = new Set(
        [...code.matchAll(/["'`](\/[^"'`\s]*)["'`]/g)].map(([, path]) =>
          shape(path),
        ),
      );
      const ours = DOCUMENTED_REQUESTS.filter(one => one.sdk === sdk);
      expect(
        ours.filter(({ path }) => !published.has(shape(path))).map(nameOf),
      ).toEqual([]);
      for (const { apiVersion } of ours) expect(code).toContain(apiVersion);
    },
  );

  it('need the rights that docs/roles name, and those need a request', () => {
    const named = new Set<string>();
    for (const file of readdirSync(join(DOCS, 'roles'))) {
      if (!/^registry-.*\.json$/.test(file)) continue;
      const role = JSON.parse(readFileSync(join(DOCS, 'roles', file), 'utf8'));
      for (const action of [...role.Actions, ...role.DataActions]) {
        named.add(action);
      }
    }
    const needed = new Set(
      DOCUMENTED_REQUESTS.filter(
        ({ service }) => service === 'ARM' || service === 'vault',
      ).flatMap(({ right }) => right ?? []),
    );
    // At a management group, which is no part of the roles for a subscription.
    needed.delete('Microsoft.Management/managementGroups/descendants/read');
    // At a location, where no operation of ours is today; without it, the registry itself is read.
    needed.delete(
      'Microsoft.ContainerRegistry/locations/operationResults/read',
    );
    // Azure asks for them in other requests: rows of subscriptions, and an identity that a registry gets.
    needed.add('Microsoft.Resources/subscriptions/read');
    needed.add(
      'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
    );
    expect([...needed].sort()).toEqual([...named].sort());
  });

  it('are the table of docs/azure.md', () => {
    const document = readFileSync(join(DOCS, 'azure.md'), 'utf8');
    const [, after] = document.split(/^## Requests$/m);
    const rows = after
      .split(/^## /m)[0]
      .split('\n')
      .filter(line => line.startsWith('|'))
      .slice(2)
      .map(line =>
        line
          .split('|')
          .slice(1, -1)
          .map(cell => cell.trim()),
      );
    expect(rows).toEqual(
      DOCUMENTED_REQUESTS.map(request => [
        request.service,
        request.longRunning
          ? `${request.method}, then its operation`
          : `${request.method}${request.pages ? ', in pages' : ''}`,
        `\`${request.path}\``,
        request.apiVersion ?? '–',
        request.right ? `\`${request.right}\`` : '–',
      ]),
    );
  });

  it.each([
    ['another path', 'DELETE', '/subscriptions/1/resourceGroups/rg'],
    ['another version', 'GET', '/subscriptions?api-version=2020-01-01'],
    ['another method', 'POST', '/subscriptions?api-version=2022-12-01'],
  ])('do not contain one with %s', (_what, method, path) => {
    const host = AZURE_CLOUDS.public.armHost;
    const known = {
      host,
      method: 'GET',
      path: '/subscriptions?api-version=2022-12-01',
    };
    expect(isDocumented(known)).toBe(true);
    expect(isDocumented({ host, method, path })).toBe(false);
  });
});
