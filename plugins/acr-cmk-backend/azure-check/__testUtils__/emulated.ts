import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  type AssumptionChanges,
  trustInThisProcess,
  type Emulator,
  type EmulatorOptions,
  type PrincipalName,
  startEmulator,
} from 'azure-emulator';
import type { Report } from '../report';
import { runCheck, type Surroundings } from '../run';
import { credentialFor, OWNER_NAME } from './credential';

const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
/** Longer than any role takes in these tests. Milliseconds. */
const UNTIL_ROLES_ARE_EFFECTIVE = 24 * 3_600_000;

/** An Azure without anything in it, whose time passes only when the check waits. */
export interface Emulated {
  emulator: Emulator;
  surroundings: Surroundings & { said: string[] };
  directory: string;
  state: string;
  out: string;
  /** Runs the command in this process, with the files of this Azure. */
  check(...args: string[]): Promise<number>;
  report(): Report;
  /** What is there that carries the tag of a check, deleted vaults included. */
  left(): Promise<string[]>;
  close(): Promise<void>;
}

export async function startEmulated(
  assumptions: AssumptionChanges = {},
  options: EmulatorOptions = {},
): Promise<Emulated> {
  const emulator = await startEmulator({
    world: 'empty',
    assumptions,
    ...options,
  });
  await giveRole(emulator, OWNER_NAME, OWNER);
  const disconnect = trustInThisProcess(emulator);
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-check-'));
  const surroundings = surroundingsOf(emulator);
  const state = path.join(directory, 'state.json');
  const out = path.join(directory, 'report.json');
  return {
    emulator,
    surroundings,
    directory,
    state,
    out,
    check: (...args) =>
      runCheck(
        [
          '--subscription',
          emulator.ready.subscriptionId,
          '--state',
          state,
          '--out',
          out,
          ...args,
        ],
        surroundings,
      ),
    report: () => JSON.parse(fs.readFileSync(out, 'utf8')),
    left: () => leftIn(emulator),
    close: async () => {
      disconnect();
      await emulator.close();
      fs.rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Gives a principal a role in the subscription, and stops the clock. */
export async function giveRole(
  emulator: Emulator,
  name: PrincipalName,
  role: string,
) {
  const { subscriptionId } = emulator.ready;
  const subscription = `https://management.azure.com/subscriptions/${subscriptionId}`;
  emulator.clock.freeze();
  await emulator.outOfBand(
    'PUT',
    `${subscription}/providers/Microsoft.Authorization/roleAssignments/${role}?api-version=2022-04-01`,
    {
      properties: {
        principalId: emulator.state.principalId(`acr-cmk-${name}`),
        roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      },
    },
  );
  emulator.clock.advance(UNTIL_ROLES_ARE_EFFECTIVE);
}

function surroundingsOf(emulator: Emulator): Emulated['surroundings'] {
  const said: string[] = [];
  return {
    said,
    time: {
      now: () => emulator.clock.now(),
      async pause(ms) {
        await emulator.deliverEvents();
        emulator.clock.advance(ms);
        await emulator.deliverEvents();
      },
    },
    credential: () => credentialFor(emulator, OWNER_NAME),
    say: line => said.push(line),
    ask: async question => {
      said.push(question);
      return true;
    },
  };
}

async function leftIn({ outOfBand, ready }: Emulator): Promise<string[]> {
  const subscription = `https://management.azure.com/subscriptions/${ready.subscriptionId}`;
  const list = async (below: string) =>
    ((await outOfBand('GET', `${subscription}${below}`)).body as any).value;
  const isOurs = (tags?: Record<string, string>) => tags?.['acr-cmk-check'];
  const all = await list('/resources?api-version=2021-04-01');
  const groups = await list('/resourcegroups?api-version=2021-04-01');
  const deleted = await list(
    '/providers/Microsoft.KeyVault/deletedVaults?api-version=2026-02-01',
  );
  return [
    ...[...all, ...groups].filter(({ tags }) => isOurs(tags)),
    ...deleted.filter(({ properties }: any) => isOurs(properties.tags)),
  ].map(({ id }) => String(id));
}
