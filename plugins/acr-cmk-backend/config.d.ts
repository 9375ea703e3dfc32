import type { HumanDuration } from '@backstage/types';

export interface Config {
  /**
   * Customer-managed keys of Azure Container Registries. Without this block the plugin runs, and
   * every registry is out of its scope.
   */
  acrCmk?: {
    /**
     * What the plugin may look at and change: ARM ids of subscriptions or resource groups, such as
     * `/subscriptions/<guid>` or `/subscriptions/<guid>/resourceGroups/<group>`. A registry outside
     * of them is neither read nor changed, whatever an annotation says. Default: none.
     */
    scopes?: string[];
    /**
     * Names of the vaults whose keys may be chosen. Default: every vault in the subscriptions of
     * `scopes`.
     */
    vaults?: string[];
    /**
     * Registries that belong to an entity without having its ref in their tag
     * `backstage-entity-ref`.
     */
    bindings?: Array<{
      /** ARM id of the registry. */
      registryId: string;
      /** Such as `resource:default/shop-images`. */
      entityRef: string;
    }>;
    azure?: {
      /**
       * Who the plugin is to Azure, for each of its jobs. With nothing here, the usual chain of
       * `@azure/identity` does all of them. With at least one entry, a missing one takes its buttons
       * away.
       */
      credentials?: {
        /** Reads registries, vaults, keys and role assignments. */
        read?: {
          tenantId?: string;
          clientId: string;
          /** Without a secret, `clientId` is a managed identity of the machine. @visibility secret */
          clientSecret?: string;
        };
        /** Makes key versions and updates registries. */
        rotate?: {
          tenantId?: string;
          clientId: string;
          /** @visibility secret */
          clientSecret?: string;
        };
        /** Makes registries with their identities and keys, for templates. */
        provision?: {
          tenantId?: string;
          clientId: string;
          /** @visibility secret */
          clientSecret?: string;
        };
        /** Takes access to keys away and gives it back. */
        revoke?: {
          tenantId?: string;
          clientId: string;
          /** @visibility secret */
          clientSecret?: string;
        };
      };
    };
    /**
     * Which intents need a second person, who has the permission `acr-cmk.operation.approve` and is
     * not the one who asked. Default: none of them.
     */
    approvals?: {
      rotate?: 'none' | 'required';
      revoke?: 'none' | 'required';
      restore?: 'none' | 'required';
      retire?: 'none' | 'required';
      createRegistry?: 'none' | 'required';
      /** How long the second person has. Default: 24 hours. */
      expireAfter?: HumanDuration | string;
    };
    /**
     * How long a revoke or a retire waits before it begins, so that it can be cancelled. Default:
     * not at all.
     */
    waitingPeriod?: HumanDuration | string;
    actions?: {
      /**
       * Register the action `revoke-key`, so that MCP clients and templates can ask for a revoke as
       * the person who uses them. It still needs a plan's hash, the typed name and a reason, and
       * approval as `approvals` says. Default: false.
       */
      revoke?: boolean;
    };
    operations?: {
      /** Offer to disable old versions that no registry uses any more. Default: false. */
      retire?: boolean;
      /**
       * Offer to revoke by soft-deleting the key, where purge protection makes it recoverable.
       * Default: false.
       */
      deleteKey?: boolean;
      /**
       * How long a worker's claim holds without a sign of life, before another worker takes the
       * operation over. In seconds, 30 to 600. Default: 60.
       */
      leaseSeconds?: number;
      /** How often an idle worker looks for work. In seconds, 0.1 to 60. Default: 2. */
      pollSeconds?: number;
    };
  };
}
