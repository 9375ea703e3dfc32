import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import type { JsonObject } from '@backstage/types';
import { stringify } from 'yaml';

/** An example as the scaffolder's page of actions shows it: the steps of a template. */
export function exampleOf(
  description: string,
  action: string,
  input: JsonObject,
): TemplateExample {
  const id = action.split(':').slice(1).reverse().join('-');
  return {
    description,
    example: stringify({ steps: [{ id, action, name: description, input }] }),
  };
}
