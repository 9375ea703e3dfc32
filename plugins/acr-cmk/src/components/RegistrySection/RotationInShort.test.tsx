import { screen } from '@testing-library/react';
import type { KeyView, UnknownView } from 'backstage-plugin-acr-cmk-common';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { keyWith } from '../../fixtures/keys';
import { registryWith } from '../../fixtures/registry';
import { renderView } from '../../__testUtils__/render';
import { RotationInShort } from './RotationInShort';

const unread: UnknownView = { known: false, problem: 'denied' };

it.each<
  [
    says: string,
    mode: 'automatic' | 'manual' | undefined,
    key: KeyView | UnknownView,
  ]
>([
  [
    'Automatic, every 90 days (rotation policy)',
    'automatic',
    keyWith({
      rotatesByPolicy: true,
      rotationPolicy: { timeAfterCreate: 'P90D' },
    }),
  ],
  [
    'Automatic, 1 month before expiry (rotation policy)',
    'automatic',
    keyWith({
      rotatesByPolicy: true,
      rotationPolicy: { timeBeforeExpiry: 'P1M', expiryTime: 'P1Y' },
    }),
  ],
  [
    'Automatic (rotation policy)',
    'automatic',
    keyWith({ rotatesByPolicy: true }),
  ],
  [
    'No rotation policy, follows new versions',
    'automatic',
    keyWith({ rotatesByPolicy: false }),
  ],
  ['Follows new versions; rotation policy unknown', 'automatic', unread],
  [
    'Vault: by policy. Registry: manual',
    'manual',
    keyWith({
      rotatesByPolicy: true,
      rotationPolicy: { timeAfterCreate: 'P90D' },
    }),
  ],
  ['Manual', 'manual', keyWith({ rotatesByPolicy: false })],
  ['Manual', 'manual', unread],
  ['Unknown', undefined, unread],
])('says in short: %s', async (says, versionMode, key) => {
  renderView(
    <p data-testid="rotation">
      <RotationInShort registry={registryWith({ versionMode, key })} />
    </p>,
    { api: new InMemoryAcrCmk() },
  );
  expect((await screen.findByTestId('rotation')).textContent).toBe(says);
});
