import type { HumanDuration } from '@backstage/types';

/**
 * Credential of one job in Azure. A block with a `clientSecret` is of the kind
 * `client-secret`, one with a `certificatePath` of the kind `client-certificate`; any other kind is
 * written. An empty block is refused, because Backstage leaves out what comes from an environment
 * variable that is not set.
 */
interface Credential {
  /**
   * - `client-secret`: an app registration with a secret; needs `tenantId`, `clientId` and
   *   `clientSecret`.
   * - `client-certificate`: an app registration with a certificate; needs `tenantId`, `clientId`
   *   and `certificatePath`.
   * - `workload-identity`: an app registration or identity that trusts the service account of the
   *   pod (AKS); needs `clientId`.
   * - `managed-identity`: a user-assigned identity of the machine; needs `clientId`.
   * - `system-assigned-identity`: the machine's own identity; needs nothing.
   * - `default-chain`: what `DefaultAzureCredential` of `@azure/identity` finds; needs nothing.
   */
  kind?:
    | 'client-secret'
    | 'client-certificate'
    | 'workload-identity'
    | 'managed-identity'
    | 'system-assigned-identity'
    | 'default-chain';
  /**
   * GUID or domain of the tenant. For `workload-identity`, default: `AZURE_TENANT_ID`, which AKS
   * sets in the pod.
   */
  tenantId?: string;
  /** Client id of the app registration or identity, a GUID. */
  clientId?: string;
  /**
   * Secret of the app registration.
   *
   * @visibility secret
   */
  clientSecret?: string;
  /**
   * File with certificate and private key, in PEM. It is read again for each new token, so that it
   * may be renewed.
   */
  certificatePath?: string;
}

