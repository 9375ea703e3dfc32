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
     * What would happen, and whom it would touch
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
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Uuid: string;
    Sha256: string;
    /** @description ISO 8601 in UTC */
    Time: string;
    EntityRef: string;
    ArmId: string;
    /** @description Why, in one line, for the record: 3 to 500 characters, no control or direction characters, not beginning with =, +, - or @. */
    Reason: string;
    FieldChange: {
      field: string;
      shown: string;
      now: string;
    };
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
      sentence?: string;
    };
    /** @enum {string} */
    UnreadableReason:
      | 'invalid-id'
      | 'out-of-scope'
      | 'not-found'
      | 'denied'
      | 'unavailable';
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
      /** @description What the caller may ask for, and why not. */
      actions: components['schemas']['ActionOffer'][];
      binding: components['schemas']['Binding'];
      freshness: components['schemas']['Freshness'];
      runningOperationId: components['schemas']['Uuid'] | null;
    };
    /** @enum {string} */
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
    RegistryState: {
      id: components['schemas']['RegistryStateId'];
      sentence: string;
      /** @description When the state is expected to end or to bite: the end of the hour of a converging registry, the expiry of a key at risk. */
      until?: components['schemas']['Time'];
    };
    /** @enum {string} */
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
    EncryptionIdentity: {
      /** @enum {string} */
      kind: 'system' | 'user-assigned';
      name: string;
      resourceId?: string;
      clientId?: string;
      principalId?: string;
      /** @description Is it attached to the registry (user-assigned) or switched on (system)? */
      attached: boolean;
    };
    AccessPaths: {
      known: boolean;
      problem?: string;
      paths: components['schemas']['AccessPath'][];
    };
    AccessPath: {
      /** @enum {string} */
      kind: 'access-policy' | 'role-assignment';
      sentence: string;
      /** @description Granted to the identity itself at the key or the vault; else inherited from a wider scope or by a group. */
      direct: boolean;
      role?: string;
      scope?: string;
      assignmentId?: string;
      permissions?: string[];
    };
    UnknownView: {
      /** @constant */
      known: false;
      problem: string;
    };
    KeyView: {
      /** @constant */
      known: true;
      name: string;
      vaultName: string;
      type: string;
      size?: number;
      recoveryLevel?: string;
      rotatesByPolicy: boolean;
      versionInUse: string | null;
      latestVersion: string | null;
      /** @description Newest first, at most 200. */
      versions: components['schemas']['KeyVersion'][];
    };
    KeyVersion: {
      version: string;
      enabled: boolean;
      created: components['schemas']['Time'];
      notBefore?: components['schemas']['Time'];
      expires?: components['schemas']['Time'];
    };
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
    Finding: {
      id: string;
      /** @enum {string} */
      severity: 'info' | 'warning' | 'error';
      /**
       * @description `undecided`: what it takes to know could not be read.
       * @enum {string}
       */
      verdict: 'found' | 'undecided';
      sentence: string;
      remedy?: string;
    };
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
    };
    /** @enum {string} */
    ActionId: 'rotate' | 'revoke' | 'restore';
    ActionOffer: {
      action: components['schemas']['ActionId'];
      allowed: boolean;
      /** @description Why not, when it is not allowed. */
      reason?: string;
    };
    Binding: {
      proven: boolean;
      /** @enum {string} */
      by?: 'tag' | 'config';
      sentence: string;
    };
    Freshness: {
      /** @description When the oldest of the facts shown was read. */
      observedAt: components['schemas']['Time'];
      ageSeconds: number;
      /** @description A newer reading was tried and failed. */
      stale: boolean;
      problem?: string;
    };
    Intent:
      | components['schemas']['RotateIntent']
      | components['schemas']['RevokeIntent']
      | components['schemas']['RestoreIntent'];
    RotateIntent: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'rotate';
      /** @description Which key; a new version of the current one unless said otherwise. */
      key?:
        | components['schemas']['NewVersion']
        | components['schemas']['ExistingKey'];
      /**
       * @description How an automatic registry comes to the new version: `nudge` sends its present key again, so that it reads the vault now; `wait` leaves it to Azure's hour. `nudge` unless said otherwise.
       * @enum {string}
       */
      follow?: 'nudge' | 'wait';
    };
    NewVersion: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'new-version';
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
    RevokeIntent: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'revoke';
      /**
       * @description The one that the vault uses unless said otherwise.
       * @enum {string}
       */
      method?: 'access-policy' | 'role-assignment';
    };
    RestoreIntent: {
      /**
       * @description discriminator enum property added by openapi-typescript
       * @enum {string}
       */
      kind: 'restore';
      /** @description The revoke to undo; the latest one of the registry unless said otherwise. */
      operationId?: components['schemas']['Uuid'];
    };
    PlanRequest: {
      entityRef: components['schemas']['EntityRef'];
      registryId: components['schemas']['ArmId'];
      intent: components['schemas']['Intent'];
    };
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
      /** @description A check has failed; the plan will not be accepted. */
      blocked: boolean;
    };
    Check: {
      id: string;
      /** @enum {string} */
      status: 'pass' | 'warn' | 'fail' | 'unknown';
      sentence: string;
      remedy?: string;
    };
    PlannedStep: {
      kind: string;
      title: string;
      target: string;
      /** @description Does it change something in Azure, or only wait and look? */
      writes: boolean;
    };
    Inverse: {
      available: boolean;
      sentence: string;
    };
    OperationRequest: {
      planId: components['schemas']['Uuid'];
      planHash: components['schemas']['Sha256'];
      reason: components['schemas']['Reason'];
      /** @description The registry's name, typed by a person, where the plan asks for it. */
      confirmation?: string;
      /** @description Made by the client, one for each thing that it wants done. */
      idempotencyKey: string;
    };
    /** @enum {string} */
    OperationState:
      | 'queued'
      | 'running'
      | 'waiting'
      | 'succeeded'
      | 'failed'
      | 'cancelled'
      | 'rejected'
      | 'unverified';
    Operation: {
      id: components['schemas']['Uuid'];
      /** @description Grows with every change; the id of the event that told it. */
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
      /** @description What a waiting operation waits for, and until when it will look again. */
      waiting?: {
        sentence: string;
        until: components['schemas']['Time'];
      };
      steps: components['schemas']['OperationStep'][];
      result: components['schemas']['OperationResult'] | null;
    };
    OperationResult: {
      sentence: string;
      code?: string;
      correlationId?: string;
    };
    OperationStep: {
      index: number;
      kind: string;
      title: string;
      target: string;
      writes: boolean;
      /**
       * @description `unchanged`: it was so already, nothing was written.
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
      sentence?: string;
    };
  };
  responses: {
    /** @description Backstage's error body. `error.code` is for a switch, `error.message` for a person; an INVALID_INPUT names the field. */
    Problem: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': {
          error: {
            name: string;
            message: string;
            code?: string;
            field?: string;
            permission?: string;
            operationId?: string;
            changes?: components['schemas']['FieldChange'][];
          };
        };
      };
    };
  };
  parameters: {
    kind: string;
    namespace: string;
    name: string;
    operationId: components['schemas']['Uuid'];
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
      default: components['responses']['Problem'];
    };
  };
  listOperations: {
    parameters: {
      query: {
        entityRef: components['schemas']['EntityRef'];
        registryId?: components['schemas']['ArmId'];
        /** @description 1 to 100, 20 unless said otherwise. */
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
      default: components['responses']['Problem'];
    };
  };
}
