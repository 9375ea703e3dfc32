import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { tryAPull } from './az';
import { observePull, pullInWords, tryPull } from './pull';
import { defineStep } from './step';

/** Tests a pull, so that a later step can say whether the answer has changed. Writes nothing. */
export interface RecordPull {
  kind: 'record-pull';
  version: 1;
  registryId: RegistryId;
  /** Login server of the registry, for a pull. */
  loginServer: string;
}

export const recordPull = defineStep<RecordPull>({
  kind: 'record-pull',
  version: 1,
  ids: { registryId: RegistryId },
  credential: 'read',

  title: () => 'Test a pull before the change',
  target: ({ loginServer }) => loginServer,
  commands: ({ loginServer }) => [tryAPull(loginServer)],

  async observe({ spec, azure }) {
    const test = await tryPull(azure, spec.registryId);
    return {
      status: 'done',
      observations: [observePull(test)],
      message: `Before the change, ${pullInWords(test)}`,
      outputs: test ? { pullBefore: test } : {},
    };
  },
});

/** The test of a pull before the first change, against which the later ones count. */
export const testBefore = (registry: { id: string; loginServer: string }) =>
  recordPull.build({
    registryId: registry.id,
    loginServer: registry.loginServer,
  });
