// From an empty folder to a rotation, in one portal.
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { demoDirectory } from '../paths.mjs';
import { mustRun, openLog, runLogged, seconds, step } from '../progress.mjs';
import {
  rotateInTab,
  seeCard,
  seeFleet,
  seeTabRefused,
  seeTemplateField,
  seeThemes,
  openBrowser,
} from './browser.mjs';
import { copiesOf, partOfRelease, singletons } from './copies.mjs';
import { readDocument } from './document.mjs';
import {
  addTarballs,
  addTemplate,
  copyOfFiles,
  copyTarballs,
  expectNothingLeft,
  undoSteps,
  usePolicy,
  writeBackendAndConfig,
  writePolicy,
  writeSteps,
} from './install.mjs';
import { readJson } from './files.mjs';
import { RunningPortal } from './running.mjs';
import {
  createApp,
  createAppOf,
  pinTo,
  raiseTo157,
  raiseToNewest,
  seedLockfile,
  settleInstall,
  versionsOf,
} from './scaffold.mjs';

/** Newest create-app. */
const CREATE_APP = '0.9.2';

/** A portal as it was on the day of a release. */
const ofItsDay = (release, { legacy = false } = {}) => ({
  name: legacy ? `${release}-old-frontend` : release,
  release,
  version: createAppOf(release),
  legacy,
  raise: pinTo(release),
  seeded: false,
});

/** Portals that are tried. `npm test -- --all` tries the first; `all` are those of `yarn test:portal --all`. */
export const variants = [
  {
    name: '1.57',
    version: CREATE_APP,
    legacy: false,
    raise: raiseTo157,
    seeded: true,
  },
  {
    name: '1.57-old-frontend',
    version: CREATE_APP,
    legacy: true,
    raise: raiseTo157,
    seeded: true,
    all: true,
  },
  { ...ofItsDay('1.50'), all: true },
  ofItsDay('1.53'),
  // The release of the newest create-app.
  { ...ofItsDay('1.55'), all: true },
  ofItsDay('1.50', { legacy: true }),
  {
    name: 'newest',
    version: 'latest',
    legacy: false,
    raise: raiseToNewest,
    backstage: 'newest',
    seeded: false,
    all: true,
  },
];

/** The portal that follows docs/read-only.md instead of docs/install.md. */
const READ_ONLY = {
  name: 'read-only',
  document: 'docs/read-only.md',
  version: CREATE_APP,
  legacy: false,
  raise: raiseTo157,
  seeded: true,
  all: true,
};
variants.push(READ_ONLY);

export class Journey {
  #variant;
  #portal;
  #lockfile;
  #env;
  #tarballs;
  #executablePath;
  #nearest;
  #block;

  /** @param nearest - whether versions that a mirror of the registry may lack are replaced by neighbours */
  constructor({
    variant,
    directory,
    tarballs,
    env,
    executablePath,
    nearest = false,
  }) {
    this.#variant = variant;
    this.#block = readDocument(variant.document ?? 'docs/install.md');
    this.#nearest = nearest;
    this.#portal = join(directory, variant.name);
    this.#lockfile = join(directory, `${variant.name}.lock`);
    this.#tarballs = tarballs;
    this.#executablePath = executablePath;
    // The portal has its own tools; only Node and yarn are ours.
    this.#env = { ...env, NODE_ENV: '', CI: '' };
    delete this.#env.NODE_ENV;
    delete this.#env.CI;
  }

  /** Runs the steps in order, up to the first failure. */
  async run() {
    const started = Date.now();
    let passed = 0;
    try {
      for (const [title, work] of this.#steps()) {
        await step(`${this.#variant.name}: ${title}`, work);
        passed += 1;
      }
      return { passed, failed: 0, took: seconds(started) };
    } catch (error) {
      console.error(`\n${error.message}\n`);
      const [failedAt] = this.#steps()[passed];
      return { passed, failed: 1, failedAt, took: seconds(started) };
    } finally {
      await this.stop();
    }
  }

