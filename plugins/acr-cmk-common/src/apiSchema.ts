import { openApiDocument } from './generated/document';
import type { components } from './generated/types';

/** A JSON schema, as far as the API and the schemas of actions use it. */
export interface JsonSchema {
  [keyword: string]: unknown;
}

const { schemas } = openApiDocument.components as unknown as {
  schemas: Record<string, JsonSchema>;
};

/** A schema of the API document, in the form of `comparableSchema`. */
export function apiSchema(name: keyof components['schemas']): JsonSchema {
  return comparableSchema(schemas[name]);
}

const KEYWORDS = [
  'additionalProperties',
  'format',
  'maximum',
  'maxLength',
  'minimum',
  'minLength',
];

/**
 * What a JSON schema accepts, in one form: references resolved, words for people left out, `const`
 * as an `enum` of one, `anyOf` as `oneOf`. Actions have schemas of their own, made by another
 * library; in this form they can be compared with the API's.
 */
export function comparableSchema(schema: JsonSchema): JsonSchema {
  if (typeof schema.$ref === 'string') {
    return comparableSchema(schemas[schema.$ref.split('/').pop() ?? '']);
  }
  const options = (schema.oneOf ?? schema.anyOf) as JsonSchema[] | undefined;
  if (options) return { oneOf: options.map(comparableSchema) };
  const values =
    schema.const === undefined ? schema.enum : ([schema.const] as unknown[]);
  if (values) return { enum: values };
  const properties = schema.properties as
    | Record<string, JsonSchema>
    | undefined;
  return {
    type: schema.type,
    ...Object.fromEntries(
      KEYWORDS.filter(keyword => schema[keyword] !== undefined).map(keyword => [
        keyword,
        schema[keyword],
      ]),
    ),
    ...(typeof schema.pattern === 'string'
      ? { pattern: schema.pattern.replaceAll('\\-', '-') }
      : {}),
    ...(properties
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, property]) => [
              name,
              comparableSchema(property),
            ]),
          ),
          required: [...((schema.required as string[]) ?? [])].sort(),
        }
      : {}),
  };
}
