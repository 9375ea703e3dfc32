import { tryAPull } from './az';
import { answerToPull, tryPull } from './pull';
import { defineStep } from './step';

/** Asks the registry for a pull, so that a later step can say whether it has changed. Writes nothing. */
export interface RecordPull {
  kind: 'record-pull';
  version: 1;
  /** Login server of the registry, for a pull. */
  loginServer: string;
}

export const recordPull = defineStep<RecordPull>({
  kind: 'record-pull',
  version: 1,
  credential: 'read',

  title: () => 'Try a pull before the change',
  target: ({ loginServer }) => loginServer,
  commands: ({ loginServer }) => [tryAPull(loginServer)],

  async observe({ spec, azure }) {
    const { status, observation } = await tryPull(azure, spec.loginServer);
    return {
      status: 'done',
      observations: [observation],
      message:
        status === undefined
          ? 'Could not test whether pulls work'
          : `Before the change, ${answerToPull(status)}`,
      outputs: status === undefined ? {} : { pullBefore: status },
    };
  },
});
