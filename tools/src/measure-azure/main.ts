/** `yarn measure:azure`: see HELP. */
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DefaultAzureCredential } from '@azure/identity';
import { AzureRequests } from 'backstage-plugin-acr-cmk-backend/src/azure/__testUtils__/azureRequests';
import { MOST_EUROS, MOST_HOURS } from './lab';
import { measureAzure } from './measure';
import { settingsOf, toLines } from './answers';

const HELP = `Measures what the emulated Azure assumes, in a subscription, and writes the answers into a file for
azure-emulator --assumptions FILE.

  --subscription ID  required; signed in with az login, as owner
  --location L       default westeurope
  --out FILE         default azure-assumptions.json
  --yes              starts; without it nothing is made

Makes the resource group acr-cmk-test-measure with two key vaults and one Premium registry, and removes it
in the end. When it was killed, the next run removes it first. It takes up to ${MOST_HOURS} hours and costs at most
${MOST_EUROS} EUR: 0.07 EUR an hour for the registry, at Microsoft's list price of November 2026.
`;

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function main() {
  const { values } = parseArgs({
    options: {
      subscription: { type: 'string', default: '' },
      location: { type: 'string', default: 'westeurope' },
      out: { type: 'string', default: 'azure-assumptions.json' },
      yes: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { subscription, location, out, yes } = values;
  if (values.help) {
    console.log(HELP);
    return;
  }
  if (!GUID.test(subscription)) {
    throw new Error('Name the subscription with --subscription ID, a GUID.');
  }
  console.log(HELP.slice(HELP.indexOf('Makes')));
  if (!yes) throw new Error('Nothing was done. Add --yes to start.');
  fs.accessSync('.', fs.constants.W_OK);
  const measured = await measureAzure({
    azure: new AzureRequests(new DefaultAzureCredential()),
    subscriptionId: subscription,
    location,
    now: Date.now,
    sleep,
    say: line => console.log(line),
  });
  fs.writeFileSync(out, `${JSON.stringify(settingsOf(measured), null, 2)}\n`);
  console.log([...toLines(measured), `Written into ${out}.`].join('\n'));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
