/**
 * Channel of Backstage's signals for changes of registries. Its messages are {@link ChangesSignal}s.
 *
 * @public
 */
export const CHANGES_CHANNEL = 'acr-cmk:changes';

/**
 * Signal that registries have changed. It reaches every signed-in user, so it contains no facts: views
 * load the registries again.
 *
 * @public
 */
export interface ChangesSignal {
  /** `changeToken`s of the registries. Absent when they are too many to name: any may have changed. */
  tokens?: string[];
}
