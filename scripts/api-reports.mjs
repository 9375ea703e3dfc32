// `yarn api-reports`: the exports of each entry of each package, as files for reviewers.
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

  --check   writes nothing, and ends with 1 when a report is out of date
`;

/** The plugins. The emulator is a command, and exports for this repository alone. */
const packages = publishedPackages().filter(({ folder }) =>
  folder.startsWith('plugins/'),
);

/** Names of the entries with declarations: `index`, `legacy`. */
function entriesOf(folder) {
  return readdirSync(inRoot(folder, 'dist'))
    .filter(name => name.endsWith('.d.ts'))
    .map(name => basename(name, '.d.ts'));
}

/** Creates the report of one entry. */
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
          // Contains line numbers of built files, which change without the API.
          'ae-undocumented': { logLevel: ExtractorLogLevel.None },
          // Types of other workspaces are read from their source, not from their build.
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

/** Returns the path of an outdated report, and writes the new one unless `check` is set. */
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
        `These reports are out of date:\n\n${changed.join('\n')}\n\n` +
          'If the change is intended, run yarn api-reports, and commit them with a changeset.',
      );
    }
    console.log(
      changed.length > 0
        ? `written:\n${changed.join('\n')}`
        : 'every report is up to date',
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
});
