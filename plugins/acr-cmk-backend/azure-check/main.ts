/** `yarn azure:check`: see HELP in options.ts. */
import { createInterface } from 'node:readline/promises';
import { DefaultAzureCredential } from '@azure/identity';
import { runCheck } from './run';
import { machineTime } from './time';

async function ask(question: string): Promise<boolean> {
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
  });
  try {
    return /^y(?:es)?$/i.test(
      (await lines.question(`${question} [y/N] `)).trim(),
    );
  } finally {
    lines.close();
  }
}

runCheck(process.argv.slice(2), {
  time: machineTime,
  credential: ({ authorityHost }) =>
    new DefaultAzureCredential({ authorityHost: `https://${authorityHost}` }),
  say: line => console.log(line),
  ask,
}).then(
  code => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.message);
    console.error('--resume goes on, --cleanup removes what was made.');
    process.exitCode = 1;
  },
);
