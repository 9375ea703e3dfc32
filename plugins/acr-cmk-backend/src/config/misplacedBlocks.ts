import type { Config } from '@backstage/config';

/** Places of `acrCmk` that something reads: the plugin's own, and the catalog module's. */
const READ = ['acrCmk', 'catalog.providers.acrCmk'];

/** Spellings of the block's name, where a misspelled one is at the top. */
const NAMES = ['acrcmk', 'acr-cmk', 'acr_cmk'];

/**
 * Blocks of app-config that are named like `acrCmk`, and that nothing reads: nested too deep, or misspelled at
 * the top. Backstage ignores both.
 */
export function misplacedBlocks(root: Config): string[] {
  const found: string[] = [];
  const visit = (value: unknown, at: readonly string[]): void => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      const path = [...at, key];
      const place = path.join('.');
      // Deeper, keys such as `acr-cmk` are ids of plugins.
      const names = at.length === 0 ? NAMES : NAMES.slice(0, 1);
      if (READ.includes(place)) continue;
      if (names.includes(key.toLowerCase())) found.push(place);
      else visit(inner, path);
    }
  };
  visit(root.getOptional(), []);
  return found;
}
