import { registryStateIds } from 'backstage-plugin-acr-cmk-common';
import { registryId } from '../../fixtures/ids';
import { registryWith, unreadable } from '../../fixtures/registry';
import { registryStates } from '../../fixtures/registryStates';
import { nameOf, needsAttention } from './listedRegistry';

describe('a registry in the list', () => {
  it.each<
    [
      why: string,
      needed: boolean,
      registry: Parameters<typeof needsAttention>[0],
    ]
  >([
    ['all is well', false, registryStates.current()],
    ['a new version is being taken', false, registryStates.converging()],
    ['it is behind by choice', false, registryStates['behind by choice']()],
    ['it is behind', true, registryStates.behind()],
    [
      'its last change failed',
      true,
      { ...registryStates['last change failed'](), findings: [] },
    ],
    ['access is revoked', true, registryStates.revoked()],
    [
      'the vault cannot be read',
      true,
      registryStates['the vault cannot be read'](),
    ],
    ['it cannot be read', true, unreadable('unavailable')],
    [
      'only a finding is a problem',
      true,
      registryWith({ findings: registryStates.behind().findings }),
    ],
    [
      'a finding is only a note',
      false,
      registryWith({
        findings: [
          { ...registryStates.behind().findings[0], severity: 'info' },
        ],
      }),
    ],
  ])('when %s, needs attention: %s', (_why, needed, registry) => {
    expect(needsAttention(registry)).toBe(needed);
  });

  it('needs attention by its state alone', () => {
    const { state } = registryWith();
    expect(
      registryStateIds.filter(id =>
        needsAttention(registryWith({ state: { ...state, id }, findings: [] })),
      ),
    ).toEqual([
      'revoked',
      'unreachable',
      'expired',
      'last-change-failed',
      'pinned-key-trap',
      'behind',
      'at-risk',
      'unknown',
    ]);
  });

  it('is named after its id, or after the annotation when that is no id', () => {
    expect(nameOf(registryWith())).toBe('shopimages');
    expect(nameOf(unreadable('denied', { text: registryId('orders') }))).toBe(
      'orders',
    );
    expect(nameOf(unreadable('invalid-id', { text: 'a.azurecr.io' }))).toBe(
      'a.azurecr.io',
    );
  });
});
