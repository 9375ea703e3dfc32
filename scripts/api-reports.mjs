// `yarn api-reports`: what each entry of each package exports, as a file that a review can read.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
} from '@microsoft/api-extractor';
import { readFlags } from './lib/flags.mjs';
import { withPropertiesSorted } from './lib/packages/apiReport.mjs';
import { ensurePackagesBuilt } from './lib/packages/build.mjs';
import { publishedPackages } from './lib/packages/workspaces.mjs';
import { inRoot } from './lib/paths.mjs';
import { main, Stop } from './lib/progress.mjs';
import { prepare } from './lib/toolchain.mjs';

const HELP = `Writes report*.api.md beside each package.json.

  --check   writes nothing, and ends with 1 when a report is not what is exported
`;

/** The emulator is a command; what it exports is for this repository alone. */
const packages = publishedPackages().filter(({ folder }) =>
  folder.startsWith('plugins/'),
);

/** Declarations of the entries: dist/index.d.ts, dist/legacy.d.ts… */
function entriesOf(folder) {
  return readdirSync(inRoot(folder, 'dist'))
    .filter(name => name.endsWith('.d.ts'))
    .map(name => basename(name, '.d.ts'));
}

/** The report of one entry, as it is now. */
function extract({ folder, entry, work }) {
  const name = 'report.api.md';
  mkdirSync(join(work, 'made'), { recursive: true });
  const messages = [];
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: inRoot(folder, 'package.json'),
    configObject: {
      projectFolder: inRoot(folder),
      mainEntryPointFilePath: inRoot(folder, 'dist', `${entry}.d.ts`),
      compiler: { tsconfigFilePath: inRoot('tsconfig.json') },
      apiReport: {
        enabled: true,
        reportFileName: name,
        reportFolder: join(work, 'made'),
        reportTempFolder: work,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: {
          default: { logLevel: ExtractorLogLevel.None },
        },
        extractorMessageReporting: {
          default: {
            logLevel: ExtractorLogLevel.Warning,
            addToApiReportFile: true,
          },
          // These name the line of a built file, and so change without the API.
          'ae-undocumented': { logLevel: ExtractorLogLevel.None },
          // The types of a neighbour are read from its source, not from its build.
          'ae-wrong-input-file-type': { logLevel: ExtractorLogLevel.None },
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
        },
        tsdocMessageReporting: {
          default: { logLevel: ExtractorLogLevel.None },
        },
      },
    },
  });
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: message => {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error)
        messages.push(message.text);
    },
  });
  if (messages.length > 0) {
    throw new Stop(`${folder}: ${messages.join('\n')}`);
  }
  return withPropertiesSorted(readFileSync(join(work, 'made', name), 'utf8'));
}

/** The path of the report when it is not what is exported; writes it, unless it is only to be checked. */
function compare({ folder, entry, check, work }) {
  const suffix = entry === 'index' ? '' : `-${entry}`;
  const path = `${folder}/report${suffix}.api.md`;
  const report = extract({ folder, entry, work });
  const kept = existsSync(inRoot(path))
    ? readFileSync(inRoot(path), 'utf8')
    : '';
  if (kept === report) return [];
  if (!check) writeFileSync(inRoot(path), report);
  return [path];
}

await main(async () => {
  const values = readFlags(
    { check: { type: 'boolean', default: false } },
    HELP,
  );
  if (values.help) {
    console.log(HELP);
    return;
  }
  await ensurePackagesBuilt(await prepare());
  const work = mkdtempSync(join(tmpdir(), 'acr-cmk-api-'));
  try {
    const changed = packages.flatMap(({ folder }) =>
      entriesOf(folder).flatMap(entry =>
        compare({ folder, entry, check: values.check, work }),
      ),
    );
    if (values.check && changed.length > 0) {
      throw new Stop(
        `These no longer say what is exported:\n\n${changed.join('\n')}\n\n` +
          'If the change is meant, run yarn api-reports and commit them, with a changeset.',
      );
    }
    console.log(
      changed.length > 0
        ? `written:\n${changed.join('\n')}`
        : 'every report says what is exported',
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});
