describe('the address of a page of the documentation', () => {
  afterEach(() => jest.resetModules());

  it.each([
    ['0.1.0', 'blob/v0.1.0/docs/install.md'],
    ['0.1.0+3020ba80', 'blob/3020ba80/docs/install.md'],
    ['0.1.0+3020ba80.changed', 'blob/3020ba80/docs/install.md'],
  ])('of version %s is that of its tag or commit', async (version, path) => {
    jest.doMock('../package.json', () => ({ version }));
    const { documentationUrl } = await import('./documentation');
    expect(documentationUrl('docs/install.md')).toBe(
      `https://github.com/acr-cmk/acr-cmk/${path}`,
    );
  });
});
