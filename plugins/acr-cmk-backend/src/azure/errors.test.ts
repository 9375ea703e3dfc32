import { createHttpHeaders, RestError } from '@azure/core-rest-pipeline';
import { AzureError } from './AzureError';
import type { CallTarget } from './transport/callTarget';
import { cleanWords } from './failures/cleanWords';
import { toAzureError } from './errors';
import type { FailedCall } from './failures/failedCall';

const NOW = Date.parse('2026-11-25T10:00:00Z');
const REGISTRY =
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/shop';

const ARM_WRITE: CallTarget = {
  doing: 'change the encryption of the registry shop',
  scope: REGISTRY,
  action: 'Microsoft.ContainerRegistry/registries/write',
  role: 'Contributor',
  credential: 'rotate',
  writes: true,
};

const VAULT_WRITE: CallTarget = {
  doing: 'rotate the key orders',
  scope: 'https://kv-shop.vault.azure.net/keys/orders',
  action: 'Microsoft.KeyVault/vaults/keys/rotate/action',
  permission: 'rotate',
  role: 'Key Vault Crypto Officer',
  credential: 'rotate',
  writes: true,
};

const HSM_WRITE: CallTarget = {
  doing: 'rotate the key orders',
  scope: 'https://hsm-shop.managedhsm.azure.net/keys/orders',
  action: 'Microsoft.KeyVault/managedHsm/keys/rotate/action',
  role: 'Managed HSM Crypto User',
  credential: 'rotate',
  writes: true,
};

/** An error of Key Vault, whose own code is inside of another one. */
const inner = (outer: string, code: string, message?: string) => ({
  code: outer,
  message,
  innererror: { code },
});

function refusal(
  target: CallTarget,
  status: number,
  error?: { code?: string; message?: string; innererror?: { code: string } },
  headers: Record<string, string> = {},
): AzureError {
  const call: FailedCall = {
    target,
    sent: true,
    timedOut: false,
    lastAnswer: {
      status,
      headers: createHttpHeaders(headers),
      body: error ? JSON.stringify({ error }) : '<html>no</html>',
    },
  };
  return toAzureError(
    new RestError('raw text that must not be seen', { statusCode: status }),
    call,
    NOW,
  );
}

