/* Made by `yarn generate` from openapi/openapi.yaml. Do not edit. */

export interface paths {
  '/v1/entities/{kind}/{namespace}/{name}/registries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The encryption of every registry that an entity names
     * @description Facts younger than a minute are answered from the plugin's own tables; older ones are read again, and kept with their age when Azure does not answer. Needs acr-cmk.registry.read on the entity.
     */
    get: operations['getRegistriesOfEntity'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/plans': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * What would happen, and what it would affect
     * @description Reads fresh facts and writes nothing to Azure. A plan lives for fifteen minutes and only the person who made it can have it carried out.
     */
    post: operations['createPlan'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/operations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Operations of an entity, newest first */
    get: operations['listOperations'];
    put?: never;
    /**
     * Carry a plan out
     * @description The plan is made again from fresh facts; any difference from planHash is a 409 with the difference. The same idempotencyKey with the same request answers with the same operation.
     */
    post: operations['acceptPlan'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/operations/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One operation with its steps and their evidence */
    get: operations['getOperation'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/operations/{id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The operation as it changes, as server-sent events
     * @description Each event is named `operation`, carries the whole operation and has the operation's revision as its id. With Last-Event-ID only newer revisions are sent. The stream ends after the terminal state.
     */
    get: operations['streamOperation'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/operations/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Stop an operation that has not written to Azure yet */
    post: operations['cancelOperation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/operations/{id}/approve': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Approve someone else's operation
     * @description Needs what the operation waits for (approval.needs), a person, and another one than asked for the operation. The plan is made again from fresh facts; a difference voids it.
     */
    post: operations['approveOperation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/operations/{id}/reject': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Reject someone else's operation
     * @description Needs acr-cmk.operation.approve on the entity, or what the operation waits for. The operation ends as rejected.
     */
    post: operations['rejectOperation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/operations/{id}/confirm': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Keep a revoke that would be restored automatically
     * @description Stops the timer of a revoke that was asked for with restoreAfterMinutes. Needs acr-cmk.key.revoke on the entity.
     */
    post: operations['confirmOperation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/vaults': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Vaults whose keys may be chosen
     * @description Those in the subscriptions of acrCmk.scopes that acrCmk.vaults allows, with a key that is open to the entity; without an entity, to the caller and what they own. Needs acr-cmk.use.
     */
    get: operations['listVaults'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/vaults/{vault}/keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Keys of a vault, of types that a registry can use
     * @description Needs acr-cmk.use.
     */
    get: operations['listKeys'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/vaults/{vault}/keys/{key}/versions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Versions of a key that may be chosen, newest first
     * @description Needs acr-cmk.use.
     */
    get: operations['listKeyVersions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/vaults/{vault}/keys/{key}/name': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Is the name free for a new key of the vault?
     * @description Also among its soft-deleted keys. Changes nothing. Needs acr-cmk.registry.create. Unknown for a vault that is not open to the caller, their groups, or an entity of theirs.
     */
    get: operations['checkKeyName'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/registry-name': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Is the name free for a new registry?
     * @description In all of Azure. Changes nothing. Needs acr-cmk.registry.create, and the resource group in acrCmk.scopes.
     */
    get: operations['checkRegistryName'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/identities': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * User-assigned identities that may be chosen
     * @description Those in acrCmk.scopes that are open like keys. Needs acr-cmk.use.
     */
    get: operations['listIdentities'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/registries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Registries behind the entities that the caller may see
     * @description Needs acr-cmk.use; entities are those that the catalog shows the caller.
     */
    get: operations['listRegistries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The record of who did what, oldest first
     * @description Rows of a chain in which each holds the hash of the one before, so that an export can be checked offline. Needs acr-cmk.audit.read.
     */
    get: operations['readAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/audit/acknowledge': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Acknowledge that the audit record is damaged, so that changes go on
     * @description While the chain is broken, nothing is accepted or approved (AUDIT_CHAIN_BROKEN). This adds a record that names the breaks, the person and the reason; the damage stays as it is. Refused with AUDIT_CHAIN_INTACT when there is none. Needs acr-cmk.audit.acknowledge. What a program sends is refused with ACTION_REFUSED, whoever's token it has.
     */
    post: operations['acknowledgeAuditBreak'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/doctor': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How this installation is set up, and what is wrong with it
     * @description Runs every check of the doctor: configuration, credentials, scopes, rights, network, clocks, database, permission policy, entities. Changes nothing. Requests at the same time share one run. Needs acr-cmk.doctor.read.
     */
    get: operations['readDoctorReport'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/inventory/status': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What the inventory knows of Azure, how old that is, and what is missing
     * @description What the last sweep saw in each subscription of the scopes, what could not be read, how old the oldest facts are, and how much Azure lets this backend still ask. Asks Azure nothing. Needs acr-cmk.inventory.read.
     */
    get: operations['readInventoryStatus'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/inventory/sync': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Have everything listed again now
     * @description The next turn of the sync, which is at most a minute away, lists everything. Asked for again before that, it is one listing. Needs acr-cmk.inventory.sync.
     */
    post: operations['syncInventory'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/inventory/registries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What identifies each registry, for the catalog
     * @description Every registry in scope with its key and the vault of that, ordered by id: nothing of it changes by itself. For the catalog plugin of the same portal, which the module for the catalog runs in; anybody else is refused. Asks Azure nothing.
     */
    get: operations['listInventoryRegistries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/fleet/registries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Registries of the whole fleet, page by page
     * @description From the plugin's own tables; neither Azure nor the whole catalog is read. Needs acr-cmk.fleet.read, whose conditions select the registries.
     */
    get: operations['listFleetRegistries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/fleet/registries.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The same registries as CSV, for auditors
     * @description RFC 4180 in UTF-8, streamed, by name. A cell that a spreadsheet would take for a formula begins with an apostrophe. Needs acr-cmk.fleet.read.
     */
    get: operations['exportFleetRegistries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/fleet/registries/{subscription}/{resourceGroup}/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One registry as the Encryption tab shows it, to read only
     * @description For registries that no entity names, too. Changes are asked for by an entity, so no action is offered. Needs acr-cmk.fleet.read on the registry.
     */
    get: operations['getFleetRegistry'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/fleet/summary': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How many registries there are of each kind
     * @description Under the same filter as the list, so that every count is the number of rows that the filter with that value lists. Needs acr-cmk.fleet.read.
     */
    get: operations['getFleetSummary'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/fleet/keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Keys with their versions, and who uses which
     * @description Keys of the registries that the filter selects, by vault and name. For each old version, since when it is safe to retire, or why it is not. Needs acr-cmk.fleet.read.
     */
    get: operations['listFleetKeys'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/fleet/expiries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What expires, and what the vaults will rotate, by week
     * @description Of the registries that the filter selects. Weeks begin on Monday in UTC; the first one is the current one, and also holds what has expired before. Needs acr-cmk.fleet.read.
     */
    get: operations['listFleetExpiries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/fleet/waiting': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Operations that wait for the caller's approval
     * @description Wherever in scope they are, the longest waiting first. They are approved and rejected at /v1/operations/{id}. Needs no permission but those by which the caller may approve them.
     */
    get: operations['listFleetWaiting'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    ErrorBody: {
      error: {
        name: string;
        message: string;
        code?: string;
        field?: string;
        permission?: string;
        limit?: string;
        retryAfterSeconds?: number;
        operationId?: string;
        changes?: components['schemas']['FieldChange'][];
      };
    };
    Uuid: string;
    Sha256: string;
    /** @description ISO 8601 in UTC */
    Time: string;
    /** @description Full, such as `resource:default/shop-images`. */
    EntityRef: string;
    ArmId: string;
    /** @description Why, in one line, for the record: 3 to 500 characters with a letter or digit among them, none that control, change direction or are not seen, not beginning with =, +, - or @. */
    Reason: string;
    FieldChange: {
      field: string;
      shown: string;
      now: string;
    };
    /** @description Every registry that an entity names, in the order of its annotation. */
    EntityRegistries: {
      entityRef: components['schemas']['EntityRef'];
      registries: (
        | components['schemas']['RegistryEncryption']
        | components['schemas']['UnreadableRegistry']
      )[];
    };
    /** @description A registry of which nothing is known, with the reason. */
    UnreadableRegistry: {
      /**
       * @constant
       * @enum {string}
       */
      kind: 'unreadable';
      /** @description What the annotation says. */
      text: string;
      reason: components['schemas']['UnreadableReason'];
      message?: string;
    };
    /**
     * @description Why nothing is known of a registry that an entity names.
     * @enum {string}
     */
    UnreadableReason:
      | 'invalid-id'
      | 'out-of-scope'
      | 'not-found'
      | 'denied'
      | 'unavailable';
    /** @description The encryption of one registry, as the caller may see it. */
    RegistryEncryption: {
      /**
       * @constant
       * @enum {string}
       */
      kind: 'registry';
      registryId: components['schemas']['ArmId'];
      name: string;
      loginServer: string;
      location: string;
      state: components['schemas']['RegistryState'];
      encryption: components['schemas']['EncryptionFields'];
      /** @description Absent until the first rotation. */
      lastKeyRotation?: components['schemas']['Time'];
      versionMode?: components['schemas']['VersionMode'];
      identity: components['schemas']['EncryptionIdentity'] | null;
      accessPaths: components['schemas']['AccessPaths'];
      key:
        | components['schemas']['KeyView']
        | components['schemas']['UnknownView']
        | null;
      vault:
        | components['schemas']['VaultView']
        | components['schemas']['UnknownView']
        | null;
      findings: components['schemas']['Finding'][];
      consumers: components['schemas']['Consumer'][];
      /** @description Whether these are all registries that use the key. Not before every subscription in scope has been listed, nor while one cannot be. */
      consumersComplete: boolean;
      /** @description What the caller may ask for, and why not. */
      actions: components['schemas']['ActionOffer'][];
      binding: components['schemas']['Binding'];
      freshness: components['schemas']['Freshness'];
      /** @description What signals of changes name the registry by. It says nothing else, and stays as it is. */
      changeToken?: string;
      /** @description Null as well when the caller is not told of the operation. */
      runningOperationId: components['schemas']['Uuid'] | null;
    };
    /**
     * @description `converging` and `behind`: it follows new versions, within or beyond the hour that Azure takes. `behind-by-choice`: it is pinned to an older version. `pinned-key-trap`: it is pinned while the vault rotates the key. `at-risk`: the version in use expires soon. `unreachable`: it cannot use its key. `unknown`: Azure could not be read.
     * @enum {string}
     */
    RegistryStateId:
      | 'current'
      | 'converging'
      | 'behind'
      | 'behind-by-choice'
      | 'pinned-key-trap'
      | 'at-risk'
      | 'expired'
      | 'unreachable'
      | 'revoked'
      | 'unknown'
      | 'no-cmk';
    /** @description The one word for how a registry stands, with a sentence that explains it. */
    RegistryState: {
      id: components['schemas']['RegistryStateId'];
      message: string;
      /** @description When the state is expected to end or to bite: the end of the hour of a converging registry, the expiry of a key at risk. */
      until?: components['schemas']['Time'];
      /** @description Of a revoked registry, when this portal did it. Left out where the entity is not linked to the registry, unless the caller may read the entity that the revoke was asked for. */
      revoked?: components['schemas']['RevokedBy'];
    };
    /** @description Who revoked access to the key by an operation of this plugin, why, and until when. */
    RevokedBy: {
      operationId: components['schemas']['Uuid'];
      /** @description Entity ref of the person. */
      by: string;
      reason: string;
      at: components['schemas']['Time'];
      /** @description When it is restored automatically, unless it is confirmed. */
      restoresAt?: components['schemas']['Time'];
      /** @description The registry that the revoke named, when that is another one. */
      registryName?: string;
      pulls?: components['schemas']['Pulls'];
    };
    /** @description What pulls from the registry get after an operation. They are tried, without a lock, until they show its effect, and no longer than `until`. */
    Pulls: {
      /** @enum {string} */
      wanted: 'refused' | 'answered';
      /**
       * @description `reached`: pulls show it, since `since`. `unreached`: they did not in time. `stopped`: a later operation has changed what they get.
       * @enum {string}
       */
      state: 'watching' | 'reached' | 'unreached' | 'stopped';
      since?: components['schemas']['Time'];
      /** @description HTTP status of the last pull that was answered. */
      status?: number;
      checkedAt?: components['schemas']['Time'];
      until: components['schemas']['Time'];
    };
    /**
     * @description `automatic`: a versionless key URI, new versions are used within about an hour. `manual`: one version, until it is changed.
     * @enum {string}
     */
    VersionMode: 'automatic' | 'manual';
    /** @description The five fields of `properties.encryption`, as Azure names them. */
    EncryptionFields: {
      /** @enum {string} */
      status: 'enabled' | 'disabled';
      keyIdentifier: string | null;
      /** @description Client id of a user-assigned identity, or `system`. */
      identity: string | null;
      /** @description The version in use. In a plan, `<new version>` stands for the version that the vault will name. */
      versionedKeyIdentifier: string | null;
      keyRotationEnabled: boolean | null;
    };
    /** @description The identity with which a registry reaches its key. */
    EncryptionIdentity: {
      /** @enum {string} */
      kind: 'system' | 'user-assigned';
      name: string;
      resourceId?: string;
      clientId?: string;
      principalId?: string;
      /** @description Is it attached to the registry (user-assigned) or turned on (system)? */
      attached: boolean;
    };
    /** @description How the identity may use the key, or why that is not known. */
    AccessPaths: {
      known: boolean;
      problem?: string;
      paths: components['schemas']['AccessPath'][];
    };
    /** @description One way by which the identity may wrap and unwrap with the key. */
    AccessPath: {
      /** @enum {string} */
      kind: 'access-policy' | 'role-assignment';
      message: string;
      /** @description Granted to the identity itself at the key or the vault; else inherited from a wider scope or by a group. */
      direct: boolean;
      role?: string;
      scope?: string;
      assignmentId?: string;
      permissions?: string[];
    };
    /** @description What could not be read, and how Azure refused. */
    UnknownView: {
      /** @constant */
      known: false;
      problem: string;
    };
    /** @description The key with all of its versions, newest first. */
    KeyView: {
      /** @constant */
      known: true;
      name: string;
      vaultName: string;
      type: string;
      size?: number;
      recoveryLevel?: string;
      rotatesByPolicy: boolean;
      rotationPolicy?: components['schemas']['RotationPolicy'];
      versionInUse: string | null;
      latestVersion: string | null;
      /** @description Newest first, at most 200. */
      versions: components['schemas']['KeyVersion'][];
    };
    /** @description One version of a key. Times are ISO 8601, by the vault. */
    KeyVersion: {
      version: string;
      enabled: boolean;
      created: components['schemas']['Time'];
      notBefore?: components['schemas']['Time'];
      expires?: components['schemas']['Time'];
    };
    /** @description The vault of the key. */
    VaultView: {
      /** @constant */
      known: true;
      name: string;
      id: string;
      /** @enum {string} */
      permissionModel: 'rbac' | 'access-policy';
      purgeProtection: boolean;
      softDeleteRetentionDays: number;
      /**
       * @description `trusted-services`: closed, but Azure's trusted services, of which Container Registry is one, may pass.
       * @enum {string}
       */
      firewall: 'open' | 'trusted-services' | 'closed';
    };
    /** @description What one health rule says of a registry. */
    Finding: {
      id: string;
      /** @enum {string} */
      severity: 'info' | 'warning' | 'error';
      /**
       * @description `undecided`: what it takes to know could not be read.
       * @enum {string}
       */
      verdict: 'found' | 'undecided';
      message: string;
      remedy?: string;
      /** @description What would fix it, when this portal can. */
      intent?: components['schemas']['Intent'];
    };
    /** @description A registry that uses the same key. Entities that the caller may not see are counted, not named. */
    Consumer: {
      registryId: components['schemas']['ArmId'];
      registryName: string;
      self: boolean;
      inCatalog: boolean;
      versionMode?: components['schemas']['VersionMode'];
      versionInUse?: string;
      entities: {
        entityRef: string;
        owner?: string;
      }[];
      /** @description Entities that the caller may not see. */
      hiddenEntities: number;
      /** @description In a plan, it loses its key by what the plan does. */
      losesKey?: boolean;
    };
    /**
     * @description What a registry offers.
     * @enum {string}
     */
    ActionId: 'rotate' | 'automatic-rotation' | 'revoke' | 'restore' | 'retire';
    /** @description Whether the caller may do this now; if not, why. */
    ActionOffer: {
      action: components['schemas']['ActionId'];
      allowed: boolean;
      /** @description Why not, when it is not allowed. */
      reason?: string;
    };
    /** @description Whether it is proven that the registry belongs to the entity: by its tag, or by `acrCmk.bindings`. */
    Binding: {
      proven: boolean;
      /** @enum {string} */
      by?: 'tag' | 'config';
      message: string;
    };
    /** @description How old the facts behind an answer are. `ageSeconds` is counted when the answer is made. */
    Freshness: {
      /** @description When the oldest of the facts shown was read. */
      observedAt: components['schemas']['Time'];
      ageSeconds: number;
      /** @description A newer reading was tried and failed. */
      stale: boolean;
      problem?: string;
    };
    /** @description What a person asks for. `kind` says which. */
    Intent:
      | components['schemas']['RotateIntent']
      | components['schemas']['AutomaticRotationIntent']
      | components['schemas']['RevokeIntent']
      | components['schemas']['RestoreIntent']
      | components['schemas']['RetireIntent']
      | components['schemas']['CreateRegistryIntent'];
    /** @description Have a registry use a new version of its key, another key, another identity or the other version mode. */
    RotateIntent: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'rotate';
      /** @description Which key. A new version of the current one by default. */
      key?:
        | components['schemas']['NewVersion']
        | components['schemas']['CurrentKey']
        | components['schemas']['ExistingKey']
        | components['schemas']['NewKey'];
      /**
       * @description When an automatic registry switches to a new version of its key: `now` sends its current key again, so that it reads it now; `wait` leaves it to Azure, which takes up to an hour. `now` by default.
       * @enum {string}
       */
      follow?: 'now' | 'wait';
      identity?: components['schemas']['IdentityText'];
      /** @description Grant the identity the access to the key that it lacks, by access policy or role assignment, depending on the vault. False by default. */
      grantAccess?: boolean;
    };
    /** @description Have the vault make new versions of the registry's key by its rotation policy, and the registry follow them; or turn that off again. The policy is the key's: it holds for every registry that uses the key. */
    AutomaticRotationIntent: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'automatic-rotation';
      rotation:
        | components['schemas']['RotationOn']
        | components['schemas']['RotationOff']
        | components['schemas']['RotationAsBefore'];
    };
    /** @description The vault rotates the key by this policy, and the registry stores the key without a version. */
    RotationOn: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'on';
      policy: components['schemas']['RotationPolicy'];
    };
    /** @description The vault makes no new versions by itself any more. Expiry and notice of the policy stay, and so does the version mode of the registry. */
    RotationOff: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'off';
    };
    /** @description The rotation policy and the key identifier that were there before an operation of this portal changed them. */
    RotationAsBefore: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'as-before';
      /** @description The operation to undo: one of automatic-rotation, of the same registry. The latest that succeeded by default. */
      operationId?: components['schemas']['Uuid'];
    };
    /** @description Rotation policy of a key, as in Key Vault. To rotate, it has one of timeAfterCreate (at least 7 days) and timeBeforeExpiry (at least 7 days; needs expiryTime). */
    RotationPolicy: {
      /** @description A new version, this long after the newest one was created. */
      timeAfterCreate?: components['schemas']['PolicyDuration'];
      /** @description A new version, this long before the newest one expires. */
      timeBeforeExpiry?: components['schemas']['PolicyDuration'];
      /** @description How long versions are valid that are created from then on; at least 28 days. Without it, they do not expire. */
      expiryTime?: components['schemas']['PolicyDuration'];
      /** @description How long before the newest version expires Key Vault sends the event KeyNearExpiry. */
      notifyBeforeExpiry?: components['schemas']['PolicyDuration'];
    };
    /** @description ISO 8601 duration in years, months, weeks and days, such as `P90D` or `P1Y6M`. */
    PolicyDuration: string;
    /** @description The encryption identity: resource id, name or client id of a user-assigned identity, or `system`. It is attached to the registry, or turned on, if it is not. The current one by default. */
    IdentityText: string;
    NewVersion: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'new-version';
    };
    /** @description The key and version that the registry uses now, in the mode that is said. */
    CurrentKey: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'current';
      /** @description The current one by default. */
      mode?: components['schemas']['VersionMode'];
    };
    ExistingKey: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'existing';
      /** @description URI of a key in a vault that may be used. With a version the registry stays on it (manual), without one it follows new versions (automatic). */
      keyIdentifier: string;
    };
    /** @description A key that the plan makes in a vault. */
    NewKey: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'new-key';
      vaultName: components['schemas']['VaultName'];
      keyName: components['schemas']['KeyName'];
      /** @description Automatic by default. */
      mode?: components['schemas']['VersionMode'];
      /**
       * @description That of the current key by default; RSA for a new registry.
       * @enum {string}
       */
      type?: 'RSA' | 'RSA-HSM';
      /**
       * @description Bits. That of the current key by default; 3072 for a new registry.
       * @enum {integer}
       */
      size?: 2048 | 3072 | 4096;
    };
    /** @description Of a vault, or of a Managed HSM with `.managedhsm` at its end. */
    VaultName: string;
    KeyName: string;
    /**
     * @description `access-policy` and `role-assignment` remove the identity's access to the key, `disable-version` disables the version in use, `disable-all-versions` every version of the key, `delete-key` soft-deletes the key.
     * @enum {string}
     */
    RevokeMethodId:
      | 'access-policy'
      | 'role-assignment'
      | 'disable-version'
      | 'disable-all-versions'
      | 'delete-key';
    /** @description Take the access to its key away from a registry. */
    RevokeIntent: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'revoke';
      /** @description By default, the one that takes the key from the fewest registries. */
      method?: components['schemas']['RevokeMethodId'];
      /** @description Restore it automatically after this many minutes, unless someone keeps it revoked. Never by default. */
      restoreAfterMinutes?: number;
    };
    /** @description Give a registry its access back: all that is missing now. */
    RestoreIntent: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'restore';
      /** @description The revoke to undo. The latest one of the registry by default. */
      operationId?: components['schemas']['Uuid'];
      /** @description Give back only what the revoke `operationId` took away. What other revokes took, or was removed outside of the portal, stays as it is. Automatic restores do that. False by default. */
      onlyOperation?: boolean;
    };
    /** @description Disable an old version of the registry's key, once no known registry uses it. Off unless acrCmk.operations.retire is true. */
    RetireIntent: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'retire';
      version: string;
    };
    /** @description A Premium registry, encrypted with a customer-managed key: that can be chosen only when a registry is created. `registryId` of the request is the id of the new registry; `entityRef` is written into its tag, as the proof of its binding. */
    CreateRegistryIntent: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'create-registry';
      /** @description Azure region, such as `westeurope`. */
      location: string;
      /** @description User-assigned identity by resource id, client id or name; `create` makes one of that name in the registry's resource group when there is none. */
      identity: {
        name: string;
        create?: boolean;
      };
      key:
        | components['schemas']['ExistingKey']
        | components['schemas']['NewKey'];
      /** @description Rotation policy of the key: a new version every so many days. Only with a new key. None by default. */
      rotateEveryDays?: number;
    };
    /** @description For which registry of which entity a plan is to be made. */
    PlanRequest: {
      entityRef: components['schemas']['EntityRef'];
      registryId: components['schemas']['ArmId'];
      intent: components['schemas']['Intent'];
    };
    /** @description What would happen: checks, steps, state before and after, affected registries and the inverse. `hash` is over all of it. */
    Plan: {
      id: components['schemas']['Uuid'];
      hash: components['schemas']['Sha256'];
      createdAt: components['schemas']['Time'];
      expiresAt: components['schemas']['Time'];
      entityRef: components['schemas']['EntityRef'];
      registryId: components['schemas']['ArmId'];
      registryName: string;
      intent: components['schemas']['Intent'];
      summary: string;
      before: components['schemas']['EncryptionFields'];
      after: components['schemas']['EncryptionFields'];
      checks: components['schemas']['Check'][];
      steps: components['schemas']['PlannedStep'][];
      consumers: components['schemas']['Consumer'][];
      inverse: components['schemas']['Inverse'];
      confirmation: {
        /** @description What has to be typed, when something has. */
        typedName: string | null;
      };
      /** @description Of a revoke, every method with what it would do; the plan uses one of them. */
      methods?: components['schemas']['RevokeMethod'][];
      approval: {
        /** @description A second person has to approve it. */
        required: boolean;
        message?: string;
        /** @description What whoever asked lacks, for each whose agreement is needed. They are met one by one, by one person or by several, never by the one who asked. */
        needs?: components['schemas']['Need'][];
      };
      /** @description How long the operation waits before it begins, so that it can be cancelled. */
      waitingSeconds: number;
      /** @description A check has failed; the plan will not be accepted. */
      blocked: boolean;
    };
    /** @description One way to revoke: whether it is there for this registry, and which other registries it affects. */
    RevokeMethod: {
      method: components['schemas']['RevokeMethodId'];
      chosen: boolean;
      recommended: boolean;
      available: boolean;
      /** @description What it does, or why it is not available. */
      message: string;
      /** @description Whether and until when it can be undone. */
      reversible: string;
      /** @description Other registries that lose their key with it, those out of scope included. */
      alsoAffects: number;
    };
    /** @description One thing that has to hold before a plan may be accepted. */
    Check: {
      id: string;
      /** @enum {string} */
      status: 'pass' | 'warn' | 'fail' | 'unknown';
      message: string;
      remedy?: string;
    };
    /** @description One write or one wait of a plan. */
    PlannedStep: {
      kind: string;
      title: string;
      target: string;
      /** @description Does it change something in Azure, or only wait and look? */
      writes: boolean;
      /** @description The commands of `az`, in order, that do or show the same by hand. */
      commands?: string[];
    };
    /** @description Whether the plan can be undone, and how. */
    Inverse: {
      available: boolean;
      message: string;
    };
    /** @description Accepts a plan. The same `idempotencyKey` of the same person gives the same operation. */
    OperationRequest: {
      planId: components['schemas']['Uuid'];
      planHash: components['schemas']['Sha256'];
      reason: components['schemas']['Reason'];
      /** @description The registry's name, typed by a person, where the plan asks for it. */
      confirmation?: string;
      /** @description Made by the client, one for each thing that it wants done. */
      idempotencyKey: string;
    };
    /**
     * @description Where an operation stands.
     * @enum {string}
     */
    OperationState:
      | 'awaiting-approval'
      | 'queued'
      | 'running'
      | 'waiting'
      | 'succeeded'
      | 'failed'
      | 'cancelled'
      | 'rejected'
      | 'unverified';
    /** @description An accepted plan and how far it is. It is never deleted. */
    Operation: {
      id: components['schemas']['Uuid'];
      /** @description Grows with every change. It is the id of the event in the stream. */
      revision: number;
      state: components['schemas']['OperationState'];
      intent: components['schemas']['Intent'];
      entityRef: components['schemas']['EntityRef'];
      registryId: components['schemas']['ArmId'];
      registryName: string;
      plan: components['schemas']['Plan'];
      reason: string;
      requestedBy: string;
      createdAt: components['schemas']['Time'];
      startedAt?: components['schemas']['Time'];
      endedAt?: components['schemas']['Time'];
      /** @description Absent when no second person is needed. */
      approval?: components['schemas']['Approval'];
      /** @description End of the waiting period, of an operation that has one. */
      beginsAt?: components['schemas']['Time'];
      /** @description When a revoke is restored automatically, unless it is confirmed. */
      restoresAt?: components['schemas']['Time'];
      /** @description Who made a revoke permanent that would have been restored automatically. */
      confirmedBy?: string;
      pulls?: components['schemas']['Pulls'];
      /** @description What the caller may do with the operation, and why not. */
      actions: components['schemas']['OperationOffer'][];
      /** @description What a waiting operation waits for, and until when it will look again. */
      waiting?: {
        message: string;
        until: components['schemas']['Time'];
      };
      steps: components['schemas']['OperationStep'][];
      result: components['schemas']['OperationResult'] | null;
    };
    /** @description How an operation ended. `code` is set when it did not succeed. */
    OperationResult: {
      message: string;
      code?: string;
      correlationId?: string;
    };
    /** @description One step of an operation, with what was seen in Azure before and after it. */
    OperationStep: {
      index: number;
      kind: string;
      title: string;
      target: string;
      writes: boolean;
      commands?: string[];
      /**
       * @description `unchanged`: no change was needed; nothing was written.
       * @enum {string}
       */
      state:
        | 'pending'
        | 'running'
        | 'waiting'
        | 'done'
        | 'unchanged'
        | 'failed';
      /** @description How often it wrote to Azure. */
      attempts: number;
      startedAt?: components['schemas']['Time'];
      endedAt?: components['schemas']['Time'];
      /** @description What was seen before and after, one line for each thing. */
      evidence?: {
        what: string;
        before: string;
        after: string;
      }[];
      correlationId?: string;
      message?: string;
    };
    /** @description Whether the caller may take this decision about an operation now; if not, why. */
    OperationOffer: {
      /** @enum {string} */
      action: 'approve' | 'reject' | 'cancel' | 'confirm';
      allowed: boolean;
      /** @description Why not, when it is not allowed. */
      reason?: string;
    };
    /** @description Whose approval an operation needs: of whoever has the permission, on the entity where one is named. */
    Need: {
      permission: string;
      /** @description On which entity. Absent for a permission without one, and where the reader may not see the entity. */
      entityRef?: components['schemas']['EntityRef'];
      /** @description It is on an entity that the reader may not see. */
      hiddenEntity?: boolean;
      because: string;
      /** @description Who has met it. */
      by?: string;
      at?: components['schemas']['Time'];
    };
    /** @description Whether other people have to agree, what they have said, and until when they may. */
    Approval: {
      needs?: components['schemas']['Need'][];
      /** @description What an approver has to type as confirmation, because a program asked for the operation. */
      typedName?: string;
      /** @enum {string} */
      state: 'pending' | 'approved' | 'rejected' | 'expired';
      by?: string;
      at?: components['schemas']['Time'];
      /** @description While it is awaited. */
      expiresAt?: components['schemas']['Time'];
    };
    /** @description False when something that should be listed could not be read. */
    Complete: boolean;
    /** @description A vault that a form may offer. */
    VaultChoice: {
      name: string;
      location: string;
      /** @enum {string} */
      sku: 'standard' | 'premium';
      /** @enum {string} */
      permissionModel: 'rbac' | 'access-policy';
      purgeProtection: boolean;
      /** @description Why a new registry cannot use a key of it; empty when it can. `purge-protection-off`: a deleted key could be lost for good. `firewall-closed`: no registry gets through, because its firewall is closed to Azure's trusted services, too. */
      unsuitable: ('purge-protection-off' | 'firewall-closed')[];
    };
    /** @description A key that a form may offer. `keyIdentifier` has no version. */
    KeyChoice: {
      name: string;
      /** @description Without a version. */
      keyIdentifier: string;
      type?: string;
      size?: number;
      enabled?: boolean;
    };
    /** @description A version of a key that a form may offer. */
    KeyVersionChoice: {
      /** @description 32 hex digits. */
      version: string;
      enabled: boolean;
      /** Format: date-time */
      created: string;
      /** Format: date-time */
      expires?: string;
    };
    /** @description Whether a name is free. `soft-deleted`: a deleted key has it until it is purged. */
    NameCheck: {
      name: string;
      /** @enum {string} */
      state: 'free' | 'taken' | 'soft-deleted' | 'unknown';
      /** @description What Azure says of a name that is taken; why it is not known. */
      message?: string;
      /**
       * Format: date-time
       * @description When the soft-deleted key is purged by itself.
       */
      until?: string;
    };
    /** @description A user-assigned identity that a form may offer. */
    IdentityChoice: {
      name: string;
      resourceId: string;
      clientId: string;
    };
    /** @description A registry that a form may offer, with the entities of the caller that name it. */
    RegistryChoice: {
      registryId: components['schemas']['ArmId'];
      name: string;
      location: string;
      /** @description With a customer-managed key. */
      encrypted: boolean;
      versionMode?: components['schemas']['VersionMode'];
      entities: {
        entityRef: string;
        owner?: string;
      }[];
    };
    ResourceGroup: string;
    /**
     * @description `state`, the default, is worst first; `expires` is soonest first; `age` is of the version in use, oldest first. What has no such time comes last.
     * @enum {string}
     */
    FleetSort: 'state' | 'name' | 'expires' | 'age';
    /**
     * @description Of the worst finding. `none` says that there is no finding, and of an unknown state that none is known.
     * @enum {string}
     */
    FleetSeverity: 'error' | 'warning' | 'info' | 'none';
    /** @description An entity that names a registry. */
    FleetEntity: {
      entityRef: string;
      owner?: string;
    };
    /** @description The latest operation of a registry. Absent for callers who neither see the whole fleet nor asked for it themselves nor have acr-cmk.registry.read on its entity or on one that the registry is linked to. */
    FleetOperation: {
      id: components['schemas']['Uuid'];
      /** @description Of its intent. */
      kind: string;
      state: components['schemas']['OperationState'];
      /** @description When it ended, or else when it was asked for. */
      at: components['schemas']['Time'];
    };
    /** @description A registry of the fleet, with what it is filtered and sorted by. */
    FleetRegistry: {
      registryId: components['schemas']['ArmId'];
      name: string;
      subscriptionId: string;
      resourceGroup: string;
      location: string;
      state: components['schemas']['RegistryState'];
      severity: components['schemas']['FleetSeverity'];
      /** @description Ids of the findings that hold. */
      findings: string[];
      /** @description Absent without a customer-managed key in a vault of this cloud. */
      key?: {
        vaultName: string;
        keyName: string;
      };
      versionMode?: components['schemas']['VersionMode'];
      versionInUse?: string;
      /** @description When the version in use was created. */
      versionCreatedAt?: components['schemas']['Time'];
      /** @description The newest enabled one of the key. */
      latestVersion?: string;
      /** @description Since when there has been a newer version than the one in use. */
      behindSince?: components['schemas']['Time'];
      /** @description When the version in use expires. */
      expiresAt?: components['schemas']['Time'];
      /** @description Entities that name the registry, as far as the caller may see them. */
      entities: components['schemas']['FleetEntity'][];
      /** @description Entities that name it and that the caller may not see. */
      hiddenEntities: number;
      /** @description Owners of the entities that name it, and the groups and users that its tag or the configuration names, as far as the caller may see them. */
      owners: string[];
      lastOperation?: components['schemas']['FleetOperation'];
      /** @description When the registry was read. */
      observedAt?: components['schemas']['Time'];
      /** @description A newer reading was tried and failed. */
      stale: boolean;
    };
    /** @description One page of registries of the fleet. */
    FleetRegistries: {
      items: components['schemas']['FleetRegistry'][];
      /** @description Registries on all pages. */
      total: number;
      /** @description Absent on the last page. */
      nextCursor?: string;
      searchIncomplete: components['schemas']['SearchIncomplete'];
    };
    /** @description More than 500 entities match the search, so names of entities were left out of it. A longer text finds them. */
    SearchIncomplete: boolean;
    /** @description A registry as the Encryption tab shows it, and the entities that name it. */
    FleetRegistryView: {
      registry:
        | components['schemas']['RegistryEncryption']
        | components['schemas']['UnreadableRegistry'];
      /** @description Entities that name it, by which it can be changed. */
      entities: components['schemas']['FleetEntity'][];
      hiddenEntities: number;
    };
    /** @description How many registries have a value. */
    FleetCount: {
      value: string;
      count: number;
    };
    /** @description What of the fleet is seen, and what is not. */
    FleetScope: {
      /** @description Registries that the caller may see. */
      visible: number;
      /** @description Registries in acrCmk.scopes that are known. */
      known: number;
      /** @description Subscriptions of acrCmk.scopes whose registries could not be listed. */
      unreadableSubscriptions: number;
      /** @description Which, and why. Only for callers who may see every registry. */
      problems?: {
        subscriptionId: string;
        message: string;
        /** @description When they were last listed. */
        listedAt?: components['schemas']['Time'];
      }[];
      /** @description When the oldest facts of the registries that the caller may see were read. */
      oldestObservedAt?: components['schemas']['Time'];
    };
    /** @description Counts of registries of the fleet. */
    FleetSummary: {
      total: number;
      counts: {
        /** @description Worst first. */
        state: components['schemas']['FleetCount'][];
        /** @description Worst first. */
        severity: components['schemas']['FleetCount'][];
        /** @description Of those with a customer-managed key. */
        mode: components['schemas']['FleetCount'][];
        /** @description At most 100, with the most first. A registry with several owners counts for each. */
        owner: components['schemas']['FleetCount'][];
        /** @description Owners that the caller may not see, or beyond the first 100. */
        otherOwners: number;
        /** @description Registries that no entity names. */
        unbound: number;
        /** @description Most first. */
        subscription: components['schemas']['FleetCount'][];
        /** @description Most first. */
        vault: components['schemas']['FleetCount'][];
      };
      scope: components['schemas']['FleetScope'];
      searchIncomplete: components['schemas']['SearchIncomplete'];
    };
    /** @description A registry that uses a key. */
    FleetHolder: {
      registryId: components['schemas']['ArmId'];
      name: string;
      versionMode?: components['schemas']['VersionMode'];
    };
    /** @description Of an enabled version that is not the newest one. */
    FleetRetirement: {
      /** @description No known registry uses it, and all registries are known. */
      safe: boolean;
      /** @description Since when certainly no registry that uses the key now has used this version. Absent where that is not known. */
      since?: components['schemas']['Time'];
      /** @description Why, or who still holds it. */
      message: string;
    };
    /** @description A version of a key, with who uses it. */
    FleetKeyVersion: {
      version: string;
      /** @description Absent, as the times are, when the key could not be read or has no such version. */
      enabled?: boolean;
      created?: components['schemas']['Time'];
      expires?: components['schemas']['Time'];
      newest: boolean;
      /** @description Registries that use it and that the caller may see. */
      registries: number;
      /** @description Registries that use it and that the caller may not see. */
      hiddenRegistries: number;
      /** @description The first 20 of `registries`, by name. */
      holders: components['schemas']['FleetHolder'][];
      retirement?: components['schemas']['FleetRetirement'];
    };
    /** @description A key that registries of the fleet use. */
    FleetKey: {
      vaultName: string;
      keyName: string;
      latestVersion?: string;
      rotatesByPolicy?: boolean;
      /** @description When the vault's policy will make the next version. */
      rotatesAt?: components['schemas']['Time'];
      /** @description When the key was read. Absent when it never was; then versions are those in use. */
      observedAt?: components['schemas']['Time'];
      /** @description Why it could not be read, or read again. */
      problem?: string;
      /** @description Registries that use the key and that the caller may see. */
      registries: number;
      hiddenRegistries: number;
      /** @description Of entities that name these registries; at most 20. */
      owners: string[];
      /** @description Owners that the caller may not see, or beyond the first 20. */
      otherOwners: number;
      /** @description Newest first, at most 50; those in use are always among them. */
      versions: components['schemas']['FleetKeyVersion'][];
      moreVersions: number;
    };
    /** @description One page of keys of the fleet. */
    FleetKeys: {
      items: components['schemas']['FleetKey'][];
      total: number;
      nextCursor?: string;
      searchIncomplete: components['schemas']['SearchIncomplete'];
    };
    /** @description Something that time will do to a key. */
    FleetExpiry: {
      /**
       * @description `expiry`: a version in use expires. `rotation`: the vault makes a new version by its policy, which registries in automatic mode follow.
       * @enum {string}
       */
      kind: 'expiry' | 'rotation';
      at: components['schemas']['Time'];
      vaultName: string;
      keyName: string;
      /** @description Of an expiry, the version that expires. */
      version?: string;
      /** @description Of an expiry those that use the version, of a rotation those that will follow. */
      registries: number;
      /** @description Of a rotation, registries that will not follow. */
      pinned?: number;
      /** @description The first 5 registries, by name. */
      holders: components['schemas']['FleetHolder'][];
    };
    /** @description What happens to keys in one week. */
    FleetWeek: {
      /** @description Monday, 00:00 UTC. */
      start: components['schemas']['Time'];
      /** @description Registries whose version in use expires. */
      expiries: number;
      /** @description Keys that their vault rotates. */
      rotations: number;
    };
    /** @description What expires and what vaults rotate, by week. */
    FleetExpiries: {
      weeks: components['schemas']['FleetWeek'][];
      /** @description Soonest first, at most 500. */
      items: components['schemas']['FleetExpiry'][];
      /** @description False when there are more than 500. The weeks count all of them. */
      complete: boolean;
      searchIncomplete: components['schemas']['SearchIncomplete'];
    };
    /** @description An operation that the caller may approve. */
    WaitingOperation: {
      id: components['schemas']['Uuid'];
      /** @description Of the plan that is to be approved. */
      planHash: components['schemas']['Sha256'];
      /**
       * @description Its kind.
       * @enum {string}
       */
      intent:
        | 'rotate'
        | 'automatic-rotation'
        | 'revoke'
        | 'restore'
        | 'retire'
        | 'create-registry';
      /** @description Of the plan. */
      summary: string;
      registryId: components['schemas']['ArmId'];
      registryName: string;
      /** @description Absent when the caller may not see the entity. */
      entityRef?: components['schemas']['EntityRef'];
      requestedBy: string;
      reason: string;
      createdAt: components['schemas']['Time'];
      /** @description When it ends as rejected unless it is approved. */
      expiresAt?: components['schemas']['Time'];
      /** @description Registries that the plan affects. */
      consumers: number;
      /** @description What has to be typed to approve it, because a program asked for it. */
      typedName?: string;
      /** @description What the caller would agree to, for each why. */
      needs: string[];
    };
    /** @description Operations that wait for the caller's approval. */
    FleetWaiting: {
      items: components['schemas']['WaitingOperation'][];
      /** @description False when there are more than 100. */
      complete: boolean;
    };
    /**
     * @description `failed`: something does not work. `unknown`: it could not be found out. `warning`: it works, and may not be what is wanted.
     * @enum {string}
     */
    DoctorStatus: 'ok' | 'warning' | 'failed' | 'unknown';
    /** @description One thing that a check found. */
    DoctorLine: {
      status: components['schemas']['DoctorStatus'];
      message: string;
      /** @description What to do about it. */
      remedy?: string;
    };
    /** @description One check of the doctor. */
    DoctorCheck: {
      id: string;
      title: string;
      /** @description The worst of its lines. */
      status: components['schemas']['DoctorStatus'];
      lines: components['schemas']['DoctorLine'][];
    };
    /** @description What the doctor found, check by check. */
    DoctorReport: {
      at: components['schemas']['Time'];
      /** @description The worst of the checks. */
      status: components['schemas']['DoctorStatus'];
      checks: components['schemas']['DoctorCheck'][];
    };
    /** @description One subscription of the scopes, as the last sweep that has ended saw it. */
    ListedScope: {
      subscriptionId: string;
      /**
       * @description `whole`: everything was listed. `fallen`: much less was listed than is known, which is kept. `partial`: not everything could be listed. `unknown`: it was not listed yet.
       * @enum {string}
       */
      state: 'whole' | 'fallen' | 'partial' | 'unknown';
      registries: {
        /** @description How many are known. */
        known: number;
        /** @description How many Azure counts; absent where it was not asked. */
        expected?: number;
        /** @description How many the sweep saw. */
        seen?: number;
      };
      /** @description When everything in it was last listed whole. */
      listedAt?: components['schemas']['Time'];
      /** @description What is wrong */
      problem?: string;
    };
    /** @description One listing of everything. */
    InventorySweep: {
      /** @enum {string} */
      state: 'running' | 'whole' | 'partial' | 'failed';
      startedAt: components['schemas']['Time'];
      endedAt?: components['schemas']['Time'];
      partitions?: {
        all: number;
        read: number;
      };
      /** @description What kept all of it from success. */
      problem?: string;
    };
    /** @description What is left of one of Azure's limits, as the backend that answers knows it. */
    CallBudget: {
      /** @description Kind of calls that are counted together. */
      quota: string;
      /** @description Subscription, or host of a vault; empty for the tenant. */
      of: string;
      /** @description First job that has the credential. */
      credential: string;
      left: number;
      size: number;
      /** @description So long Azure wants no more calls. */
      pausedSeconds?: number;
    };
    /** @description One page of registries by what identifies them. */
    InventoryRegistries: {
      items: components['schemas']['InventoryRegistry'][];
      /** @description Whether a subscription that is not listed here is known to be out of scope. Not where acrCmk.scopes has management groups: what is below one is only known once it could be read. */
      othersOutOfScope: boolean;
      /** @description Every subscription in scope, with each page. */
      subscriptions: {
        subscriptionId: string;
        /** @description All of its registries are among the items: it was listed, and the last listing did not fail. Of any other, a registry that is not among them may still be there. */
        whole: boolean;
      }[];
      nextCursor?: string;
    };
    /** @description One registry by what identifies it. Ids and names are lower case, however Azure spells them. */
    InventoryRegistry: {
      registryId: components['schemas']['ArmId'];
      tags: components['schemas']['ChosenTags'];
      /** @description Entities that its tag backstage-entity-ref or acrCmk.bindings names. */
      entityRefs: components['schemas']['NamedEntities'];
      /** @description The key that it is encrypted with; absent without one. */
      key?: {
        keyName: string;
        /** @description Entities that its own tag backstage-entity-ref or an entry of acrCmk.keys names. */
        entityRefs: components['schemas']['NamedEntities'];
        vault: {
          name: string;
          /** @description In the cloud of acrCmk.azure.cloud, such as contoso.vault.azure.net. */
          host: string;
          /** @description Absent when no subscription in scope is known to hold it. */
          id?: components['schemas']['ArmId'];
          tags: components['schemas']['ChosenTags'];
          /** @description Entities that its tag backstage-entity-ref or an entry of acrCmk.keys names. */
          entityRefs: components['schemas']['NamedEntities'];
        };
      };
    };
    /** @description Full refs in lower case, in order, each once. */
    NamedEntities: string[];
    /** @description Those of the tags that were asked for, by their names in lower case. */
    ChosenTags: {
      [key: string]: string;
    };
    /** @description What the inventory knows of Azure, and how well. */
    InventoryStatus: {
      at: components['schemas']['Time'];
      /** @description Whether the inventory is listed by itself. */
      enabled: boolean;
      /** @description How many are known in all. */
      registries: number;
      /** @description When the registry was read whose facts are the oldest. */
      oldestFactsAt?: components['schemas']['Time'];
      scopes: components['schemas']['ListedScope'][];
      lastSweep?: components['schemas']['InventorySweep'];
      /** @description When the last sweep began that saw everything. */
      lastWholeSweepAt?: components['schemas']['Time'];
      /** @description Things that are to be read again. */
      dirty: number;
      /** @description The lists of keys of the vaults that registries use. */
      keyLists?: {
        /** @description Vaults that were asked. */
        vaults: number;
        /** @description Vaults that did not answer the last time; what is known of their keys may be old. */
        failed: number;
        /** @description What kept the first of them from being listed. */
        problem?: string;
      };
      /** @description The scarcest limits, at most twenty. */
      budget: components['schemas']['CallBudget'][];
    };
    /** @description One record of the permanent chain. */
    AuditRecord: {
      seq: number;
      at: components['schemas']['Time'];
      /** @description Entity ref of the person, also where the engine acts for them later. */
      actor: string;
      event: string;
      entityRef?: string;
      registryId?: string;
      operationId?: components['schemas']['Uuid'];
      details: {
        [key: string]: unknown;
      };
      previousHash: components['schemas']['Sha256'];
      /** @description SHA-256 over the canonical JSON (RFC 8785) of everything else in the record. */
      hash: components['schemas']['Sha256'];
    };
  };
  responses: {
    /** @description BODY_TOO_LARGE. No right body is larger than 20 kB. */
    BodyTooLarge: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorBody'];
      };
    };
    /** @description CONTENT_TYPE_UNSUPPORTED. Bodies are JSON in UTF-8. */
    ContentTypeUnsupported: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorBody'];
      };
    };
    /** @description LIMIT_REACHED. The caller has reached a limit; the message names the setting below acrCmk.limits. */
    LimitReached: {
      headers: {
        /** @description Seconds until another attempt may succeed. */
        'Retry-After'?: string;
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorBody'];
      };
    };
    /** @description Backstage's error body. `error.code` is for a switch, `error.message` for a person; an INVALID_INPUT names the field. */
    Problem: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ErrorBody'];
      };
    };
  };
  parameters: {
    /** @description The entity for whose registry it is chosen. Needs acr-cmk.registry.read on it. */
    ChosenForEntity: components['schemas']['EntityRef'];
    /** @description The registry: what it uses already may be chosen, too. Only with an entity. */
    ChosenForRegistry: components['schemas']['ArmId'];
    kind: string;
    namespace: string;
    name: string;
    operationId: components['schemas']['Uuid'];
    /** @description Any of these states, with commas between them. */
    fleetState: components['schemas']['RegistryStateId'][];
    /** @description Of the worst finding; any of these, with commas between them. */
    fleetSeverity: components['schemas']['FleetSeverity'][];
    fleetMode: components['schemas']['VersionMode'];
    /** @description Owner of an entity that names the registry, or a group or user that its tag names. */
    fleetOwner: components['schemas']['EntityRef'];
    /** @description An entity that names the registry. */
    fleetEntityRef: components['schemas']['EntityRef'];
    fleetSubscription: string;
    fleetResourceGroup: components['schemas']['ResourceGroup'];
    /** @description Name of the vault of the registry's key. */
    fleetVault: components['schemas']['VaultName'];
    /** @description Name of the registry's key. */
    fleetKey: string;
    /** @description The version in use expires before this day, or before this moment in UTC. What has expired already is among them. */
    fleetExpiresBefore: string;
    /** @description With `true`, registries that no entity names; with `false`, the others. */
    fleetUnbound: 'true' | 'false';
    /** @description Part of the name of the registry, its key, its vault, or an entity that names it. Case does not matter. */
    fleetSearch: string;
    /** @description nextCursor of the page before, with the same sort and direction. */
    fleetCursor: string;
    /** @description 1 to 200, 50 by default. */
    fleetLimit: string;
  };
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  getRegistriesOfEntity: {
    parameters: {
      query?: {
        /** @description With `true`, facts older than five seconds are read again. */
        refresh?: 'true' | 'false';
      };
      header?: never;
      path: {
        kind: components['parameters']['kind'];
        namespace: components['parameters']['namespace'];
        name: components['parameters']['name'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One entry for each registry that is named, in the annotation's order */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EntityRegistries'];
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  createPlan: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PlanRequest'];
      };
    };
    responses: {
      /** @description The plan */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Plan'];
        };
      };
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['ContentTypeUnsupported'];
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  listOperations: {
    parameters: {
      query: {
        entityRef: components['schemas']['EntityRef'];
        registryId?: components['schemas']['ArmId'];
        /** @description 1 to 100, 20 by default. */
        limit?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description At most `limit` operations */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['Operation'][];
          };
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  acceptPlan: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['OperationRequest'];
      };
    };
    responses: {
      /** @description Accepted, and durable */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Operation'];
        };
      };
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['ContentTypeUnsupported'];
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  getOperation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['parameters']['operationId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The operation as it stands */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Operation'];
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  streamOperation: {
    parameters: {
      query?: never;
      header?: {
        'Last-Event-ID'?: string;
      };
      path: {
        id: components['parameters']['operationId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A stream */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': string;
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  cancelOperation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['parameters']['operationId'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          reason: components['schemas']['Reason'];
        };
      };
    };
    responses: {
      /** @description The operation as it stands */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Operation'];
        };
      };
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['ContentTypeUnsupported'];
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  approveOperation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['parameters']['operationId'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @description Of the plan that was read, so that no other plan is approved by mistake. */
          planHash: components['schemas']['Sha256'];
          /** @description The registry's name as typed, when approval.typedName asks for it. */
          confirmation?: string;
        };
      };
    };
    responses: {
      /** @description The operation as it stands */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Operation'];
        };
      };
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['ContentTypeUnsupported'];
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  rejectOperation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['parameters']['operationId'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          reason: components['schemas']['Reason'];
        };
      };
    };
    responses: {
      /** @description The operation as it stands */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Operation'];
        };
      };
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['ContentTypeUnsupported'];
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  confirmOperation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['parameters']['operationId'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          reason: components['schemas']['Reason'];
        };
      };
    };
    responses: {
      /** @description The operation as it stands */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Operation'];
        };
      };
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['ContentTypeUnsupported'];
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  listVaults: {
    parameters: {
      query?: {
        /** @description The entity for whose registry it is chosen. Needs acr-cmk.registry.read on it. */
        entityRef?: components['parameters']['ChosenForEntity'];
        /** @description The registry: what it uses already may be chosen, too. Only with an entity. */
        registryId?: components['parameters']['ChosenForRegistry'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description By name */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['VaultChoice'][];
            complete: components['schemas']['Complete'];
          };
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  listKeys: {
    parameters: {
      query?: {
        /** @description The entity for whose registry it is chosen. Needs acr-cmk.registry.read on it. */
        entityRef?: components['parameters']['ChosenForEntity'];
        /** @description The registry: what it uses already may be chosen, too. Only with an entity. */
        registryId?: components['parameters']['ChosenForRegistry'];
      };
      header?: never;
      path: {
        vault: components['schemas']['VaultName'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description By name */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['KeyChoice'][];
          };
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  listKeyVersions: {
    parameters: {
      query?: {
        /** @description The entity for whose registry it is chosen. Needs acr-cmk.registry.read on it. */
        entityRef?: components['parameters']['ChosenForEntity'];
        /** @description The registry: what it uses already may be chosen, too. Only with an entity. */
        registryId?: components['parameters']['ChosenForRegistry'];
      };
      header?: never;
      path: {
        vault: components['schemas']['VaultName'];
        key: components['schemas']['KeyName'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['KeyVersionChoice'][];
          };
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  checkKeyName: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        vault: components['schemas']['VaultName'];
        key: components['schemas']['KeyName'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description As the vault says at this moment */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NameCheck'];
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  checkRegistryName: {
    parameters: {
      query: {
        /** @description The ARM id that the registry would have. */
        registryId: components['schemas']['ArmId'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description As Azure says at this moment */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NameCheck'];
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  listIdentities: {
    parameters: {
      query?: {
        /** @description The entity for whose registry it is chosen. Needs acr-cmk.registry.read on it. */
        entityRef?: components['parameters']['ChosenForEntity'];
        /** @description The registry: what it uses already may be chosen, too. Only with an entity. */
        registryId?: components['parameters']['ChosenForRegistry'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description By name */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['IdentityChoice'][];
            complete: components['schemas']['Complete'];
          };
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  listRegistries: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description By name */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['RegistryChoice'][];
            complete: components['schemas']['Complete'];
          };
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  readAudit: {
    parameters: {
      query?: {
        /** @description Only rows with a greater seq; 0 by default. */
        after?: string;
        /** @description 1 to 1000, 100 by default. */
        limit?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description At most `limit` rows */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['AuditRecord'][];
          };
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  acknowledgeAuditBreak: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          reason: components['schemas']['Reason'];
        };
      };
    };
    responses: {
      /** @description The record of the acknowledgement */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditRecord'];
        };
      };
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['ContentTypeUnsupported'];
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  readDoctorReport: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The report, also when checks have failed */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DoctorReport'];
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  readInventoryStatus: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The status */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InventoryStatus'];
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  syncInventory: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description It is asked for */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InventoryStatus'];
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  listInventoryRegistries: {
    parameters: {
      query?: {
        /** @description Names of tags to answer with, of registries and vaults, with commas between them; none by default. */
        tags?: string;
        /** @description nextCursor of the page before, with the same sort and direction. */
        cursor?: components['parameters']['fleetCursor'];
        /** @description 1 to 1000, 500 by default. */
        limit?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InventoryRegistries'];
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  listFleetRegistries: {
    parameters: {
      query?: {
        /** @description Any of these states, with commas between them. */
        state?: components['parameters']['fleetState'];
        /** @description Of the worst finding; any of these, with commas between them. */
        severity?: components['parameters']['fleetSeverity'];
        mode?: components['parameters']['fleetMode'];
        /** @description Owner of an entity that names the registry, or a group or user that its tag names. */
        owner?: components['parameters']['fleetOwner'];
        /** @description An entity that names the registry. */
        entityRef?: components['parameters']['fleetEntityRef'];
        subscription?: components['parameters']['fleetSubscription'];
        resourceGroup?: components['parameters']['fleetResourceGroup'];
        /** @description Name of the vault of the registry's key. */
        vault?: components['parameters']['fleetVault'];
        /** @description Name of the registry's key. */
        key?: components['parameters']['fleetKey'];
        /** @description The version in use expires before this day, or before this moment in UTC. What has expired already is among them. */
        expiresBefore?: components['parameters']['fleetExpiresBefore'];
        /** @description With `true`, registries that no entity names; with `false`, the others. */
        unbound?: components['parameters']['fleetUnbound'];
        /** @description Part of the name of the registry, its key, its vault, or an entity that names it. Case does not matter. */
        search?: components['parameters']['fleetSearch'];
        sort?: components['schemas']['FleetSort'];
        /** @description `desc` turns the order round. `asc` by default. */
        direction?: 'asc' | 'desc';
        /** @description nextCursor of the page before, with the same sort and direction. */
        cursor?: components['parameters']['fleetCursor'];
        /** @description 1 to 200, 50 by default. */
        limit?: components['parameters']['fleetLimit'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FleetRegistries'];
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  exportFleetRegistries: {
    parameters: {
      query?: {
        /** @description Any of these states, with commas between them. */
        state?: components['parameters']['fleetState'];
        /** @description Of the worst finding; any of these, with commas between them. */
        severity?: components['parameters']['fleetSeverity'];
        mode?: components['parameters']['fleetMode'];
        /** @description Owner of an entity that names the registry, or a group or user that its tag names. */
        owner?: components['parameters']['fleetOwner'];
        /** @description An entity that names the registry. */
        entityRef?: components['parameters']['fleetEntityRef'];
        subscription?: components['parameters']['fleetSubscription'];
        resourceGroup?: components['parameters']['fleetResourceGroup'];
        /** @description Name of the vault of the registry's key. */
        vault?: components['parameters']['fleetVault'];
        /** @description Name of the registry's key. */
        key?: components['parameters']['fleetKey'];
        /** @description The version in use expires before this day, or before this moment in UTC. What has expired already is among them. */
        expiresBefore?: components['parameters']['fleetExpiresBefore'];
        /** @description With `true`, registries that no entity names; with `false`, the others. */
        unbound?: components['parameters']['fleetUnbound'];
        /** @description Part of the name of the registry, its key, its vault, or an entity that names it. Case does not matter. */
        search?: components['parameters']['fleetSearch'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A header, then one line for each registry */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv': string;
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  getFleetRegistry: {
    parameters: {
      query?: {
        /** @description With `true`, facts older than five seconds are read again. */
        refresh?: 'true' | 'false';
      };
      header?: never;
      path: {
        subscription: components['schemas']['Uuid'];
        resourceGroup: components['schemas']['ResourceGroup'];
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The registry, and the entities that name it */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FleetRegistryView'];
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  getFleetSummary: {
    parameters: {
      query?: {
        /** @description Any of these states, with commas between them. */
        state?: components['parameters']['fleetState'];
        /** @description Of the worst finding; any of these, with commas between them. */
        severity?: components['parameters']['fleetSeverity'];
        mode?: components['parameters']['fleetMode'];
        /** @description Owner of an entity that names the registry, or a group or user that its tag names. */
        owner?: components['parameters']['fleetOwner'];
        /** @description An entity that names the registry. */
        entityRef?: components['parameters']['fleetEntityRef'];
        subscription?: components['parameters']['fleetSubscription'];
        resourceGroup?: components['parameters']['fleetResourceGroup'];
        /** @description Name of the vault of the registry's key. */
        vault?: components['parameters']['fleetVault'];
        /** @description Name of the registry's key. */
        key?: components['parameters']['fleetKey'];
        /** @description The version in use expires before this day, or before this moment in UTC. What has expired already is among them. */
        expiresBefore?: components['parameters']['fleetExpiresBefore'];
        /** @description With `true`, registries that no entity names; with `false`, the others. */
        unbound?: components['parameters']['fleetUnbound'];
        /** @description Part of the name of the registry, its key, its vault, or an entity that names it. Case does not matter. */
        search?: components['parameters']['fleetSearch'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Counts, and what is not seen */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FleetSummary'];
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  listFleetKeys: {
    parameters: {
      query?: {
        /** @description Any of these states, with commas between them. */
        state?: components['parameters']['fleetState'];
        /** @description Of the worst finding; any of these, with commas between them. */
        severity?: components['parameters']['fleetSeverity'];
        mode?: components['parameters']['fleetMode'];
        /** @description Owner of an entity that names the registry, or a group or user that its tag names. */
        owner?: components['parameters']['fleetOwner'];
        /** @description An entity that names the registry. */
        entityRef?: components['parameters']['fleetEntityRef'];
        subscription?: components['parameters']['fleetSubscription'];
        resourceGroup?: components['parameters']['fleetResourceGroup'];
        /** @description Name of the vault of the registry's key. */
        vault?: components['parameters']['fleetVault'];
        /** @description Name of the registry's key. */
        key?: components['parameters']['fleetKey'];
        /** @description The version in use expires before this day, or before this moment in UTC. What has expired already is among them. */
        expiresBefore?: components['parameters']['fleetExpiresBefore'];
        /** @description With `true`, registries that no entity names; with `false`, the others. */
        unbound?: components['parameters']['fleetUnbound'];
        /** @description Part of the name of the registry, its key, its vault, or an entity that names it. Case does not matter. */
        search?: components['parameters']['fleetSearch'];
        /** @description nextCursor of the page before, with the same sort and direction. */
        cursor?: components['parameters']['fleetCursor'];
        /** @description 1 to 200, 50 by default. */
        limit?: components['parameters']['fleetLimit'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FleetKeys'];
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  listFleetExpiries: {
    parameters: {
      query?: {
        /** @description Any of these states, with commas between them. */
        state?: components['parameters']['fleetState'];
        /** @description Of the worst finding; any of these, with commas between them. */
        severity?: components['parameters']['fleetSeverity'];
        mode?: components['parameters']['fleetMode'];
        /** @description Owner of an entity that names the registry, or a group or user that its tag names. */
        owner?: components['parameters']['fleetOwner'];
        /** @description An entity that names the registry. */
        entityRef?: components['parameters']['fleetEntityRef'];
        subscription?: components['parameters']['fleetSubscription'];
        resourceGroup?: components['parameters']['fleetResourceGroup'];
        /** @description Name of the vault of the registry's key. */
        vault?: components['parameters']['fleetVault'];
        /** @description Name of the registry's key. */
        key?: components['parameters']['fleetKey'];
        /** @description With `true`, registries that no entity names; with `false`, the others. */
        unbound?: components['parameters']['fleetUnbound'];
        /** @description Part of the name of the registry, its key, its vault, or an entity that names it. Case does not matter. */
        search?: components['parameters']['fleetSearch'];
        /** @description 1 to 104, 26 by default. */
        weeks?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A count for each week, and what it is made of */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FleetExpiries'];
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  listFleetWaiting: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description At most 100 */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FleetWaiting'];
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
}

export type ErrorBody = components['schemas']['ErrorBody'];
export type Uuid = components['schemas']['Uuid'];
export type Sha256 = components['schemas']['Sha256'];
/** ISO 8601 in UTC */
export type Time = components['schemas']['Time'];
/** Full, such as `resource:default/shop-images`. */
export type EntityRef = components['schemas']['EntityRef'];
export type ArmId = components['schemas']['ArmId'];
/** Why, in one line, for the record: 3 to 500 characters with a letter or digit among them, none that control, change direction or are not seen, not beginning with =, +, - or @. */
export type Reason = components['schemas']['Reason'];
export type FieldChange = components['schemas']['FieldChange'];
/** Every registry that an entity names, in the order of its annotation. */
export type EntityRegistries = components['schemas']['EntityRegistries'];
/** A registry of which nothing is known, with the reason. */
export type UnreadableRegistry = components['schemas']['UnreadableRegistry'];
/** Why nothing is known of a registry that an entity names. */
export type UnreadableReason = components['schemas']['UnreadableReason'];
/** The encryption of one registry, as the caller may see it. */
export type RegistryEncryption = components['schemas']['RegistryEncryption'];
/** `converging` and `behind`: it follows new versions, within or beyond the hour that Azure takes. `behind-by-choice`: it is pinned to an older version. `pinned-key-trap`: it is pinned while the vault rotates the key. `at-risk`: the version in use expires soon. `unreachable`: it cannot use its key. `unknown`: Azure could not be read. */
export type RegistryStateId = components['schemas']['RegistryStateId'];
/** The one word for how a registry stands, with a sentence that explains it. */
export type RegistryState = components['schemas']['RegistryState'];
/** Who revoked access to the key by an operation of this plugin, why, and until when. */
export type RevokedBy = components['schemas']['RevokedBy'];
/** What pulls from the registry get after an operation. They are tried, without a lock, until they show its effect, and no longer than `until`. */
export type Pulls = components['schemas']['Pulls'];
/** `automatic`: a versionless key URI, new versions are used within about an hour. `manual`: one version, until it is changed. */
export type VersionMode = components['schemas']['VersionMode'];
/** The five fields of `properties.encryption`, as Azure names them. */
export type EncryptionFields = components['schemas']['EncryptionFields'];
/** The identity with which a registry reaches its key. */
export type EncryptionIdentity = components['schemas']['EncryptionIdentity'];
/** How the identity may use the key, or why that is not known. */
export type AccessPaths = components['schemas']['AccessPaths'];
/** One way by which the identity may wrap and unwrap with the key. */
export type AccessPath = components['schemas']['AccessPath'];
/** What could not be read, and how Azure refused. */
export type UnknownView = components['schemas']['UnknownView'];
/** The key with all of its versions, newest first. */
export type KeyView = components['schemas']['KeyView'];
/** One version of a key. Times are ISO 8601, by the vault. */
export type KeyVersion = components['schemas']['KeyVersion'];
/** The vault of the key. */
export type VaultView = components['schemas']['VaultView'];
/** What one health rule says of a registry. */
export type Finding = components['schemas']['Finding'];
/** A registry that uses the same key. Entities that the caller may not see are counted, not named. */
export type Consumer = components['schemas']['Consumer'];
/** What a registry offers. */
export type ActionId = components['schemas']['ActionId'];
/** Whether the caller may do this now; if not, why. */
export type ActionOffer = components['schemas']['ActionOffer'];
/** Whether it is proven that the registry belongs to the entity: by its tag, or by `acrCmk.bindings`. */
export type Binding = components['schemas']['Binding'];
/** How old the facts behind an answer are. `ageSeconds` is counted when the answer is made. */
export type Freshness = components['schemas']['Freshness'];
/** What a person asks for. `kind` says which. */
export type Intent = components['schemas']['Intent'];
/** Have a registry use a new version of its key, another key, another identity or the other version mode. */
export type RotateIntent = components['schemas']['RotateIntent'];
/** Have the vault make new versions of the registry's key by its rotation policy, and the registry follow them; or turn that off again. The policy is the key's: it holds for every registry that uses the key. */
export type AutomaticRotationIntent =
  components['schemas']['AutomaticRotationIntent'];
/** The vault rotates the key by this policy, and the registry stores the key without a version. */
export type RotationOn = components['schemas']['RotationOn'];
/** The vault makes no new versions by itself any more. Expiry and notice of the policy stay, and so does the version mode of the registry. */
export type RotationOff = components['schemas']['RotationOff'];
/** The rotation policy and the key identifier that were there before an operation of this portal changed them. */
export type RotationAsBefore = components['schemas']['RotationAsBefore'];
/** Rotation policy of a key, as in Key Vault. To rotate, it has one of timeAfterCreate (at least 7 days) and timeBeforeExpiry (at least 7 days; needs expiryTime). */
export type RotationPolicy = components['schemas']['RotationPolicy'];
/** ISO 8601 duration in years, months, weeks and days, such as `P90D` or `P1Y6M`. */
export type PolicyDuration = components['schemas']['PolicyDuration'];
/** The encryption identity: resource id, name or client id of a user-assigned identity, or `system`. It is attached to the registry, or turned on, if it is not. The current one by default. */
export type IdentityText = components['schemas']['IdentityText'];
export type NewVersion = components['schemas']['NewVersion'];
/** The key and version that the registry uses now, in the mode that is said. */
export type CurrentKey = components['schemas']['CurrentKey'];
export type ExistingKey = components['schemas']['ExistingKey'];
/** A key that the plan makes in a vault. */
export type NewKey = components['schemas']['NewKey'];
/** Of a vault, or of a Managed HSM with `.managedhsm` at its end. */
export type VaultName = components['schemas']['VaultName'];
export type KeyName = components['schemas']['KeyName'];
/** `access-policy` and `role-assignment` remove the identity's access to the key, `disable-version` disables the version in use, `disable-all-versions` every version of the key, `delete-key` soft-deletes the key. */
export type RevokeMethodId = components['schemas']['RevokeMethodId'];
/** Take the access to its key away from a registry. */
export type RevokeIntent = components['schemas']['RevokeIntent'];
/** Give a registry its access back: all that is missing now. */
export type RestoreIntent = components['schemas']['RestoreIntent'];
/** Disable an old version of the registry's key, once no known registry uses it. Off unless acrCmk.operations.retire is true. */
export type RetireIntent = components['schemas']['RetireIntent'];
/** A Premium registry, encrypted with a customer-managed key: that can be chosen only when a registry is created. `registryId` of the request is the id of the new registry; `entityRef` is written into its tag, as the proof of its binding. */
export type CreateRegistryIntent =
  components['schemas']['CreateRegistryIntent'];
/** For which registry of which entity a plan is to be made. */
export type PlanRequest = components['schemas']['PlanRequest'];
/** What would happen: checks, steps, state before and after, affected registries and the inverse. `hash` is over all of it. */
export type Plan = components['schemas']['Plan'];
/** One way to revoke: whether it is there for this registry, and which other registries it affects. */
export type RevokeMethod = components['schemas']['RevokeMethod'];
/** One thing that has to hold before a plan may be accepted. */
export type Check = components['schemas']['Check'];
/** One write or one wait of a plan. */
export type PlannedStep = components['schemas']['PlannedStep'];
/** Whether the plan can be undone, and how. */
export type Inverse = components['schemas']['Inverse'];
/** Accepts a plan. The same `idempotencyKey` of the same person gives the same operation. */
export type OperationRequest = components['schemas']['OperationRequest'];
/** Where an operation stands. */
export type OperationState = components['schemas']['OperationState'];
/** An accepted plan and how far it is. It is never deleted. */
export type Operation = components['schemas']['Operation'];
/** How an operation ended. `code` is set when it did not succeed. */
export type OperationResult = components['schemas']['OperationResult'];
/** One step of an operation, with what was seen in Azure before and after it. */
export type OperationStep = components['schemas']['OperationStep'];
/** Whether the caller may take this decision about an operation now; if not, why. */
export type OperationOffer = components['schemas']['OperationOffer'];
/** Whose approval an operation needs: of whoever has the permission, on the entity where one is named. */
export type Need = components['schemas']['Need'];
/** Whether other people have to agree, what they have said, and until when they may. */
export type Approval = components['schemas']['Approval'];
/** False when something that should be listed could not be read. */
export type Complete = components['schemas']['Complete'];
/** A vault that a form may offer. */
export type VaultChoice = components['schemas']['VaultChoice'];
/** A key that a form may offer. `keyIdentifier` has no version. */
export type KeyChoice = components['schemas']['KeyChoice'];
/** A version of a key that a form may offer. */
export type KeyVersionChoice = components['schemas']['KeyVersionChoice'];
/** Whether a name is free. `soft-deleted`: a deleted key has it until it is purged. */
export type NameCheck = components['schemas']['NameCheck'];
/** A user-assigned identity that a form may offer. */
export type IdentityChoice = components['schemas']['IdentityChoice'];
/** A registry that a form may offer, with the entities of the caller that name it. */
export type RegistryChoice = components['schemas']['RegistryChoice'];
export type ResourceGroup = components['schemas']['ResourceGroup'];
/** `state`, the default, is worst first; `expires` is soonest first; `age` is of the version in use, oldest first. What has no such time comes last. */
export type FleetSort = components['schemas']['FleetSort'];
/** Of the worst finding. `none` says that there is no finding, and of an unknown state that none is known. */
export type FleetSeverity = components['schemas']['FleetSeverity'];
/** An entity that names a registry. */
export type FleetEntity = components['schemas']['FleetEntity'];
/** The latest operation of a registry. Absent for callers who neither see the whole fleet nor asked for it themselves nor have acr-cmk.registry.read on its entity or on one that the registry is linked to. */
export type FleetOperation = components['schemas']['FleetOperation'];
/** A registry of the fleet, with what it is filtered and sorted by. */
export type FleetRegistry = components['schemas']['FleetRegistry'];
/** One page of registries of the fleet. */
export type FleetRegistries = components['schemas']['FleetRegistries'];
/** More than 500 entities match the search, so names of entities were left out of it. A longer text finds them. */
export type SearchIncomplete = components['schemas']['SearchIncomplete'];
/** A registry as the Encryption tab shows it, and the entities that name it. */
export type FleetRegistryView = components['schemas']['FleetRegistryView'];
/** How many registries have a value. */
export type FleetCount = components['schemas']['FleetCount'];
/** What of the fleet is seen, and what is not. */
export type FleetScope = components['schemas']['FleetScope'];
/** Counts of registries of the fleet. */
export type FleetSummary = components['schemas']['FleetSummary'];
/** A registry that uses a key. */
export type FleetHolder = components['schemas']['FleetHolder'];
/** Of an enabled version that is not the newest one. */
export type FleetRetirement = components['schemas']['FleetRetirement'];
/** A version of a key, with who uses it. */
export type FleetKeyVersion = components['schemas']['FleetKeyVersion'];
/** A key that registries of the fleet use. */
export type FleetKey = components['schemas']['FleetKey'];
/** One page of keys of the fleet. */
export type FleetKeys = components['schemas']['FleetKeys'];
/** Something that time will do to a key. */
export type FleetExpiry = components['schemas']['FleetExpiry'];
/** What happens to keys in one week. */
export type FleetWeek = components['schemas']['FleetWeek'];
/** What expires and what vaults rotate, by week. */
export type FleetExpiries = components['schemas']['FleetExpiries'];
/** An operation that the caller may approve. */
export type WaitingOperation = components['schemas']['WaitingOperation'];
/** Operations that wait for the caller's approval. */
export type FleetWaiting = components['schemas']['FleetWaiting'];
/** `failed`: something does not work. `unknown`: it could not be found out. `warning`: it works, and may not be what is wanted. */
export type DoctorStatus = components['schemas']['DoctorStatus'];
/** One thing that a check found. */
export type DoctorLine = components['schemas']['DoctorLine'];
/** One check of the doctor. */
export type DoctorCheck = components['schemas']['DoctorCheck'];
/** What the doctor found, check by check. */
export type DoctorReport = components['schemas']['DoctorReport'];
/** One subscription of the scopes, as the last sweep that has ended saw it. */
export type ListedScope = components['schemas']['ListedScope'];
/** One listing of everything. */
export type InventorySweep = components['schemas']['InventorySweep'];
/** What is left of one of Azure's limits, as the backend that answers knows it. */
export type CallBudget = components['schemas']['CallBudget'];
/** One page of registries by what identifies them. */
export type InventoryRegistries = components['schemas']['InventoryRegistries'];
/** One registry by what identifies it. Ids and names are lower case, however Azure spells them. */
export type InventoryRegistry = components['schemas']['InventoryRegistry'];
/** Full refs in lower case, in order, each once. */
export type NamedEntities = components['schemas']['NamedEntities'];
/** Those of the tags that were asked for, by their names in lower case. */
export type ChosenTags = components['schemas']['ChosenTags'];
/** What the inventory knows of Azure, and how well. */
export type InventoryStatus = components['schemas']['InventoryStatus'];
/** One record of the permanent chain. */
export type AuditRecord = components['schemas']['AuditRecord'];

/** The API of the backend: OpenAPI 3, with every schema, route and error. */
export const openApiDocument = {
  openapi: '3.1.0',
  info: {
    title: 'acr-cmk',
    version: '1',
    description:
      'See, rotate, revoke and restore the customer-managed encryption keys of Azure Container Registries. Base path: /api/acr-cmk. Every route needs a Backstage token. An intent becomes a plan, an accepted plan an operation.',
  },
  servers: [{ url: '/' }],
  paths: {
    '/v1/entities/{kind}/{namespace}/{name}/registries': {
      get: {
        operationId: 'getRegistriesOfEntity',
        summary: 'The encryption of every registry that an entity names',
        description:
          "Facts younger than a minute are answered from the plugin's own tables; older ones are read again, and kept with their age when Azure does not answer. Needs acr-cmk.registry.read on the entity.",
        parameters: [
          { $ref: '#/components/parameters/kind' },
          { $ref: '#/components/parameters/namespace' },
          { $ref: '#/components/parameters/name' },
          {
            name: 'refresh',
            in: 'query',
            description:
              'With `true`, facts older than five seconds are read again.',
            required: false,
            schema: { type: 'string', enum: ['true', 'false'] },
          },
        ],
        responses: {
          '200': {
            description:
              "One entry for each registry that is named, in the annotation's order",
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/EntityRegistries' },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/plans': {
      post: {
        operationId: 'createPlan',
        summary: 'What would happen, and what it would affect',
        description:
          'Reads fresh facts and writes nothing to Azure. A plan lives for fifteen minutes and only the person who made it can have it carried out.',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/PlanRequest' },
            },
          },
        },
        responses: {
          '201': {
            description: 'The plan',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Plan' },
              },
            },
          },
          '413': { $ref: '#/components/responses/BodyTooLarge' },
          '415': { $ref: '#/components/responses/ContentTypeUnsupported' },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/operations': {
      post: {
        operationId: 'acceptPlan',
        summary: 'Carry a plan out',
        description:
          'The plan is made again from fresh facts; any difference from planHash is a 409 with the difference. The same idempotencyKey with the same request answers with the same operation.',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/OperationRequest' },
            },
          },
        },
        responses: {
          '202': {
            description: 'Accepted, and durable',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Operation' },
              },
            },
          },
          '413': { $ref: '#/components/responses/BodyTooLarge' },
          '415': { $ref: '#/components/responses/ContentTypeUnsupported' },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
      get: {
        operationId: 'listOperations',
        summary: 'Operations of an entity, newest first',
        parameters: [
          {
            name: 'entityRef',
            in: 'query',
            required: true,
            allowReserved: true,
            schema: { $ref: '#/components/schemas/EntityRef' },
          },
          {
            name: 'registryId',
            in: 'query',
            required: false,
            allowReserved: true,
            schema: { $ref: '#/components/schemas/ArmId' },
          },
          {
            name: 'limit',
            in: 'query',
            required: false,
            description: '1 to 100, 20 by default.',
            schema: { type: 'string', pattern: '^([1-9][0-9]?|100)$' },
          },
        ],
        responses: {
          '200': {
            description: 'At most `limit` operations',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['items'],
                  additionalProperties: false,
                  properties: {
                    items: {
                      type: 'array',
                      items: { $ref: '#/components/schemas/Operation' },
                    },
                  },
                },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/operations/{id}': {
      get: {
        operationId: 'getOperation',
        summary: 'One operation with its steps and their evidence',
        parameters: [{ $ref: '#/components/parameters/operationId' }],
        responses: {
          '200': {
            description: 'The operation as it stands',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Operation' },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/operations/{id}/events': {
      get: {
        operationId: 'streamOperation',
        summary: 'The operation as it changes, as server-sent events',
        description:
          "Each event is named `operation`, carries the whole operation and has the operation's revision as its id. With Last-Event-ID only newer revisions are sent. The stream ends after the terminal state.",
        parameters: [
          { $ref: '#/components/parameters/operationId' },
          {
            name: 'Last-Event-ID',
            in: 'header',
            required: false,
            schema: { type: 'string', pattern: '^[0-9]{1,15}$' },
          },
        ],
        responses: {
          '200': {
            description: 'A stream',
            content: { 'text/event-stream': { schema: { type: 'string' } } },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/operations/{id}/cancel': {
      post: {
        operationId: 'cancelOperation',
        summary: 'Stop an operation that has not written to Azure yet',
        parameters: [{ $ref: '#/components/parameters/operationId' }],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                additionalProperties: false,
                required: ['reason'],
                properties: { reason: { $ref: '#/components/schemas/Reason' } },
              },
            },
          },
        },
        responses: {
          '200': {
            description: 'The operation as it stands',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Operation' },
              },
            },
          },
          '413': { $ref: '#/components/responses/BodyTooLarge' },
          '415': { $ref: '#/components/responses/ContentTypeUnsupported' },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/operations/{id}/approve': {
      post: {
        operationId: 'approveOperation',
        summary: "Approve someone else's operation",
        description:
          'Needs what the operation waits for (approval.needs), a person, and another one than asked for the operation. The plan is made again from fresh facts; a difference voids it.',
        parameters: [{ $ref: '#/components/parameters/operationId' }],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                additionalProperties: false,
                required: ['planHash'],
                properties: {
                  planHash: {
                    description:
                      'Of the plan that was read, so that no other plan is approved by mistake.',
                    $ref: '#/components/schemas/Sha256',
                  },
                  confirmation: {
                    type: 'string',
                    maxLength: 100,
                    description:
                      "The registry's name as typed, when approval.typedName asks for it.",
                  },
                },
              },
            },
          },
        },
        responses: {
          '200': {
            description: 'The operation as it stands',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Operation' },
              },
            },
          },
          '413': { $ref: '#/components/responses/BodyTooLarge' },
          '415': { $ref: '#/components/responses/ContentTypeUnsupported' },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/operations/{id}/reject': {
      post: {
        operationId: 'rejectOperation',
        summary: "Reject someone else's operation",
        description:
          'Needs acr-cmk.operation.approve on the entity, or what the operation waits for. The operation ends as rejected.',
        parameters: [{ $ref: '#/components/parameters/operationId' }],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                additionalProperties: false,
                required: ['reason'],
                properties: { reason: { $ref: '#/components/schemas/Reason' } },
              },
            },
          },
        },
        responses: {
          '200': {
            description: 'The operation as it stands',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Operation' },
              },
            },
          },
          '413': { $ref: '#/components/responses/BodyTooLarge' },
          '415': { $ref: '#/components/responses/ContentTypeUnsupported' },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/operations/{id}/confirm': {
      post: {
        operationId: 'confirmOperation',
        summary: 'Keep a revoke that would be restored automatically',
        description:
          'Stops the timer of a revoke that was asked for with restoreAfterMinutes. Needs acr-cmk.key.revoke on the entity.',
        parameters: [{ $ref: '#/components/parameters/operationId' }],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                additionalProperties: false,
                required: ['reason'],
                properties: { reason: { $ref: '#/components/schemas/Reason' } },
              },
            },
          },
        },
        responses: {
          '200': {
            description: 'The operation as it stands',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Operation' },
              },
            },
          },
          '413': { $ref: '#/components/responses/BodyTooLarge' },
          '415': { $ref: '#/components/responses/ContentTypeUnsupported' },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/vaults': {
      get: {
        operationId: 'listVaults',
        summary: 'Vaults whose keys may be chosen',
        description:
          'Those in the subscriptions of acrCmk.scopes that acrCmk.vaults allows, with a key that is open to the entity; without an entity, to the caller and what they own. Needs acr-cmk.use.',
        parameters: [
          { $ref: '#/components/parameters/ChosenForEntity' },
          { $ref: '#/components/parameters/ChosenForRegistry' },
        ],
        responses: {
          '200': {
            description: 'By name',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  additionalProperties: false,
                  required: ['items', 'complete'],
                  properties: {
                    items: {
                      type: 'array',
                      items: { $ref: '#/components/schemas/VaultChoice' },
                    },
                    complete: { $ref: '#/components/schemas/Complete' },
                  },
                },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/vaults/{vault}/keys': {
      get: {
        operationId: 'listKeys',
        summary: 'Keys of a vault, of types that a registry can use',
        description: 'Needs acr-cmk.use.',
        parameters: [
          {
            name: 'vault',
            in: 'path',
            required: true,
            schema: { $ref: '#/components/schemas/VaultName' },
          },
          { $ref: '#/components/parameters/ChosenForEntity' },
          { $ref: '#/components/parameters/ChosenForRegistry' },
        ],
        responses: {
          '200': {
            description: 'By name',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  additionalProperties: false,
                  required: ['items'],
                  properties: {
                    items: {
                      type: 'array',
                      items: { $ref: '#/components/schemas/KeyChoice' },
                    },
                  },
                },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/vaults/{vault}/keys/{key}/versions': {
      get: {
        operationId: 'listKeyVersions',
        summary: 'Versions of a key that may be chosen, newest first',
        description: 'Needs acr-cmk.use.',
        parameters: [
          {
            name: 'vault',
            in: 'path',
            required: true,
            schema: { $ref: '#/components/schemas/VaultName' },
          },
          {
            name: 'key',
            in: 'path',
            required: true,
            schema: { $ref: '#/components/schemas/KeyName' },
          },
          { $ref: '#/components/parameters/ChosenForEntity' },
          { $ref: '#/components/parameters/ChosenForRegistry' },
        ],
        responses: {
          '200': {
            description: 'Newest first',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  additionalProperties: false,
                  required: ['items'],
                  properties: {
                    items: {
                      type: 'array',
                      items: { $ref: '#/components/schemas/KeyVersionChoice' },
                    },
                  },
                },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/vaults/{vault}/keys/{key}/name': {
      get: {
        operationId: 'checkKeyName',
        summary: 'Is the name free for a new key of the vault?',
        description:
          'Also among its soft-deleted keys. Changes nothing. Needs acr-cmk.registry.create. Unknown for a vault that is not open to the caller, their groups, or an entity of theirs.',
        parameters: [
          {
            name: 'vault',
            in: 'path',
            required: true,
            schema: { $ref: '#/components/schemas/VaultName' },
          },
          {
            name: 'key',
            in: 'path',
            required: true,
            schema: { $ref: '#/components/schemas/KeyName' },
          },
        ],
        responses: {
          '200': {
            description: 'As the vault says at this moment',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/NameCheck' },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/registry-name': {
      get: {
        operationId: 'checkRegistryName',
        summary: 'Is the name free for a new registry?',
        description:
          'In all of Azure. Changes nothing. Needs acr-cmk.registry.create, and the resource group in acrCmk.scopes.',
        parameters: [
          {
            name: 'registryId',
            in: 'query',
            required: true,
            description: 'The ARM id that the registry would have.',
            schema: { $ref: '#/components/schemas/ArmId' },
          },
        ],
        responses: {
          '200': {
            description: 'As Azure says at this moment',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/NameCheck' },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/identities': {
      get: {
        operationId: 'listIdentities',
        summary: 'User-assigned identities that may be chosen',
        description:
          'Those in acrCmk.scopes that are open like keys. Needs acr-cmk.use.',
        parameters: [
          { $ref: '#/components/parameters/ChosenForEntity' },
          { $ref: '#/components/parameters/ChosenForRegistry' },
        ],
        responses: {
          '200': {
            description: 'By name',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  additionalProperties: false,
                  required: ['items', 'complete'],
                  properties: {
                    items: {
                      type: 'array',
                      items: { $ref: '#/components/schemas/IdentityChoice' },
                    },
                    complete: { $ref: '#/components/schemas/Complete' },
                  },
                },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/registries': {
      get: {
        operationId: 'listRegistries',
        summary: 'Registries behind the entities that the caller may see',
        description:
          'Needs acr-cmk.use; entities are those that the catalog shows the caller.',
        responses: {
          '200': {
            description: 'By name',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  additionalProperties: false,
                  required: ['items', 'complete'],
                  properties: {
                    items: {
                      type: 'array',
                      items: { $ref: '#/components/schemas/RegistryChoice' },
                    },
                    complete: { $ref: '#/components/schemas/Complete' },
                  },
                },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/audit': {
      get: {
        operationId: 'readAudit',
        summary: 'The record of who did what, oldest first',
        description:
          'Rows of a chain in which each holds the hash of the one before, so that an export can be checked offline. Needs acr-cmk.audit.read.',
        parameters: [
          {
            name: 'after',
            in: 'query',
            required: false,
            description: 'Only rows with a greater seq; 0 by default.',
            schema: { type: 'string', pattern: '^[0-9]{1,9}$' },
          },
          {
            name: 'limit',
            in: 'query',
            required: false,
            description: '1 to 1000, 100 by default.',
            schema: { type: 'string', pattern: '^([1-9][0-9]{0,2}|1000)$' },
          },
        ],
        responses: {
          '200': {
            description: 'At most `limit` rows',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  additionalProperties: false,
                  required: ['items'],
                  properties: {
                    items: {
                      type: 'array',
                      items: { $ref: '#/components/schemas/AuditRecord' },
                    },
                  },
                },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/audit/acknowledge': {
      post: {
        operationId: 'acknowledgeAuditBreak',
        summary:
          'Acknowledge that the audit record is damaged, so that changes go on',
        description:
          "While the chain is broken, nothing is accepted or approved (AUDIT_CHAIN_BROKEN). This adds a record that names the breaks, the person and the reason; the damage stays as it is. Refused with AUDIT_CHAIN_INTACT when there is none. Needs acr-cmk.audit.acknowledge. What a program sends is refused with ACTION_REFUSED, whoever's token it has.",
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                additionalProperties: false,
                required: ['reason'],
                properties: { reason: { $ref: '#/components/schemas/Reason' } },
              },
            },
          },
        },
        responses: {
          '200': {
            description: 'The record of the acknowledgement',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/AuditRecord' },
              },
            },
          },
          '413': { $ref: '#/components/responses/BodyTooLarge' },
          '415': { $ref: '#/components/responses/ContentTypeUnsupported' },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/doctor': {
      get: {
        operationId: 'readDoctorReport',
        summary: 'How this installation is set up, and what is wrong with it',
        description:
          'Runs every check of the doctor: configuration, credentials, scopes, rights, network, clocks, database, permission policy, entities. Changes nothing. Requests at the same time share one run. Needs acr-cmk.doctor.read.',
        responses: {
          '200': {
            description: 'The report, also when checks have failed',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/DoctorReport' },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/inventory/status': {
      get: {
        operationId: 'readInventoryStatus',
        summary:
          'What the inventory knows of Azure, how old that is, and what is missing',
        description:
          'What the last sweep saw in each subscription of the scopes, what could not be read, how old the oldest facts are, and how much Azure lets this backend still ask. Asks Azure nothing. Needs acr-cmk.inventory.read.',
        responses: {
          '200': {
            description: 'The status',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/InventoryStatus' },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/inventory/sync': {
      post: {
        operationId: 'syncInventory',
        summary: 'Have everything listed again now',
        description:
          'The next turn of the sync, which is at most a minute away, lists everything. Asked for again before that, it is one listing. Needs acr-cmk.inventory.sync.',
        responses: {
          '202': {
            description: 'It is asked for',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/InventoryStatus' },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/inventory/registries': {
      get: {
        operationId: 'listInventoryRegistries',
        summary: 'What identifies each registry, for the catalog',
        description:
          'Every registry in scope with its key and the vault of that, ordered by id: nothing of it changes by itself. For the catalog plugin of the same portal, which the module for the catalog runs in; anybody else is refused. Asks Azure nothing.',
        parameters: [
          {
            name: 'tags',
            in: 'query',
            required: false,
            description:
              'Names of tags to answer with, of registries and vaults, with commas between them; none by default.',
            schema: { type: 'string', maxLength: 2000 },
          },
          { $ref: '#/components/parameters/fleetCursor' },
          {
            name: 'limit',
            in: 'query',
            required: false,
            description: '1 to 1000, 500 by default.',
            schema: { type: 'string', pattern: '^([1-9][0-9]{0,2}|1000)$' },
          },
        ],
        responses: {
          '200': {
            description: 'One page',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/InventoryRegistries' },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/fleet/registries': {
      get: {
        operationId: 'listFleetRegistries',
        summary: 'Registries of the whole fleet, page by page',
        description:
          "From the plugin's own tables; neither Azure nor the whole catalog is read. Needs acr-cmk.fleet.read, whose conditions select the registries.",
        parameters: [
          { $ref: '#/components/parameters/fleetState' },
          { $ref: '#/components/parameters/fleetSeverity' },
          { $ref: '#/components/parameters/fleetMode' },
          { $ref: '#/components/parameters/fleetOwner' },
          { $ref: '#/components/parameters/fleetEntityRef' },
          { $ref: '#/components/parameters/fleetSubscription' },
          { $ref: '#/components/parameters/fleetResourceGroup' },
          { $ref: '#/components/parameters/fleetVault' },
          { $ref: '#/components/parameters/fleetKey' },
          { $ref: '#/components/parameters/fleetExpiresBefore' },
          { $ref: '#/components/parameters/fleetUnbound' },
          { $ref: '#/components/parameters/fleetSearch' },
          {
            name: 'sort',
            in: 'query',
            required: false,
            schema: { $ref: '#/components/schemas/FleetSort' },
          },
          {
            name: 'direction',
            in: 'query',
            required: false,
            description: '`desc` turns the order round. `asc` by default.',
            schema: { type: 'string', enum: ['asc', 'desc'] },
          },
          { $ref: '#/components/parameters/fleetCursor' },
          { $ref: '#/components/parameters/fleetLimit' },
        ],
        responses: {
          '200': {
            description: 'One page',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/FleetRegistries' },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/fleet/registries.csv': {
      get: {
        operationId: 'exportFleetRegistries',
        summary: 'The same registries as CSV, for auditors',
        description:
          'RFC 4180 in UTF-8, streamed, by name. A cell that a spreadsheet would take for a formula begins with an apostrophe. Needs acr-cmk.fleet.read.',
        parameters: [
          { $ref: '#/components/parameters/fleetState' },
          { $ref: '#/components/parameters/fleetSeverity' },
          { $ref: '#/components/parameters/fleetMode' },
          { $ref: '#/components/parameters/fleetOwner' },
          { $ref: '#/components/parameters/fleetEntityRef' },
          { $ref: '#/components/parameters/fleetSubscription' },
          { $ref: '#/components/parameters/fleetResourceGroup' },
          { $ref: '#/components/parameters/fleetVault' },
          { $ref: '#/components/parameters/fleetKey' },
          { $ref: '#/components/parameters/fleetExpiresBefore' },
          { $ref: '#/components/parameters/fleetUnbound' },
          { $ref: '#/components/parameters/fleetSearch' },
        ],
        responses: {
          '200': {
            description: 'A header, then one line for each registry',
            content: { 'text/csv': { schema: { type: 'string' } } },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/fleet/registries/{subscription}/{resourceGroup}/{name}': {
      get: {
        operationId: 'getFleetRegistry',
        summary: 'One registry as the Encryption tab shows it, to read only',
        description:
          'For registries that no entity names, too. Changes are asked for by an entity, so no action is offered. Needs acr-cmk.fleet.read on the registry.',
        parameters: [
          {
            name: 'subscription',
            in: 'path',
            required: true,
            schema: { $ref: '#/components/schemas/Uuid' },
          },
          {
            name: 'resourceGroup',
            in: 'path',
            required: true,
            schema: { $ref: '#/components/schemas/ResourceGroup' },
          },
          {
            name: 'name',
            in: 'path',
            required: true,
            schema: { type: 'string', pattern: '^[A-Za-z0-9]{5,50}$' },
          },
          {
            name: 'refresh',
            in: 'query',
            description:
              'With `true`, facts older than five seconds are read again.',
            required: false,
            schema: { type: 'string', enum: ['true', 'false'] },
          },
        ],
        responses: {
          '200': {
            description: 'The registry, and the entities that name it',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/FleetRegistryView' },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/fleet/summary': {
      get: {
        operationId: 'getFleetSummary',
        summary: 'How many registries there are of each kind',
        description:
          'Under the same filter as the list, so that every count is the number of rows that the filter with that value lists. Needs acr-cmk.fleet.read.',
        parameters: [
          { $ref: '#/components/parameters/fleetState' },
          { $ref: '#/components/parameters/fleetSeverity' },
          { $ref: '#/components/parameters/fleetMode' },
          { $ref: '#/components/parameters/fleetOwner' },
          { $ref: '#/components/parameters/fleetEntityRef' },
          { $ref: '#/components/parameters/fleetSubscription' },
          { $ref: '#/components/parameters/fleetResourceGroup' },
          { $ref: '#/components/parameters/fleetVault' },
          { $ref: '#/components/parameters/fleetKey' },
          { $ref: '#/components/parameters/fleetExpiresBefore' },
          { $ref: '#/components/parameters/fleetUnbound' },
          { $ref: '#/components/parameters/fleetSearch' },
        ],
        responses: {
          '200': {
            description: 'Counts, and what is not seen',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/FleetSummary' },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/fleet/keys': {
      get: {
        operationId: 'listFleetKeys',
        summary: 'Keys with their versions, and who uses which',
        description:
          'Keys of the registries that the filter selects, by vault and name. For each old version, since when it is safe to retire, or why it is not. Needs acr-cmk.fleet.read.',
        parameters: [
          { $ref: '#/components/parameters/fleetState' },
          { $ref: '#/components/parameters/fleetSeverity' },
          { $ref: '#/components/parameters/fleetMode' },
          { $ref: '#/components/parameters/fleetOwner' },
          { $ref: '#/components/parameters/fleetEntityRef' },
          { $ref: '#/components/parameters/fleetSubscription' },
          { $ref: '#/components/parameters/fleetResourceGroup' },
          { $ref: '#/components/parameters/fleetVault' },
          { $ref: '#/components/parameters/fleetKey' },
          { $ref: '#/components/parameters/fleetExpiresBefore' },
          { $ref: '#/components/parameters/fleetUnbound' },
          { $ref: '#/components/parameters/fleetSearch' },
          { $ref: '#/components/parameters/fleetCursor' },
          { $ref: '#/components/parameters/fleetLimit' },
        ],
        responses: {
          '200': {
            description: 'One page',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/FleetKeys' },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/fleet/expiries': {
      get: {
        operationId: 'listFleetExpiries',
        summary: 'What expires, and what the vaults will rotate, by week',
        description:
          'Of the registries that the filter selects. Weeks begin on Monday in UTC; the first one is the current one, and also holds what has expired before. Needs acr-cmk.fleet.read.',
        parameters: [
          { $ref: '#/components/parameters/fleetState' },
          { $ref: '#/components/parameters/fleetSeverity' },
          { $ref: '#/components/parameters/fleetMode' },
          { $ref: '#/components/parameters/fleetOwner' },
          { $ref: '#/components/parameters/fleetEntityRef' },
          { $ref: '#/components/parameters/fleetSubscription' },
          { $ref: '#/components/parameters/fleetResourceGroup' },
          { $ref: '#/components/parameters/fleetVault' },
          { $ref: '#/components/parameters/fleetKey' },
          { $ref: '#/components/parameters/fleetUnbound' },
          { $ref: '#/components/parameters/fleetSearch' },
          {
            name: 'weeks',
            in: 'query',
            required: false,
            description: '1 to 104, 26 by default.',
            schema: { type: 'string', pattern: '^([1-9][0-9]?|10[0-4])$' },
          },
        ],
        responses: {
          '200': {
            description: 'A count for each week, and what it is made of',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/FleetExpiries' },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/fleet/waiting': {
      get: {
        operationId: 'listFleetWaiting',
        summary: "Operations that wait for the caller's approval",
        description:
          'Wherever in scope they are, the longest waiting first. They are approved and rejected at /v1/operations/{id}. Needs no permission but those by which the caller may approve them.',
        responses: {
          '200': {
            description: 'At most 100',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/FleetWaiting' },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
  },
  components: {
    parameters: {
      ChosenForEntity: {
        name: 'entityRef',
        in: 'query',
        description:
          'The entity for whose registry it is chosen. Needs acr-cmk.registry.read on it.',
        schema: { $ref: '#/components/schemas/EntityRef' },
      },
      ChosenForRegistry: {
        name: 'registryId',
        in: 'query',
        description:
          'The registry: what it uses already may be chosen, too. Only with an entity.',
        schema: { $ref: '#/components/schemas/ArmId' },
      },
      kind: {
        name: 'kind',
        in: 'path',
        required: true,
        schema: { type: 'string', pattern: '^[a-zA-Z][a-zA-Z0-9]{0,62}$' },
      },
      namespace: {
        name: 'namespace',
        in: 'path',
        required: true,
        schema: {
          type: 'string',
          pattern: '^[a-zA-Z0-9]([a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?$',
        },
      },
      name: {
        name: 'name',
        in: 'path',
        required: true,
        schema: {
          type: 'string',
          pattern: '^[a-zA-Z0-9]([a-zA-Z0-9\\-_.]{0,61}[a-zA-Z0-9])?$',
        },
      },
      operationId: {
        name: 'id',
        in: 'path',
        required: true,
        schema: { $ref: '#/components/schemas/Uuid' },
      },
      fleetState: {
        name: 'state',
        in: 'query',
        required: false,
        description: 'Any of these states, with commas between them.',
        style: 'form',
        explode: false,
        schema: {
          type: 'array',
          items: { $ref: '#/components/schemas/RegistryStateId' },
        },
      },
      fleetSeverity: {
        name: 'severity',
        in: 'query',
        required: false,
        description:
          'Of the worst finding; any of these, with commas between them.',
        style: 'form',
        explode: false,
        schema: {
          type: 'array',
          items: { $ref: '#/components/schemas/FleetSeverity' },
        },
      },
      fleetMode: {
        name: 'mode',
        in: 'query',
        required: false,
        schema: { $ref: '#/components/schemas/VersionMode' },
      },
      fleetOwner: {
        name: 'owner',
        in: 'query',
        required: false,
        description:
          'Owner of an entity that names the registry, or a group or user that its tag names.',
        allowReserved: true,
        schema: { $ref: '#/components/schemas/EntityRef' },
      },
      fleetEntityRef: {
        name: 'entityRef',
        in: 'query',
        required: false,
        description: 'An entity that names the registry.',
        allowReserved: true,
        schema: { $ref: '#/components/schemas/EntityRef' },
      },
      fleetSubscription: {
        name: 'subscription',
        in: 'query',
        required: false,
        schema: {
          type: 'string',
          pattern:
            '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
        },
      },
      fleetResourceGroup: {
        name: 'resourceGroup',
        in: 'query',
        required: false,
        schema: { $ref: '#/components/schemas/ResourceGroup' },
      },
      fleetVault: {
        name: 'vault',
        in: 'query',
        required: false,
        description: "Name of the vault of the registry's key.",
        schema: { $ref: '#/components/schemas/VaultName' },
      },
      fleetKey: {
        name: 'key',
        in: 'query',
        required: false,
        description: "Name of the registry's key.",
        schema: { type: 'string', pattern: '^[0-9A-Za-z\\-]{1,127}$' },
      },
      fleetExpiresBefore: {
        name: 'expiresBefore',
        in: 'query',
        required: false,
        description:
          'The version in use expires before this day, or before this moment in UTC. What has expired already is among them.',
        schema: {
          type: 'string',
          pattern:
            '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?Z)?$',
        },
      },
      fleetUnbound: {
        name: 'unbound',
        in: 'query',
        required: false,
        description:
          'With `true`, registries that no entity names; with `false`, the others.',
        schema: { type: 'string', enum: ['true', 'false'] },
      },
      fleetSearch: {
        name: 'search',
        in: 'query',
        required: false,
        description:
          'Part of the name of the registry, its key, its vault, or an entity that names it. Case does not matter.',
        schema: {
          type: 'string',
          minLength: 1,
          maxLength: 100,
          pattern: '^[^\\u0000-\\u001f\\u007f]*$',
        },
      },
      fleetCursor: {
        name: 'cursor',
        in: 'query',
        required: false,
        description:
          'nextCursor of the page before, with the same sort and direction.',
        schema: { type: 'string', pattern: '^[A-Za-z0-9_\\-]{1,800}$' },
      },
      fleetLimit: {
        name: 'limit',
        in: 'query',
        required: false,
        description: '1 to 200, 50 by default.',
        schema: { type: 'string', pattern: '^([1-9][0-9]?|1[0-9]{2}|200)$' },
      },
    },
    responses: {
      BodyTooLarge: {
        description: 'BODY_TOO_LARGE. No right body is larger than 20 kB.',
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/ErrorBody' },
          },
        },
      },
      ContentTypeUnsupported: {
        description: 'CONTENT_TYPE_UNSUPPORTED. Bodies are JSON in UTF-8.',
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/ErrorBody' },
          },
        },
      },
      LimitReached: {
        description:
          'LIMIT_REACHED. The caller has reached a limit; the message names the setting below acrCmk.limits.',
        headers: {
          'Retry-After': {
            description: 'Seconds until another attempt may succeed.',
            schema: { type: 'string', pattern: '^[0-9]{1,5}$' },
          },
        },
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/ErrorBody' },
          },
        },
      },
      Problem: {
        description:
          "Backstage's error body. `error.code` is for a switch, `error.message` for a person; an INVALID_INPUT names the field.",
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/ErrorBody' },
          },
        },
      },
    },
    schemas: {
      ErrorBody: {
        type: 'object',
        required: ['error'],
        properties: {
          error: {
            type: 'object',
            required: ['name', 'message'],
            properties: {
              name: { type: 'string' },
              message: { type: 'string' },
              code: { type: 'string' },
              field: { type: 'string' },
              permission: { type: 'string' },
              limit: { type: 'string' },
              retryAfterSeconds: { type: 'integer' },
              operationId: { type: 'string' },
              changes: {
                type: 'array',
                items: { $ref: '#/components/schemas/FieldChange' },
              },
            },
          },
        },
      },
      Uuid: {
        type: 'string',
        pattern:
          '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
      },
      Sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      Time: { type: 'string', description: 'ISO 8601 in UTC' },
      EntityRef: {
        type: 'string',
        description: 'Full, such as `resource:default/shop-images`.',
        minLength: 5,
        maxLength: 200,
        pattern:
          '^[a-zA-Z][a-zA-Z0-9]{0,62}:[a-zA-Z0-9]([a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?/[a-zA-Z0-9]([a-zA-Z0-9\\-_.]{0,61}[a-zA-Z0-9])?$',
      },
      ArmId: { type: 'string', minLength: 1, maxLength: 400 },
      Reason: {
        type: 'string',
        description:
          'Why, in one line, for the record: 3 to 500 characters with a letter or digit among them, none that control, change direction or are not seen, not beginning with =, +, - or @.',
        minLength: 3,
        maxLength: 500,
      },
      FieldChange: {
        type: 'object',
        required: ['field', 'shown', 'now'],
        properties: {
          field: { type: 'string' },
          shown: { type: 'string' },
          now: { type: 'string' },
        },
      },
      EntityRegistries: {
        description:
          'Every registry that an entity names, in the order of its annotation.',
        type: 'object',
        additionalProperties: false,
        required: ['entityRef', 'registries'],
        properties: {
          entityRef: { $ref: '#/components/schemas/EntityRef' },
          registries: {
            type: 'array',
            items: {
              oneOf: [
                { $ref: '#/components/schemas/RegistryEncryption' },
                { $ref: '#/components/schemas/UnreadableRegistry' },
              ],
            },
          },
        },
      },
      UnreadableRegistry: {
        type: 'object',
        description: 'A registry of which nothing is known, with the reason.',
        additionalProperties: false,
        required: ['kind', 'text', 'reason'],
        properties: {
          kind: { const: 'unreadable', type: 'string', enum: ['unreadable'] },
          text: { type: 'string', description: 'What the annotation says.' },
          reason: { $ref: '#/components/schemas/UnreadableReason' },
          message: { type: 'string' },
        },
      },
      UnreadableReason: {
        description: 'Why nothing is known of a registry that an entity names.',
        type: 'string',
        enum: [
          'invalid-id',
          'out-of-scope',
          'not-found',
          'denied',
          'unavailable',
        ],
      },
      RegistryEncryption: {
        description:
          'The encryption of one registry, as the caller may see it.',
        type: 'object',
        additionalProperties: false,
        required: [
          'kind',
          'registryId',
          'name',
          'loginServer',
          'location',
          'state',
          'encryption',
          'identity',
          'accessPaths',
          'key',
          'vault',
          'findings',
          'consumers',
          'consumersComplete',
          'actions',
          'binding',
          'freshness',
          'runningOperationId',
        ],
        properties: {
          kind: { const: 'registry', type: 'string', enum: ['registry'] },
          registryId: { $ref: '#/components/schemas/ArmId' },
          name: { type: 'string' },
          loginServer: { type: 'string' },
          location: { type: 'string' },
          state: { $ref: '#/components/schemas/RegistryState' },
          encryption: { $ref: '#/components/schemas/EncryptionFields' },
          lastKeyRotation: {
            description: 'Absent until the first rotation.',
            $ref: '#/components/schemas/Time',
          },
          versionMode: { $ref: '#/components/schemas/VersionMode' },
          identity: {
            oneOf: [
              { $ref: '#/components/schemas/EncryptionIdentity' },
              { type: 'null' },
            ],
          },
          accessPaths: { $ref: '#/components/schemas/AccessPaths' },
          key: {
            oneOf: [
              { $ref: '#/components/schemas/KeyView' },
              { $ref: '#/components/schemas/UnknownView' },
              { type: 'null' },
            ],
          },
          vault: {
            oneOf: [
              { $ref: '#/components/schemas/VaultView' },
              { $ref: '#/components/schemas/UnknownView' },
              { type: 'null' },
            ],
          },
          findings: {
            type: 'array',
            items: { $ref: '#/components/schemas/Finding' },
          },
          consumers: {
            type: 'array',
            items: { $ref: '#/components/schemas/Consumer' },
          },
          consumersComplete: {
            type: 'boolean',
            description:
              'Whether these are all registries that use the key. Not before every subscription in scope has been listed, nor while one cannot be.',
          },
          actions: {
            type: 'array',
            description: 'What the caller may ask for, and why not.',
            items: { $ref: '#/components/schemas/ActionOffer' },
          },
          binding: { $ref: '#/components/schemas/Binding' },
          freshness: { $ref: '#/components/schemas/Freshness' },
          changeToken: {
            type: 'string',
            description:
              'What signals of changes name the registry by. It says nothing else, and stays as it is.',
          },
          runningOperationId: {
            description:
              'Null as well when the caller is not told of the operation.',
            oneOf: [{ $ref: '#/components/schemas/Uuid' }, { type: 'null' }],
          },
        },
      },
      RegistryStateId: {
        description:
          '`converging` and `behind`: it follows new versions, within or beyond the hour that Azure takes. `behind-by-choice`: it is pinned to an older version. `pinned-key-trap`: it is pinned while the vault rotates the key. `at-risk`: the version in use expires soon. `unreachable`: it cannot use its key. `unknown`: Azure could not be read.',
        type: 'string',
        enum: [
          'current',
          'converging',
          'behind',
          'behind-by-choice',
          'pinned-key-trap',
          'at-risk',
          'expired',
          'unreachable',
          'revoked',
          'unknown',
          'no-cmk',
        ],
      },
      RegistryState: {
        description:
          'The one word for how a registry stands, with a sentence that explains it.',
        type: 'object',
        additionalProperties: false,
        required: ['id', 'message'],
        properties: {
          id: { $ref: '#/components/schemas/RegistryStateId' },
          message: { type: 'string' },
          until: {
            description:
              'When the state is expected to end or to bite: the end of the hour of a converging registry, the expiry of a key at risk.',
            $ref: '#/components/schemas/Time',
          },
          revoked: {
            description:
              'Of a revoked registry, when this portal did it. Left out where the entity is not linked to the registry, unless the caller may read the entity that the revoke was asked for.',
            $ref: '#/components/schemas/RevokedBy',
          },
        },
      },
      RevokedBy: {
        description:
          'Who revoked access to the key by an operation of this plugin, why, and until when.',
        type: 'object',
        additionalProperties: false,
        required: ['operationId', 'by', 'reason', 'at'],
        properties: {
          operationId: { $ref: '#/components/schemas/Uuid' },
          by: { type: 'string', description: 'Entity ref of the person.' },
          reason: { type: 'string' },
          at: { $ref: '#/components/schemas/Time' },
          restoresAt: {
            description:
              'When it is restored automatically, unless it is confirmed.',
            $ref: '#/components/schemas/Time',
          },
          registryName: {
            type: 'string',
            description:
              'The registry that the revoke named, when that is another one.',
          },
          pulls: { $ref: '#/components/schemas/Pulls' },
        },
      },
      Pulls: {
        type: 'object',
        description:
          'What pulls from the registry get after an operation. They are tried, without a lock, until they show its effect, and no longer than `until`.',
        additionalProperties: false,
        required: ['wanted', 'state', 'until'],
        properties: {
          wanted: { type: 'string', enum: ['refused', 'answered'] },
          state: {
            type: 'string',
            enum: ['watching', 'reached', 'unreached', 'stopped'],
            description:
              '`reached`: pulls show it, since `since`. `unreached`: they did not in time. `stopped`: a later operation has changed what they get.',
          },
          since: { $ref: '#/components/schemas/Time' },
          status: {
            type: 'integer',
            description: 'HTTP status of the last pull that was answered.',
          },
          checkedAt: { $ref: '#/components/schemas/Time' },
          until: { $ref: '#/components/schemas/Time' },
        },
      },
      VersionMode: {
        description:
          '`automatic`: a versionless key URI, new versions are used within about an hour. `manual`: one version, until it is changed.',
        type: 'string',
        enum: ['automatic', 'manual'],
      },
      EncryptionFields: {
        type: 'object',
        description:
          'The five fields of `properties.encryption`, as Azure names them.',
        additionalProperties: false,
        required: [
          'status',
          'keyIdentifier',
          'identity',
          'versionedKeyIdentifier',
          'keyRotationEnabled',
        ],
        properties: {
          status: { type: 'string', enum: ['enabled', 'disabled'] },
          keyIdentifier: { type: ['string', 'null'] },
          identity: {
            type: ['string', 'null'],
            description: 'Client id of a user-assigned identity, or `system`.',
          },
          versionedKeyIdentifier: {
            type: ['string', 'null'],
            description:
              'The version in use. In a plan, `<new version>` stands for the version that the vault will name.',
          },
          keyRotationEnabled: { type: ['boolean', 'null'] },
        },
      },
      EncryptionIdentity: {
        description: 'The identity with which a registry reaches its key.',
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'name', 'attached'],
        properties: {
          kind: { type: 'string', enum: ['system', 'user-assigned'] },
          name: { type: 'string' },
          resourceId: { type: 'string' },
          clientId: { type: 'string' },
          principalId: { type: 'string' },
          attached: {
            type: 'boolean',
            description:
              'Is it attached to the registry (user-assigned) or turned on (system)?',
          },
        },
      },
      AccessPaths: {
        description:
          'How the identity may use the key, or why that is not known.',
        type: 'object',
        additionalProperties: false,
        required: ['known', 'paths'],
        properties: {
          known: { type: 'boolean' },
          problem: { type: 'string' },
          paths: {
            type: 'array',
            items: { $ref: '#/components/schemas/AccessPath' },
          },
        },
      },
      AccessPath: {
        description:
          'One way by which the identity may wrap and unwrap with the key.',
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'message', 'direct'],
        properties: {
          kind: { type: 'string', enum: ['access-policy', 'role-assignment'] },
          message: { type: 'string' },
          direct: {
            type: 'boolean',
            description:
              'Granted to the identity itself at the key or the vault; else inherited from a wider scope or by a group.',
          },
          role: { type: 'string' },
          scope: { type: 'string' },
          assignmentId: { type: 'string' },
          permissions: { type: 'array', items: { type: 'string' } },
        },
      },
      UnknownView: {
        description: 'What could not be read, and how Azure refused.',
        type: 'object',
        additionalProperties: false,
        required: ['known', 'problem'],
        properties: {
          known: { type: 'boolean', const: false },
          problem: { type: 'string' },
        },
      },
      KeyView: {
        description: 'The key with all of its versions, newest first.',
        type: 'object',
        additionalProperties: false,
        required: [
          'known',
          'name',
          'vaultName',
          'type',
          'rotatesByPolicy',
          'versions',
          'latestVersion',
          'versionInUse',
        ],
        properties: {
          known: { type: 'boolean', const: true },
          name: { type: 'string' },
          vaultName: { type: 'string' },
          type: { type: 'string' },
          size: { type: 'integer' },
          recoveryLevel: { type: 'string' },
          rotatesByPolicy: { type: 'boolean' },
          rotationPolicy: { $ref: '#/components/schemas/RotationPolicy' },
          versionInUse: { type: ['string', 'null'] },
          latestVersion: { type: ['string', 'null'] },
          versions: {
            type: 'array',
            description: 'Newest first, at most 200.',
            items: { $ref: '#/components/schemas/KeyVersion' },
          },
        },
      },
      KeyVersion: {
        description: 'One version of a key. Times are ISO 8601, by the vault.',
        type: 'object',
        additionalProperties: false,
        required: ['version', 'enabled', 'created'],
        properties: {
          version: { type: 'string' },
          enabled: { type: 'boolean' },
          created: { $ref: '#/components/schemas/Time' },
          notBefore: { $ref: '#/components/schemas/Time' },
          expires: { $ref: '#/components/schemas/Time' },
        },
      },
      VaultView: {
        description: 'The vault of the key.',
        type: 'object',
        additionalProperties: false,
        required: [
          'known',
          'name',
          'id',
          'permissionModel',
          'purgeProtection',
          'softDeleteRetentionDays',
          'firewall',
        ],
        properties: {
          known: { type: 'boolean', const: true },
          name: { type: 'string' },
          id: { type: 'string' },
          permissionModel: { type: 'string', enum: ['rbac', 'access-policy'] },
          purgeProtection: { type: 'boolean' },
          softDeleteRetentionDays: { type: 'integer' },
          firewall: {
            type: 'string',
            enum: ['open', 'trusted-services', 'closed'],
            description:
              "`trusted-services`: closed, but Azure's trusted services, of which Container Registry is one, may pass.",
          },
        },
      },
      Finding: {
        description: 'What one health rule says of a registry.',
        type: 'object',
        additionalProperties: false,
        required: ['id', 'severity', 'verdict', 'message'],
        properties: {
          id: { type: 'string' },
          severity: { type: 'string', enum: ['info', 'warning', 'error'] },
          verdict: {
            type: 'string',
            enum: ['found', 'undecided'],
            description:
              '`undecided`: what it takes to know could not be read.',
          },
          message: { type: 'string' },
          remedy: { type: 'string' },
          intent: {
            description: 'What would fix it, when this portal can.',
            $ref: '#/components/schemas/Intent',
          },
        },
      },
      Consumer: {
        description:
          'A registry that uses the same key. Entities that the caller may not see are counted, not named.',
        type: 'object',
        additionalProperties: false,
        required: [
          'registryId',
          'registryName',
          'self',
          'inCatalog',
          'entities',
          'hiddenEntities',
        ],
        properties: {
          registryId: { $ref: '#/components/schemas/ArmId' },
          registryName: { type: 'string' },
          self: { type: 'boolean' },
          inCatalog: { type: 'boolean' },
          versionMode: { $ref: '#/components/schemas/VersionMode' },
          versionInUse: { type: 'string' },
          entities: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['entityRef'],
              properties: {
                entityRef: { type: 'string' },
                owner: { type: 'string' },
              },
            },
          },
          hiddenEntities: {
            type: 'integer',
            description: 'Entities that the caller may not see.',
          },
          losesKey: {
            type: 'boolean',
            description: 'In a plan, it loses its key by what the plan does.',
          },
        },
      },
      ActionId: {
        description: 'What a registry offers.',
        type: 'string',
        enum: ['rotate', 'automatic-rotation', 'revoke', 'restore', 'retire'],
      },
      ActionOffer: {
        description: 'Whether the caller may do this now; if not, why.',
        type: 'object',
        additionalProperties: false,
        required: ['action', 'allowed'],
        properties: {
          action: { $ref: '#/components/schemas/ActionId' },
          allowed: { type: 'boolean' },
          reason: {
            type: 'string',
            description: 'Why not, when it is not allowed.',
          },
        },
      },
      Binding: {
        description:
          'Whether it is proven that the registry belongs to the entity: by its tag, or by `acrCmk.bindings`.',
        type: 'object',
        additionalProperties: false,
        required: ['proven', 'message'],
        properties: {
          proven: { type: 'boolean' },
          by: { type: 'string', enum: ['tag', 'config'] },
          message: { type: 'string' },
        },
      },
      Freshness: {
        description:
          'How old the facts behind an answer are. `ageSeconds` is counted when the answer is made.',
        type: 'object',
        additionalProperties: false,
        required: ['observedAt', 'ageSeconds', 'stale'],
        properties: {
          observedAt: {
            description: 'When the oldest of the facts shown was read.',
            $ref: '#/components/schemas/Time',
          },
          ageSeconds: { type: 'integer' },
          stale: {
            type: 'boolean',
            description: 'A newer reading was tried and failed.',
          },
          problem: { type: 'string' },
        },
      },
      Intent: {
        description: 'What a person asks for. `kind` says which.',
        oneOf: [
          { $ref: '#/components/schemas/RotateIntent' },
          { $ref: '#/components/schemas/AutomaticRotationIntent' },
          { $ref: '#/components/schemas/RevokeIntent' },
          { $ref: '#/components/schemas/RestoreIntent' },
          { $ref: '#/components/schemas/RetireIntent' },
          { $ref: '#/components/schemas/CreateRegistryIntent' },
        ],
        discriminator: {
          propertyName: 'kind',
          mapping: {
            rotate: '#/components/schemas/RotateIntent',
            'automatic-rotation':
              '#/components/schemas/AutomaticRotationIntent',
            revoke: '#/components/schemas/RevokeIntent',
            restore: '#/components/schemas/RestoreIntent',
            retire: '#/components/schemas/RetireIntent',
            'create-registry': '#/components/schemas/CreateRegistryIntent',
          },
        },
      },
      RotateIntent: {
        description:
          'Have a registry use a new version of its key, another key, another identity or the other version mode.',
        type: 'object',
        additionalProperties: false,
        required: ['kind'],
        properties: {
          kind: {
            type: 'string',
            enum: ['rotate'],
            description:
              'discriminator enum property added by openapi-typescript',
          },
          key: {
            description:
              'Which key. A new version of the current one by default.',
            oneOf: [
              { $ref: '#/components/schemas/NewVersion' },
              { $ref: '#/components/schemas/CurrentKey' },
              { $ref: '#/components/schemas/ExistingKey' },
              { $ref: '#/components/schemas/NewKey' },
            ],
            discriminator: {
              propertyName: 'kind',
              mapping: {
                'new-version': '#/components/schemas/NewVersion',
                current: '#/components/schemas/CurrentKey',
                existing: '#/components/schemas/ExistingKey',
                'new-key': '#/components/schemas/NewKey',
              },
            },
          },
          follow: {
            type: 'string',
            enum: ['now', 'wait'],
            description:
              'When an automatic registry switches to a new version of its key: `now` sends its current key again, so that it reads it now; `wait` leaves it to Azure, which takes up to an hour. `now` by default.',
          },
          identity: { $ref: '#/components/schemas/IdentityText' },
          grantAccess: {
            type: 'boolean',
            description:
              'Grant the identity the access to the key that it lacks, by access policy or role assignment, depending on the vault. False by default.',
          },
        },
      },
      AutomaticRotationIntent: {
        description:
          "Have the vault make new versions of the registry's key by its rotation policy, and the registry follow them; or turn that off again. The policy is the key's: it holds for every registry that uses the key.",
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'rotation'],
        properties: {
          kind: {
            type: 'string',
            enum: ['automatic-rotation'],
            description:
              'discriminator enum property added by openapi-typescript',
          },
          rotation: {
            oneOf: [
              { $ref: '#/components/schemas/RotationOn' },
              { $ref: '#/components/schemas/RotationOff' },
              { $ref: '#/components/schemas/RotationAsBefore' },
            ],
            discriminator: {
              propertyName: 'kind',
              mapping: {
                on: '#/components/schemas/RotationOn',
                off: '#/components/schemas/RotationOff',
                'as-before': '#/components/schemas/RotationAsBefore',
              },
            },
          },
        },
      },
      RotationOn: {
        description:
          'The vault rotates the key by this policy, and the registry stores the key without a version.',
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'policy'],
        properties: {
          kind: {
            type: 'string',
            enum: ['on'],
            description:
              'discriminator enum property added by openapi-typescript',
          },
          policy: { $ref: '#/components/schemas/RotationPolicy' },
        },
      },
      RotationOff: {
        description:
          'The vault makes no new versions by itself any more. Expiry and notice of the policy stay, and so does the version mode of the registry.',
        type: 'object',
        additionalProperties: false,
        required: ['kind'],
        properties: {
          kind: {
            type: 'string',
            enum: ['off'],
            description:
              'discriminator enum property added by openapi-typescript',
          },
        },
      },
      RotationAsBefore: {
        description:
          'The rotation policy and the key identifier that were there before an operation of this portal changed them.',
        type: 'object',
        additionalProperties: false,
        required: ['kind'],
        properties: {
          kind: {
            type: 'string',
            enum: ['as-before'],
            description:
              'discriminator enum property added by openapi-typescript',
          },
          operationId: {
            description:
              'The operation to undo: one of automatic-rotation, of the same registry. The latest that succeeded by default.',
            $ref: '#/components/schemas/Uuid',
          },
        },
      },
      RotationPolicy: {
        description:
          'Rotation policy of a key, as in Key Vault. To rotate, it has one of timeAfterCreate (at least 7 days) and timeBeforeExpiry (at least 7 days; needs expiryTime).',
        type: 'object',
        additionalProperties: false,
        properties: {
          timeAfterCreate: {
            description:
              'A new version, this long after the newest one was created.',
            $ref: '#/components/schemas/PolicyDuration',
          },
          timeBeforeExpiry: {
            description:
              'A new version, this long before the newest one expires.',
            $ref: '#/components/schemas/PolicyDuration',
          },
          expiryTime: {
            description:
              'How long versions are valid that are created from then on; at least 28 days. Without it, they do not expire.',
            $ref: '#/components/schemas/PolicyDuration',
          },
          notifyBeforeExpiry: {
            description:
              'How long before the newest version expires Key Vault sends the event KeyNearExpiry.',
            $ref: '#/components/schemas/PolicyDuration',
          },
        },
      },
      PolicyDuration: {
        description:
          'ISO 8601 duration in years, months, weeks and days, such as `P90D` or `P1Y6M`.',
        type: 'string',
        pattern:
          '^P(?=[0-9])([0-9]{1,2}Y)?([0-9]{1,3}M)?([0-9]{1,3}W)?([0-9]{1,4}D)?$',
      },
      IdentityText: {
        type: 'string',
        minLength: 1,
        maxLength: 400,
        description:
          'The encryption identity: resource id, name or client id of a user-assigned identity, or `system`. It is attached to the registry, or turned on, if it is not. The current one by default.',
      },
      NewVersion: {
        type: 'object',
        additionalProperties: false,
        required: ['kind'],
        properties: {
          kind: {
            type: 'string',
            enum: ['new-version'],
            description:
              'discriminator enum property added by openapi-typescript',
          },
        },
      },
      CurrentKey: {
        type: 'object',
        description:
          'The key and version that the registry uses now, in the mode that is said.',
        additionalProperties: false,
        required: ['kind'],
        properties: {
          kind: {
            type: 'string',
            enum: ['current'],
            description:
              'discriminator enum property added by openapi-typescript',
          },
          mode: {
            description: 'The current one by default.',
            $ref: '#/components/schemas/VersionMode',
          },
        },
      },
      ExistingKey: {
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'keyIdentifier'],
        properties: {
          kind: {
            type: 'string',
            enum: ['existing'],
            description:
              'discriminator enum property added by openapi-typescript',
          },
          keyIdentifier: {
            type: 'string',
            minLength: 1,
            maxLength: 300,
            description:
              'URI of a key in a vault that may be used. With a version the registry stays on it (manual), without one it follows new versions (automatic).',
          },
        },
      },
      NewKey: {
        description: 'A key that the plan makes in a vault.',
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'vaultName', 'keyName'],
        properties: {
          kind: {
            type: 'string',
            enum: ['new-key'],
            description:
              'discriminator enum property added by openapi-typescript',
          },
          vaultName: { $ref: '#/components/schemas/VaultName' },
          keyName: { $ref: '#/components/schemas/KeyName' },
          mode: {
            description: 'Automatic by default.',
            $ref: '#/components/schemas/VersionMode',
          },
          type: {
            type: 'string',
            enum: ['RSA', 'RSA-HSM'],
            description:
              'That of the current key by default; RSA for a new registry.',
          },
          size: {
            type: 'integer',
            enum: [2048, 3072, 4096],
            description:
              'Bits. That of the current key by default; 3072 for a new registry.',
          },
        },
      },
      VaultName: {
        type: 'string',
        description:
          'Of a vault, or of a Managed HSM with `.managedhsm` at its end.',
        pattern: '^[A-Za-z][0-9A-Za-z\\-]{1,22}[0-9A-Za-z](\\.managedhsm)?$',
      },
      KeyName: { type: 'string', pattern: '^[0-9A-Za-z\\-]{1,127}$' },
      RevokeMethodId: {
        type: 'string',
        description:
          "`access-policy` and `role-assignment` remove the identity's access to the key, `disable-version` disables the version in use, `disable-all-versions` every version of the key, `delete-key` soft-deletes the key.",
        enum: [
          'access-policy',
          'role-assignment',
          'disable-version',
          'disable-all-versions',
          'delete-key',
        ],
      },
      RevokeIntent: {
        description: 'Take the access to its key away from a registry.',
        type: 'object',
        additionalProperties: false,
        required: ['kind'],
        properties: {
          kind: {
            type: 'string',
            enum: ['revoke'],
            description:
              'discriminator enum property added by openapi-typescript',
          },
          method: {
            description:
              'By default, the one that takes the key from the fewest registries.',
            $ref: '#/components/schemas/RevokeMethodId',
          },
          restoreAfterMinutes: {
            type: 'integer',
            minimum: 5,
            maximum: 10080,
            description:
              'Restore it automatically after this many minutes, unless someone keeps it revoked. Never by default.',
          },
        },
      },
      RestoreIntent: {
        description:
          'Give a registry its access back: all that is missing now.',
        type: 'object',
        additionalProperties: false,
        required: ['kind'],
        properties: {
          kind: {
            type: 'string',
            enum: ['restore'],
            description:
              'discriminator enum property added by openapi-typescript',
          },
          operationId: {
            description:
              'The revoke to undo. The latest one of the registry by default.',
            $ref: '#/components/schemas/Uuid',
          },
          onlyOperation: {
            type: 'boolean',
            description:
              'Give back only what the revoke `operationId` took away. What other revokes took, or was removed outside of the portal, stays as it is. Automatic restores do that. False by default.',
          },
        },
      },
      RetireIntent: {
        type: 'object',
        description:
          "Disable an old version of the registry's key, once no known registry uses it. Off unless acrCmk.operations.retire is true.",
        additionalProperties: false,
        required: ['kind', 'version'],
        properties: {
          kind: {
            type: 'string',
            enum: ['retire'],
            description:
              'discriminator enum property added by openapi-typescript',
          },
          version: { type: 'string', pattern: '^[0-9a-f]{32}$' },
        },
      },
      CreateRegistryIntent: {
        type: 'object',
        description:
          'A Premium registry, encrypted with a customer-managed key: that can be chosen only when a registry is created. `registryId` of the request is the id of the new registry; `entityRef` is written into its tag, as the proof of its binding.',
        additionalProperties: false,
        required: ['kind', 'location', 'identity', 'key'],
        properties: {
          kind: {
            type: 'string',
            enum: ['create-registry'],
            description:
              'discriminator enum property added by openapi-typescript',
          },
          location: {
            type: 'string',
            pattern: '^[a-z0-9]{2,40}$',
            description: 'Azure region, such as `westeurope`.',
          },
          identity: {
            type: 'object',
            description:
              "User-assigned identity by resource id, client id or name; `create` makes one of that name in the registry's resource group when there is none.",
            additionalProperties: false,
            required: ['name'],
            properties: {
              name: { type: 'string', minLength: 1, maxLength: 400 },
              create: { type: 'boolean' },
            },
          },
          key: {
            oneOf: [
              { $ref: '#/components/schemas/ExistingKey' },
              { $ref: '#/components/schemas/NewKey' },
            ],
            discriminator: {
              propertyName: 'kind',
              mapping: {
                existing: '#/components/schemas/ExistingKey',
                'new-key': '#/components/schemas/NewKey',
              },
            },
          },
          rotateEveryDays: {
            type: 'integer',
            minimum: 28,
            maximum: 3650,
            description:
              'Rotation policy of the key: a new version every so many days. Only with a new key. None by default.',
          },
        },
      },
      PlanRequest: {
        description: 'For which registry of which entity a plan is to be made.',
        type: 'object',
        additionalProperties: false,
        required: ['entityRef', 'registryId', 'intent'],
        properties: {
          entityRef: { $ref: '#/components/schemas/EntityRef' },
          registryId: { $ref: '#/components/schemas/ArmId' },
          intent: { $ref: '#/components/schemas/Intent' },
        },
      },
      Plan: {
        description:
          'What would happen: checks, steps, state before and after, affected registries and the inverse. `hash` is over all of it.',
        type: 'object',
        additionalProperties: false,
        required: [
          'id',
          'hash',
          'createdAt',
          'expiresAt',
          'entityRef',
          'registryId',
          'registryName',
          'intent',
          'summary',
          'before',
          'after',
          'checks',
          'steps',
          'consumers',
          'inverse',
          'confirmation',
          'approval',
          'waitingSeconds',
          'blocked',
        ],
        properties: {
          id: { $ref: '#/components/schemas/Uuid' },
          hash: { $ref: '#/components/schemas/Sha256' },
          createdAt: { $ref: '#/components/schemas/Time' },
          expiresAt: { $ref: '#/components/schemas/Time' },
          entityRef: { $ref: '#/components/schemas/EntityRef' },
          registryId: { $ref: '#/components/schemas/ArmId' },
          registryName: { type: 'string' },
          intent: { $ref: '#/components/schemas/Intent' },
          summary: { type: 'string' },
          before: { $ref: '#/components/schemas/EncryptionFields' },
          after: { $ref: '#/components/schemas/EncryptionFields' },
          checks: {
            type: 'array',
            items: { $ref: '#/components/schemas/Check' },
          },
          steps: {
            type: 'array',
            items: { $ref: '#/components/schemas/PlannedStep' },
          },
          consumers: {
            type: 'array',
            items: { $ref: '#/components/schemas/Consumer' },
          },
          inverse: { $ref: '#/components/schemas/Inverse' },
          confirmation: {
            type: 'object',
            additionalProperties: false,
            required: ['typedName'],
            properties: {
              typedName: {
                type: ['string', 'null'],
                description: 'What has to be typed, when something has.',
              },
            },
          },
          methods: {
            type: 'array',
            description:
              'Of a revoke, every method with what it would do; the plan uses one of them.',
            items: { $ref: '#/components/schemas/RevokeMethod' },
          },
          approval: {
            type: 'object',
            additionalProperties: false,
            required: ['required'],
            properties: {
              required: {
                type: 'boolean',
                description: 'A second person has to approve it.',
              },
              message: { type: 'string' },
              needs: {
                type: 'array',
                description:
                  'What whoever asked lacks, for each whose agreement is needed. They are met one by one, by one person or by several, never by the one who asked.',
                items: { $ref: '#/components/schemas/Need' },
              },
            },
          },
          waitingSeconds: {
            type: 'integer',
            description:
              'How long the operation waits before it begins, so that it can be cancelled.',
          },
          blocked: {
            type: 'boolean',
            description: 'A check has failed; the plan will not be accepted.',
          },
        },
      },
      RevokeMethod: {
        description:
          'One way to revoke: whether it is there for this registry, and which other registries it affects.',
        type: 'object',
        additionalProperties: false,
        required: [
          'method',
          'chosen',
          'recommended',
          'available',
          'message',
          'reversible',
          'alsoAffects',
        ],
        properties: {
          method: { $ref: '#/components/schemas/RevokeMethodId' },
          chosen: { type: 'boolean' },
          recommended: { type: 'boolean' },
          available: { type: 'boolean' },
          message: {
            type: 'string',
            description: 'What it does, or why it is not available.',
          },
          reversible: {
            type: 'string',
            description: 'Whether and until when it can be undone.',
          },
          alsoAffects: {
            type: 'integer',
            description:
              'Other registries that lose their key with it, those out of scope included.',
          },
        },
      },
      Check: {
        description:
          'One thing that has to hold before a plan may be accepted.',
        type: 'object',
        additionalProperties: false,
        required: ['id', 'status', 'message'],
        properties: {
          id: { type: 'string' },
          status: { type: 'string', enum: ['pass', 'warn', 'fail', 'unknown'] },
          message: { type: 'string' },
          remedy: { type: 'string' },
        },
      },
      PlannedStep: {
        description: 'One write or one wait of a plan.',
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'title', 'target', 'writes'],
        properties: {
          kind: { type: 'string' },
          title: { type: 'string' },
          target: { type: 'string' },
          writes: {
            type: 'boolean',
            description:
              'Does it change something in Azure, or only wait and look?',
          },
          commands: {
            type: 'array',
            description:
              'The commands of `az`, in order, that do or show the same by hand.',
            items: { type: 'string' },
          },
        },
      },
      Inverse: {
        description: 'Whether the plan can be undone, and how.',
        type: 'object',
        additionalProperties: false,
        required: ['available', 'message'],
        properties: {
          available: { type: 'boolean' },
          message: { type: 'string' },
        },
      },
      OperationRequest: {
        description:
          'Accepts a plan. The same `idempotencyKey` of the same person gives the same operation.',
        type: 'object',
        additionalProperties: false,
        required: ['planId', 'planHash', 'reason', 'idempotencyKey'],
        properties: {
          planId: { $ref: '#/components/schemas/Uuid' },
          planHash: { $ref: '#/components/schemas/Sha256' },
          reason: { $ref: '#/components/schemas/Reason' },
          confirmation: {
            type: 'string',
            maxLength: 100,
            description:
              "The registry's name, typed by a person, where the plan asks for it.",
          },
          idempotencyKey: {
            type: 'string',
            pattern: '^[A-Za-z0-9_\\-]{8,100}$',
            description:
              'Made by the client, one for each thing that it wants done.',
          },
        },
      },
      OperationState: {
        description: 'Where an operation stands.',
        type: 'string',
        enum: [
          'awaiting-approval',
          'queued',
          'running',
          'waiting',
          'succeeded',
          'failed',
          'cancelled',
          'rejected',
          'unverified',
        ],
      },
      Operation: {
        description: 'An accepted plan and how far it is. It is never deleted.',
        type: 'object',
        additionalProperties: false,
        required: [
          'id',
          'revision',
          'state',
          'intent',
          'entityRef',
          'registryId',
          'registryName',
          'plan',
          'reason',
          'requestedBy',
          'createdAt',
          'steps',
          'result',
          'actions',
        ],
        properties: {
          id: { $ref: '#/components/schemas/Uuid' },
          revision: {
            type: 'integer',
            description:
              'Grows with every change. It is the id of the event in the stream.',
          },
          state: { $ref: '#/components/schemas/OperationState' },
          intent: { $ref: '#/components/schemas/Intent' },
          entityRef: { $ref: '#/components/schemas/EntityRef' },
          registryId: { $ref: '#/components/schemas/ArmId' },
          registryName: { type: 'string' },
          plan: { $ref: '#/components/schemas/Plan' },
          reason: { type: 'string' },
          requestedBy: { type: 'string' },
          createdAt: { $ref: '#/components/schemas/Time' },
          startedAt: { $ref: '#/components/schemas/Time' },
          endedAt: { $ref: '#/components/schemas/Time' },
          approval: {
            description: 'Absent when no second person is needed.',
            $ref: '#/components/schemas/Approval',
          },
          beginsAt: {
            description:
              'End of the waiting period, of an operation that has one.',
            $ref: '#/components/schemas/Time',
          },
          restoresAt: {
            description:
              'When a revoke is restored automatically, unless it is confirmed.',
            $ref: '#/components/schemas/Time',
          },
          confirmedBy: {
            type: 'string',
            description:
              'Who made a revoke permanent that would have been restored automatically.',
          },
          pulls: { $ref: '#/components/schemas/Pulls' },
          actions: {
            type: 'array',
            description:
              'What the caller may do with the operation, and why not.',
            items: { $ref: '#/components/schemas/OperationOffer' },
          },
          waiting: {
            type: 'object',
            description:
              'What a waiting operation waits for, and until when it will look again.',
            additionalProperties: false,
            required: ['message', 'until'],
            properties: {
              message: { type: 'string' },
              until: { $ref: '#/components/schemas/Time' },
            },
          },
          steps: {
            type: 'array',
            items: { $ref: '#/components/schemas/OperationStep' },
          },
          result: {
            oneOf: [
              { $ref: '#/components/schemas/OperationResult' },
              { type: 'null' },
            ],
          },
        },
      },
      OperationResult: {
        description:
          'How an operation ended. `code` is set when it did not succeed.',
        type: 'object',
        additionalProperties: false,
        required: ['message'],
        properties: {
          message: { type: 'string' },
          code: { type: 'string' },
          correlationId: { type: 'string' },
        },
      },
      OperationStep: {
        description:
          'One step of an operation, with what was seen in Azure before and after it.',
        type: 'object',
        additionalProperties: false,
        required: [
          'index',
          'kind',
          'title',
          'target',
          'writes',
          'state',
          'attempts',
        ],
        properties: {
          index: { type: 'integer' },
          kind: { type: 'string' },
          title: { type: 'string' },
          target: { type: 'string' },
          writes: { type: 'boolean' },
          commands: { type: 'array', items: { type: 'string' } },
          state: {
            type: 'string',
            enum: [
              'pending',
              'running',
              'waiting',
              'done',
              'unchanged',
              'failed',
            ],
            description:
              '`unchanged`: no change was needed; nothing was written.',
          },
          attempts: {
            type: 'integer',
            description: 'How often it wrote to Azure.',
          },
          startedAt: { $ref: '#/components/schemas/Time' },
          endedAt: { $ref: '#/components/schemas/Time' },
          evidence: {
            type: 'array',
            description:
              'What was seen before and after, one line for each thing.',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['what', 'before', 'after'],
              properties: {
                what: { type: 'string' },
                before: { type: 'string' },
                after: { type: 'string' },
              },
            },
          },
          correlationId: { type: 'string' },
          message: { type: 'string' },
        },
      },
      OperationOffer: {
        description:
          'Whether the caller may take this decision about an operation now; if not, why.',
        type: 'object',
        additionalProperties: false,
        required: ['action', 'allowed'],
        properties: {
          action: {
            type: 'string',
            enum: ['approve', 'reject', 'cancel', 'confirm'],
          },
          allowed: { type: 'boolean' },
          reason: {
            type: 'string',
            description: 'Why not, when it is not allowed.',
          },
        },
      },
      Need: {
        description:
          'Whose approval an operation needs: of whoever has the permission, on the entity where one is named.',
        type: 'object',
        additionalProperties: false,
        required: ['permission', 'because'],
        properties: {
          permission: { type: 'string' },
          entityRef: {
            description:
              'On which entity. Absent for a permission without one, and where the reader may not see the entity.',
            $ref: '#/components/schemas/EntityRef',
          },
          hiddenEntity: {
            type: 'boolean',
            description: 'It is on an entity that the reader may not see.',
          },
          because: { type: 'string' },
          by: { type: 'string', description: 'Who has met it.' },
          at: { $ref: '#/components/schemas/Time' },
        },
      },
      Approval: {
        description:
          'Whether other people have to agree, what they have said, and until when they may.',
        type: 'object',
        additionalProperties: false,
        required: ['state'],
        properties: {
          needs: {
            type: 'array',
            items: { $ref: '#/components/schemas/Need' },
          },
          typedName: {
            type: 'string',
            description:
              'What an approver has to type as confirmation, because a program asked for the operation.',
          },
          state: {
            type: 'string',
            enum: ['pending', 'approved', 'rejected', 'expired'],
          },
          by: { type: 'string' },
          at: { $ref: '#/components/schemas/Time' },
          expiresAt: {
            description: 'While it is awaited.',
            $ref: '#/components/schemas/Time',
          },
        },
      },
      Complete: {
        type: 'boolean',
        description:
          'False when something that should be listed could not be read.',
      },
      VaultChoice: {
        description: 'A vault that a form may offer.',
        type: 'object',
        additionalProperties: false,
        required: [
          'name',
          'location',
          'sku',
          'permissionModel',
          'purgeProtection',
          'unsuitable',
        ],
        properties: {
          name: { type: 'string' },
          location: { type: 'string' },
          sku: { type: 'string', enum: ['standard', 'premium'] },
          permissionModel: { type: 'string', enum: ['rbac', 'access-policy'] },
          purgeProtection: { type: 'boolean' },
          unsuitable: {
            type: 'array',
            description:
              "Why a new registry cannot use a key of it; empty when it can. `purge-protection-off`: a deleted key could be lost for good. `firewall-closed`: no registry gets through, because its firewall is closed to Azure's trusted services, too.",
            items: {
              type: 'string',
              enum: ['purge-protection-off', 'firewall-closed'],
            },
          },
        },
      },
      KeyChoice: {
        description:
          'A key that a form may offer. `keyIdentifier` has no version.',
        type: 'object',
        additionalProperties: false,
        required: ['name', 'keyIdentifier'],
        properties: {
          name: { type: 'string' },
          keyIdentifier: { type: 'string', description: 'Without a version.' },
          type: { type: 'string' },
          size: { type: 'integer' },
          enabled: { type: 'boolean' },
        },
      },
      KeyVersionChoice: {
        description: 'A version of a key that a form may offer.',
        type: 'object',
        additionalProperties: false,
        required: ['version', 'enabled', 'created'],
        properties: {
          version: { type: 'string', description: '32 hex digits.' },
          enabled: { type: 'boolean' },
          created: { type: 'string', format: 'date-time' },
          expires: { type: 'string', format: 'date-time' },
        },
      },
      NameCheck: {
        description:
          'Whether a name is free. `soft-deleted`: a deleted key has it until it is purged.',
        type: 'object',
        additionalProperties: false,
        required: ['name', 'state'],
        properties: {
          name: { type: 'string' },
          state: {
            type: 'string',
            enum: ['free', 'taken', 'soft-deleted', 'unknown'],
          },
          message: {
            type: 'string',
            description:
              'What Azure says of a name that is taken; why it is not known.',
          },
          until: {
            type: 'string',
            format: 'date-time',
            description: 'When the soft-deleted key is purged by itself.',
          },
        },
      },
      IdentityChoice: {
        description: 'A user-assigned identity that a form may offer.',
        type: 'object',
        additionalProperties: false,
        required: ['name', 'resourceId', 'clientId'],
        properties: {
          name: { type: 'string' },
          resourceId: { type: 'string' },
          clientId: { type: 'string' },
        },
      },
      RegistryChoice: {
        description:
          'A registry that a form may offer, with the entities of the caller that name it.',
        type: 'object',
        additionalProperties: false,
        required: ['registryId', 'name', 'location', 'encrypted', 'entities'],
        properties: {
          registryId: { $ref: '#/components/schemas/ArmId' },
          name: { type: 'string' },
          location: { type: 'string' },
          encrypted: {
            type: 'boolean',
            description: 'With a customer-managed key.',
          },
          versionMode: { $ref: '#/components/schemas/VersionMode' },
          entities: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['entityRef'],
              properties: {
                entityRef: { type: 'string' },
                owner: { type: 'string' },
              },
            },
          },
        },
      },
      ResourceGroup: {
        type: 'string',
        pattern: '^[A-Za-z0-9_\\-.()]{0,89}[A-Za-z0-9_\\-()]$',
      },
      FleetSort: {
        type: 'string',
        description:
          '`state`, the default, is worst first; `expires` is soonest first; `age` is of the version in use, oldest first. What has no such time comes last.',
        enum: ['state', 'name', 'expires', 'age'],
      },
      FleetSeverity: {
        type: 'string',
        description:
          'Of the worst finding. `none` says that there is no finding, and of an unknown state that none is known.',
        enum: ['error', 'warning', 'info', 'none'],
      },
      FleetEntity: {
        type: 'object',
        description: 'An entity that names a registry.',
        additionalProperties: false,
        required: ['entityRef'],
        properties: {
          entityRef: { type: 'string' },
          owner: { type: 'string' },
        },
      },
      FleetOperation: {
        type: 'object',
        description:
          'The latest operation of a registry. Absent for callers who neither see the whole fleet nor asked for it themselves nor have acr-cmk.registry.read on its entity or on one that the registry is linked to.',
        additionalProperties: false,
        required: ['id', 'kind', 'state', 'at'],
        properties: {
          id: { $ref: '#/components/schemas/Uuid' },
          kind: { type: 'string', description: 'Of its intent.' },
          state: { $ref: '#/components/schemas/OperationState' },
          at: {
            description: 'When it ended, or else when it was asked for.',
            $ref: '#/components/schemas/Time',
          },
        },
      },
      FleetRegistry: {
        type: 'object',
        description:
          'A registry of the fleet, with what it is filtered and sorted by.',
        additionalProperties: false,
        required: [
          'registryId',
          'name',
          'subscriptionId',
          'resourceGroup',
          'location',
          'state',
          'severity',
          'findings',
          'entities',
          'hiddenEntities',
          'owners',
          'stale',
        ],
        properties: {
          registryId: { $ref: '#/components/schemas/ArmId' },
          name: { type: 'string' },
          subscriptionId: { type: 'string' },
          resourceGroup: { type: 'string' },
          location: { type: 'string' },
          state: { $ref: '#/components/schemas/RegistryState' },
          severity: { $ref: '#/components/schemas/FleetSeverity' },
          findings: {
            type: 'array',
            description: 'Ids of the findings that hold.',
            items: { type: 'string' },
          },
          key: {
            type: 'object',
            description:
              'Absent without a customer-managed key in a vault of this cloud.',
            additionalProperties: false,
            required: ['vaultName', 'keyName'],
            properties: {
              vaultName: { type: 'string' },
              keyName: { type: 'string' },
            },
          },
          versionMode: { $ref: '#/components/schemas/VersionMode' },
          versionInUse: { type: 'string' },
          versionCreatedAt: {
            description: 'When the version in use was created.',
            $ref: '#/components/schemas/Time',
          },
          latestVersion: {
            type: 'string',
            description: 'The newest enabled one of the key.',
          },
          behindSince: {
            description:
              'Since when there has been a newer version than the one in use.',
            $ref: '#/components/schemas/Time',
          },
          expiresAt: {
            description: 'When the version in use expires.',
            $ref: '#/components/schemas/Time',
          },
          entities: {
            type: 'array',
            description:
              'Entities that name the registry, as far as the caller may see them.',
            items: { $ref: '#/components/schemas/FleetEntity' },
          },
          hiddenEntities: {
            type: 'integer',
            description:
              'Entities that name it and that the caller may not see.',
          },
          owners: {
            type: 'array',
            description:
              'Owners of the entities that name it, and the groups and users that its tag or the configuration names, as far as the caller may see them.',
            items: { type: 'string' },
          },
          lastOperation: { $ref: '#/components/schemas/FleetOperation' },
          observedAt: {
            description: 'When the registry was read.',
            $ref: '#/components/schemas/Time',
          },
          stale: {
            type: 'boolean',
            description: 'A newer reading was tried and failed.',
          },
        },
      },
      FleetRegistries: {
        type: 'object',
        description: 'One page of registries of the fleet.',
        additionalProperties: false,
        required: ['items', 'total', 'searchIncomplete'],
        properties: {
          items: {
            type: 'array',
            items: { $ref: '#/components/schemas/FleetRegistry' },
          },
          total: { type: 'integer', description: 'Registries on all pages.' },
          nextCursor: {
            type: 'string',
            description: 'Absent on the last page.',
          },
          searchIncomplete: { $ref: '#/components/schemas/SearchIncomplete' },
        },
      },
      SearchIncomplete: {
        type: 'boolean',
        description:
          'More than 500 entities match the search, so names of entities were left out of it. A longer text finds them.',
      },
      FleetRegistryView: {
        type: 'object',
        description:
          'A registry as the Encryption tab shows it, and the entities that name it.',
        additionalProperties: false,
        required: ['registry', 'entities', 'hiddenEntities'],
        properties: {
          registry: {
            oneOf: [
              { $ref: '#/components/schemas/RegistryEncryption' },
              { $ref: '#/components/schemas/UnreadableRegistry' },
            ],
          },
          entities: {
            type: 'array',
            description: 'Entities that name it, by which it can be changed.',
            items: { $ref: '#/components/schemas/FleetEntity' },
          },
          hiddenEntities: { type: 'integer' },
        },
      },
      FleetCount: {
        type: 'object',
        description: 'How many registries have a value.',
        additionalProperties: false,
        required: ['value', 'count'],
        properties: { value: { type: 'string' }, count: { type: 'integer' } },
      },
      FleetScope: {
        type: 'object',
        description: 'What of the fleet is seen, and what is not.',
        additionalProperties: false,
        required: ['visible', 'known', 'unreadableSubscriptions'],
        properties: {
          visible: {
            type: 'integer',
            description: 'Registries that the caller may see.',
          },
          known: {
            type: 'integer',
            description: 'Registries in acrCmk.scopes that are known.',
          },
          unreadableSubscriptions: {
            type: 'integer',
            description:
              'Subscriptions of acrCmk.scopes whose registries could not be listed.',
          },
          problems: {
            type: 'array',
            description:
              'Which, and why. Only for callers who may see every registry.',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['subscriptionId', 'message'],
              properties: {
                subscriptionId: { type: 'string' },
                message: { type: 'string' },
                listedAt: {
                  description: 'When they were last listed.',
                  $ref: '#/components/schemas/Time',
                },
              },
            },
          },
          oldestObservedAt: {
            description:
              'When the oldest facts of the registries that the caller may see were read.',
            $ref: '#/components/schemas/Time',
          },
        },
      },
      FleetSummary: {
        type: 'object',
        description: 'Counts of registries of the fleet.',
        additionalProperties: false,
        required: ['total', 'counts', 'scope', 'searchIncomplete'],
        properties: {
          total: { type: 'integer' },
          counts: {
            type: 'object',
            additionalProperties: false,
            required: [
              'state',
              'severity',
              'mode',
              'owner',
              'otherOwners',
              'unbound',
              'subscription',
              'vault',
            ],
            properties: {
              state: {
                type: 'array',
                description: 'Worst first.',
                items: { $ref: '#/components/schemas/FleetCount' },
              },
              severity: {
                type: 'array',
                description: 'Worst first.',
                items: { $ref: '#/components/schemas/FleetCount' },
              },
              mode: {
                type: 'array',
                description: 'Of those with a customer-managed key.',
                items: { $ref: '#/components/schemas/FleetCount' },
              },
              owner: {
                type: 'array',
                description:
                  'At most 100, with the most first. A registry with several owners counts for each.',
                items: { $ref: '#/components/schemas/FleetCount' },
              },
              otherOwners: {
                type: 'integer',
                description:
                  'Owners that the caller may not see, or beyond the first 100.',
              },
              unbound: {
                type: 'integer',
                description: 'Registries that no entity names.',
              },
              subscription: {
                type: 'array',
                description: 'Most first.',
                items: { $ref: '#/components/schemas/FleetCount' },
              },
              vault: {
                type: 'array',
                description: 'Most first.',
                items: { $ref: '#/components/schemas/FleetCount' },
              },
            },
          },
          scope: { $ref: '#/components/schemas/FleetScope' },
          searchIncomplete: { $ref: '#/components/schemas/SearchIncomplete' },
        },
      },
      FleetHolder: {
        type: 'object',
        description: 'A registry that uses a key.',
        additionalProperties: false,
        required: ['registryId', 'name'],
        properties: {
          registryId: { $ref: '#/components/schemas/ArmId' },
          name: { type: 'string' },
          versionMode: { $ref: '#/components/schemas/VersionMode' },
        },
      },
      FleetRetirement: {
        type: 'object',
        description: 'Of an enabled version that is not the newest one.',
        additionalProperties: false,
        required: ['safe', 'message'],
        properties: {
          safe: {
            type: 'boolean',
            description:
              'No known registry uses it, and all registries are known.',
          },
          since: {
            description:
              'Since when certainly no registry that uses the key now has used this version. Absent where that is not known.',
            $ref: '#/components/schemas/Time',
          },
          message: {
            type: 'string',
            description: 'Why, or who still holds it.',
          },
        },
      },
      FleetKeyVersion: {
        type: 'object',
        description: 'A version of a key, with who uses it.',
        additionalProperties: false,
        required: [
          'version',
          'newest',
          'registries',
          'hiddenRegistries',
          'holders',
        ],
        properties: {
          version: { type: 'string' },
          enabled: {
            type: 'boolean',
            description:
              'Absent, as the times are, when the key could not be read or has no such version.',
          },
          created: { $ref: '#/components/schemas/Time' },
          expires: { $ref: '#/components/schemas/Time' },
          newest: { type: 'boolean' },
          registries: {
            type: 'integer',
            description: 'Registries that use it and that the caller may see.',
          },
          hiddenRegistries: {
            type: 'integer',
            description:
              'Registries that use it and that the caller may not see.',
          },
          holders: {
            type: 'array',
            description: 'The first 20 of `registries`, by name.',
            items: { $ref: '#/components/schemas/FleetHolder' },
          },
          retirement: { $ref: '#/components/schemas/FleetRetirement' },
        },
      },
      FleetKey: {
        type: 'object',
        description: 'A key that registries of the fleet use.',
        additionalProperties: false,
        required: [
          'vaultName',
          'keyName',
          'registries',
          'hiddenRegistries',
          'owners',
          'otherOwners',
          'versions',
          'moreVersions',
        ],
        properties: {
          vaultName: { type: 'string' },
          keyName: { type: 'string' },
          latestVersion: { type: 'string' },
          rotatesByPolicy: { type: 'boolean' },
          rotatesAt: {
            description: "When the vault's policy will make the next version.",
            $ref: '#/components/schemas/Time',
          },
          observedAt: {
            description:
              'When the key was read. Absent when it never was; then versions are those in use.',
            $ref: '#/components/schemas/Time',
          },
          problem: {
            type: 'string',
            description: 'Why it could not be read, or read again.',
          },
          registries: {
            type: 'integer',
            description:
              'Registries that use the key and that the caller may see.',
          },
          hiddenRegistries: { type: 'integer' },
          owners: {
            type: 'array',
            description: 'Of entities that name these registries; at most 20.',
            items: { type: 'string' },
          },
          otherOwners: {
            type: 'integer',
            description:
              'Owners that the caller may not see, or beyond the first 20.',
          },
          versions: {
            type: 'array',
            description:
              'Newest first, at most 50; those in use are always among them.',
            items: { $ref: '#/components/schemas/FleetKeyVersion' },
          },
          moreVersions: { type: 'integer' },
        },
      },
      FleetKeys: {
        type: 'object',
        description: 'One page of keys of the fleet.',
        additionalProperties: false,
        required: ['items', 'total', 'searchIncomplete'],
        properties: {
          items: {
            type: 'array',
            items: { $ref: '#/components/schemas/FleetKey' },
          },
          total: { type: 'integer' },
          nextCursor: { type: 'string' },
          searchIncomplete: { $ref: '#/components/schemas/SearchIncomplete' },
        },
      },
      FleetExpiry: {
        type: 'object',
        description: 'Something that time will do to a key.',
        additionalProperties: false,
        required: [
          'kind',
          'at',
          'vaultName',
          'keyName',
          'registries',
          'holders',
        ],
        properties: {
          kind: {
            type: 'string',
            enum: ['expiry', 'rotation'],
            description:
              '`expiry`: a version in use expires. `rotation`: the vault makes a new version by its policy, which registries in automatic mode follow.',
          },
          at: { $ref: '#/components/schemas/Time' },
          vaultName: { type: 'string' },
          keyName: { type: 'string' },
          version: {
            type: 'string',
            description: 'Of an expiry, the version that expires.',
          },
          registries: {
            type: 'integer',
            description:
              'Of an expiry those that use the version, of a rotation those that will follow.',
          },
          pinned: {
            type: 'integer',
            description: 'Of a rotation, registries that will not follow.',
          },
          holders: {
            type: 'array',
            description: 'The first 5 registries, by name.',
            items: { $ref: '#/components/schemas/FleetHolder' },
          },
        },
      },
      FleetWeek: {
        type: 'object',
        description: 'What happens to keys in one week.',
        additionalProperties: false,
        required: ['start', 'expiries', 'rotations'],
        properties: {
          start: {
            description: 'Monday, 00:00 UTC.',
            $ref: '#/components/schemas/Time',
          },
          expiries: {
            type: 'integer',
            description: 'Registries whose version in use expires.',
          },
          rotations: {
            type: 'integer',
            description: 'Keys that their vault rotates.',
          },
        },
      },
      FleetExpiries: {
        type: 'object',
        description: 'What expires and what vaults rotate, by week.',
        additionalProperties: false,
        required: ['weeks', 'items', 'complete', 'searchIncomplete'],
        properties: {
          weeks: {
            type: 'array',
            items: { $ref: '#/components/schemas/FleetWeek' },
          },
          items: {
            type: 'array',
            description: 'Soonest first, at most 500.',
            items: { $ref: '#/components/schemas/FleetExpiry' },
          },
          complete: {
            type: 'boolean',
            description:
              'False when there are more than 500. The weeks count all of them.',
          },
          searchIncomplete: { $ref: '#/components/schemas/SearchIncomplete' },
        },
      },
      WaitingOperation: {
        type: 'object',
        description: 'An operation that the caller may approve.',
        additionalProperties: false,
        required: [
          'id',
          'planHash',
          'intent',
          'summary',
          'registryId',
          'registryName',
          'requestedBy',
          'reason',
          'createdAt',
          'consumers',
          'needs',
        ],
        properties: {
          id: { $ref: '#/components/schemas/Uuid' },
          planHash: {
            description: 'Of the plan that is to be approved.',
            $ref: '#/components/schemas/Sha256',
          },
          intent: {
            description: 'Its kind.',
            type: 'string',
            enum: [
              'rotate',
              'automatic-rotation',
              'revoke',
              'restore',
              'retire',
              'create-registry',
            ],
          },
          summary: { type: 'string', description: 'Of the plan.' },
          registryId: { $ref: '#/components/schemas/ArmId' },
          registryName: { type: 'string' },
          entityRef: {
            description: 'Absent when the caller may not see the entity.',
            $ref: '#/components/schemas/EntityRef',
          },
          requestedBy: { type: 'string' },
          reason: { type: 'string' },
          createdAt: { $ref: '#/components/schemas/Time' },
          expiresAt: {
            description: 'When it ends as rejected unless it is approved.',
            $ref: '#/components/schemas/Time',
          },
          consumers: {
            type: 'integer',
            description: 'Registries that the plan affects.',
          },
          typedName: {
            type: 'string',
            description:
              'What has to be typed to approve it, because a program asked for it.',
          },
          needs: {
            type: 'array',
            description: 'What the caller would agree to, for each why.',
            items: { type: 'string' },
          },
        },
      },
      FleetWaiting: {
        type: 'object',
        description: "Operations that wait for the caller's approval.",
        additionalProperties: false,
        required: ['items', 'complete'],
        properties: {
          items: {
            type: 'array',
            items: { $ref: '#/components/schemas/WaitingOperation' },
          },
          complete: {
            type: 'boolean',
            description: 'False when there are more than 100.',
          },
        },
      },
      DoctorStatus: {
        description:
          '`failed`: something does not work. `unknown`: it could not be found out. `warning`: it works, and may not be what is wanted.',
        type: 'string',
        enum: ['ok', 'warning', 'failed', 'unknown'],
      },
      DoctorLine: {
        description: 'One thing that a check found.',
        type: 'object',
        additionalProperties: false,
        required: ['status', 'message'],
        properties: {
          status: { $ref: '#/components/schemas/DoctorStatus' },
          message: { type: 'string' },
          remedy: { type: 'string', description: 'What to do about it.' },
        },
      },
      DoctorCheck: {
        description: 'One check of the doctor.',
        type: 'object',
        additionalProperties: false,
        required: ['id', 'title', 'status', 'lines'],
        properties: {
          id: { type: 'string' },
          title: { type: 'string' },
          status: {
            description: 'The worst of its lines.',
            $ref: '#/components/schemas/DoctorStatus',
          },
          lines: {
            type: 'array',
            items: { $ref: '#/components/schemas/DoctorLine' },
          },
        },
      },
      DoctorReport: {
        description: 'What the doctor found, check by check.',
        type: 'object',
        additionalProperties: false,
        required: ['at', 'status', 'checks'],
        properties: {
          at: { $ref: '#/components/schemas/Time' },
          status: {
            description: 'The worst of the checks.',
            $ref: '#/components/schemas/DoctorStatus',
          },
          checks: {
            type: 'array',
            items: { $ref: '#/components/schemas/DoctorCheck' },
          },
        },
      },
      ListedScope: {
        description:
          'One subscription of the scopes, as the last sweep that has ended saw it.',
        type: 'object',
        additionalProperties: false,
        required: ['subscriptionId', 'state', 'registries'],
        properties: {
          subscriptionId: { type: 'string' },
          state: {
            description:
              '`whole`: everything was listed. `fallen`: much less was listed than is known, which is kept. `partial`: not everything could be listed. `unknown`: it was not listed yet.',
            type: 'string',
            enum: ['whole', 'fallen', 'partial', 'unknown'],
          },
          registries: {
            type: 'object',
            additionalProperties: false,
            required: ['known'],
            properties: {
              known: { type: 'integer', description: 'How many are known.' },
              expected: {
                type: 'integer',
                description:
                  'How many Azure counts; absent where it was not asked.',
              },
              seen: { type: 'integer', description: 'How many the sweep saw.' },
            },
          },
          listedAt: {
            description: 'When everything in it was last listed whole.',
            $ref: '#/components/schemas/Time',
          },
          problem: {
            type: 'string',
            description: 'What is wrong',
            'and what to do about it.': null,
          },
        },
      },
      InventorySweep: {
        description: 'One listing of everything.',
        type: 'object',
        additionalProperties: false,
        required: ['state', 'startedAt'],
        properties: {
          state: {
            type: 'string',
            enum: ['running', 'whole', 'partial', 'failed'],
          },
          startedAt: { $ref: '#/components/schemas/Time' },
          endedAt: { $ref: '#/components/schemas/Time' },
          partitions: {
            type: 'object',
            additionalProperties: false,
            required: ['all', 'read'],
            properties: { all: { type: 'integer' }, read: { type: 'integer' } },
          },
          problem: {
            type: 'string',
            description: 'What kept all of it from success.',
          },
        },
      },
      CallBudget: {
        description:
          "What is left of one of Azure's limits, as the backend that answers knows it.",
        type: 'object',
        additionalProperties: false,
        required: ['quota', 'of', 'credential', 'left', 'size'],
        properties: {
          quota: {
            description: 'Kind of calls that are counted together.',
            type: 'string',
          },
          of: {
            description:
              'Subscription, or host of a vault; empty for the tenant.',
            type: 'string',
          },
          credential: {
            type: 'string',
            description: 'First job that has the credential.',
          },
          left: { type: 'integer' },
          size: { type: 'integer' },
          pausedSeconds: {
            type: 'integer',
            description: 'So long Azure wants no more calls.',
          },
        },
      },
      InventoryRegistries: {
        type: 'object',
        description: 'One page of registries by what identifies them.',
        additionalProperties: false,
        required: ['items', 'subscriptions', 'othersOutOfScope'],
        properties: {
          items: {
            type: 'array',
            items: { $ref: '#/components/schemas/InventoryRegistry' },
          },
          othersOutOfScope: {
            type: 'boolean',
            description:
              'Whether a subscription that is not listed here is known to be out of scope. Not where acrCmk.scopes has management groups: what is below one is only known once it could be read.',
          },
          subscriptions: {
            type: 'array',
            description: 'Every subscription in scope, with each page.',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['subscriptionId', 'whole'],
              properties: {
                subscriptionId: { type: 'string' },
                whole: {
                  type: 'boolean',
                  description:
                    'All of its registries are among the items: it was listed, and the last listing did not fail. Of any other, a registry that is not among them may still be there.',
                },
              },
            },
          },
          nextCursor: { type: 'string' },
        },
      },
      InventoryRegistry: {
        type: 'object',
        description:
          'One registry by what identifies it. Ids and names are lower case, however Azure spells them.',
        additionalProperties: false,
        required: ['registryId', 'tags', 'entityRefs'],
        properties: {
          registryId: { $ref: '#/components/schemas/ArmId' },
          tags: { $ref: '#/components/schemas/ChosenTags' },
          entityRefs: {
            description:
              'Entities that its tag backstage-entity-ref or acrCmk.bindings names.',
            $ref: '#/components/schemas/NamedEntities',
          },
          key: {
            type: 'object',
            description:
              'The key that it is encrypted with; absent without one.',
            additionalProperties: false,
            required: ['keyName', 'entityRefs', 'vault'],
            properties: {
              keyName: { type: 'string' },
              entityRefs: {
                description:
                  'Entities that its own tag backstage-entity-ref or an entry of acrCmk.keys names.',
                $ref: '#/components/schemas/NamedEntities',
              },
              vault: {
                type: 'object',
                additionalProperties: false,
                required: ['name', 'host', 'tags', 'entityRefs'],
                properties: {
                  name: { type: 'string' },
                  host: {
                    type: 'string',
                    description:
                      'In the cloud of acrCmk.azure.cloud, such as contoso.vault.azure.net.',
                  },
                  id: {
                    description:
                      'Absent when no subscription in scope is known to hold it.',
                    $ref: '#/components/schemas/ArmId',
                  },
                  tags: { $ref: '#/components/schemas/ChosenTags' },
                  entityRefs: {
                    description:
                      'Entities that its tag backstage-entity-ref or an entry of acrCmk.keys names.',
                    $ref: '#/components/schemas/NamedEntities',
                  },
                },
              },
            },
          },
        },
      },
      NamedEntities: {
        type: 'array',
        description: 'Full refs in lower case, in order, each once.',
        items: { type: 'string' },
      },
      ChosenTags: {
        type: 'object',
        description:
          'Those of the tags that were asked for, by their names in lower case.',
        additionalProperties: { type: 'string' },
      },
      InventoryStatus: {
        description: 'What the inventory knows of Azure, and how well.',
        type: 'object',
        additionalProperties: false,
        required: ['at', 'enabled', 'registries', 'scopes', 'dirty', 'budget'],
        properties: {
          at: { $ref: '#/components/schemas/Time' },
          enabled: {
            type: 'boolean',
            description: 'Whether the inventory is listed by itself.',
          },
          registries: {
            type: 'integer',
            description: 'How many are known in all.',
          },
          oldestFactsAt: {
            description:
              'When the registry was read whose facts are the oldest.',
            $ref: '#/components/schemas/Time',
          },
          scopes: {
            type: 'array',
            items: { $ref: '#/components/schemas/ListedScope' },
          },
          lastSweep: { $ref: '#/components/schemas/InventorySweep' },
          lastWholeSweepAt: {
            description: 'When the last sweep began that saw everything.',
            $ref: '#/components/schemas/Time',
          },
          dirty: {
            type: 'integer',
            description: 'Things that are to be read again.',
          },
          keyLists: {
            description: 'The lists of keys of the vaults that registries use.',
            type: 'object',
            additionalProperties: false,
            required: ['vaults', 'failed'],
            properties: {
              vaults: {
                type: 'integer',
                description: 'Vaults that were asked.',
              },
              failed: {
                type: 'integer',
                description:
                  'Vaults that did not answer the last time; what is known of their keys may be old.',
              },
              problem: {
                type: 'string',
                description: 'What kept the first of them from being listed.',
              },
            },
          },
          budget: {
            description: 'The scarcest limits, at most twenty.',
            type: 'array',
            items: { $ref: '#/components/schemas/CallBudget' },
          },
        },
      },
      AuditRecord: {
        description: 'One record of the permanent chain.',
        type: 'object',
        additionalProperties: false,
        required: [
          'seq',
          'at',
          'actor',
          'event',
          'details',
          'previousHash',
          'hash',
        ],
        properties: {
          seq: { type: 'integer' },
          at: { $ref: '#/components/schemas/Time' },
          actor: {
            type: 'string',
            description:
              'Entity ref of the person, also where the engine acts for them later.',
          },
          event: { type: 'string' },
          entityRef: { type: 'string' },
          registryId: { type: 'string' },
          operationId: { $ref: '#/components/schemas/Uuid' },
          details: { type: 'object', additionalProperties: true },
          previousHash: { $ref: '#/components/schemas/Sha256' },
          hash: {
            description:
              'SHA-256 over the canonical JSON (RFC 8785) of everything else in the record.',
            $ref: '#/components/schemas/Sha256',
          },
        },
      },
    },
  },
};
