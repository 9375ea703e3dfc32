import {
  createTranslationRef,
  createTranslationResource,
} from '@backstage/frontend-plugin-api';
import type { acrCmkCardTranslationRef } from './card';
import type { acrCmkFleetTranslationRef } from './fleet';
import type { acrCmkTranslationRef } from './ref';

/**
 * A resource finds its texts by the id of their reference. The references themselves hold all
 * English texts, and an app that only registers the German ones at its start should not load them.
 */
const textsRef = createTranslationRef({
  id: 'acr-cmk' satisfies typeof acrCmkTranslationRef.id,
  messages: {},
});

const cardTextsRef = createTranslationRef({
  id: 'acr-cmk.card' satisfies typeof acrCmkCardTranslationRef.id,
  messages: {},
});

const fleetTextsRef = createTranslationRef({
  id: 'acr-cmk.fleet' satisfies typeof acrCmkFleetTranslationRef.id,
  messages: {},
});

/**
 * The texts of the tab and its dialogs in other languages.
 *
 * @public
 */
export const acrCmkTranslations = createTranslationResource({
  ref: textsRef,
  translations: { de: () => import('./de') },
});

/**
 * The texts of the card in other languages.
 *
 * @public
 */
export const acrCmkCardTranslations = createTranslationResource({
  ref: cardTextsRef,
  translations: { de: () => import('./cardDe') },
});

/**
 * The texts of the fleet's page in other languages.
 *
 * @public
 */
export const acrCmkFleetTranslations = createTranslationResource({
  ref: fleetTextsRef,
  translations: { de: () => import('./fleetDe') },
});
