import { join } from 'node:path';
import { AcrCmkClient } from 'backstage-plugin-acr-cmk-common';
import { mockCredentials } from '@backstage/backend-test-utils';
import { COMPILE_CACHE } from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/compileCache';
import {
  ChildProcess,
  TYPESCRIPT,
} from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/ChildProcess';
import { deadline } from './deadline';
import { type Person, userRef } from './people';
import { within } from './within';
import { type BackendSettings, READY_LINE } from './settings';

/** Timeout after which a client treats an answer as lost. Milliseconds. */
const ANSWER_MS = 15_000;

/** An answer with all of its body. */
async function whole(url: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, init);
  return new Response(await answer.text(), answer);
}

/** One of the replicas, and its API as a person uses it. */
export class Backend {
  readonly process: ChildProcess;
  readonly #port: number;

  constructor(options: {
    name: string;
    settings: BackendSettings;
    environment: Record<string, string>;
    logFile: string;
  }) {
    this.#port = options.settings.port;
    this.process = new ChildProcess({
      name: options.name,
      args: [
        // For an honest answer about memory.
        '--expose-gc',
        ...TYPESCRIPT,
        join(__dirname, '../backend.ts'),
      ],
      env: {
        ...COMPILE_CACHE,
        ...options.environment,
        CHAOS_BACKEND: JSON.stringify(options.settings),
        // As in production: in tests, Backstage's scheduler frees no task of a killed backend.
        NODE_ENV: 'production',
        LOG_LEVEL: 'info',
      },
      logFile: options.logFile,
      isReady: line => line === READY_LINE,
    });
  }

  get name(): string {
    return this.process.name;
  }

  /** The API as this person. A request that is not answered in time is given up. */
  as(person: Person): AcrCmkClient {
    return new AcrCmkClient({
      baseUrl: `http://127.0.0.1:${this.#port}/api/acr-cmk`,
      fetch: (url, init) => {
        const signal = deadline(
          ANSWER_MS,
          ...(init?.signal ? [init.signal] : []),
        );
        return within(
          signal,
          whole(url, {
            ...init,
            headers: {
              ...init?.headers,
              Authorization: mockCredentials.user.header(userRef(person)),
            },
            signal,
          }),
        );
      },
    });
  }
}
