import {
  ago,
  ahead,
  type Change,
  encryptedRegistryWith,
  known,
  NEW,
  OLD,
  registryOf,
  bundleWith,
  version,
} from '../../__testUtils__/encryptedRegistries';
import type { StepSpec } from '../steps';
import { addAccessPolicy } from '../steps/addAccessPolicy';
import { setVersionEnabled } from '../steps/setVersionEnabled';
import { guidsFrom, type PlanContext, type PlanDraft } from './draft';
import { restoreIntent } from './restore';
import { NO_SERVICES } from './__testUtils__/planOf';

const WITHOUT_ACCESS: Change = {
  vault: { accessPolicies: [] },
  assignments: known([]),
};
const { identity, vault } = encryptedRegistryWith(WITHOUT_ACCESS);
const registry = registryOf(bundleWith().registry);

const grantTo = (objectId: string): StepSpec =>
  addAccessPolicy.build({
    vaultId: (vault.known && vault.value.id) || '',
    entry: {
      tenantId: '99999999-8888-4777-8666-555555555555',
      objectId,
      keys: ['get', 'wrapKey', 'unwrapKey', 'sign'],
      secrets: [],
      certificates: [],
      storage: [],
    },
  });
const enabled = (key: string): StepSpec =>
  setVersionEnabled.build({
    key: `https://kv1.vault.azure.net/keys/${key}/${'a'.repeat(32)}`,
    enabled: true,
  });

function plan(
  revoke: Omit<PlanContext['revokes'][number], 'operationId'>,
  change: Change = {},
) {
  return restoreIntent.plan(
    encryptedRegistryWith({ ...WITHOUT_ACCESS, ...change }),
    { kind: 'restore', operationId: 'revoke' },
    {
      registries: [registry],
      elsewhere: [],
      registriesComplete: true,
      ...NO_SERVICES,
      lacksKey: true,
      disabledVersions: new Set(),
      revokes: [{ operationId: 'revoke', ...revoke }],
      credentials: { rotate: true, revoke: true },
      allows: { retire: false, deleteKey: false },
      guid: guidsFrom('a test'),
    },
  );
}
const granted = ({ steps }: PlanDraft) =>
  steps.flatMap(step =>
    step.kind === 'add-access-policy' ? [step.entry.objectId] : [],
  );

describe('a plan to restore by a revoke that is undone already', () => {
  const FORMER = '55555555-0000-4000-8000-000000000000';

  it('gives the identity of the registry back what the revoke took', () => {
    const draft = plan({
      pending: false,
      inverse: [grantTo(identity.principalId!)],
    });
    expect(draft.steps.slice(0, 2)).toEqual([
      expect.objectContaining({ kind: 'record-pull' }),
      grantTo(identity.principalId!),
    ]);
  });

  it('gives nothing to an identity that the registry used before', () => {
    const draft = plan({ pending: false, inverse: [grantTo(FORMER)] });
    expect(granted(draft)).not.toContain(FORMER);
    expect(granted(draft)).toEqual([identity.principalId]);
  });

  it('changes no key that the registry used before', () => {
    const former = enabled('other');
    const draft = plan({ pending: false, inverse: [former] });
    expect(draft.steps).not.toContainEqual(former);
  });

  it('is no rule for a revoke that is not undone', () => {
    const draft = plan({ pending: true, inverse: [grantTo(FORMER)] });
    expect(granted(draft)).toContain(FORMER);
  });
});

describe('a plan to restore a version outside its dates', () => {
  const EXPIRED = version(OLD, { expires: ago({ days: 1 }) });
  const taken = { pending: true, inverse: [grantTo(identity.principalId!)] };
  const kinds = ({ steps }: PlanDraft) => steps.map(({ kind }) => kind);
  const datesOf = ({ checks }: PlanDraft) =>
    checks.find(({ id }) => id === 'version-dates');

  it.each<[why: string, change: Change, message: RegExp]>([
    ['expired', { mode: 'manual', versions: [EXPIRED] }, /aaaa… expired on /],
    ['expired, and the latest', { versions: [EXPIRED] }, /aaaa… expired on /],
    [
      'expired, and disabled until the restore',
      { versions: [{ ...EXPIRED, enabled: false }, version(NEW)] },
      /aaaa… expired on /,
    ],
    [
      'not valid yet',
      {
        mode: 'manual',
        versions: [version(OLD, { notBefore: ahead({ days: 1 }) })],
      },
      /aaaa… is not valid before /,
    ],
  ])('sends no key, and says so: %s', (_why, change, message) => {
    const draft = plan(taken, change);
    expect(kinds(draft)).not.toContain('resend-key');
    expect(kinds(draft).at(-1)).toBe('confirm-restored');
    expect(datesOf(draft)).toMatchObject({
      status: 'warn',
      message: expect.stringMatching(message),
      remedy: expect.stringContaining('then rotate to a'),
    });
    expect(draft.summary).toMatch(/took away\.$/);
  });

  it('only closes the revoke where access has returned', () => {
    const draft = plan(taken, {
      mode: 'manual',
      versions: [EXPIRED],
      vault: bundleWith().vault,
    });
    expect(draft.checks).toContainEqual(
      expect.objectContaining({
        id: 'lacks',
        remedy: 'Continue: the operation counts as undone.',
      }),
    );
  });

  it.each<[why: string, change: Change]>([
    ['follows a newer version', { versions: [version(NEW), EXPIRED] }],
    [
      'expires tomorrow',
      {
        mode: 'manual',
        versions: [version(OLD, { expires: ahead({ days: 1 }) })],
      },
    ],
  ])('sends the key of a registry that %s', (_why, change) => {
    const draft = plan(taken, change);
    expect(kinds(draft)).toContain('resend-key');
    expect(datesOf(draft)).toBeUndefined();
    expect(draft.summary).toMatch(/took away, and have it read its key again/);
  });
});
