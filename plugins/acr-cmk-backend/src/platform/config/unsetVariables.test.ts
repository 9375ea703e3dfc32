import { resolve } from 'node:path';
import { ConfigSources, FileConfigSource } from '@backstage/config-loader';
import { readConfig } from '.';

const DEMO = resolve(__dirname, '../../../../../app-config.yaml');
const GUID = '11111111-2222-4333-8444-555555555555';

/** The demo's app-config as Backstage reads it when exactly these variables are set. */
async function demoWith(variables: Record<string, string>) {
  const config = await ConfigSources.toConfig(
    FileConfigSource.create({
      path: DEMO,
      substitutionFunc: async name => variables[name],
    }),
  );
  try {
    return readConfig(config);
  } finally {
    config.close();
  }
}

const ALL = {
  AZURE_TENANT_ID: GUID,
  ...Object.fromEntries(
    ['READ', 'ROTATE', 'REVOKE', 'PROVISION'].flatMap(job => [
      [`ACR_CMK_${job}_CLIENT_ID`, GUID],
      [`ACR_CMK_${job}_CLIENT_SECRET`, 'secret'],
    ]),
  ),
};

describe('app-config.yaml of the demo', () => {
  it('names a client secret for each job', async () => {
    const { credentials } = await demoWith(ALL);
    expect(
      Object.entries(credentials).map(([job, one]) => [job, one.kind]),
    ).toEqual([
      ['read', 'client-secret'],
      ['rotate', 'client-secret'],
      ['revoke', 'client-secret'],
      ['provision', 'client-secret'],
    ]);
  });

  it('is refused for each job when no variable is set, and no job gets another credential', async () => {
    const refusal = await demoWith({}).then(
      () => '',
      ({ message }: Error) => message,
    );
    for (const job of ['read', 'rotate', 'revoke', 'provision']) {
      expect(refusal).toContain(`acrCmk.azure.credentials.${job} is empty`);
    }
  });

  it.each(Object.keys(ALL))(
    'is refused when only %s is not set',
    async name => {
      await expect(demoWith({ ...ALL, [name]: undefined! })).rejects.toThrow(
        /acrCmk\.azure\.credentials\.\w+\.\w+ is missing/,
      );
    },
  );
});
