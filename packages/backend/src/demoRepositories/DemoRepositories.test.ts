import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { DemoRepositories } from './DemoRepositories';

describe('DemoRepositories', () => {
  const directory = createMockDirectory();
  const repositories = () =>
    DemoRepositories.fromConfig(
      mockServices.rootConfig({
        data: { demo: { repositories: directory.resolve('repositories') } },
      }),
    );

  it('hands back what was published, under its address', async () => {
    directory.setContent({
      workspace: { 'catalog-info.yaml': 'kind: Resource' },
    });
    const url = await repositories().publish(
      'invoice-images',
      directory.resolve('workspace'),
    );
    expect(url).toBe('https://git.contoso.example/invoice-images');
    const content = await repositories().read(`${url}/catalog-info.yaml`);
    expect(content.toString()).toBe('kind: Resource');
  });

  it.each(['../../elsewhere', 'UPPER', ''])(
    'publishes nothing outside of its folder: %j',
    async name => {
      directory.setContent({ workspace: {} });
      await expect(
        repositories().publish(name, directory.resolve('workspace')),
      ).rejects.toThrow(/^repository: must be/);
    },
  );

  it('reads nothing outside of its folder', async () => {
    directory.setContent({ 'secret.yaml': 'x', repositories: {} });
    await expect(
      repositories().read('https://git.contoso.example/%2E%2E/secret.yaml'),
    ).rejects.toThrow(/There is no/);
    await expect(
      repositories().read('https://git.contoso.example/..%2Fsecret.yaml'),
    ).rejects.toThrow(/There is no/);
  });

  it('answers for its own host, and only where the demo is switched on', () => {
    const hosts = (one: DemoRepositories, url: string) =>
      one.hosts(new URL(url));
    expect(hosts(repositories(), 'https://git.contoso.example/a')).toBe(true);
    expect(hosts(repositories(), 'https://github.com/a')).toBe(false);
    expect(
      hosts(new DemoRepositories(undefined), 'https://git.contoso.example/a'),
    ).toBe(false);
  });
});
