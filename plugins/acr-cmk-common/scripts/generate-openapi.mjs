/*
 * Makes src/generated/api.ts from openapi/openapi.yaml: the document, its types, and a name with its
 * description for each schema.
 * With --check it writes nothing and fails when the file is not what it would be.
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
const documentModule = `/** The API of the backend: OpenAPI 3, with every schema, route and error. */
export const openApiDocument = ${JSON.stringify(document)};`;

/** Names of schemas with their descriptions, for readers of the declarations. */
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
const path = '../src/generated/api.ts';
const { code: text } = await format(
  path,
  [banner, types, schemas, documentModule].join('\n\n'),
  style,
);
const now = await readFile(here(path), 'utf8').catch(() => '');
if (now !== text) {
  if (process.argv.includes('--check')) {
    process.stderr.write(
      `${path} is not what openapi/openapi.yaml says. Run: yarn workspace backstage-plugin-acr-cmk-common generate\n`,
    );
    process.exitCode = 1;
  } else {
    await mkdir(here('../src/generated'), { recursive: true });
    await writeFile(here(path), text);
  }
}
