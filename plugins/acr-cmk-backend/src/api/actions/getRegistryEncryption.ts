import {
  type EntityRegistries,
  servicesInWords,
} from 'backstage-plugin-acr-cmk-common';
import type { ActionDeps } from './deps';
import { entityRef } from './schema';

export function registerGetRegistryEncryption({
  registry,
  services,
}: ActionDeps): void {
  registry.register({
    name: 'get-registry-encryption',
    title: 'Get the encryption of container registries',
    description: `How the Azure container registries of a catalog entity are encrypted: state, key, version in use and latest version, identity, findings with their remedy, and what the caller may do.

Use it first, before plan-key-operation, and again after an operation has ended. It changes nothing. A state may be up to a minute old unless refresh is true; "ageSeconds" says how old it is.

Example: {"entityRef":"resource:default/shop-images"} answers for instance with state "current" when the registry uses the latest version, "behind" when it does not, "revoked" when it has no access to its key.`,
    attributes: { readOnly: true, destructive: false, idempotent: true },
    examples: [
      {
        title: 'The registries of an entity',
        input: { entityRef: 'resource:default/shop-images' },
      },
      {
        title: 'Right after a change',
        input: { entityRef: 'resource:default/shop-images', refresh: true },
      },
    ],
    schema: {
      input: z =>
        z
          .object({
            entityRef: entityRef(z),
            refresh: z
              .boolean()
              .describe('Read Azure again, unless that was just done')
              .optional(),
          })
          .strict(),
      output: z =>
        z.object({
          entityRef: z.string(),
          registries: z.array(
            z.object({
              registryId: z.string(),
              readable: z.boolean(),
              name: z.string().optional(),
              state: z.string().describe('Such as current, or why unreadable'),
              message: z.string(),
              versionMode: z.string().optional(),
              keyIdentifier: z.string().optional(),
              versionInUse: z.string().optional(),
              latestVersion: z.string().optional(),
              identity: z.string().optional(),
              otherServices: z
                .array(z.string())
                .describe(
                  'Resources of other Azure services that are known to use the key. Empty does not mean none: see otherServicesLookedAt',
                )
                .optional(),
              otherServicesLookedAt: z
                .enum(['all', 'partly', 'no'])
                .describe(
                  'Whether other Azure services were looked at. With "no", nothing is known of them',
                )
                .optional(),
              runningOperationId: z.string().optional(),
              ageSeconds: z.number().optional(),
              findings: z.array(
                z.object({
                  id: z.string(),
                  severity: z.string(),
                  verdict: z.string(),
                  message: z.string(),
                  detail: z.string().optional(),
                  remedy: z.string().optional(),
                }),
              ),
              actions: z
                .array(
                  z.object({
                    action: z.string(),
                    allowed: z.boolean(),
                    reason: z.string().optional(),
                  }),
                )
                .describe('What the caller may ask for, and why not'),
            }),
          ),
        }),
    },
    async action({ input, credentials }) {
      const answer = await services.registries.registriesOf(
        input.entityRef,
        credentials,
        {
          refresh: input.refresh ?? false,
        },
      );
      return {
        output: {
          entityRef: answer.entityRef,
          registries: answer.registries.map(toOutput),
        },
      };
    },
  });
}

function toOutput(one: EntityRegistries['registries'][number]) {
  if (one.kind === 'unreadable') {
    return {
      registryId: one.text,
      readable: false,
      state: one.reason,
      message: one.message ?? one.reason,
      findings: [],
      actions: [],
    };
  }
  const { key } = one;
  return {
    registryId: one.registryId,
    readable: true,
    name: one.name,
    state: one.state.id,
    message: one.state.message,
    versionMode: one.versionMode,
    keyIdentifier: one.encryption.keyIdentifier ?? undefined,
    versionInUse: (key?.known && key.versionInUse) || undefined,
    latestVersion: (key?.known && key.latestVersion) || undefined,
    identity: one.identity?.name,
    otherServices: one.services && servicesInWords(one.services),
    otherServicesLookedAt: one.servicesLookedAt?.state,
    runningOperationId: one.runningOperationId ?? undefined,
    ageSeconds: one.freshness.ageSeconds,
    findings: one.findings,
    actions: one.actions,
  };
}
