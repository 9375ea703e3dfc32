import { createTranslationMessages } from '@backstage/frontend-plugin-api';
import { acrCmkCardTranslationRef } from './card';

/** The German texts of the card, which the tab says, too. */
export const germanCardMessages = {
  'tab.loading': 'Die Verschlüsselung der Registries wird gelesen',
  'card.title': 'Schlüssel der Verschlüsselung',
  'card.open': 'Zum Schlüssel',
  'card.failed': 'Konnte nicht gelesen werden: {{message}}',
  'card.none': 'Die Entität nennt keine Registry.',
  'head.checked': 'Aus Azure gelesen:',
  'state.current': 'Aktuell',
  'state.converging': 'Zieht nach',
  'state.behind': 'Im Rückstand',
  'state.behind-by-choice': 'Absichtlich im Rückstand',
  'state.pinned-key-trap': 'Falle: feste Version',
  'state.at-risk': 'Gefährdet',
  'state.expired': 'Abgelaufen',
  'state.unreachable': 'Nicht erreichbar',
  'state.revoked': 'Entzogen',
  'state.unknown': 'Unbekannt',
  'state.no-cmk': 'Kein eigener Schlüssel',
  'unreadable.invalid-id.word': 'Keine Registry-ID',
  'unreadable.out-of-scope.word': 'Außerhalb des Bereichs',
  'unreadable.not-found.word': 'Nicht gefunden',
  'unreadable.denied.word': 'Von Azure abgelehnt',
  'unreadable.unavailable.word': 'Zurzeit nicht lesbar',
  'mode.short.automatic': 'folgt neuen Versionen',
  'mode.short.manual': 'bleibt auf ihrer Version',
} as const;

export default createTranslationMessages({
  ref: acrCmkCardTranslationRef,
  full: true,
  messages: germanCardMessages,
});
