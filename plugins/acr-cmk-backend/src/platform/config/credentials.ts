import { z } from 'zod/v4';
import type { CredentialConfig } from '../../azure/credentials/credentials';
import { filled, guid, tenant } from './values';

/**
 * The kinds of credentials, each with what it needs. A value that is needed is never guessed:
 * Backstage leaves out what comes from an environment variable that is not set, and a credential
 * that lost its client id would otherwise become another one.
 */
const KINDS = {
  'client-secret': z.strictObject({
    kind: z.literal('client-secret'),
    tenantId: tenant(),
    clientId: guid(),
    clientSecret: filled(),
  }),
  'client-certificate': z.strictObject({
    kind: z.literal('client-certificate'),
    tenantId: tenant(),
    clientId: guid(),
    certificatePath: filled(),
  }),
  'workload-identity': z.strictObject({
    kind: z.literal('workload-identity'),
    clientId: guid(),
    tenantId: tenant().optional(),
  }),
  'managed-identity': z.strictObject({
    kind: z.literal('managed-identity'),
    clientId: guid(),
  }),
  'system-assigned-identity': z.strictObject({
    kind: z.literal('system-assigned-identity'),
  }),
  'default-chain': z.strictObject({ kind: z.literal('default-chain') }),
};

export const CREDENTIAL_KINDS = Object.keys(KINDS);

/** Fields by the kinds that have them. */
export const CREDENTIAL_FIELDS: ReadonlyMap<string, readonly string[]> =
  new Map(
    [
      ...new Set(
        Object.values(KINDS).flatMap(({ shape }) => Object.keys(shape)),
      ),
    ].map(field => [
      field,
      Object.entries(KINDS)
        .filter(([, { shape }]) => field in shape)
        .map(([kind]) => kind),
    ]),
  );

/** A secret or a certificate says by itself what kind of credential it belongs to. */
export function withKind(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || 'kind' in input) {
    return input;
  }
  if ('certificatePath' in input) {
    return { ...input, kind: 'client-certificate' };
  }
  return 'clientSecret' in input ? { ...input, kind: 'client-secret' } : input;
}

/** One entry below `acrCmk.azure.credentials`. */
export const credential = () =>
  z
    .preprocess(
      withKind,
      z.discriminatedUnion('kind', [
        KINDS['client-secret'],
        KINDS['client-certificate'],
        KINDS['workload-identity'],
        KINDS['managed-identity'],
        KINDS['system-assigned-identity'],
        KINDS['default-chain'],
      ]),
    )
    .transform((value): CredentialConfig => value as CredentialConfig);

/** Reason why an entry without a kind is refused, and what to write. */
export function noKind(at: string, input: object): string {
  const fields = Object.keys(input);
  if (fields.length === 0) {
    return `${at} is empty. Backstage leaves out what comes from an environment variable that is not set, so this may be a credential that has lost its values. Set the variables, or write ${at}.kind: default-chain to use the default credential chain on purpose`;
  }
  return `${at}.clientSecret is missing, and nothing says what kind of credential this is. If it comes from an environment variable, that variable is not set. For a credential without a secret, write ${at}.kind: workload-identity, managed-identity or client-certificate`;
}
