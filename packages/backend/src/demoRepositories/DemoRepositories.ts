import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  resolveSafeChildPath,
  type RootConfigService,
} from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';

/** A host that does not exist: its addresses are served from a folder. */
const HOST = 'git.contoso.example';
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * Replaces the git host in the demo: a folder with a folder for each repository. Templates publish
 * into it as they would to GitHub or Azure DevOps, and the catalog reads from it.
 */
export class DemoRepositories {
  readonly #directory: string | undefined;

  /** Without `demo.repositories` there are no repositories. */
  static fromConfig(config: RootConfigService): DemoRepositories {
    return new DemoRepositories(config.getOptionalString('demo.repositories'));
  }

  constructor(directory: string | undefined) {
    this.#directory = directory && resolve(directory);
  }

  hosts(url: URL): boolean {
    return this.#directory !== undefined && url.host === HOST;
  }

  /**
   * Publishes a folder as a repository, and replaces what was there.
   *
   * @returns the repository's address
   */
  async publish(name: string, from: string): Promise<string> {
    if (!NAME.test(name)) {
      throw new InputError(
        'repository: must be lower-case letters, digits and hyphens',
      );
    }
    if (!this.#directory) {
      throw new InputError(
        'demo.repositories: must be set, it is the folder to publish into',
      );
    }
    const target = resolveSafeChildPath(this.#directory, name);
    await rm(target, { recursive: true, force: true });
    await mkdir(target, { recursive: true });
    await cp(from, target, { recursive: true });
    return `https://${HOST}/${name}`;
  }

  async read(url: string): Promise<Buffer> {
    const { pathname } = new URL(url);
    try {
      return await readFile(
        resolveSafeChildPath(
          this.#directory ?? '',
          decodeURIComponent(pathname).slice(1),
        ),
      );
    } catch {
      throw new NotFoundError(`There is no ${url}`);
    }
  }
}
