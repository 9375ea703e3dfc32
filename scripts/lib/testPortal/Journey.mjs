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
  openBrowser,
} from './browser.mjs';
import { readInstallDocument } from './document.mjs';
import {
  addTarballs,
  addTemplate,
  usePolicy,
  writePolicy,
  writeSteps,
} from './install.mjs';
import { RunningPortal } from './running.mjs';
import {
  createApp,
  raiseTo157,
  raiseToNewest,
  seedLockfile,
  settleInstall,
} from './scaffold.mjs';

/** Oldest create-app whose portal can be raised to 1.57. */
const CREATE_APP_157 = '0.9.2';

/** Supported portals. `npm test -- --all` tries the first. */
export const variants = [
  {
    name: '1.57',
    version: CREATE_APP_157,
    legacy: false,
    raise: raiseTo157,
    seeded: true,
  },
  {
    name: '1.57-old-frontend',
    version: CREATE_APP_157,
    legacy: true,
    raise: raiseTo157,
    seeded: true,
  },
  {
    name: 'newest',
    version: 'latest',
    legacy: false,
    raise: raiseToNewest,
    seeded: false,
  },
];

export class Journey {
  #variant;
  #portal;
  #lockfile;
  #env;
  #tarballs;
  #executablePath;
  #block = readInstallDocument();

  constructor({ variant, directory, tarballs, env, executablePath }) {
    this.#variant = variant;
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
      return { passed, failed: 1, took: seconds(started) };
    } finally {
      await this.stop();
    }
  }

  /** Stops all processes of the journey, also in the middle of it. */
  async stop() {
    await this.#browser?.close();
    await this.#running?.stop();
  }

  #running;
  #browser;

  #steps() {
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
          raise(portal);
          settleInstall(portal);
          if (seeded) seedLockfile(portal, this.#lockfile);
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
      [
        'yarn start',
        async () => {
          const dataDirectory = join(
            demoDirectory,
            'test-portal',
            `${this.#variant.name}-azure`,
          );
          rmSync(dataDirectory, { recursive: true, force: true });
          this.#running = new RunningPortal();
          await this.#running.start({
            portal,
            env: this.#env,
            log: openLog(`portal-${this.#variant.name}-start`).stream,
            dataDirectory,
          });
        },
      ],
      ['the backend asks who one is', () => this.#expectUnauthenticated()],
      ['the doctor finds nothing wrong', () => this.#askDoctor()],
      ['the card is on the overview', () => this.#see('card', seeCard)],
      ['a rotation in the tab', () => this.#see('rotation', rotateInTab)],
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