describe('a refusal of Azure', () => {
  it.each<[why: string, error: AzureError, verdict: string, says: string[]]>([
    [
      'F18: AuthorizationFailed names the action and the scope that Azure names, and the role',
      refusal(ARM_WRITE, 403, {
        code: 'AuthorizationFailed',
        message: `The client 'app' with object id 'oid' does not have authorization to perform action 'Microsoft.ContainerRegistry/registries/write' over scope '${REGISTRY}' or the scope is invalid.`,
      }),
      'denied AuthorizationFailed, refused, no',
      [
        'rotate credential',
        'Microsoft.ContainerRegistry/registries/write',
        REGISTRY,
        'Contributor',
      ],
    ],
    [
      'F18: LinkedAuthorizationFailed names the linked action, its scope and its role',
      refusal(ARM_WRITE, 403, {
        code: 'LinkedAuthorizationFailed',
        message: `The client 'app' with object id 'oid' has permission to perform action 'Microsoft.ContainerRegistry/registries/write' on scope '${REGISTRY}'; however, it does not have permission to perform action(s) 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action' on the linked scope(s) '/subscriptions/x/identity' or the linked scope(s) are invalid.`,
      }),
      'denied LinkedAuthorizationFailed, refused, no',
      [
        'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
        '/subscriptions/x/identity',
        'Managed Identity Operator',
      ],
    ],
    [
      'F18: ForbiddenByRbac names the data action and its role',
      refusal(
        VAULT_WRITE,
        403,
        inner(
          'Forbidden',
          'ForbiddenByRbac',
          'Caller is not authorized. Assignment: (not found)',
        ),
      ),
      'denied ForbiddenByRbac, refused, no',
      [
        'Microsoft.KeyVault/vaults/keys/rotate/action',
        'kv-shop.vault.azure.net',
        'Key Vault Crypto Officer',
      ],
    ],
    [
      'a subscription without the provider is not tried again, and the command is named',
      refusal(ARM_WRITE, 409, {
        code: 'MissingSubscriptionRegistration',
        message:
          "The subscription is not registered to use namespace 'Microsoft.ContainerRegistry'. See https://aka.ms/rps-not-found for how to register subscriptions.",
      }),
      'refused MissingSubscriptionRegistration, refused, no',
      ['az provider register --namespace Microsoft.ContainerRegistry'],
    ],
    [
      'a disabled subscription is not tried again',
      refusal(ARM_WRITE, 409, {
        code: 'ReadOnlyDisabledSubscription',
        message:
          'The subscription is disabled and therefore marked as read only.',
      }),
      'refused ReadOnlyDisabledSubscription, refused, no',
      ['its owner has to enable it'],
    ],
    [
      'a resource in another location is not tried again',
      refusal(ARM_WRITE, 409, { code: 'InvalidResourceLocation' }),
      'refused InvalidResourceLocation, refused, no',
      ['in another location'],
    ],
    [
      'a network security perimeter is not a missing right',
      refusal(VAULT_WRITE, 403, {
        code: 'Forbidden',
        message: 'Access was denied by network security perimeter rules.',
      }),
      'denied ForbiddenByPerimeter, refused, no',
      ['no role helps', 'access rule of the perimeter'],
    ],
    [
      'F18: ForbiddenByPolicy names the permission of the access policy',
      refusal(VAULT_WRITE, 403, inner('Forbidden', 'ForbiddenByPolicy')),
      'denied ForbiddenByPolicy, refused, no',
      ['key permission rotate'],
    ],
    [
      'F18: AccessDenied is the older name of the same',
      refusal(VAULT_WRITE, 403, inner('Forbidden', 'AccessDenied')),
      'denied AccessDenied, refused, no',
      ['key permission rotate'],
    ],
    [
      'F18: AccessDenied of a Managed HSM names the data action and the role in the HSM',
      refusal(HSM_WRITE, 403, {
        code: 'AccessDenied',
        message:
          'Not authorized to access Microsoft.KeyVault/managedHsm/keys/rotate/action on /keys/orders',
      }),
      'denied AccessDenied, refused, no',
      [
        'lacks the data action Microsoft.KeyVault/managedHsm/keys/rotate/action',
        'Managed HSM Crypto User',
      ],
    ],
    [
      'F18: ForbiddenByFirewall says that no role helps',
      refusal(VAULT_WRITE, 403, inner('Forbidden', 'ForbiddenByFirewall')),
      'denied ForbiddenByFirewall, refused, no',
      ['firewall', 'address'],
    ],
    [
      'F18: ForbiddenByConnection names the private endpoint',
      refusal(VAULT_WRITE, 403, inner('Forbidden', 'ForbiddenByConnection')),
      'denied ForbiddenByConnection, refused, no',
      ['private endpoint'],
    ],
    [
      'a disabled key is not a missing right',
      refusal(VAULT_WRITE, 403, inner('Forbidden', 'KeyDisabled')),
      'refused KeyDisabled, refused, no',
      ['disabled'],
    ],
    [
      'a management lock is not a missing right',
      refusal(ARM_WRITE, 409, {
        code: 'ScopeLocked',
        message: "cannot perform write operation because of the lock 'keep'",
      }),
      'refused ScopeLocked, refused, no',
      ['lock', "'keep'"],
    ],
    [
      'an Azure Policy is not a missing right',
      refusal(ARM_WRITE, 403, {
        code: 'RequestDisallowedByPolicy',
        message: "disallowed by policy 'cmk'",
      }),
      'refused RequestDisallowedByPolicy, refused, no',
      ['Azure Policy', "'cmk'"],
    ],
    [
      'a 403 with a code that is not in the table repeats Azure’s words',
      refusal(ARM_WRITE, 403, { code: 'SomethingNew', message: 'Because.' }),
      'denied SomethingNew, refused, no',
      ['Because', 'Microsoft.ContainerRegistry/registries/write'],
    ],
    [
      'F8: a 403 without a code is not Azure’s',
      refusal(ARM_WRITE, 403),
      'unavailable Http403, refused, later',
      ['proxy'],
    ],
    [
      'a token of another tenant',
      refusal(ARM_WRITE, 401, {
        code: 'InvalidAuthenticationTokenTenant',
        message: 'The access token is from the wrong issuer',
      }),
      'denied InvalidAuthenticationTokenTenant, refused, no',
      ['tenant'],
    ],
    [
      'something that is not there',
      refusal(ARM_WRITE, 404, { code: 'ResourceNotFound', message: 'gone' }),
      'not-found ResourceNotFound, refused, no',
      [REGISTRY],
    ],
    [
      'F22: a key that is just being deleted',
      refusal(VAULT_WRITE, 409, inner('Conflict', 'ObjectIsBeingDeleted')),
      'refused ObjectIsBeingDeleted, refused, later',
      ['right now'],
    ],
    [
      'F20: a name that a deleted key still has',
      refusal(
        VAULT_WRITE,
        409,
        inner('Conflict', 'ObjectIsDeletedButRecoverable'),
      ),
      'refused ObjectIsDeletedButRecoverable, refused, no',
      ['recovered'],
    ],
    [
      'a name that somebody else has',
      refusal(ARM_WRITE, 409, {
        code: 'AlreadyInUse',
        message: 'The registry DNS name shop.azurecr.io is already in use.',
      }),
      'refused AlreadyInUse, refused, no',
      ['taken', 'shop.azurecr.io'],
    ],
    [
      'a change that meets another one, which ends by itself',
      refusal(ARM_WRITE, 409, { code: 'Conflict', message: 'busy' }),
      'refused Conflict, refused, later',
      ['busy'],
    ],
    [
      'F19: the registry’s identity cannot use the key yet',
      refusal(ARM_WRITE, 400, {
        code: 'BadRequest',
        message:
          "Failed to access KeyId 'https://kv'. Verify that identity 'x' has 'Get, Wrap Key, Unwrap Key' permission",
      }),
      'refused KeyOutOfReach, refused, when-access-spreads',
      ['identity cannot use the key', 'Wrap Key'],
    ],
    [
      'F19: the registry does not have its identity yet',
      refusal(ARM_WRITE, 400, {
        code: 'BadRequest',
        message: `Azure resource '${REGISTRY}' does not have access to identity 'x' Try forcibly adding the identity to the registry shop.`,
      }),
      'refused IdentityOutOfReach, refused, when-access-spreads',
      ['cannot use its identity', 'forcibly'],
    ],
    [
      'F19: an identity that was just made is not known everywhere',
      refusal(ARM_WRITE, 400, {
        code: 'FailedIdentityOperation',
        message:
          "Identity operation failed because the identity '/subscriptions/x/id' does not exist.",
      }),
      'refused IdentityOutOfReach, refused, when-access-spreads',
      ['does not exist'],
    ],
    [
      'F19: Entra does not know a principal that was just made',
      refusal(ARM_WRITE, 400, {
        code: 'PrincipalNotFound',
        message: 'Principal 1 does not exist in the directory 2.',
      }),
      'refused PrincipalNotFound, refused, when-access-spreads',
      ['Principal 1'],
    ],
    [
      'a 400 that says nothing of access',
      refusal(ARM_WRITE, 400, {
        code: 'BadRequest',
        message: 'The key identifier is not valid.',
      }),
      'refused BadRequest, refused, no',
      ['not valid'],
    ],
    [
      'F7: throttling',
      refusal(ARM_WRITE, 429, { code: 'TooManyRequests', message: 'x' }),
      'throttled TooManyRequests, refused, later',
      ['throttling'],
    ],
    [
      'F5: a 500 says nothing of the write',
      refusal(ARM_WRITE, 500, { code: 'InternalServerError', message: 'x' }),
      'unavailable InternalServerError, unknown, later',
      ['has failed'],
    ],
    [
      'F5: a 408 says nothing of the write',
      refusal(ARM_WRITE, 408, { code: 'RequestTimeout' }),
      'unavailable RequestTimeout, unknown, later',
      [],
    ],
    [
      'F8: a gateway’s 502 without a code',
      refusal(ARM_WRITE, 502),
      'unavailable Http502, unknown, later',
      ['502'],
    ],
  ])('%s', (_why, error, verdict, says) => {
    const { kind, code, effect, retry } = error;
    expect(`${kind} ${code}, ${effect}, ${retry.kind}`).toBe(verdict);
    expect(error.message).toMatch(/^Could not .*\.$/);
    expect(error.message).not.toContain('raw text');
    for (const words of says) expect(error.message).toContain(words);
  });

  it('AccessDenied of Resource Graph does not call an action of ARM a data action', () => {
    const { message } = refusal(
      {
        doing: 'query Azure Resource Graph',
        scope: '/subscriptions/1',
        action: 'Microsoft.ContainerRegistry/registries/read',
        role: 'Reader',
        credential: 'read',
        writes: false,
      },
      403,
      { code: 'AccessDenied' },
    );
    expect(message).toBe(
      'Could not query Azure Resource Graph: the read credential lacks Microsoft.ContainerRegistry/registries/read at /subscriptions/1; the smallest built-in role that has it: Reader.',
    );
  });

  it('F7: carries the seconds that Azure asks to wait', () => {
    const error = refusal(
      ARM_WRITE,
      429,
      { code: 'TooManyRequests' },
      { 'retry-after': '3600' },
    );
    expect(error.retry).toEqual({ kind: 'later', afterSeconds: 3600 });
  });

  it('carries Azure’s correlation id, and nothing that is not one', () => {
    const id = '0b1c2d3e-aaaa-4bbb-8ccc-1234567890ab';
    expect(
      refusal(
        ARM_WRITE,
        404,
        { code: 'X' },
        { 'x-ms-correlation-request-id': id },
      ).toProblem(),
    ).toHaveProperty('correlationId', id);
    expect(
      refusal(
        ARM_WRITE,
        404,
        { code: 'X' },
        { 'x-ms-request-id': 'a b<script>' },
      ).toProblem(),
    ).not.toHaveProperty('correlationId');
  });

  it('has no status that Backstage would use as its own, no cause and no body', () => {
    const error = refusal(ARM_WRITE, 403, { code: 'AuthorizationFailed' });
    expect(Object.keys(error).sort()).toEqual([
      'code',
      'correlationId',
      'effect',
      'kind',
      'name',
      'remedied',
      'retry',
    ]);
    expect(error.cause).toBeUndefined();
  });
});

