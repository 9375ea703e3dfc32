import {
  type Change,
  encryptedRegistryWith,
  known,
  registryOf,
  bundleWith,
} from '../../__testUtils__/encryptedRegistries';
import type { StepSpec } from '../../steps';
import { addAccessPolicy } from '../../steps/addAccessPolicy';
import { setVersionEnabled } from '../../steps/setVersionEnabled';
import { guidsFrom, type PlanContext, type PlanDraft } from './draft';
import { restoreIntent } from './restore';

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

function plan(revoke: Omit<PlanContext['revokes'][number], 'operationId'>) {
  return restoreIntent.plan(
    encryptedRegistryWith(WITHOUT_ACCESS),
    { kind: 'restore', operationId: 'revoke' },
    {
      registries: [registry],
      elsewhere: [],
      registriesComplete: true,
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
