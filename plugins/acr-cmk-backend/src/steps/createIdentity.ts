import { AzureError } from '../azure/AzureError';
import type { CreateIdentity } from '../cmk/steps';
import { defineStep } from './step';

/** Makes a user-assigned identity. One that is there already is used as it is: nothing is lost by it. */
export const createIdentity = defineStep<CreateIdentity>({
  kind: 'create-identity',
  version: 1,
  credential: 'provision',

  async observe({ spec, azure }) {
    try {
      const { value } = await azure.identities.get(spec.identity);
      return {
        status: 'done',
        observations: [
          { what: 'identity', value: `client id ${value.clientId}` },
        ],
        outputs: {
          createdIdentity: {
            clientId: value.clientId,
            principalId: value.principalId,
          },
        },
        message: `The identity ${value.name} is there`,
      };
    } catch (error) {
      if (error instanceof AzureError && error.kind === 'not-found') {
        return {
          status: 'needs-write',
          observations: [{ what: 'identity', value: 'none' }],
        };
      }
      throw error;
    }
  },

  act: ({ spec, azure }) =>
    azure.identities.create(spec.identity, spec.location, 'provision'),
});
