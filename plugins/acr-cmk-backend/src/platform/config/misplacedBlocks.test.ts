import { ConfigReader } from '@backstage/config';
import { misplacedBlocks } from '.';

const TO_THE_MARGIN = /^Move it to the left margin and name it acrCmk\. See /;
const TO_THE_PROVIDERS = /^Rename it to catalog\.providers\.acrCmk\. See /;

it.each<[what: string, data: object, found: [place: string, remedy: RegExp][]]>(
  [
    ['the block in its place', { acrCmk: {} }, []],
    [
      'that of the catalog module',
      { catalog: { providers: { acrCmk: { acrCmk: 1 } } } },
      [],
    ],
    [
      'one in another block',
      { backend: { acrCmk: {} } },
      [['backend.acrCmk', TO_THE_MARGIN]],
    ],
    [
      'one that is deeper, and in lower case',
      { app: { x: { acrcmk: {} } } },
      [['app.x.acrcmk', TO_THE_MARGIN]],
    ],
    [
      'one at the top with a hyphen',
      { 'acr-cmk': {} },
      [['acr-cmk', TO_THE_MARGIN]],
    ],
    [
      'misspelled ones of the catalog module',
      { catalog: { providers: { acrcmk: {}, 'acr-cmk': {}, github: {} } } },
      [
        ['catalog.providers.acrcmk', TO_THE_PROVIDERS],
        ['catalog.providers.acr-cmk', TO_THE_PROVIDERS],
      ],
    ],
    [
      'the id of the plugin in a setting of Backstage',
      { backend: { startup: { plugins: { 'acr-cmk': {} } } } },
      [],
    ],
    ['nothing', {}, []],
  ],
)('finds %s', (_what, data, found) => {
  expect(misplacedBlocks(new ConfigReader(data as never))).toEqual(
    found.map(([place, remedy]) => ({
      place,
      remedy: expect.stringMatching(remedy),
    })),
  );
});
