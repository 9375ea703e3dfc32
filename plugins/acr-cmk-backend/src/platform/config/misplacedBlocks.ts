import type { Config } from '@backstage/config';
import {
  CATALOG_SETTINGS,
  documentationUrl,
} from 'backstage-plugin-acr-cmk-common';

/** Places of `acrCmk` that something reads: the plugin's own, and the catalog module's. */
const READ = ['acrCmk', CATALOG_SETTINGS];

/** Spellings of the block's name, where only a block of this product can be meant. */
const NAMES = ['acrcmk', 'acr-cmk', 'acr_cmk'];

/** Blocks with keys of their products: the top, and the providers of the catalog. */
const NAMED_BY_PRODUCT = ['', 'catalog.providers'];

/** A block of app-config that is named like `acrCmk`, and that nothing reads. */
export interface MisplacedBlock {
  place: string;
  /** The next action, without a point at its end. */
  remedy: string;
}

const remedyFor = (parent: string) =>
  parent === 'catalog.providers'
    ? `Rename it to ${CATALOG_SETTINGS}. See ${documentationUrl(
        'docs/catalog.md#turn-it-on',
      )}`
    : `Move it to the left margin and name it acrCmk. See ${documentationUrl(
        'docs/install.md#4-configuration',
      )}`;

/** Blocks that nothing reads: nested too deep, or misspelled. Backstage ignores both. */
export function misplacedBlocks(root: Config): MisplacedBlock[] {
  const found: MisplacedBlock[] = [];
  const visit = (value: unknown, at: readonly string[]): void => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      const path = [...at, key];
      const place = path.join('.');
      const parent = at.join('.');
      // Deeper, keys such as `acr-cmk` are ids of plugins.
      const names = NAMED_BY_PRODUCT.includes(parent)
        ? NAMES
        : NAMES.slice(0, 1);
      if (READ.includes(place)) continue;
      if (names.includes(key.toLowerCase())) {
        found.push({ place, remedy: remedyFor(parent) });
      } else {
        visit(inner, path);
      }
    }
  };
  visit(root.getOptional(), []);
  return found;
}
