import { type Answer, expectSuccess } from './Azure';
import type { Lab } from './probe';

/** A query over the subscription, or one page of it. */
export async function query(
  { azure, names }: Pick<Lab, 'azure' | 'names'>,
  text: string,
  options: Record<string, unknown> = {},
): Promise<Answer> {
  return expectSuccess(
    'query Resource Graph',
    await azure.arm('POST', '/providers/Microsoft.ResourceGraph/resources', {
      body: { subscriptions: [names.subscription], query: text, options },
    }),
  );
}
