import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  ReadUrlResponseFactory,
  urlReaderFactoriesServiceRef,
} from '@backstage/backend-defaults/urlReader';
import { createServiceFactory } from '@backstage/backend-plugin-api';
import { DemoRepositories } from './DemoRepositories';

/** Lets the catalog read what templates have published. */
const demoRepositoriesReader = createServiceFactory({
  service: urlReaderFactoriesServiceRef,
  deps: {},
  async factory() {
    return ({ config }) => {
      const repositories = DemoRepositories.fromConfig(config);
      return [
        {
          predicate: url => repositories.hosts(url),
          reader: {
            readUrl: async url =>
              ReadUrlResponseFactory.fromReadable(
                Readable.from([await repositories.read(url)]),
              ),
            // The catalog only searches for a single file: a template registers no patterns.
            search: async url => {
              const content = await repositories.read(url);
              return {
                etag: createHash('sha256').update(content).digest('hex'),
                files: [{ url, content: async () => content }],
              };
            },
            readTree: async () => {
              throw new Error('The demo reads single files only');
            },
          },
        },
      ];
    };
  },
});

export default demoRepositoriesReader;
