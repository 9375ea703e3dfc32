import { ConfigReader } from '@backstage/config';
import { misplacedBlocks } from '.';

it.each<[what: string, data: object, found: string[]]>([
  ['the block in its place', { acrCmk: {} }, []],
  [
    'that of the catalog module',
    { catalog: { providers: { acrCmk: { acrCmk: 1 } } } },
    [],
  ],
  ['one in another block', { backend: { acrCmk: {} } }, ['backend.acrCmk']],
  [
    'one that is deeper, and in lower case',
    { app: { x: { acrcmk: {} } } },
    ['app.x.acrcmk'],
  ],
  ['one at the top with a hyphen', { 'acr-cmk': {} }, ['acr-cmk']],
  [
    'the id of the plugin in a setting of Backstage',
    { backend: { startup: { plugins: { 'acr-cmk': {} } } } },
    [],
  ],
  ['nothing', {}, []],
])('finds %s', (_what, data, found) => {
  expect(misplacedBlocks(new ConfigReader(data as never))).toEqual(found);
});
