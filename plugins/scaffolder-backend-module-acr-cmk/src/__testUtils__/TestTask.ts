import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { InputError } from '@backstage/errors';
import type { TemplateAction } from '@backstage/plugin-scaffolder-node';
import type { JsonObject, JsonValue } from '@backstage/types';
import { validate } from 'jsonschema';

/** The process that ran the task has died. */
export class Killed extends Error {}

/**
 * A task of the scaffolder, as an action sees it. What its runner keeps between two runs is kept
 * here: the checkpoints, which one run reads as they were when it began.
 */
export class TestTask {
  readonly id: string;
  readonly #kept = new Map<string, JsonValue>();
  credentials: BackstageCredentials = mockCredentials.user(
    'user:default/olivia',
  );
  /** Lines of the log, of all runs. */
  log: string[] = [];
  /** Dies right before this checkpoint is kept, once. */
  diesBefore: RegExp | undefined;
  #abort = new AbortController();

  constructor(id = '5f0c3c1e-0000-4000-8000-000000000001') {
    this.id = id;
  }

  cancel(): void {
    this.#abort.abort();
  }

  /** @returns the outputs */
  async run(
    action: TemplateAction<any, any, any>,
    input: JsonObject,
    options: { isDryRun?: boolean; stepId?: string } = {},
  ): Promise<Record<string, any>> {
    // The scaffolder's runner refuses by the schema, in these words, before the action is asked.
    const { valid, errors } = validate(input, action.schema?.input ?? {});
    if (!valid) {
      throw new InputError(
        `Invalid input passed to action ${action.id}, ${errors.join(', ')}`,
      );
    }
    const outputs: Record<string, any> = {};
    const atStart = new Map(this.#kept);
    const logger = mockServices.logger.mock();
    const write = (message: string) => {
      this.log.push(message);
    };
    logger.info.mockImplementation(write);
    logger.warn.mockImplementation(write);
    this.#abort = new AbortController();
    await action.handler({
      input,
      logger,
      workspacePath: '/nowhere',
      isDryRun: options.isDryRun,
      signal: this.#abort.signal,
      task: { id: this.id },
      step: { id: options.stepId ?? 'the-step', name: 'The step' },
      getInitiatorCredentials: async () => this.credentials,
      createTemporaryDirectory: async () => '/nowhere',
      output: (name: string, value: any) => {
        outputs[name] = value;
      },
      checkpoint: async ({ key, fn }: any) => {
        if (atStart.has(key)) return atStart.get(key);
        const value = await fn();
        if (this.diesBefore?.test(key)) {
          this.diesBefore = undefined;
          throw new Killed();
        }
        this.#kept.set(key, value ?? {});
        return value;
      },
    } as any);
    return outputs;
  }
}
