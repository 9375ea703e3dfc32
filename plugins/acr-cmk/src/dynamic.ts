/**
 * The tab, the card and the pages for portals that load plugins while they run: their loaders take the
 * default export of each exposed module, and only a plugin or a module. Every other portal takes the
 * default export of the package, which brings this and more.
 *
 * @packageDocumentation
 */
export { acrCmkPlugin as default } from './plugin';
