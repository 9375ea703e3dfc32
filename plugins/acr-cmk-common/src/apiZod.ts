/** Schemas of the API document as zod, for inputs of actions: one definition for REST, MCP and templates. */
import type { z as zod } from 'zod/v3';
import { type components, openApiDocument } from './generated/api';

type Schemas = components['schemas'];
type Zod = typeof zod;

/** A JSON schema, as far as the API document uses it. */
interface JsonSchema {
  [keyword: string]: unknown;
}

const { schemas } = openApiDocument.components as unknown as {
  schemas: Record<string, JsonSchema>;
};

/**
 * A schema of the API document, as the registries of actions and of template actions take it.
 *
 * @param z - zod 3, as the registry passes it
 */
export function apiZod<Name extends keyof Schemas>(
  z: Zod,
  name: Name,
): zod.ZodType<Schemas[Name]> {
  return zodOf(z, schemas[name]);
}

/** Union of several schemas of the API document that differ by their `kind`. */
export function apiUnion<Name extends keyof Schemas>(
  z: Zod,
  names: readonly Name[],
): zod.ZodType<Schemas[Name]> {
  return zodOf(z, {
    oneOf: names.map(name => schemas[name]),
    discriminator: { propertyName: 'kind' },
  });
}

/** Fields of an object schema beside `kind`, each as a callback that makes its zod schema. */
export function apiFields<Name extends keyof Schemas>(
  name: Name,
): {
  [Field in Exclude<keyof Schemas[Name], 'kind'>]-?: (
    z: Zod,
  ) => zod.ZodType<Schemas[Name][Field]>;
} {
  const { kind, ...fields } = fieldsOf(schemas[name]);
  return fields as ReturnType<typeof apiFields<Name>>;
}

function fieldsOf({ properties, required = [] }: JsonSchema) {
  return Object.fromEntries(
    Object.entries(properties as Record<string, JsonSchema>).map(
      ([name, property]): [string, (z: Zod) => zod.ZodTypeAny] => [
        name,
        z => {
          const field = zodOf(z, property);
          return (required as string[]).includes(name)
            ? field
            : field.optional();
        },
      ],
    ),
  );
}

function zodOf(z: Zod, schema: JsonSchema): zod.ZodTypeAny {
  const { $ref, ...siblings } = schema;
  if (typeof $ref === 'string') {
    const referred = schemas[$ref.slice('#/components/schemas/'.length)];
    return zodOf(z, { ...referred, ...siblings });
  }
  const made = undescribed(z, schema);
  return typeof schema.description === 'string'
    ? made.describe(schema.description)
    : made;
}

/** @throws for keywords that no input of an action has yet */
function undescribed(z: Zod, schema: JsonSchema): zod.ZodTypeAny {
  const { oneOf, discriminator, enum: values, pattern } = schema;
  const limits = schema as Partial<Record<string, number>>;
  if (oneOf && discriminator) {
    const { propertyName } = discriminator as { propertyName: string };
    const [first, ...others] = (oneOf as JsonSchema[]).map(option =>
      zodOf(z, option),
    ) as zod.ZodDiscriminatedUnionOption<string>[];
    return z.discriminatedUnion(propertyName, [first, ...others]);
  }
  if (values) {
    const [first, second, ...others] = (values as string[]).map(value =>
      z.literal(value),
    );
    return second ? z.union([first, second, ...others]) : first;
  }
  switch (schema.type) {
    case 'object': {
      const fields = Object.entries(fieldsOf(schema));
      const object = z.object(
        Object.fromEntries(fields.map(([name, field]) => [name, field(z)])),
      );
      return schema.additionalProperties === false ? object.strict() : object;
    }
    case 'array': {
      const list = z.array(zodOf(z, schema.items as JsonSchema));
      return bounded(list, limits.minItems, limits.maxItems);
    }
    case 'boolean':
      return z.boolean();
    case 'integer':
      return bounded(z.number().int(), limits.minimum, limits.maximum);
    case 'string': {
      const text = bounded(z.string(), limits.minLength, limits.maxLength);
      return pattern ? text.regex(new RegExp(pattern as string)) : text;
    }
    default:
      throw new Error(`No zod schema for ${JSON.stringify(schema)}`);
  }
}

function bounded<T extends { min(limit: number): T; max(limit: number): T }>(
  schema: T,
  least: number | undefined,
  most: number | undefined,
): T {
  const from = least === undefined ? schema : schema.min(least);
  return most === undefined ? from : from.max(most);
}
