import {
  isKeyName,
  isVaultName,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { z } from 'zod/v4';

/** A registry that the inventory knows, with its key. Ids and names are lower case. */
export interface RegistryRecord {
  id: RegistryId;
  tags: Readonly<Record<string, string>>;
  /** Refs that its tag `backstage-entity-ref` or the backend's configuration names. */
  entityRefs: readonly string[];
  key?: KeyRecord;
}

/** The key of a registry, with its vault. */
export interface KeyRecord {
  keyName: string;
  /** Refs, as for the registry. */
  entityRefs: readonly string[];
  vault: {
    name: string;
    host: string;
    /** ARM id; absent when no subscription in scope is known to hold it. */
    id?: string;
    tags: Readonly<Record<string, string>>;
    /** Refs, as for the registry. */
    entityRefs: readonly string[];
  };
}

/** Content of the inventory, and how far it is complete. */
export interface Inventory {
  registries: readonly RegistryRecord[];
  /** Completeness of the registries of each subscription in scope, by its id. */
  subscriptions: ReadonlyMap<string, boolean>;
  /** True when every other subscription is out of scope. */
  othersOutOfScope: boolean;
  malformed: {
    count: number;
    /** Registries that malformed records are of. */
    ids: ReadonlySet<string>;
    /** True when each malformed record names its registry. */
    named: boolean;
    /** Problem of the first one. */
    example?: string;
  };
}

const lower = z.string().transform(text => text.toLowerCase());
const tags = z.record(z.string(), z.string());
const entityRefs = z.array(lower);

const record = z.object({
  registryId: lower.transform((text, context) => {
    const id = RegistryId.tryParse(text);
    if (id) return id;
    context.issues.push({ code: 'custom', message: 'is no id', input: text });
    return z.NEVER;
  }),
  tags,
  entityRefs,
  key: z
    .object({
      keyName: lower.refine(isKeyName, 'is no name of a key'),
      entityRefs,
      vault: z.object({
        name: lower.refine(isVaultName, 'is no name of a vault'),
        host: lower.refine(
          text => /^[a-z0-9.-]{3,200}$/.test(text),
          'is no host',
        ),
        id: lower.optional(),
        tags,
        entityRefs,
      }),
    })
    .optional(),
});

/** Takes records apart, so that a malformed one harms no other. */
export function parseRecords(
  items: readonly unknown[],
): Pick<Inventory, 'registries' | 'malformed'> {
  const registries: RegistryRecord[] = [];
  const ids = new Set<string>();
  let [count, named] = [0, true];
  let example: string | undefined;
  for (const item of items) {
    const { success, data, error } = record.safeParse(item);
    if (success) {
      const { registryId, ...rest } = data;
      registries.push({ id: registryId, ...rest });
      continue;
    }
    count += 1;
    example ??= error.issues
      .map(({ path, message }) => `${path.join('.')} ${message}`)
      .join('; ');
    const id = RegistryId.tryParse(
      (item as { registryId?: unknown } | null)?.registryId,
    );
    if (id) ids.add(id.key);
    else named = false;
  }
  return { registries, malformed: { count, ids, named, example } };
}