export interface Config {
  /**
   * Customer-managed keys of Azure Container Registries. Without this block the plugin runs, and
   * every registry is out of its scope. A key that is not a setting stops the plugin.
   */
  acrCmk?: {
    /**
     * Scopes that the plugin may read and change: ARM ids of subscriptions, resource groups or
     * management groups, such as `/subscriptions/<guid>`,
     * `/subscriptions/<guid>/resourceGroups/<group>` or
     * `/providers/Microsoft.Management/managementGroups/<name>`. A management group stands for every
     * subscription below it; the plugin lists them every hour. A registry outside of the scopes is
     * neither read nor changed, whatever an annotation says. Default: none.
     */
    scopes?: string[];
    /**
     * Names of the vaults whose keys may be chosen. Default: every vault in the subscriptions of
     * `scopes`.
     */
    vaults?: string[];
    /**
     * Registries that belong to an entity without having its ref in their tag
     * `backstage-entity-ref`. Default: none.
     */
    bindings?: Array<{
      /** ARM id of the registry. */
      registryId: string;
      /** Such as `resource:default/shop-images`. */
      entityRef: string;
    }>;
    /**
     * Keys and vaults that entities may use without being named in a tag `backstage-entity-ref` of
     * theirs. Each entry has either `keyIdentifier` or `vault`. Default: none.
     */
    keys?: Array<{
      /** URI of a key without a version, `https://<vault>.vault.azure.net/keys/<key>`. */
      keyIdentifier?: string;
      /** Name of a vault: each of its keys. */
      vault?: string;
      /** Entities, or groups and users that own them. At least one. */
      entityRefs: string[];
    }>;
    /**
     * User-assigned identities that entities may use without being named in a tag
     * `backstage-entity-ref` of theirs. Default: none.
     */
    identities?: Array<{
      /** ARM id of the identity. */
      resourceId: string;
      /** Entities, or groups and users that own them. At least one. */
      entityRefs: string[];
    }>;
    /**
     * Resource groups in which entities may create registries without being named in a tag
     * `backstage-entity-ref` of theirs. In any other, somebody with the permission
     * `acr-cmk.unbound.change` has to agree. Default: none.
     */
    resourceGroups?: Array<{
      /** ARM id of the resource group, `/subscriptions/<guid>/resourceGroups/<group>`. */
      resourceGroupId: string;
      /** Entities, or groups and users that own them. At least one. */
      entityRefs: string[];
    }>;
    /**
     * Whether the annotation of an entity suffices to read a registry. With `false`, the registry's tag
     * `backstage-entity-ref` or `bindings` has to name the entity or its owner as well; set it in production, since
     * anybody who may register an entity can write an annotation. Who may see every registry still does.
     * Default: true.
     */
    readUnlinked?: boolean;
    azure?: {
      /**
       * Azure cloud that registries, vaults and credentials are in: `public`, `usGovernment`
       * or `china`. Default: `public`.
       */
      cloud?: 'public' | 'usGovernment' | 'china';
      /**
       * The credential for each job in Azure. Default: the default chain of `@azure/identity`
       * reads, and nothing writes. With this block, a job that is not named is off.
       */
      credentials?: {
        /** Reads registries, vaults, keys and role assignments. */
        read?: Credential;
        /** Makes keys and versions, sets rotation policies and updates registries. */
        rotate?: Credential;
        /** Takes access to keys away and gives it back. */
        revoke?: Credential;
        /** Makes registries and identities. */
        provision?: Credential;
      };
    };
    /**
     * Effects that need a second person, who has the permission `acr-cmk.operation.approve` and is not
     * the one who asked, whichever intent has them. So `restore` is also for a rotation that gives a
     * registry its key back, or an identity access to a key. The second person has 24 hours to decide. Default: none
     * of them.
     */
    approvals?: {
      rotate?: 'none' | 'required';
      automaticRotation?: 'none' | 'required';
      revoke?: 'none' | 'required';
      restore?: 'none' | 'required';
      retire?: 'none' | 'required';
      createRegistry?: 'none' | 'required';
      /**
       * Handling of a change of a key that registries of other entities use: `ask` for the
       * approval of somebody with the permission on those, or `refuse` it. Default: `ask`.
       */
      sharedKeys?: 'ask' | 'refuse';
    };
    /**
     * Holders of the permissions that requests need: groups, or the owners of the entity. Requests
     * for approval name and notify them, and refusals name them. Nothing is assumed: where a permission
     * has no entry, nobody is notified, and the request says so. This gives no right; the policy of
     * the portal decides. Default: none.
     */
    approvers?: Array<{
      /** Names of permissions, such as `acr-cmk.key.grant`. At least one. */
      permissions: string[];
      /** Entity refs of groups or users who hold them. */
      groups?: string[];
      /** Owners of an entity hold them on it. Default: false. */
      owners?: boolean;
    }>;
    /**
     * Delay before a revoke or a retire begins, so that it can be cancelled, at most 7
     * days. Default: not at all.
     */
    waitingPeriod?: HumanDuration | string;
    actions?: {
      /**
       * Register the action `accept-revoke-plan`, so that MCP clients and templates can ask for a revoke as
       * the person who uses them. It always waits for a second person, who types the registry's name on the
       * Encryption tab. Default: false.
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
       * Time for which ended operations are kept, with their plans, steps and evidence, and the history of
       * registries: 30 days to 10 years. Default: for ever. The audit record is always kept, and so are revokes that are not undone and the last
       * operation of each kind and end of a registry, and the newest one of each member of a campaign.
       */
      retention?: HumanDuration | string;
    };
    /** Campaigns: one change to many registries, in stages. A freeze over the present time stops them. */
    campaigns?: {
      /**
       * Hours of the week in which members may start. Windows of one time zone must not overlap. What has begun
       * goes on to its end. Default: at any time.
       */
      windows?: Array<{
        days: Array<
          | 'monday'
          | 'tuesday'
          | 'wednesday'
          | 'thursday'
          | 'friday'
          | 'saturday'
          | 'sunday'
        >;
        /** Time of the day, such as `08:00`. */
        from: string;
        /** Time of the day, later than `from`, at most `24:00`. */
        to: string;
        /** IANA name, such as `Europe/Berlin`. */
        timeZone: string;
      }>;
      /** Periods in which nothing starts, nor anything that would end in them by its estimate. Default: none. */
      freezes?: Array<{
        /** A time with its offset, such as `2026-12-20T00:00:00Z`, or a day in UTC. */
        from: string;
        /** A later time, in the form of `from`. */
        to: string;
        /** Shown while the freeze holds. */
        reason: string;
      }>;
    };
    /** Synchronization of the inventory with Azure. */
    sync?: {
      /** Interval between full listings, 1 minute to 1 hour. Default: 5 minutes. */
      interval?: HumanDuration | string;
    };
    /**
     * Takes events of Azure Event Grid at `/api/acr-cmk/v1/azure-events`, so that changes are seen in
     * seconds. Each delivery needs a token of Microsoft Entra that says all of this. Default: events are
     * not taken, and the route is not there.
     */
    events?: {
      /** The tenant that the tokens are from, a GUID. */
      tenantId: string;
      /** Audience of the tokens: the application id or its URI that the event subscription names. */
      audience: string;
      /**
       * Object id of the principal that delivers: the managed identity of the event subscription, or
       * the service principal of Event Grid.
       */
      principalId: string;
    };
    /**
     * Tells owners, by Backstage's notifications, what has happened to their registries; see
     * docs/notifications.md.
     */
    notifications?: {
      /** Needs the notifications plugin of Backstage. Default: false. */
      enabled?: boolean;
      /**
       * Groups or users to notify of registries without an owner. Entity refs. Default: nobody.
       * Requests for approval go to `approvers`.
       */
      platform?: string[];
    };
    audit?: {
      /**
       * Signed checkpoints of the audit chain, sent to Backstage's auditor when the backend starts and every hour.
       * Default: none are sent.
       */
      checkpoints?: {
        /**
         * Ed25519 private key in PEM; `openssl genpkey -algorithm ed25519` makes one. Line breaks
         * may be written as `\n`.
         *
         * @visibility secret
         */
        signingKey: string;
      };
    };
  };
}