describe('a failure of the network', () => {
  const call = (some: Partial<FailedCall>): FailedCall => ({
    target: ARM_WRITE,
    sent: true,
    timedOut: false,
    ...some,
  });

  it.each(['ENOTFOUND', 'ECONNRESET', 'ECONNREFUSED', 'ERR_TLS_SOMETHING'])(
    'F8: %s is unavailable by its own code',
    code => {
      expect(
        toAzureError(new RestError('10.0.0.7:443', { code }), call({}), NOW),
      ).toMatchObject({ kind: 'unavailable', code, effect: 'unknown' });
    },
  );

  it('F5: a write that had left when time was up may have had an effect', () => {
    expect(
      toAzureError(new Error('x'), call({ timedOut: true }), NOW),
    ).toMatchObject({
      kind: 'unavailable',
      code: 'TimedOut',
      effect: 'unknown',
    });
  });

  it('F5: a write that had not left when time was up has had none', () => {
    expect(
      toAzureError(new Error('x'), call({ timedOut: true, sent: false }), NOW),
    ).toMatchObject({ code: 'TimedOut', effect: 'refused' });
  });

  it('a reset behind the challenge is not taken for the challenge', () => {
    const challenged = {
      status: 401,
      headers: createHttpHeaders(),
      body: JSON.stringify({ error: { code: 'Unauthorized' } }),
    };
    expect(
      toAzureError(
        new RestError('x', { code: 'ECONNRESET' }),
        call({ lastAnswer: challenged }),
        NOW,
      ),
    ).toMatchObject({ code: 'ECONNRESET', effect: 'unknown' });
  });

  it('an answer that cannot be parsed leaves the effect open', () => {
    expect(
      toAzureError(
        new RestError('secret body', {
          code: RestError.PARSE_ERROR,
          statusCode: 200,
        }),
        call({
          lastAnswer: { status: 200, headers: createHttpHeaders() },
        }),
        NOW,
      ),
    ).toMatchObject({
      kind: 'unavailable',
      code: 'UnexpectedAnswer',
      effect: 'unknown',
    });
  });

  it('a refusal without a body, over which the SDKs fall, is still a refusal', () => {
    expect(
      toAzureError(
        new TypeError("Cannot read properties of undefined (reading 'error')"),
        call({ lastAnswer: { status: 429, headers: createHttpHeaders() } }),
        NOW,
      ),
    ).toMatchObject({ kind: 'throttled', code: 'Http429', effect: 'refused' });
  });

  it('an error that is ours already stays as it is', () => {
    const ours = new AzureError({
      kind: 'refused',
      code: 'InvalidInput',
      message: 'no',
    });
    expect(toAzureError(ours, call({}), NOW)).toBe(ours);
  });
});

