import { z } from 'zod/v3';
import { zodToJsonSchema } from 'zod-to-json-schema';
import { apiFields, apiUnion, apiZod } from './apiZod';
import { openApiDocument } from './generated/api';

interface JsonSchema {
  [keyword: string]: unknown;
}

const schemas: Record<string, JsonSchema> = openApiDocument.components.schemas;

/** A JSON schema with its references resolved, in one form for both libraries and without descriptions. */
function comparable(schema: JsonSchema): JsonSchema {
  if (typeof schema.$ref === 'string') {
    return comparable(schemas[schema.$ref.split('/').pop()!]);
  }
  const options = (schema.oneOf ?? schema.anyOf) as JsonSchema[] | undefined;
  if (options) return { oneOf: options.map(comparable) };
  if (schema.const ?? schema.enum) {
    return { enum: schema.const === undefined ? schema.enum : [schema.const] };
  }
  const { $schema, description, properties, required, pattern, ...rest } =
    schema;
  return {
    ...rest,
    ...(typeof pattern === 'string' && {
      pattern: pattern.replaceAll('\\', ''),
    }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties as Record<string, JsonSchema>).map(
          ([name, property]) => [name, comparable(property)],
        ),
      ),
      required: [...((required as string[]) ?? [])].sort(),
    }),
  };
}

const jsonSchemaOf = (schema: z.ZodTypeAny) =>
  zodToJsonSchema(schema as never, { $refStrategy: 'none' }) as JsonSchema;

const INTENTS = [
  'RotateIntent',
  'AutomaticRotationIntent',
  'RevokeIntent',
  'RestoreIntent',
  'RetireIntent',
  'CreateRegistryIntent',
] as const;

describe('schemas of the API document as zod', () => {
  it.each([
    ...INTENTS,
    'EntityRef',
    'ArmId',
    'Uuid',
    'Sha256',
    'Reason',
    'RegistryStateId',
    'VersionMode',
  ] as const)('%s is the same schema', name => {
    expect(comparable(jsonSchemaOf(apiZod(z, name)))).toEqual(
      comparable(schemas[name]),
    );
  });

  it('make a union', () => {
    expect(comparable(jsonSchemaOf(apiUnion(z, INTENTS)))).toEqual(
      comparable(schemas.Intent),
    );
  });

  it('keep the description of a field beside its reference', () => {
    const { method } = apiFields('RevokeIntent');
    expect(method(z).description).toMatch(/^Default: /);
  });

  it('give the fields beside the kind, and say which are required', () => {
    const { properties, required } = jsonSchemaOf(
      z.object(
        Object.fromEntries(
          Object.entries(apiFields('CreateRegistryIntent')).map(
            ([name, field]) => [name, field(z)],
          ),
        ),
      ),
    );
    expect(Object.keys(properties as object)).toEqual([
      'location',
      'identity',
      'key',
      'rotateEveryDays',
    ]);
    expect(required).toEqual(['location', 'identity', 'key']);
  });

  it('refuse keywords that they do not know', () => {
    expect(() => apiZod(z, 'EntityRegistries')).toThrow(/^No zod schema for/);
  });
});
