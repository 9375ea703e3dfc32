import { apiFields, type FleetRegistry } from 'backstage-plugin-acr-cmk-common';
import type { ActionDeps } from './deps';

/** Rows of one answer: as many as an assistant reads with profit. */
const LIMIT = 50;

const filter = apiFields('CampaignFilter');

export function registerFindRegistries({
  registry,
  services,
}: ActionDeps): void {
  registry.register({
    name: 'find-registries',
    title: 'Find container registries',
    description: `The Azure container registries of the whole fleet that the caller may see, worst first, with the state of their encryption, key, version mode, expiry and the entities that name them.

Use it for questions about many registries, such as which are pinned, which keys expire before a day, or what uses a vault. Use get-registry-encryption for everything about the registries of one entity. It changes nothing. All filters that are given have to hold. "total" counts all that match; ask again with "cursor" set to "nextCursor" for more.

Example: {"state":["pinned-key-trap","behind-manual"]} finds registries that do not follow new versions of their key.`,
    attributes: { readOnly: true, destructive: false, idempotent: true },
    examples: [
      {
        title: 'What needs attention',
        input: { severity: ['error', 'warning'] },
      },
      {
        title: 'What expires before the year ends',
        input: { expiresBefore: '2027-01-01' },
      },
      {
        title: 'What uses a vault and is named by no entity',
        input: { vault: 'kv-contoso-rbac', unbound: true },
      },
    ],
    schema: {
      input: z =>
        z
          .object({
            state: filter.state(z),
            severity: filter.severity(z),
            mode: filter.mode(z),
            owner: filter.owner(z),
            entityRef: filter.entityRef(z),
            subscription: filter.subscription(z),
            resourceGroup: filter.resourceGroup(z),
            vault: filter.vault(z),
            key: filter.key(z),
            expiresBefore: filter.expiresBefore(z),
            unbound: filter.unbound(z),
            search: filter.search(z),
            cursor: z
              .string()
              .regex(/^[A-Za-z0-9_-]{1,800}$/)
              .describe('nextCursor of the answer before')
              .optional(),
          })
          .strict(),
      output: z =>
        z.object({
          total: z.number(),
          nextCursor: z.string().optional(),
          searchIncomplete: z
            .boolean()
            .describe('Names of entities were left out of the search'),
          registries: z.array(
            z.object({
              registryId: z.string(),
              name: z.string(),
              state: z.string(),
              message: z.string(),
              stateSince: z.string().optional(),
              severity: z.string(),
              findings: z.array(z.string()),
              key: z
                .string()
                .optional()
                .describe('Vault and key, as vault/key'),
              versionMode: z.string().optional(),
              versionInUse: z.string().optional(),
              latestVersion: z.string().optional(),
              expiresAt: z.string().optional(),
              behindSince: z.string().optional(),
              entities: z.array(
                z.object({
                  entityRef: z.string(),
                  owner: z.string().optional(),
                }),
              ),
              hiddenEntities: z.number(),
              observedAt: z.string().optional(),
              stale: z.boolean(),
            }),
          ),
        }),
    },
    async action({ input, credentials }) {
      const { cursor, ...filterOfInput } = input;
      const page = await services.fleet.list(
        {
          filter: filterOfInput,
          order: { sort: 'state', direction: 'asc' },
          cursor,
          limit: LIMIT,
        },
        credentials,
      );
      return { output: { ...page, registries: page.items.map(toOutput) } };
    },
  });
}

function toOutput({ state, key, ...item }: FleetRegistry) {
  return {
    ...item,
    state: state.id,
    message: state.message,
    key: key && `${key.vaultName}/${key.keyName}`,
  };
}
