import type { RegistryFacts } from 'backstage-plugin-acr-cmk-common';
import {
  type Change,
  denied,
  NEW,
  OLD,
  registryOf,
  bundleWith,
  version,
} from '../../__testUtils__/encryptedRegistries';
import type { ChangeIntent } from './intent';
import type { PlanContext } from './draft';
import { setVersionEnabled } from '../steps/setVersionEnabled';
import { plan, statusOf, checkOf } from './__testUtils__/planOf';

const { registry } = bundleWith();

describe('a retirement', () => {
  const intent: ChangeIntent = { kind: 'retire', version: OLD };
  const moved: Change = {
    inUse: NEW,
    versions: [version(NEW), version(OLD)],
  };
  const movedRegistry = bundleWith(moved).registry;

  it('is for a version that every known registry has left', () => {
    const draft = plan(intent, moved, { registries: [movedRegistry] });
    expect(
      draft.checks.filter(({ status }) => status !== 'pass'),
    ).toMatchObject([{ id: 'other-services', status: 'unknown' }]);
  });

  it.each([
    [
      'refused while a revoke is not undone whose restore would enable it',
      true,
    ],
    ['made once that revoke is undone', false],
  ])('is %s', (_is, pending) => {
    const enable = setVersionEnabled.build({
      key: movedRegistry.key!.at(OLD),
      enabled: true,
    });
    const draft = plan(intent, moved, {
      registries: [movedRegistry],
      revokes: [{ operationId: 'one', pending, inverse: [enable] }],
    });
    const failed = draft.checks.filter(({ status }) => status === 'fail');
    expect(failed.map(({ message }) => message)).toEqual(
      pending
        ? [
            'Revoke one is not undone yet, and its restore would enable the version again.',
          ]
        : [],
    );
  });

  it('names the registries that have not switched yet', () => {
    const left = registryOf({
      ...registry,
      id: `${registry.id}2`,
      name: 'laggard',
    });
    const draft = plan(intent, moved, { registries: [movedRegistry, left] });
    expect(checkOf(draft, 'everybody-moved-on')).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('laggard'),
    });
  });

  it.each<[string, Partial<RegistryFacts>]>([
    ['is being changed', { provisioningState: 'Updating' }],
    [
      'does not show its version',
      {
        encryption: {
          ...movedRegistry.encryption,
          versionedKeyIdentifier: undefined,
        },
      },
    ],
  ])('waits for a registry that %s', (_why, facts) => {
    const unsure = registryOf({
      ...movedRegistry,
      id: `${registry.id}2`,
      name: 'laggard',
      ...facts,
    });
    const registries = [movedRegistry, unsure];
    expect(
      checkOf(plan(intent, moved, { registries }), 'everybody-moved-on'),
    ).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('Not known to have moved on: laggard'),
    });
  });

  it('counts registries out of scope that have not switched, and names none of them', () => {
    const left = registryOf({
      ...registry,
      id: `${registry.id}2`,
      name: 'hidden',
    });
    const draft = plan(intent, moved, {
      registries: [movedRegistry],
      elsewhere: [left],
    });
    const check = checkOf(draft, 'everybody-moved-on');
    expect(check?.status).toBe('fail');
    expect(check?.message).toContain('1 registry outside');
    expect(JSON.stringify(draft)).not.toContain('hidden');
  });

  it.each([
    [
      'not all registries are known',
      moved,
      { registriesComplete: false },
      'everybody-moved-on',
    ],
    [
      'it is the newest version',
      { inUse: NEW, versions: [version(OLD)] },
      {},
      'version-retirable',
    ],
    [
      'it is disabled already',
      {
        inUse: NEW,
        versions: [version(NEW), version(OLD, { enabled: false })],
      },
      {},
      'version-retirable',
    ],
    ['the key cannot be read', { key: denied }, {}, 'version-retirable'],
    [
      'it is not configured',
      moved,
      { allows: { retire: false, deleteKey: false } },
      'retire-allowed',
    ],
  ] as [string, Change, Partial<PlanContext>, string][])(
    'is refused when %s',
    (_why, change, context, id) => {
      const draft = plan(intent, change, {
        registries: [movedRegistry],
        ...context,
      });
      expect(statusOf(draft, id)).toBe('fail');
    },
  );
});
