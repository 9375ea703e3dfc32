import { loadConfigSchema } from '@backstage/config-loader';
import type { JsonObject } from '@backstage/types';
import { resolve } from 'node:path';
import { settings } from '.';

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  enum?: string[];
}

const GUID = '11111111-2222-4333-8444-555555555555';

/** Every key that config.d.ts documents, by its full place. */
function documented(schema: JsonSchema, at: string): string[] {
  const { properties = {}, items, anyOf = [] } = schema;
  // A duration is a value, also where it is written as an object.
  if ('milliseconds' in properties) return [];
  return [
    ...Object.entries(properties).flatMap(([key, field]) => [
      `${at}.${key}`,
      ...documented(field, `${at}.${key}`),
    ]),
    ...(items ? documented(items, `${at}[]`) : []),
    ...anyOf.flatMap(each => documented(each, at)),
  ];
}

describe('config.d.ts', () => {
  let schema: Awaited<ReturnType<typeof loadConfigSchema>>;
  beforeAll(async () => {
    schema = await loadConfigSchema({
      dependencies: [],
      packagePaths: [resolve(__dirname, '../../../package.json')],
    });
  });

  /** Schema of `acrCmk`. */
  function settingsSchema(): JsonSchema {
    const { schemas } = schema.serialize() as unknown as {
      schemas: {
        packageName: string;
        value: JsonSchema;
      }[];
    };
    const { value } = schemas.find(
      ({ packageName }) => packageName === 'backstage-plugin-acr-cmk-backend',
    )!;
    return value.properties!.acrCmk;
  }

  it('documents the very settings that the plugin reads', () => {
    const keys = documented(settingsSchema(), 'acrCmk');
    expect([...new Set(keys)].sort()).toEqual([...settings].sort());
  });

  it('marks every secret, so that Backstage keeps it out of its log', () => {
    const credential = {
      kind: 'client-secret',
      tenantId: GUID,
      clientId: GUID,
      clientSecret: 'secret',
      certificatePath: '/certificate.pem',
    };
    const data: JsonObject = {
      acrCmk: {
        azure: {
          credentials: Object.fromEntries(
            ['read', 'rotate', 'revoke', 'provision'].map(job => [
              job,
              credential,
            ]),
          ),
        },
        audit: { checkpoints: { signingKey: 'secret' } },
      },
    };
    const [{ data: secrets }] = schema.process([{ data, context: 'test' }], {
      visibility: ['secret'],
      // What other packages need is not there.
      ignoreSchemaErrors: true,
    });
    const hidden = { clientSecret: 'secret' };
    expect(secrets).toEqual({
      acrCmk: {
        azure: {
          credentials: {
            read: hidden,
            rotate: hidden,
            revoke: hidden,
            provision: hidden,
          },
        },
        audit: { checkpoints: { signingKey: 'secret' } },
      },
    });
  });
});
