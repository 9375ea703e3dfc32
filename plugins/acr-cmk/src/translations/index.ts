/**
 * The references to the labels of the tab, the cards and the pages, by which an app can translate or
 * replace them.
 *
 * @packageDocumentation
 */
export { acrCmkCampaignTranslationRef } from './campaign';
export { acrCmkCardTranslationRef } from './card';
export { acrCmkFleetTranslationRef } from './fleet';
export { acrCmkTranslationRef } from './ref';
