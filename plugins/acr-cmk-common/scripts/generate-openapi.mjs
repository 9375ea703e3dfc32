/*
 * Makes src/generated/ from openapi/openapi.yaml: the document as a module, and its types.
 * With --check it writes nothing and fails when the files are not what they would be.
 */
import { readFile, writeFile, mkdir } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';
import prettier from 'prettier';
import { parse } from 'yaml';

const here = path => new URL(path, import.meta.url);
const source = await readFile(here('../openapi/openapi.yaml'), 'utf8');
const document = parse(source);

const banner =
  '/* Made by `yarn generate` from openapi/openapi.yaml. Do not edit. */\n\n';
const types = astToString(
  await openapiTS(document, { immutable: false, alphabetize: false }),
);
const module = `export const openApiDocument = ${JSON.stringify(document)};`;

const style = await prettier.resolveConfig('.');
const format = text =>
  prettier.format(banner + text, { ...style, parser: 'typescript' });
const files = {
  '../src/generated/types.ts': format(types),
  '../src/generated/document.ts': format(module),
};

const checking = process.argv.includes('--check');
await mkdir(here('../src/generated'), { recursive: true });
for (const [path, text] of Object.entries(files)) {
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
