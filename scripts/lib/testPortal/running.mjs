// A scaffolded portal at work: `yarn start` beside an Azure of its own.
import { join } from 'node:path';
import { freePort, startNode, until } from '../child.mjs';
import { isOk, startEmulator } from '../portal.mjs';

/** The app's development server compiles, and the backend loads every plugin of a new portal. */
const START_MS = 480_000;

export class RunningPortal {
  /** Azure first. */
  #children = [];
  #startPortal;
  /** The environment of `yarn start`. */
  env;

  async start({ portal, env, log, dataDirectory }) {
    const { child, azure } = await startEmulator({
      env,
      log,
      dataDirectory,
      port: await freePort(),
    });
    this.#children.push(child);

    const [appPort, backendPort] = [await freePort(), await freePort()];
    this.appUrl = `http://localhost:${appPort}`;
    this.backendUrl = `http://localhost:${backendPort}`;
    const options = {
      args: [
        join(portal, 'node_modules/@backstage/cli/bin/backstage-cli'),
        'repo',
        'start',
      ],
      cwd: portal,
      env: {
        ...env,
        // The identity of a trial, as docs/install.md has it: one for everything.
        AZURE_TENANT_ID: azure.tenantId,
        AZURE_CLIENT_ID: azure.principals.rotator.clientId,
        AZURE_CLIENT_SECRET: azure.principals.rotator.clientSecret,
        // Azure is the emulator, and the ports are free ones; all else is as scaffolded.
        HTTPS_PROXY: azure.proxy,
        NO_PROXY: 'localhost,127.0.0.1',
        NODE_EXTRA_CA_CERTS: azure.caFile,
        APP_CONFIG_app_baseUrl: JSON.stringify(this.appUrl),
        APP_CONFIG_backend_baseUrl: JSON.stringify(this.backendUrl),
        APP_CONFIG_backend_listen_port: String(backendPort),
        APP_CONFIG_backend_cors_origin: JSON.stringify(this.appUrl),
      },
      log,
    };
    this.env = options.env;
    this.#startPortal = () => this.#startCli(options);
    await this.#startPortal();
  }

  /**
   * Ends `yarn start` and starts it again, beside the same Azure. A change of a file would restart the
   * backend too, but Backstage carries its databases over then, and gives up on a plugin when that takes
   * 5 seconds, which it does on a busy machine.
   */
  async restart() {
    await this.#children.pop().stop();
    await this.#startPortal();
  }

  async #startCli(options) {
    const cli = startNode(options);
    this.#children.push(cli);
    await until(() => this.#isReady(), {
      process: cli,
      what: 'yarn start',
      timeoutMs: START_MS,
      everyMs: 500,
    });
  }

  async #isReady() {
    return (
      (await isOk(`${this.backendUrl}/.backstage/health/v1/readiness`)) &&
      (await isOk(this.appUrl)) &&
      Boolean(
        await this.get(
          '/catalog/entities/by-name/resource/default/shop-images',
        ),
      )
    );
  }

  async #asGuest(path, init = {}) {
    // As the guest whom a new portal signs in.
    const signedIn = await fetch(`${this.backendUrl}/api/auth/guest/refresh`);
    const { backstageIdentity } = await signedIn.json();
    const response = await fetch(`${this.backendUrl}/api${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${backstageIdentity.token}`,
        'content-type': 'application/json',
      },
    });
    const body = await response.json();
    return response.ok ? body : undefined;
  }

  /** Undefined unless the answer is a good one. */
  get(path) {
    return this.#asGuest(path);
  }

  /** Resolves when the policy refuses what the one of a new portal has allowed. */
  async refuses(permissionName) {
    const permission = { type: 'basic', name: permissionName, attributes: {} };
    const body = JSON.stringify({ items: [{ id: '1', permission }] });
    await until(
      async () => {
        const answer = await this.#asGuest('/permission/authorize', {
          method: 'POST',
          body,
        });
        return answer?.items[0].result === 'DENY';
      },
      {
        process: this.#children.at(-1),
        what: `the policy refuses ${permissionName}`,
        timeoutMs: START_MS,
      },
    );
  }

  async stop() {
    for (const child of this.#children.splice(0).reverse()) {
      await child.stop();
    }
  }
}
