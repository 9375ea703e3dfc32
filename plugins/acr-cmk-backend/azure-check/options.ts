import { parseArgs } from 'node:util';
import {
  AZURE_CLOUD_NAMES,
  type AzureCloudName,
} from 'backstage-plugin-acr-cmk-common';
import { Stop } from './Stop';

export const HELP = `Asks a real subscription what the emulator assumes of Azure, and runs the contract of azure/ against it.

  yarn azure:check --subscription ID [options]

  --subscription ID   where: the check makes a resource group of its own there
  --location L        region; default westeurope, or one of the other cloud
  --cloud C           public, usGovernment or china; default public
  --budget EUR        the most that it may cost; default 20
  --yes               does not ask before it makes something
  --keep              leaves everything for --resume or --cleanup
  --resume            goes on where a check was interrupted
  --cleanup           removes everything that a check has left, and does nothing else
  --state FILE        what was made so far; default azure-check.state.json
  --out FILE          the report; default azure-check.json
  --events-port N     listens here for events; with --events-url, an https address from which they arrive here
  --events-url URL
  --events-app ID     application whose tokens the deliveries of events carry

Signs in as \`az login\` or the environment says (DefaultAzureCredential). docs/azure-check.md says more.
`;

export interface Options {
  subscription: string;
  location: string;
  cloud: AzureCloudName;
  budget: number;
  yes: boolean;
  keep: boolean;
  resume: boolean;
  cleanup: boolean;
  state: string;
  out: string;
  events?: { port: number; url: string; app?: string };
}

const DEFAULT_LOCATION: Record<AzureCloudName, string> = {
  public: 'westeurope',
  usGovernment: 'usgovvirginia',
  china: 'chinanorth3',
};

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MOST_PORT = 65_535;

/** The options, checked. `help` when only the text is wanted. */
export function parseOptions(args: string[]): Options | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  const { subscription, cloud, budget, resume, cleanup } = values;
  if (subscription === undefined) {
    throw new Stop('Name the subscription with --subscription ID.');
  }
  if (!GUID.test(subscription)) {
    throw new Stop(
      `--subscription must be the id of a subscription, a GUID, not '${subscription}'.`,
    );
  }
  const known = AZURE_CLOUD_NAMES.find(name => name === cloud);
  if (!known) {
    throw new Stop(
      `--cloud must be one of ${AZURE_CLOUD_NAMES.join(', ')}, not '${cloud}'.`,
    );
  }
  const location = values.location ?? DEFAULT_LOCATION[known];
  if (!/^[a-z0-9]+$/.test(location)) {
    throw new Stop(
      `--location must be the name of a region such as ${DEFAULT_LOCATION[known]}, not '${location}'.`,
    );
  }
  const euros = Number(budget);
  if (budget.trim() === '' || !Number.isFinite(euros) || euros < 0) {
    throw new Stop(`--budget must be a number of euros, not '${budget}'.`);
  }
  if (resume && cleanup) {
    throw new Stop('--resume and --cleanup exclude each other.');
  }
  return {
    subscription: subscription.toLowerCase(),
    location,
    cloud: known,
    budget: euros,
    yes: values.yes,
    keep: values.keep,
    resume,
    cleanup,
    state: values.state,
    out: values.out,
    ...eventsOf(values),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        subscription: { type: 'string' },
        location: { type: 'string' },
        cloud: { type: 'string', default: 'public' },
        budget: { type: 'string', default: '20' },
        yes: { type: 'boolean', default: false },
        keep: { type: 'boolean', default: false },
        resume: { type: 'boolean', default: false },
        cleanup: { type: 'boolean', default: false },
        state: { type: 'string', default: 'azure-check.state.json' },
        out: { type: 'string', default: 'azure-check.json' },
        'events-port': { type: 'string' },
        'events-url': { type: 'string' },
        'events-app': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Stop((error as Error).message);
  }
}

function eventsOf(
  values: Record<string, string | boolean | undefined>,
): Pick<Options, 'events'> {
  const port = values['events-port'] as string | undefined;
  const url = values['events-url'] as string | undefined;
  const app = values['events-app'] as string | undefined;
  if (port === undefined && url === undefined && app === undefined) return {};
  const number = Number(port);
  if (!Number.isInteger(number) || number < 1 || number > MOST_PORT) {
    throw new Stop(`--events-port must be a port, not '${port ?? ''}'.`);
  }
  if (url === undefined || !URL.canParse(url)) {
    throw new Stop(
      `--events-url must be the address from which events arrive at the port, not '${
        url ?? ''
      }'.`,
    );
  }
  return { events: { port: number, url, ...(app && { app }) } };
}
