/**
 * The command as a process of its own, against the emulator of the test that started it. It moves that
 * emulator's clock, and dies at the place that it was given: before its request with the number DIE_BEFORE.
 */
import fs from 'node:fs';
import http from 'node:http';
import { trustInThisProcess, type Emulator } from 'azure-emulator';
import { keepCompiled } from '../../src/__testUtils__/compileCache';
import { runCheck } from '../run';
import { credentialFor, OWNER_NAME } from './credential';

const ready: Emulator['ready'] = JSON.parse(
  fs.readFileSync(process.env.EMULATOR_READY!, 'utf8'),
);
const caPem = fs.readFileSync(ready.caFile, 'utf8');
const dieBefore = Number(process.env.DIE_BEFORE ?? Infinity);

function control(body: object): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${ready.proxy}/clock`,
      { method: 'POST', headers: { 'content-type': 'application/json' } },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('end', () =>
          resolve(Date.parse(JSON.parse(Buffer.concat(chunks).toString()).now)),
        );
      },
    );
    request.on('error', reject);
    request.end(JSON.stringify(body));
  });
}

async function main() {
  trustInThisProcess({ ready, caPem });
  let now = await control({ freeze: true });
  let requests = 0;
  const real = credentialFor({ ready }, OWNER_NAME);
  process.exitCode = await runCheck(process.argv.slice(2), {
    time: {
      now: () => now,
      async pause(ms) {
        now = await control({ advance: `PT${ms / 1000}S` });
      },
    },
    credential: () => ({
      getToken(scopes, options) {
        requests += 1;
        if (requests === dieBefore) {
          keepCompiled();
          process.kill(process.pid, 'SIGKILL');
        }
        return real.getToken(scopes, options);
      },
    }),
    say: line => console.log(line),
    ask: async () => true,
  });
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