// Body of Azure/azqr#847, api-version 2024-04-01; resourcegraph.json, definitions.Error.details.
it('takes the cause from the details, where the message has none', () => {
  const body = JSON.stringify({
    error: {
      code: 'BadRequest',
      message:
        'Please provide below info when asking for support: timestamp = 2026-05-13T08:00:00Z, correlationId = 0a.',
      details: [
        {
          code: 'DisallowedLogicalTableName',
          message:
            'Table appserviceresources is invalid, unsupported or disallowed.',
        },
      ],
    },
  });
  const error = toAzureError(
    new Error('BadRequest'),
    {
      target: ARM_WRITE,
      sent: false,
      timedOut: false,
      lastAnswer: { status: 400, headers: { get: () => undefined }, body },
    },
    NOW,
  );
  expect(error).toMatchObject({
    kind: 'refused',
    code: 'DisallowedLogicalTableName',
    message:
      'Could not change the encryption of the registry shop: Azure refuses it; Azure says: Table appserviceresources is invalid, unsupported or disallowed.',
  });
});

describe('a failure of Entra', () => {
  const call: FailedCall = { target: ARM_WRITE, sent: false, timedOut: false };
  const named = (name: string, message: string, more: object = {}) =>
    Object.assign(new Error(message), { name, ...more });

  it('a wrong secret names the config key and Entra’s code', () => {
    const error = toAzureError(
      named(
        'AuthenticationRequiredError',
        'invalid_client: Error(s): 7000215 - AADSTS7000215: Invalid client secret provided. Trace ID: 0a Correlation ID: 0b Timestamp: 2026',
      ),
      call,
      NOW,
    );
    expect(error).toMatchObject({
      kind: 'denied',
      code: 'AADSTS7000215',
      effect: 'refused',
    });
    expect(error.message).toContain('acrCmk.azure.credentials.rotate');
    expect(error.message).toContain('Invalid client secret');
    expect(error.message).not.toContain('Trace ID');
  });

  // entra-docs, docs/identity-platform/reference-error-codes.md.
  const PASSING = '90006 90012 90024 90033 90055 90090 90091 50033 50087';
  const FAULTS =
    '700024 900382 90002 90004 90013 90014 90019 90023 90036 90038 90092 90093 90094 90099 90100 90102 90123 90124 90130';
  it.each([
    ...PASSING.split(' ').map(code => [code, 'unavailable', 'later'] as const),
    ...FAULTS.split(' ').map(code => [code, 'denied', 'no'] as const),
  ])('AADSTS%s is %s and retried: %s, with its cure', (code, kind, retry) => {
    const error = toAzureError(
      named('AuthenticationRequiredError', `AADSTS${code}: Something is so.`),
      call,
      NOW,
    );
    expect(error).toMatchObject({
      kind,
      code: `AADSTS${code}`,
      retry: { kind: retry },
      message: expect.stringMatching(
        /no token\. [A-Z].{20,}\. It says: AADSTS\d+: Something is so\.$/,
      ),
    });
    expect(error.message).not.toContain('{key}');
  });

  it('a code that only begins like a passing one is a fault', () => {
    expect(
      toAzureError(
        named('AuthenticationRequiredError', 'AADSTS900144: Missing.'),
        call,
        NOW,
      ),
    ).toMatchObject({ kind: 'denied', retry: { kind: 'no' } });
  });

  it('a credential that cannot work here is a matter of configuration', () => {
    expect(
      toAzureError(named('CredentialUnavailableError', 'IMDS'), call, NOW),
    ).toMatchObject({ kind: 'unconfigured', effect: 'refused' });
  });

  it.each([
    [
      'of a token',
      named(
        'AuthenticationRequiredError',
        "ENOENT: no such file or directory, open '/var/run/token'",
      ),
    ],
    [
      'of a certificate',
      named(
        'Error',
        "ENOENT: no such file or directory, open '/var/run/token'",
        { code: 'ENOENT' },
      ),
    ],
  ])('a file %s that is not there is named with its job', (_what, thrown) => {
    expect(toAzureError(thrown, call, NOW)).toMatchObject({
      kind: 'unconfigured',
      code: 'ENOENT',
      effect: 'refused',
      message:
        'Could not change the encryption of the registry shop: the file /var/run/token of the rotate credential (acrCmk.azure.credentials.rotate) cannot be read (ENOENT).',
    });
  });

  it('F8: an Entra that fails is unavailable, and nothing was written', () => {
    expect(
      toAzureError(
        named('AuthenticationError', 'x', { statusCode: 503 }),
        call,
        NOW,
      ),
    ).toMatchObject({
      kind: 'unavailable',
      effect: 'refused',
      retry: { kind: 'later' },
    });
  });

  it('F7: Entra that throttles is throttled', () => {
    expect(
      toAzureError(
        named('AuthenticationError', 'x', { statusCode: 429 }),
        call,
        NOW,
      ),
    ).toMatchObject({ kind: 'throttled' });
  });
});

describe('Azure’s words', () => {
  it.each<[why: string, text: unknown, words: string]>([
    [
      'keep the ids of callers',
      "The client 'a@b' with object id 'c' may not",
      "The client 'a@b' with object id 'c' may not",
    ],
    [
      'lose a token',
      'token eyJhbGciOi.eyJzdWIi.sig_-1 is bad',
      'token [token] is bad',
    ],
    ['lose a bearer header', 'Bearer abc.def is bad', 'Bearer [token] is bad'],
    [
      'lose a secret in a form',
      'client_secret=abc~def&x=1',
      'client_secret=[removed]&x=1',
    ],
    ['lose anything long and random', `x ${'A'.repeat(90)} y`, 'x [removed] y'],
    ['come on one line', 'a\r\nb\tc', 'a b c'],
    ['lose marks that turn text', 'a\u202eb', 'a b'],
    ['are cut', 'ab '.repeat(1000), 'ab '.repeat(200)],
    ['are nothing when they are no text', { a: 1 }, ''],
  ])('%s', (_why, text, words) => {
    expect(cleanWords(text)).toBe(words);
  });
});
