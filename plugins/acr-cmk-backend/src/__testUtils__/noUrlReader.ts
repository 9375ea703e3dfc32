/**
 * In place of Backstage's reader of URLs, for every test of this package (`jest` in package.json): the real
 * one loads the clients of four clouds, most of a second in each test file, and nothing here reads URLs.
 * The `id` beside it is needed: packages of the same id share a resolver in a worker, and so this mapping.
 */
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';

export const urlReaderServiceFactory = createServiceFactory({
  service: coreServices.urlReader,
  deps: {},
  factory() {
    throw new Error('This package reads no URLs, in tests neither');
  },
});
