import { findingsOf } from './findings';
import { shortVersion } from './encryptedRegistry';
import { stateOf } from './state';
import {
  ago,
  ahead,
  type Change,
  denied,
  NEW,
  OLD,
  encryptedRegistryWith,
  version,
} from '../__testUtils__/encryptedRegistries';

describe('stateOf', () => {
  it.each<[state: string, why: string, change: Change]>([
    ['current', 'the newest version', {}],
    [
      'converging',
      'a version of 20 minutes',
      {
        versions: [
          version(NEW, { created: ago({ minutes: 20 }) }),
          version(OLD),
        ],
      },
    ],
    [
      'behind',
      'a version of two hours',
      {
        versions: [
          version(NEW, { created: ago({ minutes: 120 }) }),
          version(OLD),
        ],
      },
    ],
    [
      'behind-manual',
      'manual, a newer version, and nothing shows why',
      { mode: 'manual', versions: [version(NEW), version(OLD)] },
    ],
    [
      'behind-by-choice',
      'its version was selected when the newer one was there',
      {
        mode: 'manual',
        versions: [version(NEW, { created: ago({ days: 2 }) }), version(OLD)],
        changes: { chosen: { version: OLD, at: Date.parse(ago({ days: 1 })) } },
      },
    ],
    [
      'behind-manual',
      'its version was the latest when it was selected',
      {
        mode: 'manual',
        versions: [version(NEW, { created: ago({ days: 1 }) }), version(OLD)],
        changes: { chosen: { version: OLD, at: Date.parse(ago({ days: 2 })) } },
      },
    ],
    [
      'behind-shared-key',
      'a rotation of another registry made the latest version',
      {
        mode: 'manual',
        versions: [version(NEW), version(OLD)],
        changes: { madeForAnother: NEW },
      },
    ],
    [
      'last-change-failed',
      'a rotation made the newer version and failed after that',
      {
        mode: 'manual',
        versions: [version(NEW), version(OLD)],
        changes: { failed: { message: 'Azure refused it', newVersion: NEW } },
      },
    ],
    [
      'last-change-failed',
      'it goes before the vault that rotates',
      {
        mode: 'manual',
        key: { rotatesByPolicy: true },
        registry: { provisioningState: 'Failed' },
      },
    ],
    [
      'pinned-key-trap',
      'manual, the vault rotates',
      { mode: 'manual', key: { rotatesByPolicy: true } },
    ],
    [
      'at-risk',
      'expires in a week',
      { versions: [version(OLD, { expires: ahead({ days: 7 }) })] },
    ],
    [
      'expired',
      'expired yesterday',
      { versions: [version(OLD, { expires: ago({ days: 1 }) })] },
    ],
    [
      'unreachable',
      'the identity is detached',
      { registry: { userAssignedIdentities: [] } },
    ],
    [
      'unreachable',
      'a fault on the path goes before the lost grant',
      {
        vault: {
          accessPolicies: [],
          defaultAction: 'deny',
          trustedServicesBypass: false,
        },
      },
    ],
    ['revoked', 'no grant', { vault: { accessPolicies: [] } }],
    [
      'revoked',
      'the version in use is disabled',
      { versions: [version(OLD, { enabled: false })] },
    ],
    ['unknown', 'the key cannot be read', { key: denied }],
    ['unknown', 'the vault cannot be read', { vault: denied }],
    [
      'revoked',
      'what is found goes before what is not known',
      { key: denied, vault: { accessPolicies: [] } },
    ],
  ])('is %s: %s', (state, _why, change) => {
    const encrypted = encryptedRegistryWith(change);
    const { id, message } = stateOf(encrypted, findingsOf(encrypted));
    expect(id).toBe(state);
    expect(message.split(/\s+/).length).toBeLessThanOrEqual(15);
  });

  it.each<[message: string, change: Change]>([
    [
      `The registry uses the newest enabled version of its key; ${shortVersion(
        NEW,
      )} is newer but disabled`,
      { versions: [version(NEW, { enabled: false }), version(OLD)] },
    ],
    ['The vault kv1 could not be read', { vault: denied, key: denied }],
    ['The key shop could not be read', { key: denied }],
    [
      'The vault kv1 has not been read yet',
      {
        vault: {
          known: false,
          problem: {
            kind: 'unavailable',
            code: 'VaultNotListed',
            message: 'The vault kv1 is not known yet',
          },
        },
      },
    ],
  ])(
    'names the one cause of everything that is not known: %s',
    (message, change) => {
      const encrypted = encryptedRegistryWith(change);
      expect(stateOf(encrypted, findingsOf(encrypted)).message).toBe(message);
    },
  );

  it('says when a converging registry should have followed: an hour after the version', () => {
    const encrypted = encryptedRegistryWith({
      versions: [version(NEW, { created: ago({ minutes: 20 }) }), version(OLD)],
    });
    expect(stateOf(encrypted, findingsOf(encrypted)).until).toBe(
      ahead({ minutes: 40 }),
    );
  });
});
