describe('the title of an extension', () => {
  beforeEach(() => jest.resetModules());
  afterEach(() => jest.dontMock('@backstage/frontend-plugin-api'));

  it('is a reference to a text, where the release takes one', async () => {
    const { titleOf } = await import('./titleOf');
    expect(titleOf('tab.title')).not.toBe('Encryption');
  });

  it('is the English text before Backstage 1.57, whose refs cannot be called', async () => {
    jest.doMock('@backstage/frontend-plugin-api', () => ({
      ...jest.requireActual('@backstage/frontend-plugin-api'),
      createTranslationRef: (options: object) => ({
        $$type: '@backstage/TranslationRef',
        ...options,
      }),
    }));
    const { titleOf } = await import('./titleOf');
    expect(titleOf('tab.title')).toBe('Encryption');
    expect(titleOf('page.title')).toBe('Registry keys');
  });
});
