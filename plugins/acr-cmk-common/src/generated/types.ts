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
    /** @description LIMIT_REACHED. The caller has as much as one person may have; the message names the setting below acrCmk.limits. */
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
        /** @description `state`, the default, is worst first; `expires` is soonest first; `age` is of the version in use, oldest first. What has no such time comes last. */
        sort?: 'state' | 'name' | 'expires' | 'age';
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
      default: components['responses']['Problem'];
    };
  };
}
