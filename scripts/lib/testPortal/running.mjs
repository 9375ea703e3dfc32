// A running scaffolded portal: `yarn start` with its own emulated Azure.
import { join } from 'node:path';
import { freePort, startNode, until } from '../child.mjs';
import { isOk, startEmulator } from '../portal.mjs';

/** Time for the development server to compile, and for the backend to load the plugins of a new portal. */
const START_MS = 480_000;

export class RunningPortal {
  /** Processes in the order of their start, Azure first. */
  #children = [];
  #startPortal;
  #readyPath;
  /** Environment of `yarn start`. */
  env;

  /**
   * @param principal - identity of the emulated Azure that the portal has
   * @param readyPath - path of the API that answers once the portal is ready
   */
  async start({
    portal,
    env,
    log,
    dataDirectory,
    principal = 'rotator',
    readyPath = '/catalog/entities/by-name/resource/default/shop-images',
  }) {
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
        // One identity for everything, as in the trials of docs/install.md and docs/read-only.md.
        AZURE_TENANT_ID: azure.tenantId,
        AZURE_CLIENT_ID: azure.principals[principal].clientId,
        AZURE_CLIENT_SECRET: azure.principals[principal].clientSecret,
        // The emulator, and free ports; all else is as scaffolded.
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
    this.#readyPath = readyPath;
    this.#startPortal = () => this.#startCli(options);
    await this.#startPortal();
  }

  /**
   * Restarts `yarn start` with the same Azure. A changed file would restart the backend too, but Backstage then hands
   * its databases over, and gives up on a plugin when that takes 5 seconds, as on a busy machine.
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
      Boolean(await this.get(this.#readyPath))
    );
  }

  async #asGuest(path, init = {}) {
    // As the guest of a new portal.
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

  /** Body of the response, or undefined unless it is ok. */
  get(path) {
    return this.#asGuest(path);
  }

  /** Resolves once the new policy refuses what the default one allowed. */
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
