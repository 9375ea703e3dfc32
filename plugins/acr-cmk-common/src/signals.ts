/**
 * Channel of Backstage's signals on which the backend says that registries have changed. Its messages
 * are {@link ChangesSignal}s.
 *
 * @public
 */
export const CHANGES_CHANNEL = 'acr-cmk:changes';

/**
 * Registries have changed. It reaches everybody who is signed in, so it says nothing about them:
 * whoever shows one asks for it again.
 *
 * @public
 */
export interface ChangesSignal {
  /** `changeToken`s of the registries. Absent when they are too many to name: any may have changed. */
  tokens?: string[];
}
