import { SUBSCRIPTION } from '../../__testUtils__/demoWorld';
import {
  fails,
  linesOf,
  portsWith,
  refused,
  SHOP_REGISTRY,
  verdictOf,
} from '../__testUtils__/doctorWorld';

const PROVISION = {
  azure: {
    credentials: {
      read: { kind: 'system-assigned-identity' },
      provision: { kind: 'system-assigned-identity' },
    },
  },
};

it('asks only about providers of which nothing is listed, with the credential that may ask', async () => {
  const asked: string[][] = [];
  const lines = await linesOf(
    'providers',
    portsWith({
      acrCmk: PROVISION,
      registrationState: async (...question) => {
        asked.push(question);
        return 'Registered';
      },
    }),
  );
  expect(asked).toEqual([
    [SUBSCRIPTION, 'Microsoft.ManagedIdentity', 'provision'],
  ]);
  expect(lines.map(({ status }) => status)).toEqual(['ok']);
});

it('takes an identity of a registry in the subscription for a registration', async () => {
  const lines = await linesOf(
    'providers',
    portsWith({
      registries: async () => [
        {
          ...SHOP_REGISTRY,
          userAssignedIdentities: [
            { resourceId: `/subscriptions/${SUBSCRIPTION}/resourceGroups/x` },
          ],
        },
      ],
      registrationState: fails(new Error('Nothing is to be asked')),
    }),
  );
  expect(lines.map(({ status }) => status)).toEqual(['ok']);
});

it('names the command that registers a subscription', async () => {
  const { status, message, remedy } = await verdictOf(
    'providers',
    portsWith({
      vaults: async () => [],
      registrationState: async (_subscription, namespace) =>
        namespace === 'Microsoft.KeyVault' ? 'NotRegistered' : 'Registering',
    }),
  );
  expect([status, message]).toEqual([
    'warning',
    `The subscription ${SUBSCRIPTION} is not registered for Microsoft.KeyVault (NotRegistered).`,
  ]);
  expect(remedy).toContain(
    `az provider register --namespace Microsoft.KeyVault --subscription ${SUBSCRIPTION}`,
  );
});

it('says what is not checked where the credential has no right to ask', async () => {
  const lines = await linesOf(
    'providers',
    portsWith({
      acrCmk: {
        events: {
          tenantId: SUBSCRIPTION,
          audience: 'api://events',
          principalId: SUBSCRIPTION,
        },
      },
      registrationState: fails(refused('AuthorizationFailed')),
    }),
  );
  expect(lines.map(({ status, message }) => [status, message])).toEqual([
    [
      'unknown',
      `Not checked whether the subscription ${SUBSCRIPTION} is registered for Microsoft.ManagedIdentity, Microsoft.EventGrid: the read credential may not read that, and nothing of them is listed there.`,
    ],
  ]);
});
