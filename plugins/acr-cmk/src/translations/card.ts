import {
  createTranslationRef,
  useTranslationRef,
  type TranslationFunction,
} from '@backstage/frontend-plugin-api';

/** The texts of the card, in English. The tab uses them, too. */
export const cardMessages = {
  'page.title': 'Registry keys',
  'page.registries': 'Registries',
  'page.keys': 'By key',
  'page.calendar': 'Calendar',
  'page.campaigns': 'Campaigns',
  'page.waiting': 'Waiting for you',
  'page.installation': 'Installation',
  tryAgain: 'Try again',
  'tab.title': 'Encryption',
  'tab.loading': 'Loading the encryption of the registries',
  'card.title': 'Encryption key',
  'card.open': 'View encryption',
  'card.failed': 'Could not be loaded: {{message}}',
  'card.none': 'This entity has no container registry.',
  'head.checked': 'Updated',
  'head.mayLag': '(may lag by up to {{time}})',
  'state.current': 'Current',
  'state.converging': 'Converging',
  'state.behind': 'Behind',
  'state.behind-by-choice': 'Behind by choice',
  'state.behind-shared-key': 'Behind: shared key',
  'state.behind-manual': 'Behind: manual version',
  'state.last-change-failed': 'Last change failed',
  'state.pinned-key-trap': 'Pinned-key trap',
  'state.at-risk': 'At risk',
  'state.expired': 'Expired',
  'state.unreachable': 'Unreachable',
  'state.revoked': 'Revoked',
  'state.unknown': 'Unknown',
  'state.no-cmk': 'No customer-managed key',
  'unreadable.invalid-id.word': 'Invalid registry ID',
  'unreadable.out-of-scope.word': 'Out of scope',
  'unreadable.not-found.word': 'Not found',
  'unreadable.denied.word': 'Access denied',
  'unreadable.unavailable.word': 'Temporarily unavailable',
  'mode.short.automatic': 'automatic version mode',
  'mode.short.manual': 'manual version mode',
} as const;

/** Separate from the texts of the tab, so that an entity page loads few of them. */
export const acrCmkCardTranslationRef = createTranslationRef({
  id: 'acr-cmk.card',
  messages: cardMessages,
});

type CardTexts = TranslationFunction<(typeof acrCmkCardTranslationRef)['T']>;

/** Texts of the card in the language of the portal. */
export const useCardTexts = (): CardTexts =>
  useTranslationRef(acrCmkCardTranslationRef).t;
