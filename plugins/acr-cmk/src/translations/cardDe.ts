import { createTranslationMessages } from '@backstage/frontend-plugin-api';
import { acrCmkCardTranslationRef } from './card';

/** The German texts of the card, which the tab uses, too. */
export const germanCardMessages = {
  'page.title': 'ACR-Schlüssel',
  'page.registries': 'Registrierungen',
  'page.keys': 'Nach Schlüssel',
  'page.calendar': 'Kalender',
  'page.waiting': 'Wartet auf Sie',
  'page.installation': 'Installation',
  'tab.title': 'Verschlüsselung',
  'tab.loading': 'Verschlüsselung der Registrierungen wird geladen',
  'card.title': 'Verschlüsselungsschlüssel',
  'card.open': 'Verschlüsselung anzeigen',
  'card.failed': 'Konnte nicht geladen werden: {{message}}',
  'card.none': 'Diese Entität hat keine Containerregistrierung.',
  'head.checked': 'Aktualisiert',
  'state.current': 'Aktuell',
  'state.converging': 'Wird aktualisiert',
  'state.behind': 'Veraltet',
  'state.behind-by-choice': 'Absichtlich veraltet',
  'state.pinned-key-trap': 'Falle: feste Version',
  'state.at-risk': 'Gefährdet',
  'state.expired': 'Abgelaufen',
  'state.unreachable': 'Nicht erreichbar',
  'state.revoked': 'Zugriff entzogen',
  'state.unknown': 'Unbekannt',
  'state.no-cmk': 'Kein kundenseitig verwalteter Schlüssel',
  'unreadable.invalid-id.word': 'Ungültige Registrierungs-ID',
  'unreadable.out-of-scope.word': 'Außerhalb des Bereichs',
  'unreadable.not-found.word': 'Nicht gefunden',
  'unreadable.denied.word': 'Von Azure verweigert',
  'unreadable.unavailable.word': 'Vorübergehend nicht verfügbar',
  'mode.short.automatic': 'automatischer Versionsmodus',
  'mode.short.manual': 'manueller Versionsmodus',
} as const;

export default createTranslationMessages({
  ref: acrCmkCardTranslationRef,
  full: true,
  messages: germanCardMessages,
});
