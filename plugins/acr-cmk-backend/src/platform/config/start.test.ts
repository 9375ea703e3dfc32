import {
  coreServices,
  createServiceFactory,
  type RootLoggerService,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { openSqlite } from '../../__testUtils__/databases';
import { version } from '../../../package.json';
import { acrCmkPlugin } from '../../plugin';

const GUID = '11111111-2222-4333-8444-555555555555';

/** The lines of the log that a backend with this configuration writes at its start. */
async function linesAtStart(acrCmk: object): Promise<string[]> {
  const lines: string[] = [];
  const keep = (message: string) => lines.push(message);
  const logger: RootLoggerService = {
    error: keep,
    warn: keep,
    info: keep,
    debug: () => undefined,
    child: () => logger,
  };
  const db = await openSqlite();
  try {
    const backend = await startTestBackend({
      features: [
        acrCmkPlugin,
        catalogServiceMock.factory(),
        mockServices.database.mock({ getClient: async () => db }).factory,
        mockServices.rootConfig.factory({ data: { acrCmk } } as never),
        createServiceFactory({
          service: coreServices.rootLogger,
          deps: {},
          factory: () => logger,
        }),
      ],
    });
    await backend.stop();
  } finally {
    await db.destroy();
  }
  return lines;
}

describe('a backend', () => {
  it('starts with a key that is not a setting, and names the nearest one in its log', async () => {
    const lines = await linesAtStart({
      azure: { credentials: { reader: { kind: 'default-chain' } } },
    });
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^acr-cmk is out of service, because its configuration is invalid\. acrCmk\.azure\.credentials\.reader is not a setting; did you mean acrCmk\.azure\.credentials\.read\?\. Correct app-config/,
      ),
    );
  });

  it('says at its start which version of the plugin runs', async () => {
    expect(await linesAtStart({})).toContain(`Version ${version}`);
  });

  it('says at its start who does each job, and what would turn on what is off', async () => {
    const lines = await linesAtStart({
      azure: {
        credentials: {
          read: { kind: 'managed-identity', clientId: GUID },
          rotate: { tenantId: GUID, clientId: GUID, clientSecret: 'hush' },
        },
      },
    });
    expect(lines.join('\n')).not.toContain('hush');
    expect(lines).toEqual(
      expect.arrayContaining([
        `Azure credential to read registries, vaults and keys (read): managed identity, client id ${GUID}`,
        `Azure credential to rotate keys (rotate): client secret, client id ${GUID}`,
        'Azure credential to revoke and restore access to keys (revoke): none, so this is off. Set acrCmk.azure.credentials.revoke to turn it on',
        'Azure credential to create registries (provision): none, so this is off. Set acrCmk.azure.credentials.provision to turn it on',
        'Checkpoints of the audit record: off. Set acrCmk.audit.checkpoints to turn them on',
      ]),
    );
  });
});
