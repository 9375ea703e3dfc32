import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** The texts of the card, in English. The tab says them, too. */
export const cardMessages = {
  'tab.loading': 'Reading the encryption of the registries',
  'card.title': 'Encryption key',
  'card.open': 'Open the key',
  'card.failed': 'Could not be read: {{message}}',
  'card.none': 'The entity names no registry.',
  'head.checked': 'Read from Azure',
  'state.current': 'Current',
  'state.converging': 'Converging',
  'state.behind': 'Behind',
  'state.behind-by-choice': 'Behind by choice',
  'state.pinned-key-trap': 'Pinned-key trap',
  'state.at-risk': 'At risk',
  'state.expired': 'Expired',
  'state.unreachable': 'Unreachable',
  'state.revoked': 'Revoked',
  'state.unknown': 'Unknown',
  'state.no-cmk': 'No customer-managed key',
  'unreadable.invalid-id.word': 'Not a registry id',
  'unreadable.out-of-scope.word': 'Out of scope',
  'unreadable.not-found.word': 'Not found',
  'unreadable.denied.word': 'Azure refused',
  'unreadable.unavailable.word': 'Not readable now',
  'mode.short.automatic': 'follows new versions',
  'mode.short.manual': 'stays on its version',
} as const;

/** Apart from the texts of the tab, so that an entity page loads few of them. */
export const acrCmkCardTranslationRef = createTranslationRef({
  id: 'acr-cmk.card',
  messages: cardMessages,
});
