// `yarn size`: code lines by folder beside the figures of `size.json`; `--write` agrees on today's figures.
import { agree, sizeTable } from './lib/size.mjs';

console.log(sizeTable());
if (process.argv.includes('--write')) agree();
