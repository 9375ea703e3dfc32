/*
 * Makes src/generated/ from openapi/openapi.yaml: the document as a module, its types, and a name with
 * its description for each schema that src/model.ts exports.
 * With --check it writes nothing and fails when the files are not what they would be.
 */
import { readFile, writeFile, mkdir } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';
import { format } from 'oxfmt';
import { parse } from 'yaml';

const here = path => new URL(path, import.meta.url);
const source = await readFile(here('../openapi/openapi.yaml'), 'utf8');
const document = parse(source);

const banner =
  '/* Made by `yarn generate` from openapi/openapi.yaml. Do not edit. */\n\n';
const types = astToString(
  await openapiTS(document, { immutable: false, alphabetize: false }),
);
const module = `/** The API of the backend: OpenAPI 3, with every schema, route and error. */
export const openApiDocument = ${JSON.stringify(document)};`;

/** Names of schemas with what the document says of each, for those who read the declarations. */
const schemas = Object.entries(document.components.schemas)
  .map(
    ([name, { description }]) =>
      `${describe(
        description,
      )}export type ${name} = components['schemas']['${name}'];`,
  )
  .join('\n');

function describe(description) {
  return description
    ? `/** ${description.trim().replaceAll('*/', '')} */\n`
    : '';
}

const { ignorePatterns, ...style } = JSON.parse(
  await readFile(here('../../../.oxfmtrc.json'), 'utf8'),
);
const files = {
  '../src/generated/types.ts': types,
  '../src/generated/document.ts': module,
  '../src/generated/schemas.ts': `import type { components } from './types';\n\n${schemas}`,
};

const checking = process.argv.includes('--check');
await mkdir(here('../src/generated'), { recursive: true });
for (const [path, content] of Object.entries(files)) {
  const { code: text } = await format(path, banner + content, style);
  const now = await readFile(here(path), 'utf8').catch(() => '');
  if (now === text) continue;
  if (checking) {
    process.stderr.write(
      `${path} is not what openapi/openapi.yaml says. Run: yarn workspace backstage-plugin-acr-cmk-common generate\n`,
    );
    process.exitCode = 1;
  } else {
    await writeFile(here(path), text);
  }
}
