import type { AutomaticRotationIntent } from 'backstage-plugin-acr-cmk-common';
import {
  ago,
  ahead,
  bundleWith,
  type Change,
  denied,
  encryptedRegistryWith,
  NEW,
  OLD,
  registryOf,
  version,
} from '../../__testUtils__/encryptedRegistries';
import { automaticRotationIntent } from './automaticRotation';
import { guidsFrom, type PlanContext, type PlanDraft } from './draft';
import { NO_SERVICES } from './__testUtils__/planOf';

type Rotation = AutomaticRotationIntent['rotation'];

const { registry } = bundleWith();
const EVERY_90: Rotation = { kind: 'on', policy: { timeAfterCreate: 'P90D' } };
const YOUNG = [version(OLD, { created: ago({ days: 10 }) })];

const plan = (
  rotation: Rotation,
  change: Change = {},
  context: Partial<PlanContext> = {},
): PlanDraft =>
  automaticRotationIntent.plan(
    encryptedRegistryWith({ versions: YOUNG, ...change }),
    { kind: 'automatic-rotation', rotation },
    {
      registries: [registry],
      elsewhere: [],
      registriesComplete: true,
      ...NO_SERVICES,
      lacksKey: false,
      disabledVersions: new Set(),
      revokes: [],
      credentials: { rotate: true, revoke: true },
      allows: { retire: false, deleteKey: false },
      guid: guidsFrom('a test'),
      ...context,
    },
  );
const kinds = (steps: PlanDraft['steps']) => steps.map(({ kind }) => kind);
const statusOf = ({ checks }: PlanDraft, id: string) =>
  checks.find(check => check.id === id)?.status;

