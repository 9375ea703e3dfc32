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
     * Encryption of the registries that an entity names
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
     * Create a plan: its checks, steps and affected registries
     * @description Reads fresh facts and writes nothing to Azure. A plan expires after fifteen minutes, and only the person who created it can accept it.
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
     * Accept a plan
     * @description Creates the plan again from fresh facts; any difference from planHash is a 409 that lists it. The same idempotencyKey with the same request returns the same operation.
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
     * @description Needs one of the permissions in approval.needs, and a person other than the requester. Creates the plan again from fresh facts; a difference voids it.
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
     * @description Needs acr-cmk.operation.approve on the entity, or one of the permissions in approval.needs. The operation ends as rejected.
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
     * Stop the automatic restore of a revoke
     * @description Stops the timer of a revoke with restoreAfterMinutes. Needs acr-cmk.key.revoke on the entity, and every permission that the revoke needed. Its requester cannot if it needed an approval.
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
     * @description Vaults in the subscriptions of acrCmk.scopes that acrCmk.vaults allows, with a key that the entity may use; without an entity, a key that the caller or an entity of theirs may use. Needs acr-cmk.use.
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
     * Check whether a name is free for a new key of the vault
     * @description Includes soft-deleted keys. Changes nothing. Needs acr-cmk.registry.create. Unknown for a vault that neither the caller, their groups nor an entity of theirs may use.
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
     * Check whether a name is free for a new registry
     * @description Names are unique in all of Azure. Changes nothing. Needs acr-cmk.registry.create, and the resource group in acrCmk.scopes.
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
     * @description Identities in acrCmk.scopes that the entity or the caller may use, by the same rules as keys. Needs acr-cmk.use.
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
  '/v1/resource-groups': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Resource groups in which a registry may be created
     * @description Resource groups in acrCmk.scopes. In one that is open to the caller or a group of theirs, by its tag backstage-entity-ref or by acrCmk.resourceGroups, nobody else has to agree. Needs acr-cmk.registry.create.
     */
    get: operations['listResourceGroups'];
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
     * Registries of the entities that the caller may see
     * @description Needs acr-cmk.use. Entities that the catalog hides from the caller are left out.
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
     * The audit record, oldest first
     * @description Records of a hash chain, so that an export can be verified offline. Needs acr-cmk.audit.read.
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
  '/v1/doctor': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Check the set-up of this installation
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
     * Content, age and gaps of the inventory
     * @description Result of the last sweep in each subscription of the scopes, the failures, the age of the oldest facts, and the requests left of Azure's limits. Sends no request to Azure. Needs acr-cmk.inventory.read.
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
  '/v1/inventory/freshness': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Next reading of a registry, and its reason
     * @description Age of the registry, its vault, key, access and identity, and when and why each is read next. Sends no request to Azure. Needs acr-cmk.inventory.read.
     */
    get: operations['readInventoryFreshness'];
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
     * Schedule a full listing
     * @description The next run of the sync, within a minute, lists everything. Further requests before that are combined with it. Needs acr-cmk.inventory.sync.
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
     * Identifying values of each registry, for the catalog
     * @description Every registry in scope with its key and the key's vault, ordered by id, without values that change by themselves. Only the catalog plugin of the same portal may call it. Sends no request to Azure.
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
     * Registries as CSV, for auditors
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
     * @description Includes registries that no entity names. Changes need an entity, so no action is offered. Needs acr-cmk.fleet.read on the registry.
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
     * Number of registries by state and other values
     * @description Takes the filter of the list: every count is the number of rows that the filter with that value lists. Needs acr-cmk.fleet.read.
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
     * Keys with their versions, and the users of each
     * @description Keys of the registries that the filter selects, by vault and name. For each old version: the time since which no known user has it, or the reason why it is not known to be unused. Needs acr-cmk.fleet.read.
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
  '/v1/fleet/keys.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Keys as CSV, a line for each version
     * @description The keys that the filter selects, with the users of each version and whether a version is known to be unused. In the form of the export of registries. Needs acr-cmk.fleet.read.
     */
    get: operations['exportFleetKeys'];
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
     * Expiries and rotations by week
     * @description For the registries that the filter selects. Weeks start on Monday in UTC; the first is the current one and includes earlier expiries. With `expiresBefore`, also rotations end there. Needs acr-cmk.fleet.read.
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
  '/v1/fleet/expiries.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The calendar as CSV, a line for each registry on a day
     * @description All expiries and rotations of the period, soonest first. In the form of the export of registries. Needs acr-cmk.fleet.read.
     */
    get: operations['exportFleetExpiries'];
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
     * Operations that await the caller's approval
     * @description From the whole scope, longest waiting first. Approve and reject them at /v1/operations/{id}. Needs only the permissions by which the caller may approve them.
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
  '/v1/campaigns': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Campaigns, newest first
     * @description Started campaigns with a member that the caller may see, and the caller's previews. At most 100.
     */
    get: operations['listCampaigns'];
    put?: never;
    /**
     * Preview of one change to many registries
     * @description Freezes the selected registries or keys as members and plans each of them from known facts. Answers at once; the campaign is in state `previewing` until each member has its outcome. Writes nothing to Azure. Needs acr-cmk.campaign.create, and for each member what a single operation needs: a member that the caller may not change is `blocked`. A preview that is not started ends after a day.
     */
    post: operations['createCampaign'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/campaigns/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One campaign with its stages
     * @description For its requester, for callers with acr-cmk.campaign.create, and for owners of one of its members. Counts are of the members that the caller may see.
     */
    get: operations['getCampaign'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/campaigns/{id}/members': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Members of a campaign that the caller may see, page by page */
    get: operations['listCampaignMembers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/campaigns/{id}/estimate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Stages and duration of a preview by a strategy
     * @description Changes nothing. For the requester alone.
     */
    post: operations['estimateCampaign'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/campaigns/{id}/start': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Accept a preview and start the campaign
     * @description Only by its requester, and only while the preview is complete. The same request again returns the same campaign.
     */
    post: operations['startCampaign'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/campaigns/{id}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Pause a campaign
     * @description Starts no more members; running operations continue to their end. Needs acr-cmk.campaign.create.
     */
    post: operations['pauseCampaign'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/campaigns/{id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Resume a paused campaign
     * @description For the requester alone.
     */
    post: operations['resumeCampaign'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/campaigns/{id}/abort': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Abort a campaign
     * @description Starts no more members; running operations continue to their end. Needs acr-cmk.campaign.create.
     */
    post: operations['abortCampaign'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/campaigns/{id}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Retry unsuccessful members
     * @description Plans failed, unverified, skipped, rejected, expired and changed members again, as new members of the current stage, or of their own if that is later; they need their approvals again. Many members are planned after the answer: see `retry` of the campaign. For the requester alone.
     */
    post: operations['retryCampaign'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/campaigns/{id}/members/{position}/skip': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Skip a member that has not begun
     * @description It stays in the list with the reason. Needs acr-cmk.campaign.create.
     */
    post: operations['skipCampaignMember'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/campaigns/{id}/stages/{stage}/decision': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Approve the caller's members of the current stage, and reject some of them
     * @description One decision over the members that wait for the caller, bound to the hash of that list. A person decides, never the requester, with the permissions that a single operation needs.
     */
    post: operations['decideCampaignStage'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/campaigns/{id}/report': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Report of a started campaign, for auditors
     * @description Each member with before, after, times, operation, approvers, the reason where it was not changed, and the sequence numbers of its audit records. `acr-cmk-audit verify --report` compares it with an export of the audit record. For callers with acr-cmk.audit.read, and for its requester, without names that they may not see.
     */
    get: operations['getCampaignReport'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/campaigns/{id}/report.csv': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The report as CSV */
    get: operations['exportCampaignReport'];
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
    /** @description Reason for the record, in one line: 3 to 500 characters with at least one letter or digit, no control, direction or invisible characters, and none of =, +, - or @ at the start. */
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
      /** @description Campaigns that have not ended and are to change registries of the entity. Absent without any. */
      campaigns?: components['schemas']['EntityCampaign'][];
    };
    /** @description A campaign, with its members that belong to one entity and have not ended. */
    EntityCampaign: {
      id: components['schemas']['Uuid'];
      /** @description Such as "Switch 1 registry to automatic version mode". */
      title: string;
      state: components['schemas']['CampaignState'];
      members: {
        /** @description Name of the registry, or of the vault and the key. */
        name: string;
        stage: number;
        state: components['schemas']['CampaignMemberState'];
      }[];
    };
    /** @description A registry that could not be read, with the reason. */
    UnreadableRegistry: {
      /**
       * @constant
       * @enum {string}
       */
      kind: 'unreadable';
      /** @description Text of the annotation. */
      text: string;
      reason: components['schemas']['UnreadableReason'];
      message?: string;
    };
    /**
     * @description Reason why a registry that an entity names could not be read.
     * @enum {string}
     */
    UnreadableReason:
      | 'invalid-id'
      | 'out-of-scope'
      | 'not-found'
      | 'denied'
      | 'unavailable';
    /** @description Network rules of a registry. A client that they do not admit gets 403 from its login server. */
    RegistryNetwork: {
      /** @description Whether the public endpoint answers at all. */
      publicNetworkAccess: boolean;
      /**
       * @description Action for an address that no rule names.
       * @enum {string}
       */
      defaultAction: 'allow' | 'deny';
      ipRules: string[];
    };
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
      network: components['schemas']['RegistryNetwork'];
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
      /** @description True when all registries that use the key are listed: every subscription in scope was listed, and none fails. */
      consumersComplete: boolean;
      /** @description Resources of other Azure services that are known to use the key, by service. Absent, like `servicesLookedAt`, without a customer-managed key. */
      services?: components['schemas']['KeyService'][];
      servicesLookedAt?: components['schemas']['ServicesLookedAt'];
      /** @description Actions, and whether the caller may take them. */
      actions: components['schemas']['ActionOffer'][];
      binding: components['schemas']['Binding'];
      /** @description The last change of the encryption that no operation of this portal made. Absent when none was noticed since the last operation, and where the registry is not linked to the entity. */
      changedOutside?: components['schemas']['ChangedOutside'];
      /** @description Newest 30 events, newest first. Absent where the registry is not linked to the entity. Operations are not among them. */
      history?: components['schemas']['RegistryEvent'][];
      freshness: components['schemas']['Freshness'];
      /** @description Token that identifies the registry in change signals. Opaque and constant. */
      changeToken?: string;
      /** @description Also null when the caller may not see the operation. */
      runningOperationId: components['schemas']['Uuid'] | null;
    };
    /**
     * @description `converging` and `behind`: it follows new versions, within or beyond the hour that Azure takes. `behind-by-choice`: a person selected an older version. `behind-shared-key`: it is pinned, and a rotation of another registry made a newer version. `behind-manual`: it is pinned to an older version, and nothing shows why. `last-change-failed`: a change of the registry failed and left it as it was. `pinned-key-trap`: it is pinned while the vault rotates the key. `at-risk`: the version in use expires soon. `unreachable`: it cannot use its key. `unknown`: Azure could not be read.
     * @enum {string}
     */
    RegistryStateId:
      | 'current'
      | 'converging'
      | 'behind'
      | 'behind-by-choice'
      | 'behind-shared-key'
      | 'behind-manual'
      | 'last-change-failed'
      | 'pinned-key-trap'
      | 'at-risk'
      | 'expired'
      | 'unreachable'
      | 'revoked'
      | 'unknown'
      | 'no-cmk';
    /** @description State of a registry, with a sentence that explains it. */
    RegistryState: {
      id: components['schemas']['RegistryStateId'];
      message: string;
      /** @description Expected end of the state: the end of the hour of a converging registry, the expiry of a key at risk. */
      until?: components['schemas']['Time'];
      /** @description Revoke of this portal that caused the state. Absent where the entity is not linked to the registry, unless the caller may read the entity of the revoke. */
      revoked?: components['schemas']['RevokedBy'];
    };
    /** @description A change of a registry's encryption that no operation of this portal made. */
    ChangedOutside: {
      what: ('key' | 'version' | 'version-mode' | 'identity' | 'access')[];
      /** @description When a reading first showed it. */
      noticedAt: components['schemas']['Time'];
      lastModified?: components['schemas']['LastModified'];
    };
    /** @description A change of a registry's state, or of its encryption by no operation of this portal, as it was seen. */
    RegistryEvent: {
      /** @description When it was first seen. */
      seenAt: components['schemas']['Time'];
      /** @description When the registry was last seen without the change. */
      lastSeenBefore?: components['schemas']['Time'];
      was?: components['schemas']['RegistryStateId'];
      state?: components['schemas']['RegistryStateId'];
      /** @description About the state. */
      message?: string;
      changes?: {
        /**
         * @description `followed`: Azure moved a registry in automatic mode to another version.
         * @enum {string}
         */
        what: 'key' | 'version' | 'followed' | 'version-mode' | 'identity';
        from?: string;
        to?: string;
      }[];
      lastModified?: components['schemas']['LastModified'];
    };
    /** @description Last change of a registry as Azure names it, of whatever setting. */
    LastModified: {
      at: components['schemas']['Time'];
      /** @description Person or application. */
      by?: string;
    };
    /** @description Operation of this plugin that revoked access to the key: person, reason and end. */
    RevokedBy: {
      operationId: components['schemas']['Uuid'];
      /** @description Entity ref of the person. */
      by: string;
      /** @description Refs of those whom `acrCmk.approvers` names for a restore. Empty when it names nobody. */
      askedOf?: string[];
      reason: string;
      at: components['schemas']['Time'];
      /** @description Time of the automatic restore, unless it is confirmed. */
      restoresAt?: components['schemas']['Time'];
      /** @description True when the time of the automatic restore has passed, and `restoresAt` is the next attempt. */
      restoreOverdue?: boolean;
      /** @description Registry of the revoke, when it is another one. */
      registryName?: string;
      /** @description The operation deleted the key itself. */
      deletedKey?: boolean;
      pulls?: components['schemas']['Pulls'];
    };
    /** @description Result of test pulls from the registry after an operation. They are repeated, without a lock, until they show its effect, at most until `until`. */
    Pulls: {
      /** @enum {string} */
      wanted: 'refused' | 'answered';
      /**
       * @description `reached`: pulls show the effect since `since`. `unreached`: they did not in time. `untested`: no test can show it, for `reason`. `stopped`: a later operation has changed the result.
       * @enum {string}
       */
      state: 'watching' | 'reached' | 'unreached' | 'untested' | 'stopped';
      /**
       * @description `closed`: the network rules of the registry do not admit this portal. `refused-before`: the registry refused pulls before the operation too, or it is not known whether it did. `not-allowed`: the read credential may not pull, or the registry has no image.
       * @enum {string}
       */
      reason?: 'closed' | 'refused-before' | 'not-allowed';
      since?: components['schemas']['Time'];
      /**
       * @description Last request that was answered. `signed-in`: for the manifest of an image, with the read credential. `anonymous`: without a credential, which shows only whether the registry refuses everybody.
       * @enum {string}
       */
      how?: 'anonymous' | 'signed-in';
      /** @description HTTP status of that answer. */
      status?: number;
      /** @description Regions of the registry then. The answer came from one of them. Absent when their number is not known. */
      regions?: number;
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
      /** @description True when the identity is attached to the registry (user-assigned) or turned on (system). */
      attached: boolean;
    };
    /** @description Ways by which the identity may use the key, or the reason why they are unknown. */
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
    /** @description A part that could not be read, and Azure's refusal. */
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
      /** @description Absent when Azure does not show it, as of some Managed HSMs. */
      purgeProtection?: boolean;
      softDeleteRetentionDays: number;
      /**
       * @description `trusted-services`: closed, but Azure's trusted services, of which Container Registry is one, may pass.
       * @enum {string}
       */
      firewall: 'open' | 'trusted-services' | 'closed';
    };
    /** @description Finding of a health rule about a registry. */
    Finding: {
      id: string;
      /** @enum {string} */
      severity: 'info' | 'warning' | 'error';
      /**
       * @description `undecided`: facts that the rule needs could not be read.
       * @enum {string}
       */
      verdict: 'found' | 'undecided';
      /** @description One sentence of at most 15 words. */
      message: string;
      /** @description More about it. Of an `undecided` finding, the reason: findings with the same one have one cause. */
      detail?: string;
      /** @description Absent for access that was revoked from this portal on purpose. */
      remedy?: string;
      /** @description Intent that fixes it, when this portal can. */
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
      /** @description In a plan. */
      effect?: components['schemas']['PlanEffect'];
      /** @description In a plan: its effect on the registry, as the rest of a sentence. */
      outcome?: string;
    };
    /**
     * @description Effect of a plan on what uses a key.
     * @enum {string}
     */
    PlanEffect: 'loses-key' | 'not-known' | 'gets-key-back' | 'moves' | 'stays';
    /** @description Resources of another Azure service that use a key. */
    KeyService: {
      /** @description ARM type in lower case. */
      type: string;
      /** @description Name of one such resource. */
      service: string;
      /** @description Consequence of the loss of the key, and its documentation. */
      onLoss?: {
        text: string;
        docs: string;
      };
      /** @description Data that stays on earlier versions. Absent when none is documented. */
      keepsEarlier?: string;
      resources: components['schemas']['ServiceResource'][];
      /** @description Resources that belong to entities which the caller may not see. */
      hiddenResources: number;
    };
    /** @description A resource of another Azure service that uses a key. */
    ServiceResource: {
      /** @description ARM ID. */
      id: string;
      name: string;
      resourceGroup: string;
      subscriptionId: string;
      location: string;
      uses: components['schemas']['ServiceUse'][];
      /** @description Identities by which it may reach the key. */
      identities: string[];
      /** @description Entities that its tag `backstage-entity-ref` names. */
      entities: {
        entityRef: string;
        owner?: string;
      }[];
      /** @description Entities that the caller may not see. */
      hiddenEntities: number;
      /** @description In a plan. Absent where the plan changes nothing that it depends on. */
      effect?: components['schemas']['PlanEffect'];
      /** @description Number of disks and other resources that a disk encryption set encrypts. */
      behind?: string;
    };
    /** @description One use of a key by a resource of another Azure service. */
    ServiceUse: {
      /**
       * @description `earlier`: an earlier version that some data still needs. `backup`: encrypts copies of the data alone.
       * @enum {string}
       */
      use: 'current' | 'earlier' | 'backup';
      /** @description Version in its settings. Absent when none can be read. */
      version?: string;
      /** @description False when another version than that of the settings may be in use. */
      isInUse: boolean;
      /** @description Whether it takes new versions of the key by itself. Absent when not known. */
      follows?: boolean;
      /** @description Time in which it takes them. */
      followsWithin?: string;
    };
    /** @description Extent of what is known about other Azure services. */
    ServicesLookedAt: {
      state: components['schemas']['ServicesLookedAtState'];
      /** @description Start of the oldest list. Absent when a subscription was never listed. */
      at?: components['schemas']['Time'];
      /** @description Services that were looked at in every subscription. */
      types: string[];
      /** @description Subscriptions or lists in which not everything could be looked at. */
      notReadable: number;
      /** @description Uses of keys that no query shows. */
      notShown: string[];
    };
    /**
     * @description `all`: every known service in every subscription. `no`: nothing was listed, or nothing may be read.
     * @enum {string}
     */
    ServicesLookedAtState: 'all' | 'partly' | 'no';
    /**
     * @description Action on a registry.
     * @enum {string}
     */
    ActionId: 'rotate' | 'automatic-rotation' | 'revoke' | 'restore' | 'retire';
    /** @description Whether the caller may take the action now, and the reason if not. */
    ActionOffer: {
      action: components['schemas']['ActionId'];
      allowed: boolean;
      /** @description Reason why it is not allowed. */
      reason?: string;
    };
    /** @description Proof that the registry belongs to the entity: its tag, or `acrCmk.bindings`. */
    Binding: {
      proven: boolean;
      /** @enum {string} */
      by?: 'tag' | 'config';
      message: string;
    };
    /** @description Age of the facts behind an answer. `ageSeconds` is counted when the answer is made. */
    Freshness: {
      /** @description Time at which the oldest of the facts shown was read. */
      observedAt: components['schemas']['Time'];
      ageSeconds: number;
      /** @description The source of the reading may lag behind Azure by this much. Absent when it does not. */
      lagSeconds?: number;
      /** @description A newer reading was tried and failed. */
      stale: boolean;
      problem?: string;
    };
    /** @description Requested change, by `kind`. */
    Intent:
      | components['schemas']['RotateIntent']
      | components['schemas']['AutomaticRotationIntent']
      | components['schemas']['RevokeIntent']
      | components['schemas']['RestoreIntent']
      | components['schemas']['RetireIntent']
      | components['schemas']['CreateRegistryIntent'];
    /** @description Switches a registry to a new version of its key, another key, another identity or the other version mode. */
    RotateIntent: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'rotate';
      /** @description Key to use. Default: a new version of the current one. */
      key?:
        | components['schemas']['NewVersion']
        | components['schemas']['CurrentKey']
        | components['schemas']['ExistingKey']
        | components['schemas']['NewKey'];
      /**
       * @description Time at which a registry in automatic mode switches to a new version of its key: `now` sends its current key again, so that it reads it at once; `wait` leaves it to Azure, which takes up to an hour. Default: `now`.
       * @enum {string}
       */
      follow?: 'now' | 'wait';
      identity?: components['schemas']['IdentityText'];
      /** @description Grant the identity the access to the key that it lacks, by access policy or role assignment, depending on the vault. False by default. */
      grantAccess?: boolean;
      /** @description Rotation policy that the plan sets first, if a key of a Managed HSM has none: days between versions. A Managed HSM rotates no key without a policy. Only with a new version of a key in a Managed HSM. Default: none. */
      rotateEveryDays?: number;
      /** @description Turn off the rotation policy of the key in the same plan, before the registry is pinned to a version of it. Only where the registry stays on a version. False by default. */
      stopRotation?: boolean;
    };
    /** @description Lets the vault create new versions of the registry's key by its rotation policy, and the registry follow them; or turns that off again. The policy belongs to the key and holds for every registry that uses it. */
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
    /** @description The vault no longer creates new versions. Expiry and notice of the policy stay, and so does the version mode of the registry. */
    RotationOff: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'off';
    };
    /** @description The rotation policy and the key identifier from before an operation of this portal. */
    RotationAsBefore: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'as-before';
      /** @description The operation to undo: one of automatic-rotation, of the same registry. The latest that succeeded by default. */
      operationId?: components['schemas']['Uuid'];
    };
    /** @description Rotation policy of a key, as in Key Vault. To rotate, it has one of timeAfterCreate (at least 7 days) and timeBeforeExpiry (at least 7 days; needs expiryTime). In a Managed HSM there are at least 28 days between two versions, and no notices. */
    RotationPolicy: {
      /** @description Time from the creation of the newest version to the next version. */
      timeAfterCreate?: components['schemas']['PolicyDuration'];
      /** @description Time from the next version to the expiry of the newest one. */
      timeBeforeExpiry?: components['schemas']['PolicyDuration'];
      /** @description Validity of versions that are created from then on; at least 28 days. Without it, they do not expire. */
      expiryTime?: components['schemas']['PolicyDuration'];
      /** @description Time from the event KeyNearExpiry to the expiry of the newest version. */
      notifyBeforeExpiry?: components['schemas']['PolicyDuration'];
    };
    /** @description ISO 8601 duration in years, months, weeks and days, such as `P90D` or `P1Y6M`. */
    PolicyDuration: string;
    /** @description The encryption identity: resource id, name or client id of a user-assigned identity, or `system` in any case, also as `[system]`, which is what the Azure CLI calls it. It is attached to the registry, or turned on, if it is not. The current one by default. */
    IdentityText: string;
    NewVersion: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'new-version';
    };
    /** @description The current key and version of the registry, with the given mode. */
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
    /** @description A key that the plan creates in a vault. */
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
       * @description Default: type of the current key; RSA for a new registry.
       * @enum {string}
       */
      type?: 'RSA' | 'RSA-HSM';
      /**
       * @description Size in bits. Default: size of the current key; 3072 for a new registry.
       * @enum {integer}
       */
      size?: 2048 | 3072 | 4096;
    };
    /** @description Name of a vault, or of a Managed HSM with the suffix `.managedhsm`. */
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
    /** @description Revokes a registry's access to its key. */
    RevokeIntent: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'revoke';
      /** @description Default: the method that affects the fewest registries. */
      method?: components['schemas']['RevokeMethodId'];
      /** @description Restore it automatically after this many minutes, unless someone keeps it revoked. Never by default. */
      restoreAfterMinutes?: number;
    };
    /** @description Restores a registry's access to its key: everything that is missing now. */
    RestoreIntent: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'restore';
      /** @description A revoke to undo too, if it is no longer pending. Every pending revoke of the registry is undone anyway. Required with `onlyOperation`. */
      operationId?: components['schemas']['Uuid'];
      /** @description Restores only what the revoke `operationId` removed, as automatic restores do. Access that other revokes or changes outside of the portal removed stays removed. Default: false. */
      onlyOperation?: boolean;
    };
    /** @description Disables an old version of the registry's key that no known registry or service uses. Off unless acrCmk.operations.retire is true. */
    RetireIntent: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'retire';
      version: string;
    };
    /** @description Creates a Premium registry that is encrypted with a customer-managed key, which can be chosen only at creation. `registryId` of the request is the id of the new registry; `entityRef` is written into its tag, as the proof of its binding. */
    CreateRegistryIntent: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'create-registry';
      /** @description Azure region, such as `westeurope`. */
      location: string;
      /** @description User-assigned identity by resource id, client id or name; with `create`, the identity of that name in the registry's resource group, which is created when there is none. */
      identity: {
        name: string;
        create?: boolean;
      };
      key:
        | components['schemas']['ExistingKey']
        | components['schemas']['NewKey'];
      /** @description Rotation policy of the key: days between versions. Only with a new key. Default: none. */
      rotateEveryDays?: number;
    };
    /** @description Registry, entity and intent of a plan. */
    PlanRequest: {
      entityRef: components['schemas']['EntityRef'];
      registryId: components['schemas']['ArmId'];
      intent: components['schemas']['Intent'];
    };
    /** @description Checks, steps, state before and after, affected registries and the inverse. `hash` covers all of it. */
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
      /** @description Changes beside these settings: access, keys and policies. Absent when there are none. */
      changes?: components['schemas']['PlannedChange'][];
      checks: components['schemas']['Check'][];
      steps: components['schemas']['PlannedStep'][];
      consumers: components['schemas']['Consumer'][];
      /** @description Resources of other Azure services that the plan affects. Absent when there are none, or they were not looked at. */
      services?: components['schemas']['KeyService'][];
      /** @description Absent in an operation that has ended. */
      dependents?: components['schemas']['Dependents'];
      /** @description Absent for a registry that is created. */
      afterwards?: components['schemas']['Afterwards'];
      inverse: components['schemas']['Inverse'];
      confirmation: {
        /** @description Text to type as confirmation, if any. */
        typedName: string | null;
      };
      /** @description For a revoke: every method with its effects; the plan uses one of them. */
      methods?: components['schemas']['RevokeMethod'][];
      approval: {
        /** @description A second person has to approve it. */
        required: boolean;
        message?: string;
        /** @description Permissions that the requester lacks. Each is met by an approval, from one or several people, never from the requester. */
        needs?: components['schemas']['Need'][];
        /** @description The requester has as many requests waiting for approval as one person may have, so acceptance is refused with `LIMIT_REACHED` and this message until one of them ends. */
        noRoom?: string;
      };
      /** @description Waiting period before the operation starts, in which it can be cancelled. */
      waitingSeconds: number;
      /** @description A check has failed, so the plan cannot be accepted. */
      blocked: boolean;
    };
    /** @description A method to revoke: its availability for this registry, and the other registries it affects. */
    RevokeMethod: {
      method: components['schemas']['RevokeMethodId'];
      chosen: boolean;
      recommended: boolean;
      available: boolean;
      /** @description Its effect, or the reason why it is not available. */
      message: string;
      /** @description Possibility and time limit to undo it. */
      reversible: string;
      /** @description Number of other registries that lose their key with it, including those out of scope. */
      alsoAffects: number;
      /** @description Number of known resources of other Azure services that lose a key with it, or may. */
      services: number;
    };
    /** @description Condition for accepting a plan. */
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
      /** @description True when the step changes Azure; false when it only waits and reads. */
      writes: boolean;
      /** @description Equivalent commands of `az`, in order. */
      commands?: string[];
    };
    /** @description Possibility and way to undo the plan. */
    Inverse: {
      available: boolean;
      /** @description Action of this portal that undoes it. Absent when none does. */
      by?: components['schemas']['ActionId'];
      /** @description How to undo it, until when, and what stays. */
      message: string;
    };
    /** @description Entities of the catalog that depend on those of the affected registries (relation `dependsOn`), each once. Those that the caller may not see are counted, not named. */
    Dependents: {
      /** @description Entities that the caller may see. */
      count: number;
      /** @description Owners of these, each once. */
      owners: number;
      /** @description The first hundred by name. */
      first: components['schemas']['FleetEntity'][];
      /** @description Entities of the affected registries that something depends on. */
      on: components['schemas']['EntityRef'][];
      /** @description Entities that the caller may not see. */
      hidden: number;
    };
    /** @description State and findings of the registry once the plan is carried out: the health rules, on the facts as the steps leave them. */
    Afterwards: {
      state: components['schemas']['RegistryState'];
      /** @description Findings that the registry does not have now. */
      begins: components['schemas']['Finding'][];
      /** @description Findings that it has now and no longer has then. */
      ends: components['schemas']['Finding'][];
      /** @description The registry would be pinned to a version while a policy rotates the key, and the same plan can turn the policy off (`stopRotation` of the intent). */
      stopRotation?: boolean;
    };
    /** @description Something that a plan changes beside the encryption settings. */
    PlannedChange: {
      what: string;
      before: string;
      after: string;
    };
    /** @description Accepts a plan. The same `idempotencyKey` of the same person returns the same operation. */
    OperationRequest: {
      planId: components['schemas']['Uuid'];
      planHash: components['schemas']['Sha256'];
      reason: components['schemas']['Reason'];
      /** @description The registry's name, typed by a person. Required when confirmation.typedName of the plan is set. */
      confirmation?: string;
      /** @description Created by the client, one for each operation that it requests. */
      idempotencyKey: string;
    };
    /**
     * @description State of an operation.
     * @enum {string}
     */
    OperationState:
      | 'held'
      | 'awaiting-approval'
      | 'queued'
      | 'running'
      | 'waiting'
      | 'succeeded'
      | 'failed'
      | 'cancelled'
      | 'rejected'
      | 'unverified';
    /** @description An accepted plan and its progress. Kept until `acrCmk.operations.retention`, by default for ever. */
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
      /** @description For an automatic restore, the person who requested the revoke with its timer. */
      requestedBy: string;
      /** @description The timer of a revoke started it, and no person did. */
      automatic?: boolean;
      /** @description Campaign that started it. */
      campaignId?: components['schemas']['Uuid'];
      createdAt: components['schemas']['Time'];
      startedAt?: components['schemas']['Time'];
      endedAt?: components['schemas']['Time'];
      /** @description Absent when no second person is needed. */
      approval?: components['schemas']['Approval'];
      /** @description End of the waiting period, of an operation that has one. */
      beginsAt?: components['schemas']['Time'];
      /** @description When a revoke is restored automatically, unless it is confirmed. */
      restoresAt?: components['schemas']['Time'];
      /** @description True when the time of the automatic restore has passed, and `restoresAt` is the next attempt. */
      restoreOverdue?: boolean;
      /** @description Person who stopped the automatic restore of a revoke. */
      confirmedBy?: string;
      pulls?: components['schemas']['Pulls'];
      /** @description Decisions about the operation, and whether the caller may take them. */
      actions: components['schemas']['OperationOffer'][];
      /** @description Reason why the operation waits, and time of its next check. */
      waiting?: {
        message: string;
        until: components['schemas']['Time'];
      };
      steps: components['schemas']['OperationStep'][];
      result: components['schemas']['OperationResult'] | null;
    };
    /** @description Result of an operation. `code` is set when it did not succeed. */
    OperationResult: {
      message: string;
      code?: string;
      correlationId?: string;
    };
    /** @description One step of an operation, with evidence from Azure before and after it. */
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
      /** @description Number of its writes to Azure. */
      attempts: number;
      startedAt?: components['schemas']['Time'];
      endedAt?: components['schemas']['Time'];
      /** @description Observations before and after, one line each. */
      evidence?: {
        what: string;
        before: string;
        after: string;
      }[];
      correlationId?: string;
      message?: string;
    };
    /** @description Whether the caller may take this decision about an operation now, and the reason if not. */
    OperationOffer: {
      /** @enum {string} */
      action: 'approve' | 'reject' | 'cancel' | 'confirm';
      allowed: boolean;
      /** @description Reason why it is not allowed. */
      reason?: string;
    };
    /** @description A permission that an approver must have, on the entity if one is named. */
    Need: {
      permission: string;
      /** @description Entity of the permission. Absent for a permission without one, and where the reader may not see the entity. */
      entityRef?: components['schemas']['EntityRef'];
      /** @description True when the reader may not see the entity of the permission. */
      hiddenEntity?: boolean;
      because: string;
      /** @description Groups and users whom acrCmk.approvers names for the permission, and the owner of the entity where it says that owners have it and the reader may see the entity. They are notified. Empty when nobody is named. */
      askedOf?: string[];
      /** @description Approver who has met it. */
      by?: string;
      at?: components['schemas']['Time'];
    };
    /** @description Approval by another person: state, needs and time limit. */
    Approval: {
      needs?: components['schemas']['Need'][];
      /** @description Text that an approver must type as confirmation, because a program requested the operation. */
      typedName?: string;
      /** @enum {string} */
      state: 'pending' | 'approved' | 'rejected' | 'expired';
      by?: string;
      at?: components['schemas']['Time'];
      /**
       * @description Decision of the caller. Absent when they made none.
       * @enum {string}
       */
      byCaller?: 'approved' | 'rejected';
      /** @description Time limit of the approval. Absent once it is decided. */
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
      /** @description Absent when Azure does not show it, as of some Managed HSMs. */
      purgeProtection?: boolean;
      /** @description Reasons why a new registry cannot use a key of it; empty when none is known. `purge-protection-off`: a deleted key could be lost for good. `firewall-closed`: the firewall also blocks Azure's trusted services, of which Container Registry is one. */
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
      /** @description Reasons why a registry cannot use it; empty when none is known. `type`: a registry needs a key of the type RSA or RSA-HSM. `disabled`: its newest version is disabled. */
      unsuitable: ('type' | 'disabled')[];
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
    /** @description Availability of a name. `soft-deleted`: a deleted key has it until it is purged. */
    NameCheck: {
      name: string;
      /** @enum {string} */
      state: 'free' | 'taken' | 'soft-deleted' | 'unknown';
      /** @description Azure's message about a name that is taken, or the reason why it is unknown. */
      message?: string;
      /**
       * Format: date-time
       * @description Time at which the soft-deleted key is purged.
       */
      until?: string;
    };
    /** @description A user-assigned identity that a form may offer. */
    IdentityChoice: {
      name: string;
      resourceId: string;
      clientId: string;
      /** @description Whether it is attached to the registry of the request; without one, to a registry that the caller's entities are linked to. */
      attached: boolean;
    };
    /** @description A resource group that a form may offer for a new registry. */
    ResourceGroupChoice: {
      /** @description The ARM id. */
      resourceGroupId: string;
      name: string;
      location: string;
      /** @description True when the caller may create a registry there without the agreement of somebody with acr-cmk.unbound.change. */
      open: boolean;
    };
    /** @description A registry that a form may offer, with the entities of the caller that name it. */
    RegistryChoice: {
      registryId: components['schemas']['ArmId'];
      name: string;
      location: string;
      /** @description True when it is encrypted with a customer-managed key. */
      encrypted: boolean;
      versionMode?: components['schemas']['VersionMode'];
      entities: {
        entityRef: string;
        owner?: string;
      }[];
    };
    ResourceGroup: string;
    /**
     * @description `state`, the default, is worst first; `expires` is soonest first; `age` is of the version in use, oldest first. Registries without such a time come last.
     * @enum {string}
     */
    FleetSort: 'state' | 'name' | 'expires' | 'age';
    /**
     * @description Severity of the worst finding. `none`: there is no finding, or none is known.
     * @enum {string}
     */
    FleetSeverity: 'error' | 'warning' | 'info' | 'none';
    /** @description An entity that names a registry. */
    FleetEntity: {
      entityRef: string;
      owner?: string;
    };
    /** @description The latest operation of a registry. Visible to callers who see the whole fleet, requested it, or have acr-cmk.registry.read on its entity or on one that the registry is linked to. */
    FleetOperation: {
      id: components['schemas']['Uuid'];
      kind: components['schemas']['OperationKind'];
      state: components['schemas']['OperationState'];
      /** @description Time at which it ended, or was requested. */
      at: components['schemas']['Time'];
    };
    /** @description A registry of the fleet, with the values for filters and order. */
    FleetRegistry: {
      registryId: components['schemas']['ArmId'];
      name: string;
      subscriptionId: string;
      resourceGroup: string;
      location: string;
      state: components['schemas']['RegistryState'];
      /** @description When the state was first seen. Absent where that is not known. */
      stateSince?: components['schemas']['Time'];
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
      /** @description Newest enabled version of the key. */
      latestVersion?: string;
      /** @description Time since which there is a newer version than the one in use. */
      behindSince?: components['schemas']['Time'];
      /** @description When the version in use expires. */
      expiresAt?: components['schemas']['Time'];
      /** @description Entities that name the registry, as far as the caller may see them. */
      entities: components['schemas']['FleetEntity'][];
      /** @description Entities that name it and that the caller may not see. */
      hiddenEntities: number;
      /** @description Owners of the entities that are linked to it by its tag or the configuration, and the groups and users that these name, as far as the caller may see them. */
      owners: string[];
      /** @description Owners of entities that name it without such a link. Nothing confirms them, so they are in no filter, count or notification. Absent when there are none. */
      unprovenOwners?: string[];
      lastOperation?: components['schemas']['FleetOperation'];
      /** @description The older of two times, at which the registry and its key were read. */
      observedAt?: components['schemas']['Time'];
      /** @description The source of the reading may lag behind Azure by this much. Absent when it does not. */
      lagSeconds?: number;
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
    /** @description More than 500 entities match the search whose registries do not, so names of entities were left out of it. A longer text finds them. */
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
    /** @description Number of registries with a value. */
    FleetCount: {
      value: string;
      count: number;
    };
    /** @description Visible and invisible parts of the fleet. */
    FleetScope: {
      /** @description Registries that the caller may see. */
      visible: number;
      /** @description Registries in acrCmk.scopes that are known. */
      known: number;
      /** @description Subscriptions of acrCmk.scopes whose registries could not be listed, or were not yet. */
      unreadableSubscriptions: number;
      /** @description Those of them that were not listed yet, without an error. Absent when there are none. */
      unlistedSubscriptions?: number;
      /** @description Management groups of acrCmk.scopes whose subscriptions are not all known. Absent when all are. */
      unreadableGroups?: number;
      /** @description Subscriptions that could not be listed, with the reason. Only for callers who may see every registry. */
      problems?: {
        subscriptionId: string;
        message: string;
        /** @description When they were last listed. */
        listedAt?: components['schemas']['Time'];
      }[];
      ages?: components['schemas']['FleetAges'];
      reading?: components['schemas']['InventoryReading'];
    };
    /** @description Ages of the facts of the registries that the caller may see. Absent while none was read. */
    FleetAges: {
      /** @description All but the older ones were read at this time or later. Absent when all are older. */
      observedAt?: components['schemas']['Time'];
      /** @description The source of the reading may lag behind Azure by this much. Absent when it does not. */
      lagSeconds?: number;
      /** @description Registries that were not read within two intervals of the sync, by reason. */
      older: {
        /**
         * @description `following`: it has not followed its key yet, and is read once an hour. `failed`: its last reading failed. `waiting`: its turn has not come yet.
         * @enum {string}
         */
        reason: 'following' | 'failed' | 'waiting';
        count: number;
        /** @description When the oldest of them was read. */
        observedAt: components['schemas']['Time'];
      }[];
    };
    /** @description A reading that Azure's limits make long, such as the first one. Absent when everything has been read, or is within seconds. */
    InventoryReading: {
      /** @description Number of registries, vaults, keys and grants that are still to be read. */
      left: number;
      /** @description Expected end, if nothing but Azure's limits delays it. */
      endsAt: components['schemas']['Time'];
      /** @description Some of it was never read before. Absent when all of it is read again. */
      first?: boolean;
      /** @description The source of the reading may lag behind Azure by this much. Absent when it does not. */
      lagSeconds?: number;
    };
    /** @description Counts of registries of the fleet. */
    FleetSummary: {
      total: number;
      counts: {
        /** @description Worst first. */
        state: components['schemas']['FleetCount'][];
        /** @description Worst first. */
        severity: components['schemas']['FleetCount'][];
        /** @description Counts of registries with a customer-managed key. */
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
    /** @description Verdict on retiring an enabled version that is not the newest one. */
    FleetRetirement: {
      /**
       * @description `unused`: no known registry and no known resource of another Azure service uses it, all registries are known, and all other services were looked at. `unknown`: some could not be read or looked at.
       * @enum {string}
       */
      answer: 'unused' | 'in-use' | 'unknown';
      /** @description Time since which no registry that uses the key now has used this version. Absent where it is unknown. */
      since?: components['schemas']['Time'];
      /** @description Reason, or what still uses it, and how far other services were looked at. */
      message: string;
    };
    /** @description A version of a key, with its users. */
    FleetKeyVersion: {
      version: string;
      /** @description Absent, like the times, when the key could not be read or has no such version. */
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
      /** @description URI of the key, without a version. */
      uri: string;
      vaultName: string;
      keyName: string;
      latestVersion?: string;
      rotatesByPolicy?: boolean;
      /** @description Time at which the vault's policy creates the next version. */
      rotatesAt?: components['schemas']['Time'];
      /** @description When the key was read. Absent when it never was; then versions are those in use. */
      observedAt?: components['schemas']['Time'];
      /** @description Reason why it could not be read or refreshed. */
      problem?: string;
      /** @description Registries that use the key and that the caller may see. */
      registries: number;
      hiddenRegistries: number;
      /** @description Resources of other Azure services that are known to use the key, counted. */
      services: components['schemas']['ServiceCount'][];
      servicesLookedAt: components['schemas']['ServicesLookedAtState'];
      /** @description Owners of these registries; at most 20. */
      owners: string[];
      /** @description Owners that the caller may not see, or beyond the first 20. */
      otherOwners: number;
      /** @description Newest first, at most 50; those in use are always among them. */
      versions: components['schemas']['FleetKeyVersion'][];
      moreVersions: number;
    };
    /** @description Number of resources of one Azure service. */
    ServiceCount: {
      /** @description Name of one such resource. */
      service: string;
      count: number;
    };
    /** @description One page of keys of the fleet. */
    FleetKeys: {
      items: components['schemas']['FleetKey'][];
      total: number;
      nextCursor?: string;
      searchIncomplete: components['schemas']['SearchIncomplete'];
    };
    /** @description Expiry or rotation of a key. */
    FleetExpiry: {
      /**
       * @description `expiry`: a version in use expires. `rotation`: the vault creates a new version by its policy, which registries in automatic mode follow.
       * @enum {string}
       */
      kind: 'expiry' | 'rotation';
      at: components['schemas']['Time'];
      vaultName: string;
      keyName: string;
      /** @description Version that expires, for an expiry. */
      version?: string;
      /** @description Registries that use the version that expires, or that follow the rotation. */
      registries: number;
      /** @description Registries that do not follow the rotation. */
      pinned?: number;
      /** @description The first 5 registries, by name. */
      holders: components['schemas']['FleetHolder'][];
      /** @description Owners of these registries; at most 20. */
      owners: string[];
      /** @description Owners that the caller may not see, or beyond the first 20. */
      otherOwners: number;
    };
    /** @description Expiries and rotations of one week. */
    FleetWeek: {
      /** @description Monday, 00:00 UTC. */
      start: components['schemas']['Time'];
      /** @description Registries whose version in use expires. */
      expiries: number;
      /** @description Keys that their vault rotates. */
      rotations: number;
    };
    /** @description Expiries and rotations, by week. */
    FleetExpiries: {
      weeks: components['schemas']['FleetWeek'][];
      /** @description Soonest first, at most 200. */
      items: components['schemas']['FleetExpiry'][];
      /** @description False when there are more than 200. The weeks count all of them. */
      complete: boolean;
      searchIncomplete: components['schemas']['SearchIncomplete'];
    };
    /**
     * @description Name of an operation. A rotate that makes no version is called by what it changes.
     * @enum {string}
     */
    OperationKind:
      | 'rotate'
      | 'automatic-rotation'
      | 'revoke'
      | 'restore'
      | 'retire'
      | 'create-registry'
      | 'change-key'
      | 'change-version'
      | 'change-mode'
      | 'change-identity'
      | 'resend-key';
    /** @description An operation that the caller may approve. */
    WaitingOperation: {
      id: components['schemas']['Uuid'];
      /** @description Hash of the plan that is to be approved. */
      planHash: components['schemas']['Sha256'];
      kind: components['schemas']['OperationKind'];
      /** @description Summary of the plan. */
      summary: string;
      registryId: components['schemas']['ArmId'];
      registryName: string;
      /** @description Absent when the caller may not see the entity. */
      entityRef?: components['schemas']['EntityRef'];
      requestedBy: string;
      reason: string;
      createdAt: components['schemas']['Time'];
      /** @description Time at which it ends as rejected unless it is approved. */
      expiresAt?: components['schemas']['Time'];
      /** @description Registries that the plan affects. */
      consumers: number;
      /** @description Text to type to approve it, because a program requested it. */
      typedName?: string;
      /** @description Reasons why the caller's approval is needed. */
      needs: string[];
    };
    /** @description Operations that wait for the caller's approval, and those that the caller decided about. */
    FleetWaiting: {
      /** @description Stages of campaigns that wait for the caller's approval. */
      campaigns: components['schemas']['WaitingStage'][];
      items: components['schemas']['WaitingOperation'][];
      /** @description False when there are more than 100. */
      complete: boolean;
      /** @description Decisions of the caller about operations of the last seven days, newest first, at most 20. Without those of campaigns. */
      decided: components['schemas']['DecidedOperation'][];
      /** @description Decisions of the caller about stages of campaigns in the last seven days, newest first, at most 20. */
      decidedStages: components['schemas']['DecidedStage'][];
    };
    /** @description A stage of a campaign, of which the caller approved or rejected members. */
    DecidedStage: {
      campaignId: components['schemas']['Uuid'];
      title: string;
      stage: number;
      /** @description Members that the caller approved. */
      approved: number;
      /** @description Members that the caller rejected. */
      rejected: number;
      /** @description The latest decision. */
      decidedAt: components['schemas']['Time'];
    };
    /** @description An operation that the caller approved or rejected, and what became of it. */
    DecidedOperation: {
      id: components['schemas']['Uuid'];
      kind: components['schemas']['OperationKind'];
      registryId: components['schemas']['ArmId'];
      registryName: string;
      /** @description Absent where the caller may not see the entity. */
      entityRef?: components['schemas']['EntityRef'];
      /** @enum {string} */
      decision: 'approved' | 'rejected';
      decidedAt: components['schemas']['Time'];
      state: components['schemas']['OperationState'];
      endedAt?: components['schemas']['Time'];
      /** @description Result of an operation that has ended. */
      message?: string;
    };
    /** @description One intent for the selected registries or keys. */
    CampaignRequest: {
      intent: components['schemas']['CampaignIntent'];
      selection: components['schemas']['CampaignSelection'];
    };
    /** @description Change of each member, by `kind`. `automatic-mode` and `identity` change one registry: each registry is a member. `new-version` and `automatic-rotation` change a key: each key is a member, with all registries that use it. */
    CampaignIntent:
      | components['schemas']['CampaignAutomaticMode']
      | components['schemas']['CampaignNewVersion']
      | components['schemas']['CampaignAutomaticRotation']
      | components['schemas']['CampaignIdentity'];
    /** @description Switches each registry to automatic version mode, with the key that it uses. */
    CampaignAutomaticMode: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'automatic-mode';
    };
    /** @description Makes a new version of each key, and has the registries in automatic mode use it. */
    CampaignNewVersion: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'new-version';
    };
    /** @description Sets the rotation policy of each key. */
    CampaignAutomaticRotation: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'automatic-rotation';
      policy: components['schemas']['RotationPolicy'];
    };
    /** @description Sets another identity by which each registry reaches its key. */
    CampaignIdentity: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'identity';
      identity: components['schemas']['IdentityText'];
      /** @description Grant the identity the access to the key that it lacks. False by default. */
      grantAccess?: boolean;
    };
    /** @description Exactly one of the three. What is listed twice, whatever the case of its letters, is refused. */
    CampaignSelection: {
      registryIds?: components['schemas']['ArmId'][];
      filter?: components['schemas']['CampaignFilter'];
      /** @description URIs of keys without a version; all registries that use one of them are selected. */
      keys?: string[];
    };
    /** @description All registries that match, at this moment. The same fields as the query of /v1/fleet/registries; an empty filter selects every registry that the caller may see. */
    CampaignFilter: {
      /** @description Any of these states. */
      state?: components['schemas']['RegistryStateId'][];
      /** @description Of the worst finding: any of these. */
      severity?: components['schemas']['FleetSeverity'][];
      /** @description manual: it stays on one version of its key. */
      mode?: components['schemas']['VersionMode'];
      /** @description Full ref of the owner of an entity that names the registry, such as group:default/team-shop. */
      owner?: components['schemas']['EntityRef'];
      /** @description Full ref of an entity that names the registry. */
      entityRef?: components['schemas']['EntityRef'];
      /** @description Id of the Azure subscription. */
      subscription?: string;
      resourceGroup?: components['schemas']['ResourceGroup'];
      /** @description Name of the vault of its key. */
      vault?: components['schemas']['VaultName'];
      /** @description Name of its key. */
      key?: string;
      /** @description A day or a time: the version in use expires before it. */
      expiresBefore?: string;
      /** @description true: no entity names it; false: one does. */
      unbound?: boolean;
      /** @description Part of the name of the registry, key, vault or entity. */
      search?: string;
    };
    /** @description Acceptance of a preview. */
    CampaignStart: {
      /** @description Hash of the preview. */
      hash: components['schemas']['Sha256'];
      strategy: components['schemas']['CampaignStrategy'];
      reason: components['schemas']['Reason'];
    };
    /** @description Stages, and how many members change at once. */
    CampaignStrategy: {
      stages: components['schemas']['CampaignStageRule'][];
      /** @description Members that change at once. */
      concurrency: number;
      /** @description Members of one vault that change at once. Default: `concurrency`. */
      perVault?: number;
      /** @description Members of one subscription that change at once. Default: `concurrency`. */
      perSubscription?: number;
    };
    /** @description Effect of a strategy on the members of a preview. */
    CampaignEstimate: {
      /** @description As of the campaign. */
      estimatedSeconds: number;
      /** @description Number of members of each stage that has any. */
      stages: number[];
    };
    /** @description Members of a stage, from those that are left: at most one of `count`, `percent`, `owner`, `subscription`; without any, all that are left. Stages together have to take all members, so the last one mostly has none of the four. A stage for which no members are left is dropped. */
    CampaignStageRule: {
      count?: number;
      /** @description Of all members that will change, rounded up. */
      percent?: number;
      owner?: components['schemas']['EntityRef'];
      subscription?: string;
      /** @description Largest number of failed and unverified members at which the stage continues. Not together with `maxFailurePercent`. Default: 0. */
      maxFailures?: number;
      /** @description The same as a share of the members of the stage, rounded down. */
      maxFailurePercent?: number;
      /** @description Time between the last proof of this stage and the opening of the next one. Default: 0. */
      soakMinutes?: number;
    };
    /** @description Reason of a command; a pause and a resume need none. */
    CampaignCommand: {
      reason?: components['schemas']['Reason'];
    };
    /** @description Decision over the members that wait for the caller. */
    CampaignDecision: {
      /** @description Hash of the list, from the campaign's `request`. */
      hash: components['schemas']['Sha256'];
      /** @description Members that are rejected; all others of the list are approved. */
      rejected: {
        position: number;
        reason: components['schemas']['Reason'];
      }[];
      /** @description Rejects every member of the list, with this reason. */
      reason?: components['schemas']['Reason'];
    };
    /**
     * @description `previewing`: members are being planned. `preview`: complete, not started. `interrupted`: the process that planned them ended; create it again. `running`, `paused`. `ended`: every member has ended or was skipped. `aborted`: by a person.
     * @enum {string}
     */
    CampaignState:
      | 'previewing'
      | 'preview'
      | 'interrupted'
      | 'running'
      | 'paused'
      | 'ended'
      | 'aborted';
    /**
     * @description `pending`: not planned yet. `change`: it will change. `already`: it is so already. `blocked`: a check fails or a permission is missing. `unlinked`: no entity is proven to own it.
     * @enum {string}
     */
    CampaignOutcome: 'pending' | 'change' | 'already' | 'blocked' | 'unlinked';
    /**
     * @description `excluded`: its outcome is not `change`. `waiting`: its stage has not opened. `approval`: waits for an approval. `ready`: may start. `running`: its operation has not ended. `proving`: the operation has succeeded, and the registry is read again. `succeeded`. `failed`. `unverified`: the operation ended without proof, or a finding of a registry became worse. `changed`: the plan no longer fits; nothing was written. `rejected`, `expired` (nobody decided in time), `skipped`, `not-started` (the campaign was aborted).
     * @enum {string}
     */
    CampaignMemberState:
      | 'excluded'
      | 'waiting'
      | 'approval'
      | 'ready'
      | 'running'
      | 'proving'
      | 'succeeded'
      | 'failed'
      | 'unverified'
      | 'changed'
      | 'rejected'
      | 'expired'
      | 'skipped'
      | 'not-started';
    /** @description A campaign, with the caller's offers. */
    Campaign: {
      id: components['schemas']['Uuid'];
      revision: number;
      state: components['schemas']['CampaignState'];
      /** @description True from the abort to the end of the operations under way. The state is "paused" meanwhile. */
      aborting?: boolean;
      /** @description Such as "Switch 40 registries to automatic version mode". */
      title: string;
      /** @description How it stands, in a sentence: why it is paused or waits, or its end, such as "Ended with 2 failed, 1 skipped". */
      message?: string;
      intent: components['schemas']['CampaignIntent'];
      strategy?: components['schemas']['CampaignStrategy'];
      /** @description Hash over intent, members and their plans. Absent until the preview is complete. */
      hash?: components['schemas']['Sha256'];
      requestedBy: string;
      reason?: string;
      createdAt: components['schemas']['Time'];
      startedAt?: components['schemas']['Time'];
      endedAt?: components['schemas']['Time'];
      /** @description Members by outcome, without those that have none. */
      outcomes: {
        outcome: components['schemas']['CampaignOutcome'];
        count: number;
      }[];
      states: components['schemas']['CampaignCounts'];
      /** @description Registries of the members that will change. */
      registries?: number;
      /** @description Writes to Azure that the plans of the members contain. */
      writes?: number;
      /** @description Time that the members take by the strategy, or by the default one in a preview, from Azure's usual durations and limits; without soaks, windows and waits for approvals. */
      estimatedSeconds?: number;
      /** @description Commands of az that set the tag of each unlinked registry. They name an entity where it is the only one that names the registry, otherwise a placeholder. */
      unlinkedCommands?: string[];
      stages: components['schemas']['CampaignStage'][];
      /** @description Members of the current stage that wait for the caller's approval. Absent without any. */
      request?: {
        stage: number;
        hash: components['schemas']['Sha256'];
        members: number;
        expiresAt?: components['schemas']['Time'];
      };
      /** @description Members that are being planned again, or why none of them could be retried. Absent otherwise. */
      retry?: {
        planned?: number;
        total?: number;
        problem?: string;
      };
      /** @description Commands that the caller may give now. */
      offers: (
        | 'start'
        | 'pause'
        | 'resume'
        | 'abort'
        | 'retry'
        | 'skip'
        | 'decide'
        | 'report'
      )[];
      /** @description Names the campaign in the signals of the channel `acr-cmk`. */
      changeToken?: string;
    };
    /** @description Members by state, without those that have none. */
    CampaignCounts: {
      state: components['schemas']['CampaignMemberState'];
      count: number;
    }[];
    /** @description A stage of a started campaign, or of a preview with the default strategy. */
    CampaignStage: {
      number: number;
      /**
       * @description `waiting`: an earlier one has not ended. `open`: members wait for approval, start or run. `soaking`: waits before the next stage opens. `ended`.
       * @enum {string}
       */
      state: 'waiting' | 'open' | 'soaking' | 'ended';
      members: number;
      states: components['schemas']['CampaignCounts'];
      /** @description Groups and users whose agreement members of the stage need and do not have yet. */
      approvers?: string[];
      approvalExpiresAt?: components['schemas']['Time'];
      soakUntil?: components['schemas']['Time'];
      /** @description Such as "The window opens on Monday at 08:00 (Europe/Berlin)". */
      waitingFor?: string;
    };
    /** @description A registry, or a key with its registries. */
    CampaignMember: {
      /** @description From 1. */
      position: number;
      /** @description Name of the registry */
      name: string;
      /** @description The registry that its operation names. */
      registryId: components['schemas']['ArmId'];
      /** @description Key of a member that is a key. */
      keyIdentifier?: string;
      entityRef?: components['schemas']['EntityRef'];
      owner?: string;
      /** @description Names of the registries that change together, at most 100. */
      registries: string[];
      outcome: components['schemas']['CampaignOutcome'];
      stage?: number;
      state: components['schemas']['CampaignMemberState'];
      /** @description Such as "Manual */
      before?: string;
      /** @description As planned. */
      after?: string;
      /** @description As observed at its end: as planned where it succeeded, "Not confirmed" where it failed or is not verified. Absent where it has not ended, or nothing was written. */
      observed?: string;
      /** @description Why it is blocked, already so, failed, changed, skipped or rejected. */
      message?: string;
      needs?: components['schemas']['Need'][];
      operationId?: components['schemas']['Uuid'];
      startedAt?: components['schemas']['Time'];
      endedAt?: components['schemas']['Time'];
    };
    /** @description One page of members. */
    CampaignMembers: {
      items: components['schemas']['CampaignMember'][];
      total: number;
      nextCursor?: string;
    };
    /** @description Campaigns, newest first. */
    Campaigns: {
      /** @description The caller has acr-cmk.campaign.create. */
      mayCreate: boolean;
      items: components['schemas']['Campaign'][];
    };
    /** @description Result of a campaign, member by member. */
    CampaignReport: {
      campaign: components['schemas']['Campaign'];
      /** @description Sequence numbers of the campaign's own audit records. */
      records: number[];
      members: {
        member: components['schemas']['CampaignMember'];
        approvers: string[];
        /** @description Sequence numbers of the audit records of its operation. */
        records: number[];
      }[];
    };
    /** @description Members of a campaign's current stage that wait for the caller's approval. */
    WaitingStage: {
      campaignId: components['schemas']['Uuid'];
      title: string;
      stage: number;
      hash: components['schemas']['Sha256'];
      members: number;
      requestedBy: string;
      reason: string;
      expiresAt?: components['schemas']['Time'];
    };
    /**
     * @description `failed`: something does not work. `unknown`: the check could not be completed. `warning`: it works, but may not be intended.
     * @enum {string}
     */
    DoctorStatus: 'ok' | 'warning' | 'failed' | 'unknown';
    /** @description One finding of a check. */
    DoctorLine: {
      status: components['schemas']['DoctorStatus'];
      message: string;
      /** @description Remedy. */
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
    /** @description Report of the doctor, by check. */
    DoctorReport: {
      at: components['schemas']['Time'];
      /** @description Version of the plugins that run, such as `0.1.0`. */
      version: string;
      /** @description The worst of the checks. */
      status: components['schemas']['DoctorStatus'];
      checks: components['schemas']['DoctorCheck'][];
    };
    /** @description One subscription of the scopes, as of the last completed sweep. */
    ListedScope: {
      subscriptionId: string;
      /**
       * @description `whole`: everything was listed. `fallen`: the listing has far fewer registries than are known, which are kept. `partial`: not everything could be listed. `unknown`: it was not listed yet.
       * @enum {string}
       */
      state: 'whole' | 'fallen' | 'partial' | 'unknown';
      registries: {
        /** @description Number of known registries. */
        known: number;
        /** @description Number that Azure counts; absent without such a query. */
        expected?: number;
        /** @description Number that the sweep listed. */
        seen?: number;
      };
      /** @description Time of the last complete listing. */
      listedAt?: components['schemas']['Time'];
      /** @description Problem */
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
      /** @description Problem that stopped the whole sweep. */
      problem?: string;
    };
    /** @description Requests left of one of Azure's limits, as the answering backend knows it. */
    CallBudget: {
      /** @description Kind of requests that are counted together. */
      quota: string;
      /** @description Subscription, or host of a vault; empty for the tenant. */
      of: string;
      /** @description First job that uses the credential. */
      credential: string;
      left: number;
      size: number;
      /** @description Seconds for which Azure accepts no more requests. */
      pausedSeconds?: number;
    };
    /** @description One page of registries, by their identifying values. */
    InventoryRegistries: {
      /** @description True while something is being read from Azure for the first time: registries, and tags by which keys and vaults name their entities, may be missing. */
      firstReading: boolean;
      items: components['schemas']['InventoryRegistry'][];
      /** @description True when every subscription that is not listed here is out of scope. False where acrCmk.scopes has management groups: their subscriptions are known only after they were read. */
      othersOutOfScope: boolean;
      /** @description Every subscription in scope, with each page. */
      subscriptions: {
        subscriptionId: string;
        /** @description True when all of its registries are among the items: it was listed, and the last listing did not fail. Otherwise, a registry that is not among them may still exist. */
        whole: boolean;
      }[];
      nextCursor?: string;
    };
    /** @description Identifying values of one registry. Ids and names are lower case, however Azure spells them. */
    InventoryRegistry: {
      registryId: components['schemas']['ArmId'];
      tags: components['schemas']['ChosenTags'];
      /** @description Entities that its tag backstage-entity-ref or acrCmk.bindings names. */
      entityRefs: components['schemas']['NamedEntities'];
      /** @description Key that encrypts it; absent without one. */
      key?: {
        keyName: string;
        /** @description Entities that its own tag backstage-entity-ref or an entry of acrCmk.keys names. */
        entityRefs: components['schemas']['NamedEntities'];
        vault: {
          name: string;
          /** @description Host in the cloud of acrCmk.azure.cloud, such as contoso.vault.azure.net. */
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
    /** @description Requested tags, by their names in lower case. */
    ChosenTags: {
      [key: string]: string;
    };
    /** @description Age of what is known of a registry, and its next readings. */
    InventoryFreshness: {
      at: components['schemas']['Time'];
      items: {
        /** @enum {string} */
        kind: 'registry' | 'vault' | 'identity' | 'key' | 'access';
        /** @description ARM id; vault host and name of a key; principal of an access path. */
        name: string;
        /** @description Time that the facts show. Absent when they were never read. */
        readAt?: components['schemas']['Time'];
        /** @description Earliest time of the next reading; a claimed one is read until then. */
        nextReadAt?: components['schemas']['Time'];
        /** @description new, changed, missing, event, following, in-use, age or failed; list where the next listing comes first. */
        why: string;
        /** @description Readings that have failed in a row. */
        attempts: number;
        /** @description How the last reading failed. */
        problem?: string;
      }[];
    };
    /** @description Content and quality of the inventory. */
    InventoryStatus: {
      at: components['schemas']['Time'];
      /** @description Number of known registries in total. */
      registries: number;
      /** @description Time at which the oldest facts of a registry were read. */
      oldestFactsAt?: components['schemas']['Time'];
      scopes: components['schemas']['ListedScope'][];
      /** @description The last turn of the synchronization. */
      lastTurn: {
        startedAt?: components['schemas']['Time'];
        /** @description End of the last turn that ended. */
        endedAt?: components['schemas']['Time'];
        /** @description Why the next turn is late, and what to do. Absent when it is not. */
        late?: string;
      };
      lastSweep?: components['schemas']['InventorySweep'];
      /** @description Start of the last complete sweep. */
      lastWholeSweepAt?: components['schemas']['Time'];
      /** @description Number of resources that are to be read again. */
      dirty: number;
      reading?: components['schemas']['InventoryReading'];
      /** @description The lists of keys of the vaults that registries use. */
      keyLists?: {
        /** @description Number of vaults queried. */
        vaults: number;
        /** @description Number of vaults that did not answer; facts about their keys may be old. */
        failed: number;
        /** @description Problem of the first of them. */
        problem?: string;
      };
      /** @description The scarcest limits, at most twenty. */
      budget: components['schemas']['CallBudget'][];
    };
    /** @description One record of the permanent chain. */
    AuditRecord: {
      seq: number;
      at: components['schemas']['Time'];
      /** @description Entity ref of the person, also for later actions of the engine on their behalf. */
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
    /** @description BODY_TOO_LARGE. Bodies may have at most 128 kB. */
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
    /** @description LIMIT_REACHED. The caller has reached a limit, which the message names. */
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
    /** @description Entity of the registry. Needs acr-cmk.registry.read on it. */
    ChosenForEntity: components['schemas']['EntityRef'];
    /** @description Registry whose present key and identity may be chosen as well. Only with an entity. */
    ChosenForRegistry: components['schemas']['ArmId'];
    kind: string;
    namespace: string;
    name: string;
    operationId: components['schemas']['Uuid'];
    /** @description Any of these states, separated by commas. */
    fleetState: components['schemas']['RegistryStateId'][];
    /** @description Severity of the worst finding: any of these, separated by commas. */
    fleetSeverity: components['schemas']['FleetSeverity'][];
    fleetMode: components['schemas']['VersionMode'];
    /** @description Owner of an entity that names the registry and is linked to it, or a group or user that its tag or acrCmk.bindings names. */
    fleetOwner: components['schemas']['EntityRef'];
    /** @description An entity that names the registry. */
    fleetEntityRef: components['schemas']['EntityRef'];
    fleetSubscription: string;
    fleetResourceGroup: components['schemas']['ResourceGroup'];
    /** @description Name of the vault of the registry's key. */
    fleetVault: components['schemas']['VaultName'];
    /** @description Name of the registry's key. */
    fleetKey: string;
    /** @description The version in use expires before this day, or before this moment in UTC. Includes expired versions. */
    fleetExpiresBefore: string;
    /** @description With `true`, registries that no entity names; with `false`, the others. */
    fleetUnbound: 'true' | 'false';
    /** @description With `true`, only keys with a version that no known registry or service uses. None while not all registries could be listed. */
    fleetUnused: 'true' | 'false';
    /** @description 1 to 104, 26 by default. */
    fleetWeeks: string;
    /** @description Part of the name of the registry, its key, its vault, or an entity that names it. Case does not matter. */
    fleetSearch: string;
    /** @description nextCursor of the previous page, with the same sort and direction. */
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
          /** @description Hash of the plan that was read, so that no other plan is approved by mistake. */
          planHash: components['schemas']['Sha256'];
          /** @description The registry's name as typed. Required when approval.typedName is set. */
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
        /** @description Entity of the registry. Needs acr-cmk.registry.read on it. */
        entityRef?: components['parameters']['ChosenForEntity'];
        /** @description Registry whose present key and identity may be chosen as well. Only with an entity. */
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
        /** @description Entity of the registry. Needs acr-cmk.registry.read on it. */
        entityRef?: components['parameters']['ChosenForEntity'];
        /** @description Registry whose present key and identity may be chosen as well. Only with an entity. */
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
        /** @description Entity of the registry. Needs acr-cmk.registry.read on it. */
        entityRef?: components['parameters']['ChosenForEntity'];
        /** @description Registry whose present key and identity may be chosen as well. Only with an entity. */
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
      /** @description Present state of the name in the vault */
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
      /** @description Present state of the name in Azure */
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
        /** @description Entity of the registry. Needs acr-cmk.registry.read on it. */
        entityRef?: components['parameters']['ChosenForEntity'];
        /** @description Registry whose present key and identity may be chosen as well. Only with an entity. */
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
  listResourceGroups: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Open ones first, by name */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            items: components['schemas']['ResourceGroupChoice'][];
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
            /** @description Whether templates and MCP clients may request a revoke, by acrCmk.actions.revoke. */
            programsMayRevoke: boolean;
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
  readDoctorReport: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The report, even when checks have failed */
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
  readInventoryFreshness: {
    parameters: {
      query: {
        registryId: components['schemas']['ArmId'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The freshness */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InventoryFreshness'];
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
      /** @description Scheduled */
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
        /** @description Names of tags of registries and vaults to include, separated by commas. Default: none. */
        tags?: string;
        /** @description nextCursor of the previous page, with the same sort and direction. */
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
        /** @description Any of these states, separated by commas. */
        state?: components['parameters']['fleetState'];
        /** @description Severity of the worst finding: any of these, separated by commas. */
        severity?: components['parameters']['fleetSeverity'];
        mode?: components['parameters']['fleetMode'];
        /** @description Owner of an entity that names the registry and is linked to it, or a group or user that its tag or acrCmk.bindings names. */
        owner?: components['parameters']['fleetOwner'];
        /** @description An entity that names the registry. */
        entityRef?: components['parameters']['fleetEntityRef'];
        subscription?: components['parameters']['fleetSubscription'];
        resourceGroup?: components['parameters']['fleetResourceGroup'];
        /** @description Name of the vault of the registry's key. */
        vault?: components['parameters']['fleetVault'];
        /** @description Name of the registry's key. */
        key?: components['parameters']['fleetKey'];
        /** @description The version in use expires before this day, or before this moment in UTC. Includes expired versions. */
        expiresBefore?: components['parameters']['fleetExpiresBefore'];
        /** @description With `true`, registries that no entity names; with `false`, the others. */
        unbound?: components['parameters']['fleetUnbound'];
        /** @description Part of the name of the registry, its key, its vault, or an entity that names it. Case does not matter. */
        search?: components['parameters']['fleetSearch'];
        sort?: components['schemas']['FleetSort'];
        /** @description `desc` reverses the order. Default: `asc`. */
        direction?: 'asc' | 'desc';
        /** @description nextCursor of the previous page, with the same sort and direction. */
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
        /** @description Any of these states, separated by commas. */
        state?: components['parameters']['fleetState'];
        /** @description Severity of the worst finding: any of these, separated by commas. */
        severity?: components['parameters']['fleetSeverity'];
        mode?: components['parameters']['fleetMode'];
        /** @description Owner of an entity that names the registry and is linked to it, or a group or user that its tag or acrCmk.bindings names. */
        owner?: components['parameters']['fleetOwner'];
        /** @description An entity that names the registry. */
        entityRef?: components['parameters']['fleetEntityRef'];
        subscription?: components['parameters']['fleetSubscription'];
        resourceGroup?: components['parameters']['fleetResourceGroup'];
        /** @description Name of the vault of the registry's key. */
        vault?: components['parameters']['fleetVault'];
        /** @description Name of the registry's key. */
        key?: components['parameters']['fleetKey'];
        /** @description The version in use expires before this day, or before this moment in UTC. Includes expired versions. */
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
        /** @description Any of these states, separated by commas. */
        state?: components['parameters']['fleetState'];
        /** @description Severity of the worst finding: any of these, separated by commas. */
        severity?: components['parameters']['fleetSeverity'];
        mode?: components['parameters']['fleetMode'];
        /** @description Owner of an entity that names the registry and is linked to it, or a group or user that its tag or acrCmk.bindings names. */
        owner?: components['parameters']['fleetOwner'];
        /** @description An entity that names the registry. */
        entityRef?: components['parameters']['fleetEntityRef'];
        subscription?: components['parameters']['fleetSubscription'];
        resourceGroup?: components['parameters']['fleetResourceGroup'];
        /** @description Name of the vault of the registry's key. */
        vault?: components['parameters']['fleetVault'];
        /** @description Name of the registry's key. */
        key?: components['parameters']['fleetKey'];
        /** @description The version in use expires before this day, or before this moment in UTC. Includes expired versions. */
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
      /** @description Counts, and the registries that are not visible */
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
        /** @description Any of these states, separated by commas. */
        state?: components['parameters']['fleetState'];
        /** @description Severity of the worst finding: any of these, separated by commas. */
        severity?: components['parameters']['fleetSeverity'];
        mode?: components['parameters']['fleetMode'];
        /** @description Owner of an entity that names the registry and is linked to it, or a group or user that its tag or acrCmk.bindings names. */
        owner?: components['parameters']['fleetOwner'];
        /** @description An entity that names the registry. */
        entityRef?: components['parameters']['fleetEntityRef'];
        subscription?: components['parameters']['fleetSubscription'];
        resourceGroup?: components['parameters']['fleetResourceGroup'];
        /** @description Name of the vault of the registry's key. */
        vault?: components['parameters']['fleetVault'];
        /** @description Name of the registry's key. */
        key?: components['parameters']['fleetKey'];
        /** @description The version in use expires before this day, or before this moment in UTC. Includes expired versions. */
        expiresBefore?: components['parameters']['fleetExpiresBefore'];
        /** @description With `true`, registries that no entity names; with `false`, the others. */
        unbound?: components['parameters']['fleetUnbound'];
        /** @description Part of the name of the registry, its key, its vault, or an entity that names it. Case does not matter. */
        search?: components['parameters']['fleetSearch'];
        /** @description With `true`, only keys with a version that no known registry or service uses. None while not all registries could be listed. */
        unused?: components['parameters']['fleetUnused'];
        /** @description nextCursor of the previous page, with the same sort and direction. */
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
  exportFleetKeys: {
    parameters: {
      query?: {
        /** @description Any of these states, separated by commas. */
        state?: components['parameters']['fleetState'];
        /** @description Severity of the worst finding: any of these, separated by commas. */
        severity?: components['parameters']['fleetSeverity'];
        mode?: components['parameters']['fleetMode'];
        /** @description Owner of an entity that names the registry and is linked to it, or a group or user that its tag or acrCmk.bindings names. */
        owner?: components['parameters']['fleetOwner'];
        /** @description An entity that names the registry. */
        entityRef?: components['parameters']['fleetEntityRef'];
        subscription?: components['parameters']['fleetSubscription'];
        resourceGroup?: components['parameters']['fleetResourceGroup'];
        /** @description Name of the vault of the registry's key. */
        vault?: components['parameters']['fleetVault'];
        /** @description Name of the registry's key. */
        key?: components['parameters']['fleetKey'];
        /** @description The version in use expires before this day, or before this moment in UTC. Includes expired versions. */
        expiresBefore?: components['parameters']['fleetExpiresBefore'];
        /** @description With `true`, registries that no entity names; with `false`, the others. */
        unbound?: components['parameters']['fleetUnbound'];
        /** @description Part of the name of the registry, its key, its vault, or an entity that names it. Case does not matter. */
        search?: components['parameters']['fleetSearch'];
        /** @description With `true`, only keys with a version that no known registry or service uses. None while not all registries could be listed. */
        unused?: components['parameters']['fleetUnused'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A header, then one line for each version */
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
  listFleetExpiries: {
    parameters: {
      query?: {
        /** @description Any of these states, separated by commas. */
        state?: components['parameters']['fleetState'];
        /** @description Severity of the worst finding: any of these, separated by commas. */
        severity?: components['parameters']['fleetSeverity'];
        mode?: components['parameters']['fleetMode'];
        /** @description Owner of an entity that names the registry and is linked to it, or a group or user that its tag or acrCmk.bindings names. */
        owner?: components['parameters']['fleetOwner'];
        /** @description An entity that names the registry. */
        entityRef?: components['parameters']['fleetEntityRef'];
        subscription?: components['parameters']['fleetSubscription'];
        resourceGroup?: components['parameters']['fleetResourceGroup'];
        /** @description Name of the vault of the registry's key. */
        vault?: components['parameters']['fleetVault'];
        /** @description Name of the registry's key. */
        key?: components['parameters']['fleetKey'];
        /** @description The version in use expires before this day, or before this moment in UTC. Includes expired versions. */
        expiresBefore?: components['parameters']['fleetExpiresBefore'];
        /** @description With `true`, registries that no entity names; with `false`, the others. */
        unbound?: components['parameters']['fleetUnbound'];
        /** @description Part of the name of the registry, its key, its vault, or an entity that names it. Case does not matter. */
        search?: components['parameters']['fleetSearch'];
        /** @description 1 to 104, 26 by default. */
        weeks?: components['parameters']['fleetWeeks'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Counts by week, and their entries */
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
  exportFleetExpiries: {
    parameters: {
      query?: {
        /** @description Any of these states, separated by commas. */
        state?: components['parameters']['fleetState'];
        /** @description Severity of the worst finding: any of these, separated by commas. */
        severity?: components['parameters']['fleetSeverity'];
        mode?: components['parameters']['fleetMode'];
        /** @description Owner of an entity that names the registry and is linked to it, or a group or user that its tag or acrCmk.bindings names. */
        owner?: components['parameters']['fleetOwner'];
        /** @description An entity that names the registry. */
        entityRef?: components['parameters']['fleetEntityRef'];
        subscription?: components['parameters']['fleetSubscription'];
        resourceGroup?: components['parameters']['fleetResourceGroup'];
        /** @description Name of the vault of the registry's key. */
        vault?: components['parameters']['fleetVault'];
        /** @description Name of the registry's key. */
        key?: components['parameters']['fleetKey'];
        /** @description The version in use expires before this day, or before this moment in UTC. Includes expired versions. */
        expiresBefore?: components['parameters']['fleetExpiresBefore'];
        /** @description With `true`, registries that no entity names; with `false`, the others. */
        unbound?: components['parameters']['fleetUnbound'];
        /** @description Part of the name of the registry, its key, its vault, or an entity that names it. Case does not matter. */
        search?: components['parameters']['fleetSearch'];
        /** @description 1 to 104, 26 by default. */
        weeks?: components['parameters']['fleetWeeks'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A header, then one line for each registry on a day */
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
  listCampaigns: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Campaigns */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaigns'];
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  createCampaign: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CampaignRequest'];
      };
    };
    responses: {
      /** @description The campaign */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['ContentTypeUnsupported'];
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  getCampaign: {
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
      /** @description The campaign */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  listCampaignMembers: {
    parameters: {
      query?: {
        /** @description Any of these outcomes of the preview, separated by commas. */
        outcome?: components['schemas']['CampaignOutcome'][];
        /** @description Any of these states, separated by commas. */
        state?: components['schemas']['CampaignMemberState'][];
        /** @description Number of a stage, from 1. */
        stage?: string;
        /** @description With `true`, only members of the current stage that wait for the caller's approval. */
        mine?: 'true' | 'false';
        /** @description nextCursor of the previous page, with the same sort and direction. */
        cursor?: components['parameters']['fleetCursor'];
        /** @description 1 to 200, 50 by default. */
        limit?: components['parameters']['fleetLimit'];
      };
      header?: never;
      path: {
        id: components['parameters']['operationId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page, in the order of the campaign */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CampaignMembers'];
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  estimateCampaign: {
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
        'application/json': components['schemas']['CampaignStrategy'];
      };
    };
    responses: {
      /** @description The estimate */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CampaignEstimate'];
        };
      };
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['ContentTypeUnsupported'];
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  startCampaign: {
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
        'application/json': components['schemas']['CampaignStart'];
      };
    };
    responses: {
      /** @description The campaign */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['ContentTypeUnsupported'];
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  pauseCampaign: {
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
        'application/json': components['schemas']['CampaignCommand'];
      };
    };
    responses: {
      /** @description The campaign */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['ContentTypeUnsupported'];
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  resumeCampaign: {
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
        'application/json': components['schemas']['CampaignCommand'];
      };
    };
    responses: {
      /** @description The campaign */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['ContentTypeUnsupported'];
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  abortCampaign: {
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
        'application/json': components['schemas']['CampaignCommand'];
      };
    };
    responses: {
      /** @description The campaign */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['ContentTypeUnsupported'];
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  retryCampaign: {
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
        'application/json': components['schemas']['CampaignCommand'];
      };
    };
    responses: {
      /** @description The campaign */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['ContentTypeUnsupported'];
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  skipCampaignMember: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['parameters']['operationId'];
        position: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CampaignCommand'];
      };
    };
    responses: {
      /** @description The campaign */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['ContentTypeUnsupported'];
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  decideCampaignStage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: components['parameters']['operationId'];
        stage: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CampaignDecision'];
      };
    };
    responses: {
      /** @description The campaign */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Campaign'];
        };
      };
      413: components['responses']['BodyTooLarge'];
      415: components['responses']['ContentTypeUnsupported'];
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  getCampaignReport: {
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
      /** @description The report */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CampaignReport'];
        };
      };
      429: components['responses']['LimitReached'];
      default: components['responses']['Problem'];
    };
  };
  exportCampaignReport: {
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
      /** @description A header, then one line for each member */
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
}

export type ErrorBody = components['schemas']['ErrorBody'];
export type Uuid = components['schemas']['Uuid'];
export type Sha256 = components['schemas']['Sha256'];
/** ISO 8601 in UTC */
export type Time = components['schemas']['Time'];
/** Full, such as `resource:default/shop-images`. */
export type EntityRef = components['schemas']['EntityRef'];
export type ArmId = components['schemas']['ArmId'];
/** Reason for the record, in one line: 3 to 500 characters with at least one letter or digit, no control, direction or invisible characters, and none of =, +, - or @ at the start. */
export type Reason = components['schemas']['Reason'];
export type FieldChange = components['schemas']['FieldChange'];
/** Every registry that an entity names, in the order of its annotation. */
export type EntityRegistries = components['schemas']['EntityRegistries'];
/** A campaign, with its members that belong to one entity and have not ended. */
export type EntityCampaign = components['schemas']['EntityCampaign'];
/** A registry that could not be read, with the reason. */
export type UnreadableRegistry = components['schemas']['UnreadableRegistry'];
/** Reason why a registry that an entity names could not be read. */
export type UnreadableReason = components['schemas']['UnreadableReason'];
/** Network rules of a registry. A client that they do not admit gets 403 from its login server. */
export type RegistryNetwork = components['schemas']['RegistryNetwork'];
/** The encryption of one registry, as the caller may see it. */
export type RegistryEncryption = components['schemas']['RegistryEncryption'];
/** `converging` and `behind`: it follows new versions, within or beyond the hour that Azure takes. `behind-by-choice`: a person selected an older version. `behind-shared-key`: it is pinned, and a rotation of another registry made a newer version. `behind-manual`: it is pinned to an older version, and nothing shows why. `last-change-failed`: a change of the registry failed and left it as it was. `pinned-key-trap`: it is pinned while the vault rotates the key. `at-risk`: the version in use expires soon. `unreachable`: it cannot use its key. `unknown`: Azure could not be read. */
export type RegistryStateId = components['schemas']['RegistryStateId'];
/** State of a registry, with a sentence that explains it. */
export type RegistryState = components['schemas']['RegistryState'];
/** A change of a registry's encryption that no operation of this portal made. */
export type ChangedOutside = components['schemas']['ChangedOutside'];
/** A change of a registry's state, or of its encryption by no operation of this portal, as it was seen. */
export type RegistryEvent = components['schemas']['RegistryEvent'];
/** Last change of a registry as Azure names it, of whatever setting. */
export type LastModified = components['schemas']['LastModified'];
/** Operation of this plugin that revoked access to the key: person, reason and end. */
export type RevokedBy = components['schemas']['RevokedBy'];
/** Result of test pulls from the registry after an operation. They are repeated, without a lock, until they show its effect, at most until `until`. */
export type Pulls = components['schemas']['Pulls'];
/** `automatic`: a versionless key URI, new versions are used within about an hour. `manual`: one version, until it is changed. */
export type VersionMode = components['schemas']['VersionMode'];
/** The five fields of `properties.encryption`, as Azure names them. */
export type EncryptionFields = components['schemas']['EncryptionFields'];
/** The identity with which a registry reaches its key. */
export type EncryptionIdentity = components['schemas']['EncryptionIdentity'];
/** Ways by which the identity may use the key, or the reason why they are unknown. */
export type AccessPaths = components['schemas']['AccessPaths'];
/** One way by which the identity may wrap and unwrap with the key. */
export type AccessPath = components['schemas']['AccessPath'];
/** A part that could not be read, and Azure's refusal. */
export type UnknownView = components['schemas']['UnknownView'];
/** The key with all of its versions, newest first. */
export type KeyView = components['schemas']['KeyView'];
/** One version of a key. Times are ISO 8601, by the vault. */
export type KeyVersion = components['schemas']['KeyVersion'];
/** The vault of the key. */
export type VaultView = components['schemas']['VaultView'];
/** Finding of a health rule about a registry. */
export type Finding = components['schemas']['Finding'];
/** A registry that uses the same key. Entities that the caller may not see are counted, not named. */
export type Consumer = components['schemas']['Consumer'];
/** Effect of a plan on what uses a key. */
export type PlanEffect = components['schemas']['PlanEffect'];
/** Resources of another Azure service that use a key. */
export type KeyService = components['schemas']['KeyService'];
/** A resource of another Azure service that uses a key. */
export type ServiceResource = components['schemas']['ServiceResource'];
/** One use of a key by a resource of another Azure service. */
export type ServiceUse = components['schemas']['ServiceUse'];
/** Extent of what is known about other Azure services. */
export type ServicesLookedAt = components['schemas']['ServicesLookedAt'];
/** `all`: every known service in every subscription. `no`: nothing was listed, or nothing may be read. */
export type ServicesLookedAtState =
  components['schemas']['ServicesLookedAtState'];
/** Action on a registry. */
export type ActionId = components['schemas']['ActionId'];
/** Whether the caller may take the action now, and the reason if not. */
export type ActionOffer = components['schemas']['ActionOffer'];
/** Proof that the registry belongs to the entity: its tag, or `acrCmk.bindings`. */
export type Binding = components['schemas']['Binding'];
/** Age of the facts behind an answer. `ageSeconds` is counted when the answer is made. */
export type Freshness = components['schemas']['Freshness'];
/** Requested change, by `kind`. */
export type Intent = components['schemas']['Intent'];
/** Switches a registry to a new version of its key, another key, another identity or the other version mode. */
export type RotateIntent = components['schemas']['RotateIntent'];
/** Lets the vault create new versions of the registry's key by its rotation policy, and the registry follow them; or turns that off again. The policy belongs to the key and holds for every registry that uses it. */
export type AutomaticRotationIntent =
  components['schemas']['AutomaticRotationIntent'];
/** The vault rotates the key by this policy, and the registry stores the key without a version. */
export type RotationOn = components['schemas']['RotationOn'];
/** The vault no longer creates new versions. Expiry and notice of the policy stay, and so does the version mode of the registry. */
export type RotationOff = components['schemas']['RotationOff'];
/** The rotation policy and the key identifier from before an operation of this portal. */
export type RotationAsBefore = components['schemas']['RotationAsBefore'];
/** Rotation policy of a key, as in Key Vault. To rotate, it has one of timeAfterCreate (at least 7 days) and timeBeforeExpiry (at least 7 days; needs expiryTime). In a Managed HSM there are at least 28 days between two versions, and no notices. */
export type RotationPolicy = components['schemas']['RotationPolicy'];
/** ISO 8601 duration in years, months, weeks and days, such as `P90D` or `P1Y6M`. */
export type PolicyDuration = components['schemas']['PolicyDuration'];
/** The encryption identity: resource id, name or client id of a user-assigned identity, or `system` in any case, also as `[system]`, which is what the Azure CLI calls it. It is attached to the registry, or turned on, if it is not. The current one by default. */
export type IdentityText = components['schemas']['IdentityText'];
export type NewVersion = components['schemas']['NewVersion'];
/** The current key and version of the registry, with the given mode. */
export type CurrentKey = components['schemas']['CurrentKey'];
export type ExistingKey = components['schemas']['ExistingKey'];
/** A key that the plan creates in a vault. */
export type NewKey = components['schemas']['NewKey'];
/** Name of a vault, or of a Managed HSM with the suffix `.managedhsm`. */
export type VaultName = components['schemas']['VaultName'];
export type KeyName = components['schemas']['KeyName'];
/** `access-policy` and `role-assignment` remove the identity's access to the key, `disable-version` disables the version in use, `disable-all-versions` every version of the key, `delete-key` soft-deletes the key. */
export type RevokeMethodId = components['schemas']['RevokeMethodId'];
/** Revokes a registry's access to its key. */
export type RevokeIntent = components['schemas']['RevokeIntent'];
/** Restores a registry's access to its key: everything that is missing now. */
export type RestoreIntent = components['schemas']['RestoreIntent'];
/** Disables an old version of the registry's key that no known registry or service uses. Off unless acrCmk.operations.retire is true. */
export type RetireIntent = components['schemas']['RetireIntent'];
/** Creates a Premium registry that is encrypted with a customer-managed key, which can be chosen only at creation. `registryId` of the request is the id of the new registry; `entityRef` is written into its tag, as the proof of its binding. */
export type CreateRegistryIntent =
  components['schemas']['CreateRegistryIntent'];
/** Registry, entity and intent of a plan. */
export type PlanRequest = components['schemas']['PlanRequest'];
/** Checks, steps, state before and after, affected registries and the inverse. `hash` covers all of it. */
export type Plan = components['schemas']['Plan'];
/** A method to revoke: its availability for this registry, and the other registries it affects. */
export type RevokeMethod = components['schemas']['RevokeMethod'];
/** Condition for accepting a plan. */
export type Check = components['schemas']['Check'];
/** One write or one wait of a plan. */
export type PlannedStep = components['schemas']['PlannedStep'];
/** Possibility and way to undo the plan. */
export type Inverse = components['schemas']['Inverse'];
/** Entities of the catalog that depend on those of the affected registries (relation `dependsOn`), each once. Those that the caller may not see are counted, not named. */
export type Dependents = components['schemas']['Dependents'];
/** State and findings of the registry once the plan is carried out: the health rules, on the facts as the steps leave them. */
export type Afterwards = components['schemas']['Afterwards'];
/** Something that a plan changes beside the encryption settings. */
export type PlannedChange = components['schemas']['PlannedChange'];
/** Accepts a plan. The same `idempotencyKey` of the same person returns the same operation. */
export type OperationRequest = components['schemas']['OperationRequest'];
/** State of an operation. */
export type OperationState = components['schemas']['OperationState'];
/** An accepted plan and its progress. Kept until `acrCmk.operations.retention`, by default for ever. */
export type Operation = components['schemas']['Operation'];
/** Result of an operation. `code` is set when it did not succeed. */
export type OperationResult = components['schemas']['OperationResult'];
/** One step of an operation, with evidence from Azure before and after it. */
export type OperationStep = components['schemas']['OperationStep'];
/** Whether the caller may take this decision about an operation now, and the reason if not. */
export type OperationOffer = components['schemas']['OperationOffer'];
/** A permission that an approver must have, on the entity if one is named. */
export type Need = components['schemas']['Need'];
/** Approval by another person: state, needs and time limit. */
export type Approval = components['schemas']['Approval'];
/** False when something that should be listed could not be read. */
export type Complete = components['schemas']['Complete'];
/** A vault that a form may offer. */
export type VaultChoice = components['schemas']['VaultChoice'];
/** A key that a form may offer. `keyIdentifier` has no version. */
export type KeyChoice = components['schemas']['KeyChoice'];
/** A version of a key that a form may offer. */
export type KeyVersionChoice = components['schemas']['KeyVersionChoice'];
/** Availability of a name. `soft-deleted`: a deleted key has it until it is purged. */
export type NameCheck = components['schemas']['NameCheck'];
/** A user-assigned identity that a form may offer. */
export type IdentityChoice = components['schemas']['IdentityChoice'];
/** A resource group that a form may offer for a new registry. */
export type ResourceGroupChoice = components['schemas']['ResourceGroupChoice'];
/** A registry that a form may offer, with the entities of the caller that name it. */
export type RegistryChoice = components['schemas']['RegistryChoice'];
export type ResourceGroup = components['schemas']['ResourceGroup'];
/** `state`, the default, is worst first; `expires` is soonest first; `age` is of the version in use, oldest first. Registries without such a time come last. */
export type FleetSort = components['schemas']['FleetSort'];
/** Severity of the worst finding. `none`: there is no finding, or none is known. */
export type FleetSeverity = components['schemas']['FleetSeverity'];
/** An entity that names a registry. */
export type FleetEntity = components['schemas']['FleetEntity'];
/** The latest operation of a registry. Visible to callers who see the whole fleet, requested it, or have acr-cmk.registry.read on its entity or on one that the registry is linked to. */
export type FleetOperation = components['schemas']['FleetOperation'];
/** A registry of the fleet, with the values for filters and order. */
export type FleetRegistry = components['schemas']['FleetRegistry'];
/** One page of registries of the fleet. */
export type FleetRegistries = components['schemas']['FleetRegistries'];
/** More than 500 entities match the search whose registries do not, so names of entities were left out of it. A longer text finds them. */
export type SearchIncomplete = components['schemas']['SearchIncomplete'];
/** A registry as the Encryption tab shows it, and the entities that name it. */
export type FleetRegistryView = components['schemas']['FleetRegistryView'];
/** Number of registries with a value. */
export type FleetCount = components['schemas']['FleetCount'];
/** Visible and invisible parts of the fleet. */
export type FleetScope = components['schemas']['FleetScope'];
/** Ages of the facts of the registries that the caller may see. Absent while none was read. */
export type FleetAges = components['schemas']['FleetAges'];
/** A reading that Azure's limits make long, such as the first one. Absent when everything has been read, or is within seconds. */
export type InventoryReading = components['schemas']['InventoryReading'];
/** Counts of registries of the fleet. */
export type FleetSummary = components['schemas']['FleetSummary'];
/** A registry that uses a key. */
export type FleetHolder = components['schemas']['FleetHolder'];
/** Verdict on retiring an enabled version that is not the newest one. */
export type FleetRetirement = components['schemas']['FleetRetirement'];
/** A version of a key, with its users. */
export type FleetKeyVersion = components['schemas']['FleetKeyVersion'];
/** A key that registries of the fleet use. */
export type FleetKey = components['schemas']['FleetKey'];
/** Number of resources of one Azure service. */
export type ServiceCount = components['schemas']['ServiceCount'];
/** One page of keys of the fleet. */
export type FleetKeys = components['schemas']['FleetKeys'];
/** Expiry or rotation of a key. */
export type FleetExpiry = components['schemas']['FleetExpiry'];
/** Expiries and rotations of one week. */
export type FleetWeek = components['schemas']['FleetWeek'];
/** Expiries and rotations, by week. */
export type FleetExpiries = components['schemas']['FleetExpiries'];
/** Name of an operation. A rotate that makes no version is called by what it changes. */
export type OperationKind = components['schemas']['OperationKind'];
/** An operation that the caller may approve. */
export type WaitingOperation = components['schemas']['WaitingOperation'];
/** Operations that wait for the caller's approval, and those that the caller decided about. */
export type FleetWaiting = components['schemas']['FleetWaiting'];
/** A stage of a campaign, of which the caller approved or rejected members. */
export type DecidedStage = components['schemas']['DecidedStage'];
/** An operation that the caller approved or rejected, and what became of it. */
export type DecidedOperation = components['schemas']['DecidedOperation'];
/** One intent for the selected registries or keys. */
export type CampaignRequest = components['schemas']['CampaignRequest'];
/** Change of each member, by `kind`. `automatic-mode` and `identity` change one registry: each registry is a member. `new-version` and `automatic-rotation` change a key: each key is a member, with all registries that use it. */
export type CampaignIntent = components['schemas']['CampaignIntent'];
/** Switches each registry to automatic version mode, with the key that it uses. */
export type CampaignAutomaticMode =
  components['schemas']['CampaignAutomaticMode'];
/** Makes a new version of each key, and has the registries in automatic mode use it. */
export type CampaignNewVersion = components['schemas']['CampaignNewVersion'];
/** Sets the rotation policy of each key. */
export type CampaignAutomaticRotation =
  components['schemas']['CampaignAutomaticRotation'];
/** Sets another identity by which each registry reaches its key. */
export type CampaignIdentity = components['schemas']['CampaignIdentity'];
/** Exactly one of the three. What is listed twice, whatever the case of its letters, is refused. */
export type CampaignSelection = components['schemas']['CampaignSelection'];
/** All registries that match, at this moment. The same fields as the query of /v1/fleet/registries; an empty filter selects every registry that the caller may see. */
export type CampaignFilter = components['schemas']['CampaignFilter'];
/** Acceptance of a preview. */
export type CampaignStart = components['schemas']['CampaignStart'];
/** Stages, and how many members change at once. */
export type CampaignStrategy = components['schemas']['CampaignStrategy'];
/** Effect of a strategy on the members of a preview. */
export type CampaignEstimate = components['schemas']['CampaignEstimate'];
/** Members of a stage, from those that are left: at most one of `count`, `percent`, `owner`, `subscription`; without any, all that are left. Stages together have to take all members, so the last one mostly has none of the four. A stage for which no members are left is dropped. */
export type CampaignStageRule = components['schemas']['CampaignStageRule'];
/** Reason of a command; a pause and a resume need none. */
export type CampaignCommand = components['schemas']['CampaignCommand'];
/** Decision over the members that wait for the caller. */
export type CampaignDecision = components['schemas']['CampaignDecision'];
/** `previewing`: members are being planned. `preview`: complete, not started. `interrupted`: the process that planned them ended; create it again. `running`, `paused`. `ended`: every member has ended or was skipped. `aborted`: by a person. */
export type CampaignState = components['schemas']['CampaignState'];
/** `pending`: not planned yet. `change`: it will change. `already`: it is so already. `blocked`: a check fails or a permission is missing. `unlinked`: no entity is proven to own it. */
export type CampaignOutcome = components['schemas']['CampaignOutcome'];
/** `excluded`: its outcome is not `change`. `waiting`: its stage has not opened. `approval`: waits for an approval. `ready`: may start. `running`: its operation has not ended. `proving`: the operation has succeeded, and the registry is read again. `succeeded`. `failed`. `unverified`: the operation ended without proof, or a finding of a registry became worse. `changed`: the plan no longer fits; nothing was written. `rejected`, `expired` (nobody decided in time), `skipped`, `not-started` (the campaign was aborted). */
export type CampaignMemberState = components['schemas']['CampaignMemberState'];
/** A campaign, with the caller's offers. */
export type Campaign = components['schemas']['Campaign'];
/** Members by state, without those that have none. */
export type CampaignCounts = components['schemas']['CampaignCounts'];
/** A stage of a started campaign, or of a preview with the default strategy. */
export type CampaignStage = components['schemas']['CampaignStage'];
/** A registry, or a key with its registries. */
export type CampaignMember = components['schemas']['CampaignMember'];
/** One page of members. */
export type CampaignMembers = components['schemas']['CampaignMembers'];
/** Campaigns, newest first. */
export type Campaigns = components['schemas']['Campaigns'];
/** Result of a campaign, member by member. */
export type CampaignReport = components['schemas']['CampaignReport'];
/** Members of a campaign's current stage that wait for the caller's approval. */
export type WaitingStage = components['schemas']['WaitingStage'];
/** `failed`: something does not work. `unknown`: the check could not be completed. `warning`: it works, but may not be intended. */
export type DoctorStatus = components['schemas']['DoctorStatus'];
/** One finding of a check. */
export type DoctorLine = components['schemas']['DoctorLine'];
/** One check of the doctor. */
export type DoctorCheck = components['schemas']['DoctorCheck'];
/** Report of the doctor, by check. */
export type DoctorReport = components['schemas']['DoctorReport'];
/** One subscription of the scopes, as of the last completed sweep. */
export type ListedScope = components['schemas']['ListedScope'];
/** One listing of everything. */
export type InventorySweep = components['schemas']['InventorySweep'];
/** Requests left of one of Azure's limits, as the answering backend knows it. */
export type CallBudget = components['schemas']['CallBudget'];
/** One page of registries, by their identifying values. */
export type InventoryRegistries = components['schemas']['InventoryRegistries'];
/** Identifying values of one registry. Ids and names are lower case, however Azure spells them. */
export type InventoryRegistry = components['schemas']['InventoryRegistry'];
/** Full refs in lower case, in order, each once. */
export type NamedEntities = components['schemas']['NamedEntities'];
/** Requested tags, by their names in lower case. */
export type ChosenTags = components['schemas']['ChosenTags'];
/** Age of what is known of a registry, and its next readings. */
export type InventoryFreshness = components['schemas']['InventoryFreshness'];
/** Content and quality of the inventory. */
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
        summary: 'Encryption of the registries that an entity names',
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
        summary: 'Create a plan: its checks, steps and affected registries',
        description:
          'Reads fresh facts and writes nothing to Azure. A plan expires after fifteen minutes, and only the person who created it can accept it.',
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
        summary: 'Accept a plan',
        description:
          'Creates the plan again from fresh facts; any difference from planHash is a 409 that lists it. The same idempotencyKey with the same request returns the same operation.',
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
          'Needs one of the permissions in approval.needs, and a person other than the requester. Creates the plan again from fresh facts; a difference voids it.',
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
                      'Hash of the plan that was read, so that no other plan is approved by mistake.',
                    $ref: '#/components/schemas/Sha256',
                  },
                  confirmation: {
                    type: 'string',
                    maxLength: 100,
                    description:
                      "The registry's name as typed. Required when approval.typedName is set.",
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
          'Needs acr-cmk.operation.approve on the entity, or one of the permissions in approval.needs. The operation ends as rejected.',
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
        summary: 'Stop the automatic restore of a revoke',
        description:
          'Stops the timer of a revoke with restoreAfterMinutes. Needs acr-cmk.key.revoke on the entity, and every permission that the revoke needed. Its requester cannot if it needed an approval.',
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
          'Vaults in the subscriptions of acrCmk.scopes that acrCmk.vaults allows, with a key that the entity may use; without an entity, a key that the caller or an entity of theirs may use. Needs acr-cmk.use.',
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
        summary: 'Check whether a name is free for a new key of the vault',
        description:
          'Includes soft-deleted keys. Changes nothing. Needs acr-cmk.registry.create. Unknown for a vault that neither the caller, their groups nor an entity of theirs may use.',
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
            description: 'Present state of the name in the vault',
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
        summary: 'Check whether a name is free for a new registry',
        description:
          'Names are unique in all of Azure. Changes nothing. Needs acr-cmk.registry.create, and the resource group in acrCmk.scopes.',
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
            description: 'Present state of the name in Azure',
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
          'Identities in acrCmk.scopes that the entity or the caller may use, by the same rules as keys. Needs acr-cmk.use.',
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
    '/v1/resource-groups': {
      get: {
        operationId: 'listResourceGroups',
        summary: 'Resource groups in which a registry may be created',
        description:
          'Resource groups in acrCmk.scopes. In one that is open to the caller or a group of theirs, by its tag backstage-entity-ref or by acrCmk.resourceGroups, nobody else has to agree. Needs acr-cmk.registry.create.',
        responses: {
          '200': {
            description: 'Open ones first, by name',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  additionalProperties: false,
                  required: ['items', 'complete'],
                  properties: {
                    items: {
                      type: 'array',
                      items: {
                        $ref: '#/components/schemas/ResourceGroupChoice',
                      },
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
        summary: 'Registries of the entities that the caller may see',
        description:
          'Needs acr-cmk.use. Entities that the catalog hides from the caller are left out.',
        responses: {
          '200': {
            description: 'By name',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  additionalProperties: false,
                  required: ['items', 'complete', 'programsMayRevoke'],
                  properties: {
                    items: {
                      type: 'array',
                      items: { $ref: '#/components/schemas/RegistryChoice' },
                    },
                    complete: { $ref: '#/components/schemas/Complete' },
                    programsMayRevoke: {
                      type: 'boolean',
                      description:
                        'Whether templates and MCP clients may request a revoke, by acrCmk.actions.revoke.',
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
    '/v1/audit': {
      get: {
        operationId: 'readAudit',
        summary: 'The audit record, oldest first',
        description:
          'Records of a hash chain, so that an export can be verified offline. Needs acr-cmk.audit.read.',
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
    '/v1/doctor': {
      get: {
        operationId: 'readDoctorReport',
        summary: 'Check the set-up of this installation',
        description:
          'Runs every check of the doctor: configuration, credentials, scopes, rights, network, clocks, database, permission policy, entities. Changes nothing. Requests at the same time share one run. Needs acr-cmk.doctor.read.',
        responses: {
          '200': {
            description: 'The report, even when checks have failed',
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
        summary: 'Content, age and gaps of the inventory',
        description:
          "Result of the last sweep in each subscription of the scopes, the failures, the age of the oldest facts, and the requests left of Azure's limits. Sends no request to Azure. Needs acr-cmk.inventory.read.",
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
    '/v1/inventory/freshness': {
      get: {
        operationId: 'readInventoryFreshness',
        summary: 'Next reading of a registry, and its reason',
        description:
          'Age of the registry, its vault, key, access and identity, and when and why each is read next. Sends no request to Azure. Needs acr-cmk.inventory.read.',
        parameters: [
          {
            name: 'registryId',
            in: 'query',
            required: true,
            allowReserved: true,
            schema: { $ref: '#/components/schemas/ArmId' },
          },
        ],
        responses: {
          '200': {
            description: 'The freshness',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/InventoryFreshness' },
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
        summary: 'Schedule a full listing',
        description:
          'The next run of the sync, within a minute, lists everything. Further requests before that are combined with it. Needs acr-cmk.inventory.sync.',
        responses: {
          '202': {
            description: 'Scheduled',
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
        summary: 'Identifying values of each registry, for the catalog',
        description:
          "Every registry in scope with its key and the key's vault, ordered by id, without values that change by themselves. Only the catalog plugin of the same portal may call it. Sends no request to Azure.",
        parameters: [
          {
            name: 'tags',
            in: 'query',
            required: false,
            description:
              'Names of tags of registries and vaults to include, separated by commas. Default: none.',
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
            description: '`desc` reverses the order. Default: `asc`.',
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
        summary: 'Registries as CSV, for auditors',
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
          'Includes registries that no entity names. Changes need an entity, so no action is offered. Needs acr-cmk.fleet.read on the registry.',
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
        summary: 'Number of registries by state and other values',
        description:
          'Takes the filter of the list: every count is the number of rows that the filter with that value lists. Needs acr-cmk.fleet.read.',
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
            description: 'Counts, and the registries that are not visible',
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
        summary: 'Keys with their versions, and the users of each',
        description:
          'Keys of the registries that the filter selects, by vault and name. For each old version: the time since which no known user has it, or the reason why it is not known to be unused. Needs acr-cmk.fleet.read.',
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
          { $ref: '#/components/parameters/fleetUnused' },
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
    '/v1/fleet/keys.csv': {
      get: {
        operationId: 'exportFleetKeys',
        summary: 'Keys as CSV, a line for each version',
        description:
          'The keys that the filter selects, with the users of each version and whether a version is known to be unused. In the form of the export of registries. Needs acr-cmk.fleet.read.',
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
          { $ref: '#/components/parameters/fleetUnused' },
        ],
        responses: {
          '200': {
            description: 'A header, then one line for each version',
            content: { 'text/csv': { schema: { type: 'string' } } },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/fleet/expiries': {
      get: {
        operationId: 'listFleetExpiries',
        summary: 'Expiries and rotations by week',
        description:
          'For the registries that the filter selects. Weeks start on Monday in UTC; the first is the current one and includes earlier expiries. With `expiresBefore`, also rotations end there. Needs acr-cmk.fleet.read.',
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
          { $ref: '#/components/parameters/fleetWeeks' },
        ],
        responses: {
          '200': {
            description: 'Counts by week, and their entries',
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
    '/v1/fleet/expiries.csv': {
      get: {
        operationId: 'exportFleetExpiries',
        summary: 'The calendar as CSV, a line for each registry on a day',
        description:
          'All expiries and rotations of the period, soonest first. In the form of the export of registries. Needs acr-cmk.fleet.read.',
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
          { $ref: '#/components/parameters/fleetWeeks' },
        ],
        responses: {
          '200': {
            description: 'A header, then one line for each registry on a day',
            content: { 'text/csv': { schema: { type: 'string' } } },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/fleet/waiting': {
      get: {
        operationId: 'listFleetWaiting',
        summary: "Operations that await the caller's approval",
        description:
          'From the whole scope, longest waiting first. Approve and reject them at /v1/operations/{id}. Needs only the permissions by which the caller may approve them.',
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
    '/v1/campaigns': {
      post: {
        operationId: 'createCampaign',
        summary: 'Preview of one change to many registries',
        description:
          'Freezes the selected registries or keys as members and plans each of them from known facts. Answers at once; the campaign is in state `previewing` until each member has its outcome. Writes nothing to Azure. Needs acr-cmk.campaign.create, and for each member what a single operation needs: a member that the caller may not change is `blocked`. A preview that is not started ends after a day.',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/CampaignRequest' },
            },
          },
        },
        responses: {
          '201': {
            description: 'The campaign',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Campaign' },
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
        operationId: 'listCampaigns',
        summary: 'Campaigns, newest first',
        description:
          "Started campaigns with a member that the caller may see, and the caller's previews. At most 100.",
        responses: {
          '200': {
            description: 'Campaigns',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Campaigns' },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/campaigns/{id}': {
      get: {
        operationId: 'getCampaign',
        summary: 'One campaign with its stages',
        description:
          'For its requester, for callers with acr-cmk.campaign.create, and for owners of one of its members. Counts are of the members that the caller may see.',
        parameters: [{ $ref: '#/components/parameters/operationId' }],
        responses: {
          '200': {
            description: 'The campaign',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Campaign' },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/campaigns/{id}/members': {
      get: {
        operationId: 'listCampaignMembers',
        summary: 'Members of a campaign that the caller may see, page by page',
        parameters: [
          { $ref: '#/components/parameters/operationId' },
          {
            name: 'outcome',
            in: 'query',
            required: false,
            description:
              'Any of these outcomes of the preview, separated by commas.',
            style: 'form',
            explode: false,
            schema: {
              type: 'array',
              items: { $ref: '#/components/schemas/CampaignOutcome' },
            },
          },
          {
            name: 'state',
            in: 'query',
            required: false,
            description: 'Any of these states, separated by commas.',
            style: 'form',
            explode: false,
            schema: {
              type: 'array',
              items: { $ref: '#/components/schemas/CampaignMemberState' },
            },
          },
          {
            name: 'stage',
            in: 'query',
            required: false,
            description: 'Number of a stage, from 1.',
            schema: { type: 'string', pattern: '^([1-9]|10)$' },
          },
          {
            name: 'mine',
            in: 'query',
            required: false,
            description:
              "With `true`, only members of the current stage that wait for the caller's approval.",
            schema: { type: 'string', enum: ['true', 'false'] },
          },
          { $ref: '#/components/parameters/fleetCursor' },
          { $ref: '#/components/parameters/fleetLimit' },
        ],
        responses: {
          '200': {
            description: 'One page, in the order of the campaign',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/CampaignMembers' },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/campaigns/{id}/estimate': {
      post: {
        operationId: 'estimateCampaign',
        summary: 'Stages and duration of a preview by a strategy',
        description: 'Changes nothing. For the requester alone.',
        parameters: [{ $ref: '#/components/parameters/operationId' }],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/CampaignStrategy' },
            },
          },
        },
        responses: {
          '200': {
            description: 'The estimate',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/CampaignEstimate' },
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
    '/v1/campaigns/{id}/start': {
      post: {
        operationId: 'startCampaign',
        summary: 'Accept a preview and start the campaign',
        description:
          'Only by its requester, and only while the preview is complete. The same request again returns the same campaign.',
        parameters: [{ $ref: '#/components/parameters/operationId' }],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/CampaignStart' },
            },
          },
        },
        responses: {
          '200': {
            description: 'The campaign',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Campaign' },
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
    '/v1/campaigns/{id}/pause': {
      post: {
        operationId: 'pauseCampaign',
        summary: 'Pause a campaign',
        description:
          'Starts no more members; running operations continue to their end. Needs acr-cmk.campaign.create.',
        parameters: [{ $ref: '#/components/parameters/operationId' }],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/CampaignCommand' },
            },
          },
        },
        responses: {
          '200': {
            description: 'The campaign',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Campaign' },
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
    '/v1/campaigns/{id}/resume': {
      post: {
        operationId: 'resumeCampaign',
        summary: 'Resume a paused campaign',
        description: 'For the requester alone.',
        parameters: [{ $ref: '#/components/parameters/operationId' }],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/CampaignCommand' },
            },
          },
        },
        responses: {
          '200': {
            description: 'The campaign',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Campaign' },
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
    '/v1/campaigns/{id}/abort': {
      post: {
        operationId: 'abortCampaign',
        summary: 'Abort a campaign',
        description:
          'Starts no more members; running operations continue to their end. Needs acr-cmk.campaign.create.',
        parameters: [{ $ref: '#/components/parameters/operationId' }],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/CampaignCommand' },
            },
          },
        },
        responses: {
          '200': {
            description: 'The campaign',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Campaign' },
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
    '/v1/campaigns/{id}/retry': {
      post: {
        operationId: 'retryCampaign',
        summary: 'Retry unsuccessful members',
        description:
          'Plans failed, unverified, skipped, rejected, expired and changed members again, as new members of the current stage, or of their own if that is later; they need their approvals again. Many members are planned after the answer: see `retry` of the campaign. For the requester alone.',
        parameters: [{ $ref: '#/components/parameters/operationId' }],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/CampaignCommand' },
            },
          },
        },
        responses: {
          '200': {
            description: 'The campaign',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Campaign' },
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
    '/v1/campaigns/{id}/members/{position}/skip': {
      post: {
        operationId: 'skipCampaignMember',
        summary: 'Skip a member that has not begun',
        description:
          'It stays in the list with the reason. Needs acr-cmk.campaign.create.',
        parameters: [
          { $ref: '#/components/parameters/operationId' },
          {
            name: 'position',
            in: 'path',
            required: true,
            schema: { type: 'string', pattern: '^[1-9][0-9]{0,4}$' },
          },
        ],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/CampaignCommand' },
            },
          },
        },
        responses: {
          '200': {
            description: 'The campaign',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Campaign' },
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
    '/v1/campaigns/{id}/stages/{stage}/decision': {
      post: {
        operationId: 'decideCampaignStage',
        summary:
          "Approve the caller's members of the current stage, and reject some of them",
        description:
          'One decision over the members that wait for the caller, bound to the hash of that list. A person decides, never the requester, with the permissions that a single operation needs.',
        parameters: [
          { $ref: '#/components/parameters/operationId' },
          {
            name: 'stage',
            in: 'path',
            required: true,
            schema: { type: 'string', pattern: '^([1-9]|10)$' },
          },
        ],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { $ref: '#/components/schemas/CampaignDecision' },
            },
          },
        },
        responses: {
          '200': {
            description: 'The campaign',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Campaign' },
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
    '/v1/campaigns/{id}/report': {
      get: {
        operationId: 'getCampaignReport',
        summary: 'Report of a started campaign, for auditors',
        description:
          'Each member with before, after, times, operation, approvers, the reason where it was not changed, and the sequence numbers of its audit records. `acr-cmk-audit verify --report` compares it with an export of the audit record. For callers with acr-cmk.audit.read, and for its requester, without names that they may not see.',
        parameters: [{ $ref: '#/components/parameters/operationId' }],
        responses: {
          '200': {
            description: 'The report',
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/CampaignReport' },
              },
            },
          },
          '429': { $ref: '#/components/responses/LimitReached' },
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/campaigns/{id}/report.csv': {
      get: {
        operationId: 'exportCampaignReport',
        summary: 'The report as CSV',
        parameters: [{ $ref: '#/components/parameters/operationId' }],
        responses: {
          '200': {
            description: 'A header, then one line for each member',
            content: { 'text/csv': { schema: { type: 'string' } } },
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
          'Entity of the registry. Needs acr-cmk.registry.read on it.',
        schema: { $ref: '#/components/schemas/EntityRef' },
      },
      ChosenForRegistry: {
        name: 'registryId',
        in: 'query',
        description:
          'Registry whose present key and identity may be chosen as well. Only with an entity.',
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
        description: 'Any of these states, separated by commas.',
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
          'Severity of the worst finding: any of these, separated by commas.',
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
          'Owner of an entity that names the registry and is linked to it, or a group or user that its tag or acrCmk.bindings names.',
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
          'The version in use expires before this day, or before this moment in UTC. Includes expired versions.',
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
      fleetUnused: {
        name: 'unused',
        in: 'query',
        required: false,
        description:
          'With `true`, only keys with a version that no known registry or service uses. None while not all registries could be listed.',
        schema: { type: 'string', enum: ['true', 'false'] },
      },
      fleetWeeks: {
        name: 'weeks',
        in: 'query',
        required: false,
        description: '1 to 104, 26 by default.',
        schema: { type: 'string', pattern: '^([1-9][0-9]?|10[0-4])$' },
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
          'nextCursor of the previous page, with the same sort and direction.',
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
        description: 'BODY_TOO_LARGE. Bodies may have at most 128 kB.',
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
          'LIMIT_REACHED. The caller has reached a limit, which the message names.',
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
          'Reason for the record, in one line: 3 to 500 characters with at least one letter or digit, no control, direction or invisible characters, and none of =, +, - or @ at the start.',
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
          campaigns: {
            type: 'array',
            description:
              'Campaigns that have not ended and are to change registries of the entity. Absent without any.',
            items: { $ref: '#/components/schemas/EntityCampaign' },
          },
        },
      },
      EntityCampaign: {
        description:
          'A campaign, with its members that belong to one entity and have not ended.',
        type: 'object',
        additionalProperties: false,
        required: ['id', 'title', 'state', 'members'],
        properties: {
          id: { $ref: '#/components/schemas/Uuid' },
          title: {
            type: 'string',
            description:
              'Such as "Switch 1 registry to automatic version mode".',
          },
          state: { $ref: '#/components/schemas/CampaignState' },
          members: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['name', 'stage', 'state'],
              properties: {
                name: {
                  type: 'string',
                  description:
                    'Name of the registry, or of the vault and the key.',
                },
                stage: { type: 'integer' },
                state: { $ref: '#/components/schemas/CampaignMemberState' },
              },
            },
          },
        },
      },
      UnreadableRegistry: {
        type: 'object',
        description: 'A registry that could not be read, with the reason.',
        additionalProperties: false,
        required: ['kind', 'text', 'reason'],
        properties: {
          kind: { const: 'unreadable', type: 'string', enum: ['unreadable'] },
          text: { type: 'string', description: 'Text of the annotation.' },
          reason: { $ref: '#/components/schemas/UnreadableReason' },
          message: { type: 'string' },
        },
      },
      UnreadableReason: {
        description:
          'Reason why a registry that an entity names could not be read.',
        type: 'string',
        enum: [
          'invalid-id',
          'out-of-scope',
          'not-found',
          'denied',
          'unavailable',
        ],
      },
      RegistryNetwork: {
        type: 'object',
        description:
          'Network rules of a registry. A client that they do not admit gets 403 from its login server.',
        additionalProperties: false,
        required: ['publicNetworkAccess', 'defaultAction', 'ipRules'],
        properties: {
          publicNetworkAccess: {
            type: 'boolean',
            description: 'Whether the public endpoint answers at all.',
          },
          defaultAction: {
            type: 'string',
            enum: ['allow', 'deny'],
            description: 'Action for an address that no rule names.',
          },
          ipRules: { type: 'array', items: { type: 'string' } },
        },
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
          'network',
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
          network: { $ref: '#/components/schemas/RegistryNetwork' },
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
              'True when all registries that use the key are listed: every subscription in scope was listed, and none fails.',
          },
          services: {
            type: 'array',
            description:
              'Resources of other Azure services that are known to use the key, by service. Absent, like `servicesLookedAt`, without a customer-managed key.',
            items: { $ref: '#/components/schemas/KeyService' },
          },
          servicesLookedAt: { $ref: '#/components/schemas/ServicesLookedAt' },
          actions: {
            type: 'array',
            description: 'Actions, and whether the caller may take them.',
            items: { $ref: '#/components/schemas/ActionOffer' },
          },
          binding: { $ref: '#/components/schemas/Binding' },
          changedOutside: {
            description:
              'The last change of the encryption that no operation of this portal made. Absent when none was noticed since the last operation, and where the registry is not linked to the entity.',
            $ref: '#/components/schemas/ChangedOutside',
          },
          history: {
            description:
              'Newest 30 events, newest first. Absent where the registry is not linked to the entity. Operations are not among them.',
            type: 'array',
            items: { $ref: '#/components/schemas/RegistryEvent' },
          },
          freshness: { $ref: '#/components/schemas/Freshness' },
          changeToken: {
            type: 'string',
            description:
              'Token that identifies the registry in change signals. Opaque and constant.',
          },
          runningOperationId: {
            description: 'Also null when the caller may not see the operation.',
            oneOf: [{ $ref: '#/components/schemas/Uuid' }, { type: 'null' }],
          },
        },
      },
      RegistryStateId: {
        description:
          '`converging` and `behind`: it follows new versions, within or beyond the hour that Azure takes. `behind-by-choice`: a person selected an older version. `behind-shared-key`: it is pinned, and a rotation of another registry made a newer version. `behind-manual`: it is pinned to an older version, and nothing shows why. `last-change-failed`: a change of the registry failed and left it as it was. `pinned-key-trap`: it is pinned while the vault rotates the key. `at-risk`: the version in use expires soon. `unreachable`: it cannot use its key. `unknown`: Azure could not be read.',
        type: 'string',
        enum: [
          'current',
          'converging',
          'behind',
          'behind-by-choice',
          'behind-shared-key',
          'behind-manual',
          'last-change-failed',
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
        description: 'State of a registry, with a sentence that explains it.',
        type: 'object',
        additionalProperties: false,
        required: ['id', 'message'],
        properties: {
          id: { $ref: '#/components/schemas/RegistryStateId' },
          message: { type: 'string' },
          until: {
            description:
              'Expected end of the state: the end of the hour of a converging registry, the expiry of a key at risk.',
            $ref: '#/components/schemas/Time',
          },
          revoked: {
            description:
              'Revoke of this portal that caused the state. Absent where the entity is not linked to the registry, unless the caller may read the entity of the revoke.',
            $ref: '#/components/schemas/RevokedBy',
          },
        },
      },
      ChangedOutside: {
        description:
          "A change of a registry's encryption that no operation of this portal made.",
        type: 'object',
        additionalProperties: false,
        required: ['what', 'noticedAt'],
        properties: {
          what: {
            type: 'array',
            items: {
              type: 'string',
              enum: ['key', 'version', 'version-mode', 'identity', 'access'],
            },
          },
          noticedAt: {
            description: 'When a reading first showed it.',
            $ref: '#/components/schemas/Time',
          },
          lastModified: { $ref: '#/components/schemas/LastModified' },
        },
      },
      RegistryEvent: {
        description:
          "A change of a registry's state, or of its encryption by no operation of this portal, as it was seen.",
        type: 'object',
        additionalProperties: false,
        required: ['seenAt'],
        properties: {
          seenAt: {
            description: 'When it was first seen.',
            $ref: '#/components/schemas/Time',
          },
          lastSeenBefore: {
            description: 'When the registry was last seen without the change.',
            $ref: '#/components/schemas/Time',
          },
          was: { $ref: '#/components/schemas/RegistryStateId' },
          state: { $ref: '#/components/schemas/RegistryStateId' },
          message: { description: 'About the state.', type: 'string' },
          changes: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['what'],
              properties: {
                what: {
                  description:
                    '`followed`: Azure moved a registry in automatic mode to another version.',
                  type: 'string',
                  enum: [
                    'key',
                    'version',
                    'followed',
                    'version-mode',
                    'identity',
                  ],
                },
                from: { type: 'string' },
                to: { type: 'string' },
              },
            },
          },
          lastModified: { $ref: '#/components/schemas/LastModified' },
        },
      },
      LastModified: {
        description:
          'Last change of a registry as Azure names it, of whatever setting.',
        type: 'object',
        additionalProperties: false,
        required: ['at'],
        properties: {
          at: { $ref: '#/components/schemas/Time' },
          by: { type: 'string', description: 'Person or application.' },
        },
      },
      RevokedBy: {
        description:
          'Operation of this plugin that revoked access to the key: person, reason and end.',
        type: 'object',
        additionalProperties: false,
        required: ['operationId', 'by', 'reason', 'at'],
        properties: {
          operationId: { $ref: '#/components/schemas/Uuid' },
          by: { type: 'string', description: 'Entity ref of the person.' },
          askedOf: {
            type: 'array',
            description:
              'Refs of those whom `acrCmk.approvers` names for a restore. Empty when it names nobody.',
            items: { type: 'string' },
          },
          reason: { type: 'string' },
          at: { $ref: '#/components/schemas/Time' },
          restoresAt: {
            description:
              'Time of the automatic restore, unless it is confirmed.',
            $ref: '#/components/schemas/Time',
          },
          restoreOverdue: {
            type: 'boolean',
            description:
              'True when the time of the automatic restore has passed, and `restoresAt` is the next attempt.',
          },
          registryName: {
            type: 'string',
            description: 'Registry of the revoke, when it is another one.',
          },
          deletedKey: {
            type: 'boolean',
            description: 'The operation deleted the key itself.',
          },
          pulls: { $ref: '#/components/schemas/Pulls' },
        },
      },
      Pulls: {
        type: 'object',
        description:
          'Result of test pulls from the registry after an operation. They are repeated, without a lock, until they show its effect, at most until `until`.',
        additionalProperties: false,
        required: ['wanted', 'state', 'until'],
        properties: {
          wanted: { type: 'string', enum: ['refused', 'answered'] },
          state: {
            type: 'string',
            enum: ['watching', 'reached', 'unreached', 'untested', 'stopped'],
            description:
              '`reached`: pulls show the effect since `since`. `unreached`: they did not in time. `untested`: no test can show it, for `reason`. `stopped`: a later operation has changed the result.',
          },
          reason: {
            type: 'string',
            enum: ['closed', 'refused-before', 'not-allowed'],
            description:
              '`closed`: the network rules of the registry do not admit this portal. `refused-before`: the registry refused pulls before the operation too, or it is not known whether it did. `not-allowed`: the read credential may not pull, or the registry has no image.',
          },
          since: { $ref: '#/components/schemas/Time' },
          how: {
            type: 'string',
            enum: ['anonymous', 'signed-in'],
            description:
              'Last request that was answered. `signed-in`: for the manifest of an image, with the read credential. `anonymous`: without a credential, which shows only whether the registry refuses everybody.',
          },
          status: {
            type: 'integer',
            description: 'HTTP status of that answer.',
          },
          regions: {
            type: 'integer',
            description:
              'Regions of the registry then. The answer came from one of them. Absent when their number is not known.',
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
              'True when the identity is attached to the registry (user-assigned) or turned on (system).',
          },
        },
      },
      AccessPaths: {
        description:
          'Ways by which the identity may use the key, or the reason why they are unknown.',
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
        description: "A part that could not be read, and Azure's refusal.",
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
          'softDeleteRetentionDays',
          'firewall',
        ],
        properties: {
          known: { type: 'boolean', const: true },
          name: { type: 'string' },
          id: { type: 'string' },
          permissionModel: { type: 'string', enum: ['rbac', 'access-policy'] },
          purgeProtection: {
            type: 'boolean',
            description:
              'Absent when Azure does not show it, as of some Managed HSMs.',
          },
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
        description: 'Finding of a health rule about a registry.',
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
              '`undecided`: facts that the rule needs could not be read.',
          },
          message: {
            type: 'string',
            description: 'One sentence of at most 15 words.',
          },
          detail: {
            type: 'string',
            description:
              'More about it. Of an `undecided` finding, the reason: findings with the same one have one cause.',
          },
          remedy: {
            type: 'string',
            description:
              'Absent for access that was revoked from this portal on purpose.',
          },
          intent: {
            description: 'Intent that fixes it, when this portal can.',
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
          effect: {
            description: 'In a plan.',
            $ref: '#/components/schemas/PlanEffect',
          },
          outcome: {
            type: 'string',
            description:
              'In a plan: its effect on the registry, as the rest of a sentence.',
          },
        },
      },
      PlanEffect: {
        description: 'Effect of a plan on what uses a key.',
        type: 'string',
        enum: ['loses-key', 'not-known', 'gets-key-back', 'moves', 'stays'],
      },
      KeyService: {
        description: 'Resources of another Azure service that use a key.',
        type: 'object',
        additionalProperties: false,
        required: ['type', 'service', 'resources', 'hiddenResources'],
        properties: {
          type: { type: 'string', description: 'ARM type in lower case.' },
          service: {
            type: 'string',
            description: 'Name of one such resource.',
          },
          onLoss: {
            type: 'object',
            description:
              'Consequence of the loss of the key, and its documentation.',
            additionalProperties: false,
            required: ['text', 'docs'],
            properties: { text: { type: 'string' }, docs: { type: 'string' } },
          },
          keepsEarlier: {
            type: 'string',
            description:
              'Data that stays on earlier versions. Absent when none is documented.',
          },
          resources: {
            type: 'array',
            items: { $ref: '#/components/schemas/ServiceResource' },
          },
          hiddenResources: {
            type: 'integer',
            description:
              'Resources that belong to entities which the caller may not see.',
          },
        },
      },
      ServiceResource: {
        description: 'A resource of another Azure service that uses a key.',
        type: 'object',
        additionalProperties: false,
        required: [
          'id',
          'name',
          'resourceGroup',
          'subscriptionId',
          'location',
          'uses',
          'identities',
          'entities',
          'hiddenEntities',
        ],
        properties: {
          id: { type: 'string', description: 'ARM ID.' },
          name: { type: 'string' },
          resourceGroup: { type: 'string' },
          subscriptionId: { type: 'string' },
          location: { type: 'string' },
          uses: {
            type: 'array',
            items: { $ref: '#/components/schemas/ServiceUse' },
          },
          identities: {
            type: 'array',
            description: 'Identities by which it may reach the key.',
            items: { type: 'string' },
          },
          entities: {
            type: 'array',
            description: 'Entities that its tag `backstage-entity-ref` names.',
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
          effect: {
            description:
              'In a plan. Absent where the plan changes nothing that it depends on.',
            $ref: '#/components/schemas/PlanEffect',
          },
          behind: {
            type: 'string',
            description:
              'Number of disks and other resources that a disk encryption set encrypts.',
          },
        },
      },
      ServiceUse: {
        description: 'One use of a key by a resource of another Azure service.',
        type: 'object',
        additionalProperties: false,
        required: ['use', 'isInUse'],
        properties: {
          use: {
            type: 'string',
            enum: ['current', 'earlier', 'backup'],
            description:
              '`earlier`: an earlier version that some data still needs. `backup`: encrypts copies of the data alone.',
          },
          version: {
            type: 'string',
            description:
              'Version in its settings. Absent when none can be read.',
          },
          isInUse: {
            type: 'boolean',
            description:
              'False when another version than that of the settings may be in use.',
          },
          follows: {
            type: 'boolean',
            description:
              'Whether it takes new versions of the key by itself. Absent when not known.',
          },
          followsWithin: {
            type: 'string',
            description: 'Time in which it takes them.',
          },
        },
      },
      ServicesLookedAt: {
        description: 'Extent of what is known about other Azure services.',
        type: 'object',
        additionalProperties: false,
        required: ['state', 'types', 'notReadable', 'notShown'],
        properties: {
          state: { $ref: '#/components/schemas/ServicesLookedAtState' },
          at: {
            description:
              'Start of the oldest list. Absent when a subscription was never listed.',
            $ref: '#/components/schemas/Time',
          },
          types: {
            type: 'array',
            description: 'Services that were looked at in every subscription.',
            items: { type: 'string' },
          },
          notReadable: {
            type: 'integer',
            description:
              'Subscriptions or lists in which not everything could be looked at.',
          },
          notShown: {
            type: 'array',
            description: 'Uses of keys that no query shows.',
            items: { type: 'string' },
          },
        },
      },
      ServicesLookedAtState: {
        description:
          '`all`: every known service in every subscription. `no`: nothing was listed, or nothing may be read.',
        type: 'string',
        enum: ['all', 'partly', 'no'],
      },
      ActionId: {
        description: 'Action on a registry.',
        type: 'string',
        enum: ['rotate', 'automatic-rotation', 'revoke', 'restore', 'retire'],
      },
      ActionOffer: {
        description:
          'Whether the caller may take the action now, and the reason if not.',
        type: 'object',
        additionalProperties: false,
        required: ['action', 'allowed'],
        properties: {
          action: { $ref: '#/components/schemas/ActionId' },
          allowed: { type: 'boolean' },
          reason: {
            type: 'string',
            description: 'Reason why it is not allowed.',
          },
        },
      },
      Binding: {
        description:
          'Proof that the registry belongs to the entity: its tag, or `acrCmk.bindings`.',
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
          'Age of the facts behind an answer. `ageSeconds` is counted when the answer is made.',
        type: 'object',
        additionalProperties: false,
        required: ['observedAt', 'ageSeconds', 'stale'],
        properties: {
          observedAt: {
            description:
              'Time at which the oldest of the facts shown was read.',
            $ref: '#/components/schemas/Time',
          },
          ageSeconds: { type: 'integer' },
          lagSeconds: {
            type: 'number',
            description:
              'The source of the reading may lag behind Azure by this much. Absent when it does not.',
          },
          stale: {
            type: 'boolean',
            description: 'A newer reading was tried and failed.',
          },
          problem: { type: 'string' },
        },
      },
      Intent: {
        description: 'Requested change, by `kind`.',
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
          'Switches a registry to a new version of its key, another key, another identity or the other version mode.',
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
              'Key to use. Default: a new version of the current one.',
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
              'Time at which a registry in automatic mode switches to a new version of its key: `now` sends its current key again, so that it reads it at once; `wait` leaves it to Azure, which takes up to an hour. Default: `now`.',
          },
          identity: { $ref: '#/components/schemas/IdentityText' },
          grantAccess: {
            type: 'boolean',
            description:
              'Grant the identity the access to the key that it lacks, by access policy or role assignment, depending on the vault. False by default.',
          },
          rotateEveryDays: {
            type: 'integer',
            minimum: 28,
            maximum: 3650,
            description:
              'Rotation policy that the plan sets first, if a key of a Managed HSM has none: days between versions. A Managed HSM rotates no key without a policy. Only with a new version of a key in a Managed HSM. Default: none.',
          },
          stopRotation: {
            type: 'boolean',
            description:
              'Turn off the rotation policy of the key in the same plan, before the registry is pinned to a version of it. Only where the registry stays on a version. False by default.',
          },
        },
      },
      AutomaticRotationIntent: {
        description:
          "Lets the vault create new versions of the registry's key by its rotation policy, and the registry follow them; or turns that off again. The policy belongs to the key and holds for every registry that uses it.",
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
          'The vault no longer creates new versions. Expiry and notice of the policy stay, and so does the version mode of the registry.',
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
          'The rotation policy and the key identifier from before an operation of this portal.',
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
          'Rotation policy of a key, as in Key Vault. To rotate, it has one of timeAfterCreate (at least 7 days) and timeBeforeExpiry (at least 7 days; needs expiryTime). In a Managed HSM there are at least 28 days between two versions, and no notices.',
        type: 'object',
        additionalProperties: false,
        properties: {
          timeAfterCreate: {
            description:
              'Time from the creation of the newest version to the next version.',
            $ref: '#/components/schemas/PolicyDuration',
          },
          timeBeforeExpiry: {
            description:
              'Time from the next version to the expiry of the newest one.',
            $ref: '#/components/schemas/PolicyDuration',
          },
          expiryTime: {
            description:
              'Validity of versions that are created from then on; at least 28 days. Without it, they do not expire.',
            $ref: '#/components/schemas/PolicyDuration',
          },
          notifyBeforeExpiry: {
            description:
              'Time from the event KeyNearExpiry to the expiry of the newest version.',
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
        pattern: '^[^\\u0000-\\u001f\\u007f]*$',
        description:
          'The encryption identity: resource id, name or client id of a user-assigned identity, or `system` in any case, also as `[system]`, which is what the Azure CLI calls it. It is attached to the registry, or turned on, if it is not. The current one by default.',
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
          'The current key and version of the registry, with the given mode.',
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
        description: 'A key that the plan creates in a vault.',
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
              'Default: type of the current key; RSA for a new registry.',
          },
          size: {
            type: 'integer',
            enum: [2048, 3072, 4096],
            description:
              'Size in bits. Default: size of the current key; 3072 for a new registry.',
          },
        },
      },
      VaultName: {
        type: 'string',
        description:
          'Name of a vault, or of a Managed HSM with the suffix `.managedhsm`.',
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
        description: "Revokes a registry's access to its key.",
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
              'Default: the method that affects the fewest registries.',
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
          "Restores a registry's access to its key: everything that is missing now.",
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
              'A revoke to undo too, if it is no longer pending. Every pending revoke of the registry is undone anyway. Required with `onlyOperation`.',
            $ref: '#/components/schemas/Uuid',
          },
          onlyOperation: {
            type: 'boolean',
            description:
              'Restores only what the revoke `operationId` removed, as automatic restores do. Access that other revokes or changes outside of the portal removed stays removed. Default: false.',
          },
        },
      },
      RetireIntent: {
        type: 'object',
        description:
          "Disables an old version of the registry's key that no known registry or service uses. Off unless acrCmk.operations.retire is true.",
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
          'Creates a Premium registry that is encrypted with a customer-managed key, which can be chosen only at creation. `registryId` of the request is the id of the new registry; `entityRef` is written into its tag, as the proof of its binding.',
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
              "User-assigned identity by resource id, client id or name; with `create`, the identity of that name in the registry's resource group, which is created when there is none.",
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
              'Rotation policy of the key: days between versions. Only with a new key. Default: none.',
          },
        },
      },
      PlanRequest: {
        description: 'Registry, entity and intent of a plan.',
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
          'Checks, steps, state before and after, affected registries and the inverse. `hash` covers all of it.',
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
          changes: {
            type: 'array',
            description:
              'Changes beside these settings: access, keys and policies. Absent when there are none.',
            items: { $ref: '#/components/schemas/PlannedChange' },
          },
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
          services: {
            type: 'array',
            description:
              'Resources of other Azure services that the plan affects. Absent when there are none, or they were not looked at.',
            items: { $ref: '#/components/schemas/KeyService' },
          },
          dependents: {
            description: 'Absent in an operation that has ended.',
            $ref: '#/components/schemas/Dependents',
          },
          afterwards: {
            description: 'Absent for a registry that is created.',
            $ref: '#/components/schemas/Afterwards',
          },
          inverse: { $ref: '#/components/schemas/Inverse' },
          confirmation: {
            type: 'object',
            additionalProperties: false,
            required: ['typedName'],
            properties: {
              typedName: {
                type: ['string', 'null'],
                description: 'Text to type as confirmation, if any.',
              },
            },
          },
          methods: {
            type: 'array',
            description:
              'For a revoke: every method with its effects; the plan uses one of them.',
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
                  'Permissions that the requester lacks. Each is met by an approval, from one or several people, never from the requester.',
                items: { $ref: '#/components/schemas/Need' },
              },
              noRoom: {
                type: 'string',
                description:
                  'The requester has as many requests waiting for approval as one person may have, so acceptance is refused with `LIMIT_REACHED` and this message until one of them ends.',
              },
            },
          },
          waitingSeconds: {
            type: 'integer',
            description:
              'Waiting period before the operation starts, in which it can be cancelled.',
          },
          blocked: {
            type: 'boolean',
            description: 'A check has failed, so the plan cannot be accepted.',
          },
        },
      },
      RevokeMethod: {
        description:
          'A method to revoke: its availability for this registry, and the other registries it affects.',
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
          'services',
        ],
        properties: {
          method: { $ref: '#/components/schemas/RevokeMethodId' },
          chosen: { type: 'boolean' },
          recommended: { type: 'boolean' },
          available: { type: 'boolean' },
          message: {
            type: 'string',
            description: 'Its effect, or the reason why it is not available.',
          },
          reversible: {
            type: 'string',
            description: 'Possibility and time limit to undo it.',
          },
          alsoAffects: {
            type: 'integer',
            description:
              'Number of other registries that lose their key with it, including those out of scope.',
          },
          services: {
            type: 'integer',
            description:
              'Number of known resources of other Azure services that lose a key with it, or may.',
          },
        },
      },
      Check: {
        description: 'Condition for accepting a plan.',
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
              'True when the step changes Azure; false when it only waits and reads.',
          },
          commands: {
            type: 'array',
            description: 'Equivalent commands of `az`, in order.',
            items: { type: 'string' },
          },
        },
      },
      Inverse: {
        description: 'Possibility and way to undo the plan.',
        type: 'object',
        additionalProperties: false,
        required: ['available', 'message'],
        properties: {
          available: { type: 'boolean' },
          by: {
            description:
              'Action of this portal that undoes it. Absent when none does.',
            $ref: '#/components/schemas/ActionId',
          },
          message: {
            type: 'string',
            description: 'How to undo it, until when, and what stays.',
          },
        },
      },
      Dependents: {
        description:
          'Entities of the catalog that depend on those of the affected registries (relation `dependsOn`), each once. Those that the caller may not see are counted, not named.',
        type: 'object',
        additionalProperties: false,
        required: ['count', 'owners', 'first', 'on', 'hidden'],
        properties: {
          count: {
            type: 'integer',
            description: 'Entities that the caller may see.',
          },
          owners: {
            type: 'integer',
            description: 'Owners of these, each once.',
          },
          first: {
            type: 'array',
            description: 'The first hundred by name.',
            maxItems: 100,
            items: { $ref: '#/components/schemas/FleetEntity' },
          },
          on: {
            type: 'array',
            description:
              'Entities of the affected registries that something depends on.',
            items: { $ref: '#/components/schemas/EntityRef' },
          },
          hidden: {
            type: 'integer',
            description: 'Entities that the caller may not see.',
          },
        },
      },
      Afterwards: {
        description:
          'State and findings of the registry once the plan is carried out: the health rules, on the facts as the steps leave them.',
        type: 'object',
        additionalProperties: false,
        required: ['state', 'begins', 'ends'],
        properties: {
          state: { $ref: '#/components/schemas/RegistryState' },
          begins: {
            type: 'array',
            description: 'Findings that the registry does not have now.',
            items: { $ref: '#/components/schemas/Finding' },
          },
          ends: {
            type: 'array',
            description: 'Findings that it has now and no longer has then.',
            items: { $ref: '#/components/schemas/Finding' },
          },
          stopRotation: {
            type: 'boolean',
            description:
              'The registry would be pinned to a version while a policy rotates the key, and the same plan can turn the policy off (`stopRotation` of the intent).',
          },
        },
      },
      PlannedChange: {
        description:
          'Something that a plan changes beside the encryption settings.',
        type: 'object',
        additionalProperties: false,
        required: ['what', 'before', 'after'],
        properties: {
          what: { type: 'string' },
          before: { type: 'string' },
          after: { type: 'string' },
        },
      },
      OperationRequest: {
        description:
          'Accepts a plan. The same `idempotencyKey` of the same person returns the same operation.',
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
              "The registry's name, typed by a person. Required when confirmation.typedName of the plan is set.",
          },
          idempotencyKey: {
            type: 'string',
            pattern: '^[A-Za-z0-9_\\-]{8,100}$',
            description:
              'Created by the client, one for each operation that it requests.',
          },
        },
      },
      OperationState: {
        description: 'State of an operation.',
        type: 'string',
        enum: [
          'held',
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
        description:
          'An accepted plan and its progress. Kept until `acrCmk.operations.retention`, by default for ever.',
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
          requestedBy: {
            type: 'string',
            description:
              'For an automatic restore, the person who requested the revoke with its timer.',
          },
          automatic: {
            type: 'boolean',
            description: 'The timer of a revoke started it, and no person did.',
          },
          campaignId: {
            description: 'Campaign that started it.',
            $ref: '#/components/schemas/Uuid',
          },
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
          restoreOverdue: {
            type: 'boolean',
            description:
              'True when the time of the automatic restore has passed, and `restoresAt` is the next attempt.',
          },
          confirmedBy: {
            type: 'string',
            description:
              'Person who stopped the automatic restore of a revoke.',
          },
          pulls: { $ref: '#/components/schemas/Pulls' },
          actions: {
            type: 'array',
            description:
              'Decisions about the operation, and whether the caller may take them.',
            items: { $ref: '#/components/schemas/OperationOffer' },
          },
          waiting: {
            type: 'object',
            description:
              'Reason why the operation waits, and time of its next check.',
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
          'Result of an operation. `code` is set when it did not succeed.',
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
          'One step of an operation, with evidence from Azure before and after it.',
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
            description: 'Number of its writes to Azure.',
          },
          startedAt: { $ref: '#/components/schemas/Time' },
          endedAt: { $ref: '#/components/schemas/Time' },
          evidence: {
            type: 'array',
            description: 'Observations before and after, one line each.',
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
          'Whether the caller may take this decision about an operation now, and the reason if not.',
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
            description: 'Reason why it is not allowed.',
          },
        },
      },
      Need: {
        description:
          'A permission that an approver must have, on the entity if one is named.',
        type: 'object',
        additionalProperties: false,
        required: ['permission', 'because'],
        properties: {
          permission: { type: 'string' },
          entityRef: {
            description:
              'Entity of the permission. Absent for a permission without one, and where the reader may not see the entity.',
            $ref: '#/components/schemas/EntityRef',
          },
          hiddenEntity: {
            type: 'boolean',
            description:
              'True when the reader may not see the entity of the permission.',
          },
          because: { type: 'string' },
          askedOf: {
            type: 'array',
            items: { type: 'string' },
            description:
              'Groups and users whom acrCmk.approvers names for the permission, and the owner of the entity where it says that owners have it and the reader may see the entity. They are notified. Empty when nobody is named.',
          },
          by: { type: 'string', description: 'Approver who has met it.' },
          at: { $ref: '#/components/schemas/Time' },
        },
      },
      Approval: {
        description: 'Approval by another person: state, needs and time limit.',
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
              'Text that an approver must type as confirmation, because a program requested the operation.',
          },
          state: {
            type: 'string',
            enum: ['pending', 'approved', 'rejected', 'expired'],
          },
          by: { type: 'string' },
          at: { $ref: '#/components/schemas/Time' },
          byCaller: {
            type: 'string',
            enum: ['approved', 'rejected'],
            description: 'Decision of the caller. Absent when they made none.',
          },
          expiresAt: {
            description:
              'Time limit of the approval. Absent once it is decided.',
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
        required: ['name', 'location', 'sku', 'permissionModel', 'unsuitable'],
        properties: {
          name: { type: 'string' },
          location: { type: 'string' },
          sku: { type: 'string', enum: ['standard', 'premium'] },
          permissionModel: { type: 'string', enum: ['rbac', 'access-policy'] },
          purgeProtection: {
            type: 'boolean',
            description:
              'Absent when Azure does not show it, as of some Managed HSMs.',
          },
          unsuitable: {
            type: 'array',
            description:
              "Reasons why a new registry cannot use a key of it; empty when none is known. `purge-protection-off`: a deleted key could be lost for good. `firewall-closed`: the firewall also blocks Azure's trusted services, of which Container Registry is one.",
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
        required: ['name', 'keyIdentifier', 'unsuitable'],
        properties: {
          name: { type: 'string' },
          keyIdentifier: { type: 'string', description: 'Without a version.' },
          type: { type: 'string' },
          size: { type: 'integer' },
          enabled: { type: 'boolean' },
          unsuitable: {
            type: 'array',
            description:
              'Reasons why a registry cannot use it; empty when none is known. `type`: a registry needs a key of the type RSA or RSA-HSM. `disabled`: its newest version is disabled.',
            items: { type: 'string', enum: ['type', 'disabled'] },
          },
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
          'Availability of a name. `soft-deleted`: a deleted key has it until it is purged.',
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
              "Azure's message about a name that is taken, or the reason why it is unknown.",
          },
          until: {
            type: 'string',
            format: 'date-time',
            description: 'Time at which the soft-deleted key is purged.',
          },
        },
      },
      IdentityChoice: {
        description: 'A user-assigned identity that a form may offer.',
        type: 'object',
        additionalProperties: false,
        required: ['name', 'resourceId', 'clientId', 'attached'],
        properties: {
          name: { type: 'string' },
          resourceId: { type: 'string' },
          clientId: { type: 'string' },
          attached: {
            type: 'boolean',
            description:
              "Whether it is attached to the registry of the request; without one, to a registry that the caller's entities are linked to.",
          },
        },
      },
      ResourceGroupChoice: {
        description:
          'A resource group that a form may offer for a new registry.',
        type: 'object',
        additionalProperties: false,
        required: ['resourceGroupId', 'name', 'location', 'open'],
        properties: {
          resourceGroupId: { type: 'string', description: 'The ARM id.' },
          name: { type: 'string' },
          location: { type: 'string' },
          open: {
            type: 'boolean',
            description:
              'True when the caller may create a registry there without the agreement of somebody with acr-cmk.unbound.change.',
          },
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
            description:
              'True when it is encrypted with a customer-managed key.',
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
          '`state`, the default, is worst first; `expires` is soonest first; `age` is of the version in use, oldest first. Registries without such a time come last.',
        enum: ['state', 'name', 'expires', 'age'],
      },
      FleetSeverity: {
        type: 'string',
        description:
          'Severity of the worst finding. `none`: there is no finding, or none is known.',
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
          'The latest operation of a registry. Visible to callers who see the whole fleet, requested it, or have acr-cmk.registry.read on its entity or on one that the registry is linked to.',
        additionalProperties: false,
        required: ['id', 'kind', 'state', 'at'],
        properties: {
          id: { $ref: '#/components/schemas/Uuid' },
          kind: { $ref: '#/components/schemas/OperationKind' },
          state: { $ref: '#/components/schemas/OperationState' },
          at: {
            description: 'Time at which it ended, or was requested.',
            $ref: '#/components/schemas/Time',
          },
        },
      },
      FleetRegistry: {
        type: 'object',
        description:
          'A registry of the fleet, with the values for filters and order.',
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
          stateSince: {
            description:
              'When the state was first seen. Absent where that is not known.',
            $ref: '#/components/schemas/Time',
          },
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
            description: 'Newest enabled version of the key.',
          },
          behindSince: {
            description:
              'Time since which there is a newer version than the one in use.',
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
              'Owners of the entities that are linked to it by its tag or the configuration, and the groups and users that these name, as far as the caller may see them.',
            items: { type: 'string' },
          },
          unprovenOwners: {
            type: 'array',
            description:
              'Owners of entities that name it without such a link. Nothing confirms them, so they are in no filter, count or notification. Absent when there are none.',
            items: { type: 'string' },
          },
          lastOperation: { $ref: '#/components/schemas/FleetOperation' },
          observedAt: {
            description:
              'The older of two times, at which the registry and its key were read.',
            $ref: '#/components/schemas/Time',
          },
          lagSeconds: {
            type: 'number',
            description:
              'The source of the reading may lag behind Azure by this much. Absent when it does not.',
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
          'More than 500 entities match the search whose registries do not, so names of entities were left out of it. A longer text finds them.',
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
        description: 'Number of registries with a value.',
        additionalProperties: false,
        required: ['value', 'count'],
        properties: { value: { type: 'string' }, count: { type: 'integer' } },
      },
      FleetScope: {
        type: 'object',
        description: 'Visible and invisible parts of the fleet.',
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
              'Subscriptions of acrCmk.scopes whose registries could not be listed, or were not yet.',
          },
          unlistedSubscriptions: {
            type: 'integer',
            description:
              'Those of them that were not listed yet, without an error. Absent when there are none.',
          },
          unreadableGroups: {
            type: 'integer',
            description:
              'Management groups of acrCmk.scopes whose subscriptions are not all known. Absent when all are.',
          },
          problems: {
            type: 'array',
            description:
              'Subscriptions that could not be listed, with the reason. Only for callers who may see every registry.',
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
          ages: { $ref: '#/components/schemas/FleetAges' },
          reading: { $ref: '#/components/schemas/InventoryReading' },
        },
      },
      FleetAges: {
        type: 'object',
        description:
          'Ages of the facts of the registries that the caller may see. Absent while none was read.',
        additionalProperties: false,
        required: ['older'],
        properties: {
          observedAt: {
            description:
              'All but the older ones were read at this time or later. Absent when all are older.',
            $ref: '#/components/schemas/Time',
          },
          lagSeconds: {
            type: 'number',
            description:
              'The source of the reading may lag behind Azure by this much. Absent when it does not.',
          },
          older: {
            type: 'array',
            description:
              'Registries that were not read within two intervals of the sync, by reason.',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['reason', 'count', 'observedAt'],
              properties: {
                reason: {
                  description:
                    '`following`: it has not followed its key yet, and is read once an hour. `failed`: its last reading failed. `waiting`: its turn has not come yet.',
                  type: 'string',
                  enum: ['following', 'failed', 'waiting'],
                },
                count: { type: 'integer' },
                observedAt: {
                  description: 'When the oldest of them was read.',
                  $ref: '#/components/schemas/Time',
                },
              },
            },
          },
        },
      },
      InventoryReading: {
        type: 'object',
        description:
          "A reading that Azure's limits make long, such as the first one. Absent when everything has been read, or is within seconds.",
        additionalProperties: false,
        required: ['left', 'endsAt'],
        properties: {
          left: {
            type: 'integer',
            description:
              'Number of registries, vaults, keys and grants that are still to be read.',
          },
          endsAt: {
            description:
              "Expected end, if nothing but Azure's limits delays it.",
            $ref: '#/components/schemas/Time',
          },
          first: {
            type: 'boolean',
            description:
              'Some of it was never read before. Absent when all of it is read again.',
          },
          lagSeconds: {
            type: 'number',
            description:
              'The source of the reading may lag behind Azure by this much. Absent when it does not.',
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
                description:
                  'Counts of registries with a customer-managed key.',
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
        description:
          'Verdict on retiring an enabled version that is not the newest one.',
        additionalProperties: false,
        required: ['answer', 'message'],
        properties: {
          answer: {
            type: 'string',
            enum: ['unused', 'in-use', 'unknown'],
            description:
              '`unused`: no known registry and no known resource of another Azure service uses it, all registries are known, and all other services were looked at. `unknown`: some could not be read or looked at.',
          },
          since: {
            description:
              'Time since which no registry that uses the key now has used this version. Absent where it is unknown.',
            $ref: '#/components/schemas/Time',
          },
          message: {
            type: 'string',
            description:
              'Reason, or what still uses it, and how far other services were looked at.',
          },
        },
      },
      FleetKeyVersion: {
        type: 'object',
        description: 'A version of a key, with its users.',
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
              'Absent, like the times, when the key could not be read or has no such version.',
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
          'uri',
          'vaultName',
          'keyName',
          'registries',
          'hiddenRegistries',
          'services',
          'servicesLookedAt',
          'owners',
          'otherOwners',
          'versions',
          'moreVersions',
        ],
        properties: {
          uri: {
            type: 'string',
            description: 'URI of the key, without a version.',
          },
          vaultName: { type: 'string' },
          keyName: { type: 'string' },
          latestVersion: { type: 'string' },
          rotatesByPolicy: { type: 'boolean' },
          rotatesAt: {
            description:
              "Time at which the vault's policy creates the next version.",
            $ref: '#/components/schemas/Time',
          },
          observedAt: {
            description:
              'When the key was read. Absent when it never was; then versions are those in use.',
            $ref: '#/components/schemas/Time',
          },
          problem: {
            type: 'string',
            description: 'Reason why it could not be read or refreshed.',
          },
          registries: {
            type: 'integer',
            description:
              'Registries that use the key and that the caller may see.',
          },
          hiddenRegistries: { type: 'integer' },
          services: {
            type: 'array',
            description:
              'Resources of other Azure services that are known to use the key, counted.',
            items: { $ref: '#/components/schemas/ServiceCount' },
          },
          servicesLookedAt: {
            $ref: '#/components/schemas/ServicesLookedAtState',
          },
          owners: {
            type: 'array',
            description: 'Owners of these registries; at most 20.',
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
      ServiceCount: {
        type: 'object',
        description: 'Number of resources of one Azure service.',
        additionalProperties: false,
        required: ['service', 'count'],
        properties: {
          service: {
            type: 'string',
            description: 'Name of one such resource.',
          },
          count: { type: 'integer' },
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
        description: 'Expiry or rotation of a key.',
        additionalProperties: false,
        required: [
          'kind',
          'at',
          'vaultName',
          'keyName',
          'registries',
          'holders',
          'owners',
          'otherOwners',
        ],
        properties: {
          kind: {
            type: 'string',
            enum: ['expiry', 'rotation'],
            description:
              '`expiry`: a version in use expires. `rotation`: the vault creates a new version by its policy, which registries in automatic mode follow.',
          },
          at: { $ref: '#/components/schemas/Time' },
          vaultName: { type: 'string' },
          keyName: { type: 'string' },
          version: {
            type: 'string',
            description: 'Version that expires, for an expiry.',
          },
          registries: {
            type: 'integer',
            description:
              'Registries that use the version that expires, or that follow the rotation.',
          },
          pinned: {
            type: 'integer',
            description: 'Registries that do not follow the rotation.',
          },
          holders: {
            type: 'array',
            description: 'The first 5 registries, by name.',
            items: { $ref: '#/components/schemas/FleetHolder' },
          },
          owners: {
            type: 'array',
            description: 'Owners of these registries; at most 20.',
            items: { type: 'string' },
          },
          otherOwners: {
            type: 'integer',
            description:
              'Owners that the caller may not see, or beyond the first 20.',
          },
        },
      },
      FleetWeek: {
        type: 'object',
        description: 'Expiries and rotations of one week.',
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
        description: 'Expiries and rotations, by week.',
        additionalProperties: false,
        required: ['weeks', 'items', 'complete', 'searchIncomplete'],
        properties: {
          weeks: {
            type: 'array',
            items: { $ref: '#/components/schemas/FleetWeek' },
          },
          items: {
            type: 'array',
            description: 'Soonest first, at most 200.',
            items: { $ref: '#/components/schemas/FleetExpiry' },
          },
          complete: {
            type: 'boolean',
            description:
              'False when there are more than 200. The weeks count all of them.',
          },
          searchIncomplete: { $ref: '#/components/schemas/SearchIncomplete' },
        },
      },
      OperationKind: {
        description:
          'Name of an operation. A rotate that makes no version is called by what it changes.',
        type: 'string',
        enum: [
          'rotate',
          'automatic-rotation',
          'revoke',
          'restore',
          'retire',
          'create-registry',
          'change-key',
          'change-version',
          'change-mode',
          'change-identity',
          'resend-key',
        ],
      },
      WaitingOperation: {
        type: 'object',
        description: 'An operation that the caller may approve.',
        additionalProperties: false,
        required: [
          'id',
          'planHash',
          'kind',
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
            description: 'Hash of the plan that is to be approved.',
            $ref: '#/components/schemas/Sha256',
          },
          kind: { $ref: '#/components/schemas/OperationKind' },
          summary: { type: 'string', description: 'Summary of the plan.' },
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
            description:
              'Time at which it ends as rejected unless it is approved.',
            $ref: '#/components/schemas/Time',
          },
          consumers: {
            type: 'integer',
            description: 'Registries that the plan affects.',
          },
          typedName: {
            type: 'string',
            description:
              'Text to type to approve it, because a program requested it.',
          },
          needs: {
            type: 'array',
            description: "Reasons why the caller's approval is needed.",
            items: { type: 'string' },
          },
        },
      },
      FleetWaiting: {
        type: 'object',
        description:
          "Operations that wait for the caller's approval, and those that the caller decided about.",
        additionalProperties: false,
        required: [
          'items',
          'complete',
          'decided',
          'decidedStages',
          'campaigns',
        ],
        properties: {
          campaigns: {
            type: 'array',
            description:
              "Stages of campaigns that wait for the caller's approval.",
            items: { $ref: '#/components/schemas/WaitingStage' },
          },
          items: {
            type: 'array',
            items: { $ref: '#/components/schemas/WaitingOperation' },
          },
          complete: {
            type: 'boolean',
            description: 'False when there are more than 100.',
          },
          decided: {
            type: 'array',
            description:
              'Decisions of the caller about operations of the last seven days, newest first, at most 20. Without those of campaigns.',
            items: { $ref: '#/components/schemas/DecidedOperation' },
          },
          decidedStages: {
            type: 'array',
            description:
              'Decisions of the caller about stages of campaigns in the last seven days, newest first, at most 20.',
            items: { $ref: '#/components/schemas/DecidedStage' },
          },
        },
      },
      DecidedStage: {
        type: 'object',
        description:
          'A stage of a campaign, of which the caller approved or rejected members.',
        additionalProperties: false,
        required: [
          'campaignId',
          'title',
          'stage',
          'approved',
          'rejected',
          'decidedAt',
        ],
        properties: {
          campaignId: { $ref: '#/components/schemas/Uuid' },
          title: { type: 'string' },
          stage: { type: 'integer' },
          approved: {
            type: 'integer',
            description: 'Members that the caller approved.',
          },
          rejected: {
            type: 'integer',
            description: 'Members that the caller rejected.',
          },
          decidedAt: {
            description: 'The latest decision.',
            $ref: '#/components/schemas/Time',
          },
        },
      },
      DecidedOperation: {
        type: 'object',
        description:
          'An operation that the caller approved or rejected, and what became of it.',
        additionalProperties: false,
        required: [
          'id',
          'kind',
          'registryId',
          'registryName',
          'decision',
          'decidedAt',
          'state',
        ],
        properties: {
          id: { $ref: '#/components/schemas/Uuid' },
          kind: { $ref: '#/components/schemas/OperationKind' },
          registryId: { $ref: '#/components/schemas/ArmId' },
          registryName: { type: 'string' },
          entityRef: {
            description: 'Absent where the caller may not see the entity.',
            $ref: '#/components/schemas/EntityRef',
          },
          decision: { type: 'string', enum: ['approved', 'rejected'] },
          decidedAt: { $ref: '#/components/schemas/Time' },
          state: { $ref: '#/components/schemas/OperationState' },
          endedAt: { $ref: '#/components/schemas/Time' },
          message: {
            type: 'string',
            description: 'Result of an operation that has ended.',
          },
        },
      },
      CampaignRequest: {
        type: 'object',
        description: 'One intent for the selected registries or keys.',
        additionalProperties: false,
        required: ['intent', 'selection'],
        properties: {
          intent: { $ref: '#/components/schemas/CampaignIntent' },
          selection: { $ref: '#/components/schemas/CampaignSelection' },
        },
      },
      CampaignIntent: {
        description:
          'Change of each member, by `kind`. `automatic-mode` and `identity` change one registry: each registry is a member. `new-version` and `automatic-rotation` change a key: each key is a member, with all registries that use it.',
        oneOf: [
          { $ref: '#/components/schemas/CampaignAutomaticMode' },
          { $ref: '#/components/schemas/CampaignNewVersion' },
          { $ref: '#/components/schemas/CampaignAutomaticRotation' },
          { $ref: '#/components/schemas/CampaignIdentity' },
        ],
        discriminator: {
          propertyName: 'kind',
          mapping: {
            'automatic-mode': '#/components/schemas/CampaignAutomaticMode',
            'new-version': '#/components/schemas/CampaignNewVersion',
            'automatic-rotation':
              '#/components/schemas/CampaignAutomaticRotation',
            identity: '#/components/schemas/CampaignIdentity',
          },
        },
      },
      CampaignAutomaticMode: {
        description:
          'Switches each registry to automatic version mode, with the key that it uses.',
        type: 'object',
        additionalProperties: false,
        required: ['kind'],
        properties: {
          kind: {
            type: 'string',
            enum: ['automatic-mode'],
            description:
              'discriminator enum property added by openapi-typescript',
          },
        },
      },
      CampaignNewVersion: {
        description:
          'Makes a new version of each key, and has the registries in automatic mode use it.',
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
      CampaignAutomaticRotation: {
        description: 'Sets the rotation policy of each key.',
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'policy'],
        properties: {
          kind: {
            type: 'string',
            enum: ['automatic-rotation'],
            description:
              'discriminator enum property added by openapi-typescript',
          },
          policy: { $ref: '#/components/schemas/RotationPolicy' },
        },
      },
      CampaignIdentity: {
        description:
          'Sets another identity by which each registry reaches its key.',
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'identity'],
        properties: {
          kind: {
            type: 'string',
            enum: ['identity'],
            description:
              'discriminator enum property added by openapi-typescript',
          },
          identity: { $ref: '#/components/schemas/IdentityText' },
          grantAccess: {
            type: 'boolean',
            description:
              'Grant the identity the access to the key that it lacks. False by default.',
          },
        },
      },
      CampaignSelection: {
        description:
          'Exactly one of the three. What is listed twice, whatever the case of its letters, is refused.',
        type: 'object',
        additionalProperties: false,
        properties: {
          registryIds: {
            type: 'array',
            minItems: 1,
            maxItems: 100,
            items: { $ref: '#/components/schemas/ArmId' },
          },
          filter: { $ref: '#/components/schemas/CampaignFilter' },
          keys: {
            description:
              'URIs of keys without a version; all registries that use one of them are selected.',
            type: 'array',
            minItems: 1,
            maxItems: 100,
            items: { type: 'string', maxLength: 300 },
          },
        },
      },
      CampaignFilter: {
        description:
          'All registries that match, at this moment. The same fields as the query of /v1/fleet/registries; an empty filter selects every registry that the caller may see.',
        type: 'object',
        additionalProperties: false,
        properties: {
          state: {
            description: 'Any of these states.',
            type: 'array',
            maxItems: 30,
            items: { $ref: '#/components/schemas/RegistryStateId' },
          },
          severity: {
            description: 'Of the worst finding: any of these.',
            type: 'array',
            maxItems: 4,
            items: { $ref: '#/components/schemas/FleetSeverity' },
          },
          mode: {
            description: 'manual: it stays on one version of its key.',
            $ref: '#/components/schemas/VersionMode',
          },
          owner: {
            description:
              'Full ref of the owner of an entity that names the registry, such as group:default/team-shop.',
            $ref: '#/components/schemas/EntityRef',
          },
          entityRef: {
            description: 'Full ref of an entity that names the registry.',
            $ref: '#/components/schemas/EntityRef',
          },
          subscription: {
            description: 'Id of the Azure subscription.',
            type: 'string',
            pattern:
              '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
          },
          resourceGroup: { $ref: '#/components/schemas/ResourceGroup' },
          vault: {
            description: 'Name of the vault of its key.',
            $ref: '#/components/schemas/VaultName',
          },
          key: {
            description: 'Name of its key.',
            type: 'string',
            pattern: '^[0-9A-Za-z\\-]{1,127}$',
          },
          expiresBefore: {
            description:
              'A day or a time: the version in use expires before it.',
            type: 'string',
            pattern:
              '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?Z)?$',
          },
          unbound: {
            description: 'true: no entity names it; false: one does.',
            type: 'boolean',
          },
          search: {
            description:
              'Part of the name of the registry, key, vault or entity.',
            type: 'string',
            minLength: 1,
            maxLength: 100,
            pattern: '^[^\\u0000-\\u001f\\u007f]*$',
          },
        },
      },
      CampaignStart: {
        type: 'object',
        description: 'Acceptance of a preview.',
        additionalProperties: false,
        required: ['hash', 'strategy', 'reason'],
        properties: {
          hash: {
            description: 'Hash of the preview.',
            $ref: '#/components/schemas/Sha256',
          },
          strategy: { $ref: '#/components/schemas/CampaignStrategy' },
          reason: { $ref: '#/components/schemas/Reason' },
        },
      },
      CampaignStrategy: {
        type: 'object',
        description: 'Stages, and how many members change at once.',
        additionalProperties: false,
        required: ['stages', 'concurrency'],
        properties: {
          stages: {
            type: 'array',
            minItems: 1,
            maxItems: 10,
            items: { $ref: '#/components/schemas/CampaignStageRule' },
          },
          concurrency: {
            type: 'integer',
            minimum: 1,
            maximum: 50,
            description: 'Members that change at once.',
          },
          perVault: {
            type: 'integer',
            minimum: 1,
            maximum: 50,
            description:
              'Members of one vault that change at once. Default: `concurrency`.',
          },
          perSubscription: {
            type: 'integer',
            minimum: 1,
            maximum: 50,
            description:
              'Members of one subscription that change at once. Default: `concurrency`.',
          },
        },
      },
      CampaignEstimate: {
        type: 'object',
        description: 'Effect of a strategy on the members of a preview.',
        additionalProperties: false,
        required: ['estimatedSeconds', 'stages'],
        properties: {
          estimatedSeconds: {
            type: 'integer',
            description: 'As of the campaign.',
          },
          stages: {
            type: 'array',
            description: 'Number of members of each stage that has any.',
            items: { type: 'integer' },
          },
        },
      },
      CampaignStageRule: {
        type: 'object',
        description:
          'Members of a stage, from those that are left: at most one of `count`, `percent`, `owner`, `subscription`; without any, all that are left. Stages together have to take all members, so the last one mostly has none of the four. A stage for which no members are left is dropped.',
        additionalProperties: false,
        properties: {
          count: { type: 'integer', minimum: 1, maximum: 10000 },
          percent: {
            type: 'number',
            exclusiveMinimum: 0,
            maximum: 100,
            description: 'Of all members that will change, rounded up.',
          },
          owner: { $ref: '#/components/schemas/EntityRef' },
          subscription: { type: 'string', maxLength: 36 },
          maxFailures: {
            type: 'integer',
            minimum: 0,
            maximum: 10000,
            description:
              'Largest number of failed and unverified members at which the stage continues. Not together with `maxFailurePercent`. Default: 0.',
          },
          maxFailurePercent: {
            type: 'number',
            minimum: 0,
            maximum: 100,
            description:
              'The same as a share of the members of the stage, rounded down.',
          },
          soakMinutes: {
            type: 'integer',
            minimum: 0,
            maximum: 10080,
            description:
              'Time between the last proof of this stage and the opening of the next one. Default: 0.',
          },
        },
      },
      CampaignCommand: {
        type: 'object',
        description: 'Reason of a command; a pause and a resume need none.',
        additionalProperties: false,
        properties: { reason: { $ref: '#/components/schemas/Reason' } },
      },
      CampaignDecision: {
        type: 'object',
        description: 'Decision over the members that wait for the caller.',
        additionalProperties: false,
        required: ['hash', 'rejected'],
        properties: {
          hash: {
            description: "Hash of the list, from the campaign's `request`.",
            $ref: '#/components/schemas/Sha256',
          },
          rejected: {
            description:
              'Members that are rejected; all others of the list are approved.',
            type: 'array',
            maxItems: 200,
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['position', 'reason'],
              properties: {
                position: { type: 'integer', minimum: 1 },
                reason: { $ref: '#/components/schemas/Reason' },
              },
            },
          },
          reason: {
            description: 'Rejects every member of the list, with this reason.',
            $ref: '#/components/schemas/Reason',
          },
        },
      },
      CampaignState: {
        type: 'string',
        description:
          '`previewing`: members are being planned. `preview`: complete, not started. `interrupted`: the process that planned them ended; create it again. `running`, `paused`. `ended`: every member has ended or was skipped. `aborted`: by a person.',
        enum: [
          'previewing',
          'preview',
          'interrupted',
          'running',
          'paused',
          'ended',
          'aborted',
        ],
      },
      CampaignOutcome: {
        type: 'string',
        description:
          '`pending`: not planned yet. `change`: it will change. `already`: it is so already. `blocked`: a check fails or a permission is missing. `unlinked`: no entity is proven to own it.',
        enum: ['pending', 'change', 'already', 'blocked', 'unlinked'],
      },
      CampaignMemberState: {
        type: 'string',
        description:
          '`excluded`: its outcome is not `change`. `waiting`: its stage has not opened. `approval`: waits for an approval. `ready`: may start. `running`: its operation has not ended. `proving`: the operation has succeeded, and the registry is read again. `succeeded`. `failed`. `unverified`: the operation ended without proof, or a finding of a registry became worse. `changed`: the plan no longer fits; nothing was written. `rejected`, `expired` (nobody decided in time), `skipped`, `not-started` (the campaign was aborted).',
        enum: [
          'excluded',
          'waiting',
          'approval',
          'ready',
          'running',
          'proving',
          'succeeded',
          'failed',
          'unverified',
          'changed',
          'rejected',
          'expired',
          'skipped',
          'not-started',
        ],
      },
      Campaign: {
        type: 'object',
        description: "A campaign, with the caller's offers.",
        additionalProperties: false,
        required: [
          'id',
          'revision',
          'state',
          'title',
          'intent',
          'requestedBy',
          'createdAt',
          'outcomes',
          'states',
          'stages',
          'offers',
        ],
        properties: {
          id: { $ref: '#/components/schemas/Uuid' },
          revision: { type: 'integer' },
          state: { $ref: '#/components/schemas/CampaignState' },
          aborting: {
            type: 'boolean',
            description:
              'True from the abort to the end of the operations under way. The state is "paused" meanwhile.',
          },
          title: {
            type: 'string',
            description:
              'Such as "Switch 40 registries to automatic version mode".',
          },
          message: {
            type: 'string',
            description:
              'How it stands, in a sentence: why it is paused or waits, or its end, such as "Ended with 2 failed, 1 skipped".',
          },
          intent: { $ref: '#/components/schemas/CampaignIntent' },
          strategy: { $ref: '#/components/schemas/CampaignStrategy' },
          hash: {
            description:
              'Hash over intent, members and their plans. Absent until the preview is complete.',
            $ref: '#/components/schemas/Sha256',
          },
          requestedBy: { type: 'string' },
          reason: { type: 'string' },
          createdAt: { $ref: '#/components/schemas/Time' },
          startedAt: { $ref: '#/components/schemas/Time' },
          endedAt: { $ref: '#/components/schemas/Time' },
          outcomes: {
            description: 'Members by outcome, without those that have none.',
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['outcome', 'count'],
              properties: {
                outcome: { $ref: '#/components/schemas/CampaignOutcome' },
                count: { type: 'integer' },
              },
            },
          },
          states: { $ref: '#/components/schemas/CampaignCounts' },
          registries: {
            type: 'integer',
            description: 'Registries of the members that will change.',
          },
          writes: {
            type: 'integer',
            description:
              'Writes to Azure that the plans of the members contain.',
          },
          estimatedSeconds: {
            type: 'integer',
            description:
              "Time that the members take by the strategy, or by the default one in a preview, from Azure's usual durations and limits; without soaks, windows and waits for approvals.",
          },
          unlinkedCommands: {
            type: 'array',
            description:
              'Commands of az that set the tag of each unlinked registry. They name an entity where it is the only one that names the registry, otherwise a placeholder.',
            items: { type: 'string' },
          },
          stages: {
            type: 'array',
            items: { $ref: '#/components/schemas/CampaignStage' },
          },
          request: {
            description:
              "Members of the current stage that wait for the caller's approval. Absent without any.",
            type: 'object',
            additionalProperties: false,
            required: ['stage', 'hash', 'members'],
            properties: {
              stage: { type: 'integer' },
              hash: { $ref: '#/components/schemas/Sha256' },
              members: { type: 'integer' },
              expiresAt: { $ref: '#/components/schemas/Time' },
            },
          },
          retry: {
            description:
              'Members that are being planned again, or why none of them could be retried. Absent otherwise.',
            type: 'object',
            additionalProperties: false,
            properties: {
              planned: { type: 'integer' },
              total: { type: 'integer' },
              problem: { type: 'string' },
            },
          },
          offers: {
            type: 'array',
            description: 'Commands that the caller may give now.',
            items: {
              type: 'string',
              enum: [
                'start',
                'pause',
                'resume',
                'abort',
                'retry',
                'skip',
                'decide',
                'report',
              ],
            },
          },
          changeToken: {
            type: 'string',
            description:
              'Names the campaign in the signals of the channel `acr-cmk`.',
          },
        },
      },
      CampaignCounts: {
        description: 'Members by state, without those that have none.',
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['state', 'count'],
          properties: {
            state: { $ref: '#/components/schemas/CampaignMemberState' },
            count: { type: 'integer' },
          },
        },
      },
      CampaignStage: {
        type: 'object',
        description:
          'A stage of a started campaign, or of a preview with the default strategy.',
        additionalProperties: false,
        required: ['number', 'state', 'members', 'states'],
        properties: {
          number: { type: 'integer' },
          state: {
            type: 'string',
            description:
              '`waiting`: an earlier one has not ended. `open`: members wait for approval, start or run. `soaking`: waits before the next stage opens. `ended`.',
            enum: ['waiting', 'open', 'soaking', 'ended'],
          },
          members: { type: 'integer' },
          states: { $ref: '#/components/schemas/CampaignCounts' },
          approvers: {
            type: 'array',
            description:
              'Groups and users whose agreement members of the stage need and do not have yet.',
            items: { type: 'string' },
          },
          approvalExpiresAt: { $ref: '#/components/schemas/Time' },
          soakUntil: { $ref: '#/components/schemas/Time' },
          waitingFor: {
            type: 'string',
            description:
              'Such as "The window opens on Monday at 08:00 (Europe/Berlin)".',
          },
        },
      },
      CampaignMember: {
        type: 'object',
        description: 'A registry, or a key with its registries.',
        additionalProperties: false,
        required: [
          'position',
          'name',
          'registryId',
          'registries',
          'outcome',
          'state',
        ],
        properties: {
          position: { type: 'integer', description: 'From 1.' },
          name: {
            type: 'string',
            description: 'Name of the registry',
            'or of the vault and the key.': null,
          },
          registryId: {
            description: 'The registry that its operation names.',
            $ref: '#/components/schemas/ArmId',
          },
          keyIdentifier: {
            type: 'string',
            description: 'Key of a member that is a key.',
          },
          entityRef: { $ref: '#/components/schemas/EntityRef' },
          owner: { type: 'string' },
          registries: {
            type: 'array',
            description:
              'Names of the registries that change together, at most 100.',
            items: { type: 'string' },
          },
          outcome: { $ref: '#/components/schemas/CampaignOutcome' },
          stage: { type: 'integer' },
          state: { $ref: '#/components/schemas/CampaignMemberState' },
          before: {
            type: 'string',
            description: 'Such as "Manual',
            'version a8558252".': null,
          },
          after: { type: 'string', description: 'As planned.' },
          observed: {
            type: 'string',
            description:
              'As observed at its end: as planned where it succeeded, "Not confirmed" where it failed or is not verified. Absent where it has not ended, or nothing was written.',
          },
          message: {
            type: 'string',
            description:
              'Why it is blocked, already so, failed, changed, skipped or rejected.',
          },
          needs: {
            type: 'array',
            items: { $ref: '#/components/schemas/Need' },
          },
          operationId: { $ref: '#/components/schemas/Uuid' },
          startedAt: { $ref: '#/components/schemas/Time' },
          endedAt: { $ref: '#/components/schemas/Time' },
        },
      },
      CampaignMembers: {
        type: 'object',
        description: 'One page of members.',
        additionalProperties: false,
        required: ['items', 'total'],
        properties: {
          items: {
            type: 'array',
            items: { $ref: '#/components/schemas/CampaignMember' },
          },
          total: { type: 'integer' },
          nextCursor: { type: 'string' },
        },
      },
      Campaigns: {
        type: 'object',
        description: 'Campaigns, newest first.',
        additionalProperties: false,
        required: ['items', 'mayCreate'],
        properties: {
          mayCreate: {
            type: 'boolean',
            description: 'The caller has acr-cmk.campaign.create.',
          },
          items: {
            type: 'array',
            items: { $ref: '#/components/schemas/Campaign' },
          },
        },
      },
      CampaignReport: {
        type: 'object',
        description: 'Result of a campaign, member by member.',
        additionalProperties: false,
        required: ['campaign', 'members', 'records'],
        properties: {
          campaign: { $ref: '#/components/schemas/Campaign' },
          records: {
            type: 'array',
            description:
              "Sequence numbers of the campaign's own audit records.",
            items: { type: 'integer' },
          },
          members: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['member', 'approvers', 'records'],
              properties: {
                member: { $ref: '#/components/schemas/CampaignMember' },
                approvers: { type: 'array', items: { type: 'string' } },
                records: {
                  type: 'array',
                  description:
                    'Sequence numbers of the audit records of its operation.',
                  items: { type: 'integer' },
                },
              },
            },
          },
        },
      },
      WaitingStage: {
        type: 'object',
        description:
          "Members of a campaign's current stage that wait for the caller's approval.",
        additionalProperties: false,
        required: [
          'campaignId',
          'title',
          'stage',
          'hash',
          'members',
          'requestedBy',
          'reason',
        ],
        properties: {
          campaignId: { $ref: '#/components/schemas/Uuid' },
          title: { type: 'string' },
          stage: { type: 'integer' },
          hash: { $ref: '#/components/schemas/Sha256' },
          members: { type: 'integer' },
          requestedBy: { type: 'string' },
          reason: { type: 'string' },
          expiresAt: { $ref: '#/components/schemas/Time' },
        },
      },
      DoctorStatus: {
        description:
          '`failed`: something does not work. `unknown`: the check could not be completed. `warning`: it works, but may not be intended.',
        type: 'string',
        enum: ['ok', 'warning', 'failed', 'unknown'],
      },
      DoctorLine: {
        description: 'One finding of a check.',
        type: 'object',
        additionalProperties: false,
        required: ['status', 'message'],
        properties: {
          status: { $ref: '#/components/schemas/DoctorStatus' },
          message: { type: 'string' },
          remedy: { type: 'string', description: 'Remedy.' },
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
        description: 'Report of the doctor, by check.',
        type: 'object',
        additionalProperties: false,
        required: ['at', 'version', 'status', 'checks'],
        properties: {
          at: { $ref: '#/components/schemas/Time' },
          version: {
            type: 'string',
            description: 'Version of the plugins that run, such as `0.1.0`.',
          },
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
          'One subscription of the scopes, as of the last completed sweep.',
        type: 'object',
        additionalProperties: false,
        required: ['subscriptionId', 'state', 'registries'],
        properties: {
          subscriptionId: { type: 'string' },
          state: {
            description:
              '`whole`: everything was listed. `fallen`: the listing has far fewer registries than are known, which are kept. `partial`: not everything could be listed. `unknown`: it was not listed yet.',
            type: 'string',
            enum: ['whole', 'fallen', 'partial', 'unknown'],
          },
          registries: {
            type: 'object',
            additionalProperties: false,
            required: ['known'],
            properties: {
              known: {
                type: 'integer',
                description: 'Number of known registries.',
              },
              expected: {
                type: 'integer',
                description:
                  'Number that Azure counts; absent without such a query.',
              },
              seen: {
                type: 'integer',
                description: 'Number that the sweep listed.',
              },
            },
          },
          listedAt: {
            description: 'Time of the last complete listing.',
            $ref: '#/components/schemas/Time',
          },
          problem: {
            type: 'string',
            description: 'Problem',
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
            description: 'Problem that stopped the whole sweep.',
          },
        },
      },
      CallBudget: {
        description:
          "Requests left of one of Azure's limits, as the answering backend knows it.",
        type: 'object',
        additionalProperties: false,
        required: ['quota', 'of', 'credential', 'left', 'size'],
        properties: {
          quota: {
            description: 'Kind of requests that are counted together.',
            type: 'string',
          },
          of: {
            description:
              'Subscription, or host of a vault; empty for the tenant.',
            type: 'string',
          },
          credential: {
            type: 'string',
            description: 'First job that uses the credential.',
          },
          left: { type: 'integer' },
          size: { type: 'integer' },
          pausedSeconds: {
            type: 'integer',
            description: 'Seconds for which Azure accepts no more requests.',
          },
        },
      },
      InventoryRegistries: {
        type: 'object',
        description: 'One page of registries, by their identifying values.',
        additionalProperties: false,
        required: [
          'items',
          'subscriptions',
          'othersOutOfScope',
          'firstReading',
        ],
        properties: {
          firstReading: {
            type: 'boolean',
            description:
              'True while something is being read from Azure for the first time: registries, and tags by which keys and vaults name their entities, may be missing.',
          },
          items: {
            type: 'array',
            items: { $ref: '#/components/schemas/InventoryRegistry' },
          },
          othersOutOfScope: {
            type: 'boolean',
            description:
              'True when every subscription that is not listed here is out of scope. False where acrCmk.scopes has management groups: their subscriptions are known only after they were read.',
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
                    'True when all of its registries are among the items: it was listed, and the last listing did not fail. Otherwise, a registry that is not among them may still exist.',
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
          'Identifying values of one registry. Ids and names are lower case, however Azure spells them.',
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
            description: 'Key that encrypts it; absent without one.',
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
                      'Host in the cloud of acrCmk.azure.cloud, such as contoso.vault.azure.net.',
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
        description: 'Requested tags, by their names in lower case.',
        additionalProperties: { type: 'string' },
      },
      InventoryFreshness: {
        description:
          'Age of what is known of a registry, and its next readings.',
        type: 'object',
        additionalProperties: false,
        required: ['at', 'items'],
        properties: {
          at: { $ref: '#/components/schemas/Time' },
          items: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['kind', 'name', 'why', 'attempts'],
              properties: {
                kind: {
                  type: 'string',
                  enum: ['registry', 'vault', 'identity', 'key', 'access'],
                },
                name: {
                  type: 'string',
                  description:
                    'ARM id; vault host and name of a key; principal of an access path.',
                },
                readAt: {
                  description:
                    'Time that the facts show. Absent when they were never read.',
                  $ref: '#/components/schemas/Time',
                },
                nextReadAt: {
                  description:
                    'Earliest time of the next reading; a claimed one is read until then.',
                  $ref: '#/components/schemas/Time',
                },
                why: {
                  type: 'string',
                  description:
                    'new, changed, missing, event, following, in-use, age or failed; list where the next listing comes first.',
                },
                attempts: {
                  type: 'integer',
                  description: 'Readings that have failed in a row.',
                },
                problem: {
                  type: 'string',
                  description: 'How the last reading failed.',
                },
              },
            },
          },
        },
      },
      InventoryStatus: {
        description: 'Content and quality of the inventory.',
        type: 'object',
        additionalProperties: false,
        required: ['at', 'registries', 'scopes', 'lastTurn', 'dirty', 'budget'],
        properties: {
          at: { $ref: '#/components/schemas/Time' },
          registries: {
            type: 'integer',
            description: 'Number of known registries in total.',
          },
          oldestFactsAt: {
            description:
              'Time at which the oldest facts of a registry were read.',
            $ref: '#/components/schemas/Time',
          },
          scopes: {
            type: 'array',
            items: { $ref: '#/components/schemas/ListedScope' },
          },
          lastTurn: {
            description: 'The last turn of the synchronization.',
            type: 'object',
            additionalProperties: false,
            properties: {
              startedAt: { $ref: '#/components/schemas/Time' },
              endedAt: {
                description: 'End of the last turn that ended.',
                $ref: '#/components/schemas/Time',
              },
              late: {
                type: 'string',
                description:
                  'Why the next turn is late, and what to do. Absent when it is not.',
              },
            },
          },
          lastSweep: { $ref: '#/components/schemas/InventorySweep' },
          lastWholeSweepAt: {
            description: 'Start of the last complete sweep.',
            $ref: '#/components/schemas/Time',
          },
          dirty: {
            type: 'integer',
            description: 'Number of resources that are to be read again.',
          },
          reading: { $ref: '#/components/schemas/InventoryReading' },
          keyLists: {
            description: 'The lists of keys of the vaults that registries use.',
            type: 'object',
            additionalProperties: false,
            required: ['vaults', 'failed'],
            properties: {
              vaults: {
                type: 'integer',
                description: 'Number of vaults queried.',
              },
              failed: {
                type: 'integer',
                description:
                  'Number of vaults that did not answer; facts about their keys may be old.',
              },
              problem: {
                type: 'string',
                description: 'Problem of the first of them.',
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
              'Entity ref of the person, also for later actions of the engine on their behalf.',
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
