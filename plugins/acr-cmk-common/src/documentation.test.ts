describe('the address of a page of the documentation', () => {
  afterEach(() => {
    jest.dontMock('./repository').dontMock('../package.json');
    jest.resetModules();
  });

  const addressIn = async (REPOSITORY: string, version: string) => {
    jest.doMock('./repository', () => ({ REPOSITORY }));
    jest.doMock('../package.json', () => ({ version }));
    const { documentationUrl } = await import('./documentation');
    return documentationUrl('docs/install.md');
  };

  it.each([
    ['0.1.0', 'blob/v0.1.0/docs/install.md'],
    ['0.1.0+3020ba80', 'blob/3020ba80/docs/install.md'],
    ['0.1.0+3020ba80.changed', 'blob/3020ba80/docs/install.md'],
  ])('of version %s is that of its tag or commit', async (version, path) => {
    expect(await addressIn('https://git.example/acr-cmk', version)).toBe(
      `https://git.example/acr-cmk/${path}`,
    );
  });

  it('is its path while the repository is not public', async () => {
    expect(await addressIn('', '0.1.0')).toBe('docs/install.md');
  });
});