describe('a plan for automatic rotation', () => {
  it('has a pinned registry follow before the vault rotates, and undoes it the other way round', () => {
    const { steps, inverse, after, changes } = plan(EVERY_90, {
      mode: 'manual',
    });
    expect(changes).toEqual([
      {
        what: 'Rotation policy of the key shop',
        before: 'no new versions',
        after: expect.stringContaining('a new version every 90 days'),
      },
    ]);
    expect(kinds(steps)).toEqual([
      'point-registry-at-key',
      'set-rotation-policy',
      'confirm-rotation',
    ]);
    expect(after).toMatchObject({
      keyIdentifier: 'https://kv1.vault.azure.net/keys/shop',
      keyRotationEnabled: true,
    });
    expect(kinds(inverse.steps)).toEqual([
      'set-rotation-policy',
      'point-registry-at-key',
    ]);
    expect(inverse.steps).toMatchObject([
      { policy: { notifyBeforeExpiry: 'P30D' } },
      { mode: 'manual', use: OLD },
    ]);
  });

  it('gives back exactly what an operation replaced', () => {
    const { inverse } = plan(EVERY_90, { mode: 'manual' });
    const back = plan(
      { kind: 'as-before' },
      {
        key: {
          rotatesByPolicy: true,
          rotationPolicy: { timeAfterCreate: 'P90D' },
        },
      },
      { rotationBefore: { operationId: 'one', inverse: inverse.steps } },
    );
    expect(back.steps.slice(0, -1)).toEqual(inverse.steps);
    expect(statusOf(back, 'earlier-rotation')).toBe('pass');
  });

  it.each<[why: string, draft: () => PlanDraft]>([
    [
      'on, the newest version is not valid yet',
      () =>
        plan(EVERY_90, {
          mode: 'manual',
          versions: [version(NEW, { notBefore: ahead({ days: 1 }) }), ...YOUNG],
        }),
    ],
    [
      'as before, the version on record has expired',
      () =>
        plan(
          { kind: 'as-before' },
          {
            inUse: NEW,
            versions: [
              version(NEW),
              version(OLD, { expires: ago({ days: 1 }) }),
            ],
          },
          {
            rotationBefore: {
              operationId: 'one',
              inverse: plan(EVERY_90, { mode: 'manual' }).inverse.steps,
            },
          },
        ),
    ],
    [
      'on, the version in use is disabled',
      () =>
        plan(EVERY_90, {
          versions: [version(NEW), version(OLD, { enabled: false })],
        }),
    ],
  ])(
    'is refused before anything is written when, %s: Azure could not change the registry',
    (_why, draft) => {
      expect(statusOf(draft(), 'key-usable')).toBe('fail');
    },
  );

  it('is refused when nothing is on record, or it was of another key', () => {
    expect(statusOf(plan({ kind: 'as-before' }), 'earlier-rotation')).toBe(
      'fail',
    );
    const ofOther = plan(
      { kind: 'as-before' },
      {},
      {
        rotationBefore: {
          operationId: 'one',
          inverse: [
            {
              kind: 'set-rotation-policy',
              version: 1,
              key: 'https://kv1.vault.azure.net/keys/other',
              policy: {},
            },
          ],
        },
      },
    );
    expect(statusOf(ofOther, 'earlier-rotation')).toBe('fail');
    expect(kinds(ofOther.steps)).toEqual(['confirm-rotation']);
  });

  it('turned off, keeps expiry and version mode', () => {
    const { steps } = plan(
      { kind: 'off' },
      {
        key: {
          rotatesByPolicy: true,
          rotationPolicy: { timeAfterCreate: 'P90D', expiryTime: 'P1Y' },
        },
      },
    );
    expect(kinds(steps)).toEqual(['set-rotation-policy', 'confirm-rotation']);
    expect(steps[0]).toMatchObject({
      policy: { expiryTime: 'P1Y', notifyBeforeExpiry: 'P30D' },
    });
  });

  // managed-hsm/key-rotation.md
  describe('of a key in a Managed HSM', () => {
    const inHsm: Change = { home: 'hsm' };

    it('is refused more often than every 28 days', () => {
      expect(() =>
        plan({ kind: 'on', policy: { timeAfterCreate: 'P27D' } }, inHsm),
      ).toThrow(
        'intent.rotation.policy.timeAfterCreate: is at least 28 days in a Managed HSM',
      );
    });

    it('turned off, sends no notice, and says what that leaves', () => {
      const draft = plan(
        { kind: 'off' },
        {
          ...inHsm,
          key: {
            rotatesByPolicy: true,
            rotationPolicy: { timeAfterCreate: 'P90D' },
          },
        },
      );
      expect(draft.steps[0]).toMatchObject({
        kind: 'set-rotation-policy',
        policy: {},
      });
      expect(statusOf(draft, 'policy-before-rotation')).toBe('warn');
    });

    it('undoes a first policy to none', () => {
      const { inverse } = plan(EVERY_90, {
        ...inHsm,
        key: { rotatesByPolicy: false },
      });
      expect(inverse.steps).toMatchObject([
        { kind: 'set-rotation-policy', policy: {} },
      ]);
    });

    it('needs room for the versions that it makes', () => {
      const versions = Array.from({ length: 100 }, (_none, index) =>
        version(index === 0 ? OLD : String(index).padStart(32, '0'), {
          created: ago({ days: 10 }),
        }),
      );
      const draft = plan(EVERY_90, { ...inHsm, versions });
      expect(statusOf(draft, 'room-for-version')).toBe('fail');
    });
  });

  it.each<[check: string, status: string, why: string, plan: () => PlanDraft]>([
    ['first-rotation', 'pass', 'in 80 days', () => plan(EVERY_90)],
    [
      'first-rotation',
      'warn',
      'at once: the newest version is older',
      () =>
        plan(EVERY_90, {
          versions: [version(OLD, { created: ago({ days: 91 }) })],
        }),
    ],
    [
      'first-rotation',
      'warn',
      'never: there is no expiry to count back from',
      () =>
        plan({
          kind: 'on',
          policy: { timeBeforeExpiry: 'P30D', expiryTime: 'P1Y' },
        }),
    ],
    ['expiry-before-rotation', 'pass', 'no expiry', () => plan(EVERY_90)],
    [
      'expiry-before-rotation',
      'warn',
      'the newest version expires first',
      () =>
        plan(EVERY_90, {
          versions: [
            version(OLD, {
              created: ago({ days: 10 }),
              expires: ahead({ days: 79 }),
            }),
          ],
        }),
    ],
    [
      'expiry-before-rotation',
      'pass',
      'the newest version expires later',
      () =>
        plan(EVERY_90, {
          versions: [
            version(OLD, {
              created: ago({ days: 10 }),
              expires: ahead({ days: 81 }),
            }),
          ],
        }),
    ],
    [
      'rotation-policy',
      'fail',
      'the key cannot be read',
      () => plan(EVERY_90, { key: denied }),
    ],
    [
      'something-to-do',
      'pass',
      'no policy yet',
      () => plan(EVERY_90, { key: { rotatesByPolicy: false } }),
    ],
    [
      'something-to-do',
      'warn',
      'it is like this already',
      () =>
        plan(EVERY_90, {
          key: {
            rotatesByPolicy: true,
            rotationPolicy: { timeAfterCreate: 'P90D' },
          },
        }),
    ],
    ['others-follow', 'pass', 'alone', () => plan(EVERY_90)],
  ])('%s: %s, when %s', (check, status, _why, draft) => {
    expect(statusOf(draft(), check)).toBe(status);
  });

  it('names the registries that stay pinned to a version of the key', () => {
    const pinned = registryOf({
      ...registry,
      id: registry.id.replace('shopimages', 'pinnedimages'),
      name: 'pinnedimages',
      encryption: {
        ...registry.encryption,
        keyIdentifier: `https://kv1.vault.azure.net/keys/shop/${OLD}`,
      },
    });
    const { checks } = plan(EVERY_90, {}, { registries: [registry, pinned] });
    expect(checks.find(({ id }) => id === 'others-follow')).toMatchObject({
      status: 'warn',
      message: expect.stringContaining('pinnedimages'),
    });
  });
});
