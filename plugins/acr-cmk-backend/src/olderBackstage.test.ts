describe('the plugin in Backstage before 1.53, which has no tracing', () => {
  it('asks for no service that is not there', () => {
    jest.isolateModules(() => {
      jest.doMock('@backstage/backend-plugin-api/alpha', () => ({
        ...jest.requireActual('@backstage/backend-plugin-api/alpha'),
        tracingServiceRef: undefined,
      }));
      const { acrCmkPlugin } = jest.requireActual('./plugin');
      const [{ init }] = acrCmkPlugin.getRegistrations();
      expect(init.deps).toHaveProperty('metrics');
      expect(Object.values(init.deps)).not.toContain(undefined);
    });
    jest.dontMock('@backstage/backend-plugin-api/alpha');
  });
});
