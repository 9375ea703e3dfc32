import type { RotationPolicy } from 'backstage-plugin-acr-cmk-common';
import { requirePolicyThatRotates } from './policyLimits';

describe('a policy that is to rotate a key', () => {
  it.each<[why: string, policy: RotationPolicy]>([
    ['after the least time', { timeAfterCreate: 'P7D' }],
    [
      'with an expiry that leaves a week',
      { timeAfterCreate: 'P21D', expiryTime: 'P28D' },
    ],
    [
      'before the expiry, with notice',
      {
        timeBeforeExpiry: 'P30D',
        expiryTime: 'P1Y',
        notifyBeforeExpiry: 'P45D',
      },
    ],
  ])('is fine: %s', (_why, policy) => {
    expect(() => requirePolicyThatRotates(policy, 'policy')).not.toThrow();
  });

  // managed-hsm/key-rotation.md
  it.each<RotationPolicy>([
    { timeAfterCreate: 'P28D' },
    { timeAfterCreate: 'P28D', expiryTime: 'P35D' },
    { timeBeforeExpiry: 'P28D', expiryTime: 'P56D' },
  ])('is fine in a Managed HSM: %j', policy => {
    expect(() =>
      requirePolicyThatRotates(policy, 'policy', true),
    ).not.toThrow();
  });

  // managed-hsm/key-rotation.md
  it.each<[field: string, policy: RotationPolicy, says: string]>([
    [
      'timeAfterCreate',
      { timeAfterCreate: 'P27D' },
      'at least 28 days in a Managed HSM',
    ],
    [
      'timeBeforeExpiry',
      { timeBeforeExpiry: 'P29D', expiryTime: 'P56D' },
      'at least 28 days shorter than expiryTime (P56D) in a Managed HSM',
    ],
    [
      'expiryTime',
      { timeBeforeExpiry: 'P7D', expiryTime: 'P27D' },
      'at least 28 days in a Managed HSM',
    ],
    [
      'notifyBeforeExpiry',
      {
        timeAfterCreate: 'P90D',
        expiryTime: 'P1Y',
        notifyBeforeExpiry: 'P30D',
      },
      'a Managed HSM has no Event Grid notifications',
    ],
  ])('is refused in a Managed HSM by %s: %j', (field, policy, says) => {
    expect(() => requirePolicyThatRotates(policy, 'policy', true)).toThrow(
      expect.objectContaining({
        field: `policy.${field}`,
        message: expect.stringContaining(says),
      }),
    );
  });

  it.each<[field: string, policy: RotationPolicy, says: string]>([
    ['timeAfterCreate', {}, 'one of them is needed'],
    ['timeAfterCreate', { timeAfterCreate: 'P6D' }, 'at least 7 days'],
    ['timeAfterCreate', { timeAfterCreate: 'PT48H' }, 'is not a duration'],
    [
      'timeAfterCreate',
      { timeAfterCreate: 'P22D', expiryTime: 'P28D' },
      'at least 7 days shorter than expiryTime (P28D)',
    ],
    ['expiryTime', { timeAfterCreate: 'P7D', expiryTime: 'P27D' }, '28 days'],
    [
      'timeBeforeExpiry',
      { timeAfterCreate: 'P90D', timeBeforeExpiry: 'P7D', expiryTime: 'P1Y' },
      'cannot be combined with timeAfterCreate',
    ],
    ['timeBeforeExpiry', { timeBeforeExpiry: 'P30D' }, 'needs expiryTime'],
    [
      'timeBeforeExpiry',
      { timeBeforeExpiry: 'P6D', expiryTime: 'P1Y' },
      'at least 7 days',
    ],
    [
      'timeBeforeExpiry',
      { timeBeforeExpiry: 'P22D', expiryTime: 'P28D' },
      'at least 7 days shorter',
    ],
    [
      'notifyBeforeExpiry',
      { timeAfterCreate: 'P90D', notifyBeforeExpiry: 'P30D' },
      'needs expiryTime',
    ],
    [
      'notifyBeforeExpiry',
      {
        timeAfterCreate: 'P90D',
        expiryTime: 'P1Y',
        notifyBeforeExpiry: 'P365D',
      },
      'is shorter than expiryTime (P1Y)',
    ],
  ])('is refused by %s: %j', (field, policy, says) => {
    expect(() => requirePolicyThatRotates(policy, 'policy')).toThrow(
      expect.objectContaining({
        field: `policy.${field}`,
        message: expect.stringContaining(says),
      }),
    );
  });
});
