import type { DoctorLine, DoctorStatus } from 'backstage-plugin-acr-cmk-common';
import type { EntityWithRegistries } from '../catalog/CatalogLinks';
import type { AcrCmkConfig } from '../config';
import type { AzureForDoctor } from './AzureForDoctor';

/** `acrCmk` as the plugin reads it, or why it cannot. */
export type ReadConfiguration =
  | {
      understood: true;
      value: AcrCmkConfig;
      /** Management groups of `acrCmk.scopes` of which nobody has said what is below them. */
      groupsNotKnown: readonly string[];
    }
  | { understood: false; message: string };

/** How the permission policy of the portal answered. */
export type PolicyAnswer =
  /** Names of the permissions that were given. */
  { asked: true; allowed: string[] } | { asked: false; why: string };

/** Whether something is there, or why that is not known. */
export type Presence = { there: boolean } | { unknown: string };

/** What only a running backend can tell. */
export interface RunningBackend {
  database: {
    /** `better-sqlite3`, `pg`, … */
    client: string;
    migrations(): Promise<{ done: string[]; pending: string[] }>;
    /** Writes a row inside of a transaction, and rolls it back. */
    tryWrite(): Promise<void>;
    /** Epoch milliseconds. */
    now(): Promise<number>;
  };
  /** Entities with an annotation of ours. */
  entities(): Promise<EntityWithRegistries[]>;
  /** Is a backend plugin there? */
  hasPlugin(pluginId: string): Promise<Presence>;
  /** Does the scaffolder have this action? */
  hasScaffolderAction(id: string): Promise<Presence>;
  policy: {
    /** Is Backstage's own module that allows everything loaded in this process? */
    allowAllModuleLoaded: boolean;
    /** The answer to somebody who may sign in as guest, about the permissions that change something. */
    asGuest(): Promise<PolicyAnswer>;
  };
}

/** What checks may ask. Nothing of it changes anything. */
export interface DoctorPorts {
  config: ReadConfiguration;
  /** `permission.enabled` of app-config, or why it cannot be read. */
  permission: { enabled: boolean } | { wrong: string };
  /** Absent while the configuration is not understood. */
  azure?: AzureForDoctor;
  /** The clock of this process, epoch milliseconds. */
  now(): number;
  /** Absent when the doctor runs by itself, from the command line. */
  backend?: RunningBackend;
}

/** One check. It answers with a line for each thing that it looked at. */
export interface Check {
  id: string;
  /** What it finds out, in a few words. */
  title: string;
  run(ports: DoctorPorts): Promise<DoctorLine[]>;
}

export const ok = (message: string): DoctorLine => ({ status: 'ok', message });

export const line = (
  status: 'warning' | 'failed' | 'unknown',
  message: string,
  remedy: string,
): DoctorLine => ({ status, message, remedy });

/** For a check that needs the configuration, while there is none. */
export const NOT_UNDERSTOOD: readonly DoctorLine[] = [
  line(
    'unknown',
    'Not looked at, because the configuration is not understood.',
    'Correct what the check of the configuration names, and run the doctor again.',
  ),
];

const GROUPS_NOT_KNOWN = line(
  'unknown',
  'The subscriptions below the management groups of acrCmk.scopes are not known here.',
  'Look at the report of the running portal once it has listed them: the tab Installation, or acr-cmk-doctor --url <address of the backend>.',
);

/** Stands beside what a check says of the scopes that are known, while there are others. */
export const groupsNotKnown = (
  config: ReadConfiguration & { understood: true },
): DoctorLine[] => (config.groupsNotKnown.length > 0 ? [GROUPS_NOT_KNOWN] : []);

/** For a check of places in the scopes, while none is known. */
export function noScope(
  config: ReadConfiguration & { understood: true },
): DoctorLine[] {
  const notKnown = groupsNotKnown(config);
  return notKnown.length > 0
    ? notKnown
    : [
        line(
          'unknown',
          'There is no scope to ask about.',
          'Do what the check of the configuration says, and run the doctor again.',
        ),
      ];
}

/** For a check of vaults, while a list of registries or vaults could not be read. */
export const NOT_ALL_KNOWN = line(
  'unknown',
  'Could not determine which vaults are needed: not every registry and vault of acrCmk.scopes could be read.',
  'Do what the check of the scopes says, and run the doctor again.',
);

/** For a check that needs a running backend. */
export const NEEDS_BACKEND: readonly DoctorLine[] = [
  line(
    'unknown',
    'Only a running backend can tell.',
    'Ask it: acr-cmk-doctor --url <address of the backend>.',
  ),
];

/** For something of which the backend could not find out whether it is there. */
export const notFoundOut = (what: string, why: string) =>
  line(
    'unknown',
    `${what}: whether it is there is not known, because ${why}.`,
    'Check that the backend reaches itself at backend.baseUrl, look at its log, and run the doctor again.',
  );

/** At most so many lines about one kind of thing; the rest is counted. */
export const MOST_LINES = 20;

const NOT_OK = ['failed', 'unknown', 'warning'] as const;

/** The first lines, those that are not ok before the others, and how many more there are. */
export function shortened(
  lines: readonly DoctorLine[],
  of: string,
): DoctorLine[] {
  if (lines.length <= MOST_LINES) return [...lines];
  const isOk = ({ status }: { status: DoctorStatus }) => status === 'ok';
  const sorted = [
    ...lines.filter(one => !isOk(one)),
    ...lines.filter(one => isOk(one)),
  ];
  const rest = sorted.slice(MOST_LINES);
  const message = `There are ${rest.length} more ${of} of this kind.`;
  const worst = NOT_OK.find(status => rest.some(one => one.status === status));
  return [
    ...sorted.slice(0, MOST_LINES),
    worst
      ? line(
          worst,
          message,
          'Do what the lines above say, and run the doctor again for the others.',
        )
      : ok(message),
  ];
}

export const plural = (count: number, one: string, many = `${one}s`) =>
  `${count} ${count === 1 ? one : many}`;
