import { newIdentity } from './az';
import { orMissing } from './orMissing';
import { groupOf } from './rights';
import { defineStep } from './step';
import { lastPart } from './words';

/** Makes a user-assigned identity. */
export interface CreateIdentity {
  kind: 'create-identity';
  version: 1;
  /** Resource id. */
  identity: string;
  location: string;
}

/** An identity that is there already under this id is used as it is: nothing is lost by it. */
export const createIdentity = defineStep<CreateIdentity>({
  kind: 'create-identity',
  version: 1,
  credential: 'provision',

  title: ({ identity, location }) =>
    `Create the identity ${lastPart(identity)} in ${location}`,
  target: ({ identity }) => identity,
  commands: ({ identity, location }) => newIdentity(identity, location),
  effects: ({ identity }) => [{ does: 'create-identity', identity }],
  rights: ({ identity }) => [
    {
      scope: groupOf(identity),
      action: 'Microsoft.ManagedIdentity/userAssignedIdentities/write',
    },
  ],
  lockedScope: ({ identity }) => ({ scope: groupOf(identity), deletes: false }),

  async observe({ spec, azure }) {
    const identity = (await orMissing(azure.identities.get(spec.identity)))
      ?.value;
    if (!identity) {
      return {
        status: 'needs-write',
        observations: [{ what: 'identity', value: 'none' }],
      };
    }
    const { clientId, principalId, name } = identity;
    return {
      status: 'done',
      observations: [{ what: 'identity', value: `client id ${clientId}` }],
      outputs: { createdIdentity: { clientId, principalId } },
      message: `The identity ${name} is there`,
    };
  },

  act: ({ spec, azure }) =>
    azure.identities.create(spec.identity, spec.location),
});
