import { apiZod } from 'backstage-plugin-acr-cmk-common';
import type { ActionDeps } from './deps';
import { operationOutput, toOutput } from './schema';

export function registerGetOperation({ registry, services }: ActionDeps): void {
  registry.register({
    name: 'get-key-operation',
    title: 'Get a key operation',
    description: `Where an operation stands, one begun by an action or in the portal: its steps, what it waits for, and its result.

Use it to follow an operation: ask again after some seconds until "isOver" is true. It changes nothing. While the state is awaiting-approval only a second person can move it on; do not ask more than once a minute then.

Example: {"operationId":"2b0c8f8e-6f0e-4d43-9f0a-0d9a4f5b7a10"}`,
    attributes: { readOnly: true, destructive: false, idempotent: true },
    examples: [
      {
        title: 'Follow an operation',
        input: { operationId: '2b0c8f8e-6f0e-4d43-9f0a-0d9a4f5b7a10' },
      },
    ],
    schema: {
      input: z => z.object({ operationId: apiZod(z, 'Uuid') }).strict(),
      output: operationOutput,
    },
    async action({ input, credentials }) {
      const operation = await services.operations.operation(
        input.operationId,
        credentials,
      );
      return { output: toOutput(operation) };
    },
  });
}
