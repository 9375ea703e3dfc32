/* Made by `yarn generate` from openapi/openapi.yaml. Do not edit. */

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
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
    '/v1/plans': {
      post: {
        operationId: 'createPlan',
        summary: 'What would happen, and whom it would touch',
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
            description: '1 to 100, 20 unless said otherwise.',
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
          default: { $ref: '#/components/responses/Problem' },
        },
      },
    },
  },
  components: {
    parameters: {
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
    },
    responses: {
      Problem: {
        description:
          "Backstage's error body. `error.code` is for a switch, `error.message` for a person; an INVALID_INPUT names the field.",
        content: {
          'application/json': {
            schema: {
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
                    operationId: { type: 'string' },
                    changes: {
                      type: 'array',
                      items: { $ref: '#/components/schemas/FieldChange' },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
    schemas: {
      Uuid: {
        type: 'string',
        pattern:
          '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
      },
      Sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      Time: { type: 'string', description: 'ISO 8601 in UTC' },
      EntityRef: {
        type: 'string',
        minLength: 5,
        maxLength: 200,
        pattern:
          '^[a-zA-Z][a-zA-Z0-9]{0,62}:[a-zA-Z0-9\\-_.]{1,63}/[a-zA-Z0-9\\-_.]{1,63}$',
      },
      ArmId: { type: 'string', minLength: 1, maxLength: 400 },
      Reason: {
        type: 'string',
        description:
          'Why, in one line, for the record: 3 to 500 characters, no control or direction characters, not beginning with =, +, - or @.',
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
          sentence: { type: 'string' },
        },
      },
      UnreadableReason: {
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
          actions: {
            type: 'array',
            description: 'What the caller may ask for, and why not.',
            items: { $ref: '#/components/schemas/ActionOffer' },
          },
          binding: { $ref: '#/components/schemas/Binding' },
          freshness: { $ref: '#/components/schemas/Freshness' },
          runningOperationId: {
            oneOf: [{ $ref: '#/components/schemas/Uuid' }, { type: 'null' }],
          },
        },
      },
      RegistryStateId: {
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
        type: 'object',
        additionalProperties: false,
        required: ['id', 'sentence'],
        properties: {
          id: { $ref: '#/components/schemas/RegistryStateId' },
          sentence: { type: 'string' },
          until: {
            description:
              'When the state is expected to end or to bite: the end of the hour of a converging registry, the expiry of a key at risk.',
            $ref: '#/components/schemas/Time',
          },
        },
      },
      VersionMode: { type: 'string', enum: ['automatic', 'manual'] },
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
              'Is it attached to the registry (user-assigned) or switched on (system)?',
          },
        },
      },
      AccessPaths: {
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
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'sentence', 'direct'],
        properties: {
          kind: { type: 'string', enum: ['access-policy', 'role-assignment'] },
          sentence: { type: 'string' },
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
        type: 'object',
        additionalProperties: false,
        required: ['known', 'problem'],
        properties: {
          known: { type: 'boolean', const: false },
          problem: { type: 'string' },
        },
      },
      KeyView: {
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
        type: 'object',
        additionalProperties: false,
        required: ['id', 'severity', 'verdict', 'sentence'],
        properties: {
          id: { type: 'string' },
          severity: { type: 'string', enum: ['info', 'warning', 'error'] },
          verdict: {
            type: 'string',
            enum: ['found', 'undecided'],
            description:
              '`undecided`: what it takes to know could not be read.',
          },
          sentence: { type: 'string' },
          remedy: { type: 'string' },
        },
      },
      Consumer: {
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
        },
      },
      ActionId: { type: 'string', enum: ['rotate', 'revoke', 'restore'] },
      ActionOffer: {
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
        type: 'object',
        additionalProperties: false,
        required: ['proven', 'sentence'],
        properties: {
          proven: { type: 'boolean' },
          by: { type: 'string', enum: ['tag', 'config'] },
          sentence: { type: 'string' },
        },
      },
      Freshness: {
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
        oneOf: [
          { $ref: '#/components/schemas/RotateIntent' },
          { $ref: '#/components/schemas/RevokeIntent' },
          { $ref: '#/components/schemas/RestoreIntent' },
        ],
        discriminator: {
          propertyName: 'kind',
          mapping: {
            rotate: '#/components/schemas/RotateIntent',
            revoke: '#/components/schemas/RevokeIntent',
            restore: '#/components/schemas/RestoreIntent',
          },
        },
      },
      RotateIntent: {
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
              'Which key; a new version of the current one unless said otherwise.',
            oneOf: [
              { $ref: '#/components/schemas/NewVersion' },
              { $ref: '#/components/schemas/ExistingKey' },
            ],
            discriminator: {
              propertyName: 'kind',
              mapping: {
                'new-version': '#/components/schemas/NewVersion',
                existing: '#/components/schemas/ExistingKey',
              },
            },
          },
          follow: {
            type: 'string',
            enum: ['nudge', 'wait'],
            description:
              "How an automatic registry comes to the new version: `nudge` sends its present key again, so that it reads the vault now; `wait` leaves it to Azure's hour. `nudge` unless said otherwise.",
          },
        },
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
      RevokeIntent: {
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
            type: 'string',
            enum: ['access-policy', 'role-assignment'],
            description: 'The one that the vault uses unless said otherwise.',
          },
        },
      },
      RestoreIntent: {
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
              'The revoke to undo; the latest one of the registry unless said otherwise.',
            $ref: '#/components/schemas/Uuid',
          },
        },
      },
      PlanRequest: {
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
          blocked: {
            type: 'boolean',
            description: 'A check has failed; the plan will not be accepted.',
          },
        },
      },
      Check: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'status', 'sentence'],
        properties: {
          id: { type: 'string' },
          status: { type: 'string', enum: ['pass', 'warn', 'fail', 'unknown'] },
          sentence: { type: 'string' },
          remedy: { type: 'string' },
        },
      },
      PlannedStep: {
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
        },
      },
      Inverse: {
        type: 'object',
        additionalProperties: false,
        required: ['available', 'sentence'],
        properties: {
          available: { type: 'boolean' },
          sentence: { type: 'string' },
        },
      },
      OperationRequest: {
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
        type: 'string',
        enum: [
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
        ],
        properties: {
          id: { $ref: '#/components/schemas/Uuid' },
          revision: {
            type: 'integer',
            description:
              'Grows with every change; the id of the event that told it.',
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
          waiting: {
            type: 'object',
            description:
              'What a waiting operation waits for, and until when it will look again.',
            additionalProperties: false,
            required: ['sentence', 'until'],
            properties: {
              sentence: { type: 'string' },
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
        type: 'object',
        additionalProperties: false,
        required: ['sentence'],
        properties: {
          sentence: { type: 'string' },
          code: { type: 'string' },
          correlationId: { type: 'string' },
        },
      },
      OperationStep: {
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
            description: '`unchanged`: it was so already, nothing was written.',
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
          sentence: { type: 'string' },
        },
      },
    },
  },
};
