/** Forms of the example templates, where the scaffolder shows what their fields do not. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';

interface Schema {
  properties?: Record<string, Schema>;
  dependencies?: Record<string, { oneOf: Schema[] }>;
  title?: string;
  'ui:field'?: string;
  'ui:options'?: Record<string, unknown>;
  'ui:backstage'?: { review: { show: boolean } };
}

const ROOT = resolve(__dirname, '../../..');
const FOLDER = resolve(ROOT, 'examples/templates');
const pagesOf = (template: string): Schema[] =>
  parse(readFileSync(resolve(FOLDER, template, 'template.yaml'), 'utf8')).spec
    .parameters;

/** Each field of a form, by its path. */
function fieldsIn(schema: Schema, path: string[] = []): [string[], Schema][] {
  const choices = Object.values(schema.dependencies ?? {}).flatMap(
    ({ oneOf }) => oneOf,
  );
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(
      ([name, field]): [string[], Schema][] => [
        [[...path, name], field],
        // What a field of this plugin shows, it names itself.
        ...(field['ui:field'] ? [] : fieldsIn(field, [...path, name])),
      ],
    ),
    ...choices.flatMap(choice => fieldsIn(choice, path)),
  ];
}

/** The words by which the scaffolder names a nested field in an error: those of its path. */
const wordsOf = (path: readonly string[]) =>
  path
    .join(' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(' ');

it.each(readdirSync(FOLDER))(
  '%s names no field by the same word twice',
  name => {
    const paths = pagesOf(name).flatMap(page =>
      fieldsIn(page).map(([path]) => wordsOf(path)),
    );
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter(words => new Set(words).size < words.length)).toEqual(
      [],
    );
  },
);

it('has no row in the review for a field that belongs to the other kind of key', () => {
  const page = pagesOf('encrypted-container-registry').find(
    ({ title }) => title === 'Key',
  )!;
  const kinds = page.properties!.key.dependencies!.kind.oneOf.map(
    ({ properties: { kind: _, ...others } = {} }) => others,
  );
  const all = new Set(kinds.flatMap(kind => Object.keys(kind)));
  for (const kind of kinds) {
    // One that is missing gets a row by its path, with what was answered before.
    expect(Object.keys(kind).sort()).toEqual([...all].sort());
    for (const { title, 'ui:backstage': shown } of Object.values(kind)) {
      expect(title === undefined).toBe(shown?.review.show === false);
    }
  }
});

it('refuses a revoke in the first field, where programs may not request one', () => {
  const [{ properties }] = pagesOf('emergency-revoke');
  expect(Object.values(properties!)[0]).toMatchObject({
    'ui:field': 'AcrCmkRegistryPicker',
    'ui:options': { intent: 'revoke' },
  });
});

it('may request a revoke in the demo', () => {
  const config = parse(readFileSync(resolve(ROOT, 'app-config.yaml'), 'utf8'));
  expect(config.acrCmk.actions).toEqual({ revoke: true });
});