  /** Release of Backstage that the portal has. */
  get backstage() {
    return (
      this.#variant.backstage ??
      readJson(join(this.#portal, 'backstage.json')).version
    );
  }

  /** Result of the journey in a few words, for the table of versions. */
  resultOf(failedAt) {
    const { exact, all } = this.#part ?? {};
    return [
      failedAt
        ? `fails: ${failedAt}`
        : `works, ${this.#variant.legacy ? 'old' : 'new'} frontend system`,
      ...(exact === all ? [] : [`${exact} of ${all} packages exact`]),
    ].join('; ');
  }

  /** Stops all processes of the journey, also in the middle of it. */
  async stop() {
    await this.#browser?.close();
    await this.#running?.stop();
  }

  #running;
  #browser;
  /** Number of packages of the portal that are those of its release. */
  #part;
  /** Files of the portal before the installation. */
  #before;

  #steps() {
    return this.#variant === READ_ONLY
      ? this.#readOnlySteps()
      : this.#installSteps();
  }

  #readOnlySteps() {
    const { legacy, version, raise } = this.#variant;
    const portal = this.#portal;
    return [
      [
        'make a portal with create-app',
        async () => {
          await createApp({
            portal,
            legacy,
            version,
            run: (...args) => this.#run(...args),
          });
          raise(portal);
          settleInstall(portal);
          seedLockfile(portal, this.#lockfile);
          copyTarballs(portal, this.#tarballs);
          writeBackendAndConfig(portal, this.#block);
        },
      ],
      [
        'install the packages',
        async () => {
          await this.#shell('closed-network');
          await this.#shell('tarballs');
          await this.#shell('packages');
          copyFileSync(join(portal, 'yarn.lock'), this.#lockfile);
        },
      ],
      [
        'yarn start as an identity that reads',
        () =>
          this.#start({
            principal: 'reader',
            readyPath: '/acr-cmk/v1/registries',
          }),
      ],
      ['the doctor finds nothing wrong', () => this.#askDoctor()],
      ['the page of all registries', () => this.#see('fleet', seeFleet)],
    ];
  }

  /** Starts the portal beside an emulated Azure of its own. */
  async #start(options = {}) {
    const dataDirectory = join(
      demoDirectory,
      'test-portal',
      `${this.#variant.name}-azure`,
    );
    rmSync(dataDirectory, { recursive: true, force: true });
    this.#running = new RunningPortal();
    await this.#running.start({
      portal: this.#portal,
      env: this.#env,
      log: openLog(`portal-${this.#variant.name}-start`).stream,
      dataDirectory,
      ...options,
    });
  }

  #installSteps() {
    const block = this.#block;
    const { legacy, version, raise, seeded } = this.#variant;
    const portal = this.#portal;
    return [
      [
        'make a portal with create-app',
        async () => {
          await createApp({
            portal,
            legacy,
            version,
            run: (...args) => this.#run(...args),
          });
          raise(portal, { nearest: this.#nearest });
          settleInstall(portal);
          if (seeded) seedLockfile(portal, this.#lockfile);
          this.#before = copyOfFiles(portal);
          addTarballs(portal, this.#tarballs, block);
          writeSteps(portal, block, { legacy });
          writePolicy(portal, block);
          addTemplate(portal);
        },
      ],
      [
        'install the packages',
        async () => {
          await this.#shell('packages');
          await this.#shell('policy-packages');
          if (legacy) await this.#shell('legacy-packages');
          copyFileSync(join(portal, 'yarn.lock'), this.#lockfile);
        },
      ],
      ['one copy of what extensions share', () => this.#expectOneCopyEach()],
      // Packages of the old frontend system have their own copy; see docs/install.md.
      ...(legacy
        ? []
        : [
            [
              'one copy of the frontend system',
              () => this.#expectOneLine('one-copy'),
            ],
          ]),
      ['types and configuration', () => this.#check()],
      ['yarn start', () => this.#start()],
      ['the backend asks who one is', () => this.#expectUnauthenticated()],
      ['the doctor finds nothing wrong', () => this.#askDoctor()],
      ['the card is on the overview', () => this.#see('card', seeCard)],
      ['a rotation in the tab', () => this.#see('rotation', rotateInTab)],
      ['card and tab in both themes', () => this.#see('theme', seeThemes)],
      ['the page of all registries', () => this.#see('fleet', seeFleet)],
      [
        'the field of a template',
        () => this.#see('template', seeTemplateField),
      ],
      [
        'the policy keeps a guest from reading',
        async () => {
          usePolicy(portal, block);
          await this.#running.restart();
          await this.#running.refuses('acr-cmk.audit.read');
          await this.#see('policy', seeTabRefused);
        },
      ],
      [
        'removing them leaves nothing',
        async () => {
          await this.#running.stop();
          await this.#shell('remove');
          await this.#shell('policy-remove');
          if (legacy) await this.#shell('legacy-remove');
          undoSteps(portal, this.#before);
          await this.#run('yarn', ['install']);
          expectNothingLeft(portal, this.#before);
          await this.#run('yarn', ['tsc', '--pretty', 'false']);
        },
      ],
    ];
  }

  #run(command, args, { cwd = this.#portal, env = {} } = {}) {
    return mustRun(`portal-${this.#variant.name}-${command}`, command, args, {
      cwd,
      env: { ...this.#env, ...env },
    });
  }

  /** Runs a block of the document in a shell, up to the first command that fails. */
  #shell(name) {
    return this.#run('sh', ['-e', '-c', this.#block(name)]);
  }

  async #output(name, change = text => text) {
    const { code, log } = await runLogged(
      `portal-${this.#variant.name}-${name}`,
      'sh',
      ['-e', '-c', change(this.#block(name))],
      { cwd: this.#portal, env: this.#env },
    );
    const output = readFileSync(log, 'utf8').trim();
    if (code !== 0) throw new Error(output);
    return output;
  }

  async #expectOneLine(name) {
    const output = await this.#output(name);
    if (output.split('\n').length !== 1) {
      throw new Error(`Not one line, as docs/install.md says:\n${output}`);
    }
  }

  /** Expects the portal's version of each singleton, and no other beside it. */
  async #expectOneCopyEach() {
    const { code, log } = await runLogged(
      `portal-${this.#variant.name}-copies`,
      'yarn',
      ['info', '-A', '-R', '--name-only', '@backstage/*'],
      { cwd: this.#portal, env: this.#env },
    );
    const output = readFileSync(log, 'utf8');
    if (code !== 0) throw new Error(output);
    if (this.#variant.release) {
      this.#part = partOfRelease(output, versionsOf(this.#variant.release));
    }
    const twice = copiesOf(output, singletons(this.#variant));
    if (twice.length > 0) {
      throw new Error(`There is more than one copy of ${twice.join(', ')}.`);
    }
  }

  async #check() {
    await this.#run('yarn', ['tsc', '--pretty', 'false']);
    await this.#shell('config-check');
  }

  async #expectUnauthenticated() {
    const output = await this.#output('backend-answers', text =>
      text.replace('http://localhost:7007', this.#running.backendUrl),
    );
    if (output !== '401') {
      throw new Error(
        `The backend answers ${output}, not 401 as docs/install.md says.`,
      );
    }
  }

  async #askDoctor() {
    // The Azure and the identity of the backend.
    await this.#run('sh', ['-e', '-c', this.#block('doctor')], {
      env: this.#running.env,
    });
  }

  async #see(name, look) {
    mkdirSync(join(demoDirectory, 'test-portal', 'pictures'), {
      recursive: true,
    });
    const screenshot = join(
      demoDirectory,
      'test-portal',
      'pictures',
      `${this.#variant.name}-${name}.png`,
    );
    this.#browser ??= await openBrowser(this.#executablePath);
    await look(this.#browser.person, this.#running, screenshot);
  }
}
