import {
  type DoctorLine,
  type DoctorStatus,
  documentationUrl,
} from 'backstage-plugin-acr-cmk-common';
import type { AcrCmkConfig, MisplacedBlock } from '../platform/config';
import { ok, unknown } from './lines';
import type { AzureProbes } from './probes';
import type { RunningBackend } from './runningBackend';

/** `acrCmk` as the plugin reads it, or the reason why it cannot. */
export type ReadConfiguration =
  | {
      understood: true;
      value: AcrCmkConfig;
      /** Management groups of `acrCmk.scopes` whose subscriptions are not known. */
      groupsNotKnown: readonly string[];
      /** Management groups of which only readable subscriptions are known. */
      groupsInPart: readonly string[];
    }
  | { understood: false; message: string };

/** Ports of the checks. None of them changes anything. */
export interface DoctorPorts {
  config: ReadConfiguration;
  /** Blocks of app-config that are named like `acrCmk`, and that nothing reads. */
  misplaced: readonly MisplacedBlock[];
  /** Absent when the catalog module has no settings. `wrong` is why it cannot use them. */
  catalogModule?: { wrong?: string };
  /** `permission.enabled` of app-config, or the reason why it cannot be read. */
  permission: { enabled: boolean } | { wrong: string };
  /** Absent while the configuration is not understood. */
  azure?: AzureProbes;
  /** The clock of this process, epoch milliseconds. */
  now(): number;
  /** Absent when the doctor runs by itself, from the command line. */
  backend?: RunningBackend;
}

/** A check of the set-up, with a line for each thing that it examined. */
export interface Check {
  id: string;
  /** The state that the check expects, in a few words. */
  title: string;
  run(ports: DoctorPorts): Promise<DoctorLine[]>;
}

/** Line of a check that needs the configuration, while that is invalid. The check of the configuration has the remedy. */
export const NOT_UNDERSTOOD: DoctorLine = {
  status: 'unknown',
  message: 'Skipped, because the configuration is invalid.',
};

const GROUPS_NOT_KNOWN = unknown(
  'The subscriptions below the management groups of acrCmk.scopes are not known here.',
  'Look at the report of the running portal once it has listed them: the tab Installation, or acr-cmk-doctor --url <address of the backend>.',
);

const groupsInPart = (names: readonly string[]) =>
  unknown(
    `Only readable subscriptions are known of these management groups of acrCmk.scopes: ${names.join(
      ', ',
    )}.`,
    `Assign Azure's role Reader to the read credential at these management groups. The portal looks again within an hour. See ${documentationUrl(
      'docs/install.md#4-configuration',
    )}.`,
  );

/** Lines for the scopes that are not known, beside those about the known ones. */
export const groupsNotKnown = (
  config: ReadConfiguration & { understood: true },
): DoctorLine[] => [
  ...(config.groupsNotKnown.length > 0 ? [GROUPS_NOT_KNOWN] : []),
  ...(config.groupsInPart.length > 0
    ? [groupsInPart(config.groupsInPart)]
    : []),
];

/** Ports while the configuration is valid. */
export interface ConfiguredPorts {
  config: AcrCmkConfig;
  azure: AzureProbes;
  backend?: RunningBackend;
  /** Lines for the scopes that are not known, beside those about the known ones. */
  notKnown: DoctorLine[];
}

/** Runs a check that needs a valid configuration. */
export const withConfiguration =
  (run: (ports: ConfiguredPorts) => Promise<DoctorLine[]>): Check['run'] =>
  async ({ config, azure, backend }) =>
    config.understood && azure
      ? run({
          config: config.value,
          azure,
          backend,
          notKnown: groupsNotKnown(config),
        })
      : [NOT_UNDERSTOOD];

/** Runs a check of places in the scopes. */
export const withScopes = (
  run: (ports: ConfiguredPorts) => Promise<DoctorLine[]>,
): Check['run'] =>
  withConfiguration(async ports => {
    if (ports.config.scopes.length > 0) return run(ports);
    return ports.notKnown.length > 0
      ? ports.notKnown
      : [
          unknown(
            'There is no scope to check.',
            'Correct what the check of the configuration reports, then run the doctor again.',
          ),
        ];
  });

/** Line of a check that needs a running backend. */
export const NEEDS_BACKEND = unknown(
  'Only a running backend can check this.',
  'Run acr-cmk-doctor --url <address of the backend>.',
);

/** Runs a check that needs a running backend. */
export const withBackend =
  (run: (backend: RunningBackend) => Promise<DoctorLine[]>): Check['run'] =>
  async ({ backend }) =>
    backend ? run(backend) : [NEEDS_BACKEND];

/** Line of a check of vaults, while a list of registries or vaults could not be read. */
export const NOT_ALL_KNOWN = unknown(
  'Could not determine which vaults are needed: not every registry and vault of acrCmk.scopes could be read.',
  'Correct what the check of the scopes reports, then run the doctor again.',
);

/** Line for something that may be installed or not. */
export const presenceUnknown = (what: string, why: string) =>
  unknown(
    `Could not determine whether ${what} is installed: ${why}.`,
    'Check that the backend reaches itself at backend.baseUrl, look at its log, and run the doctor again.',
  );

/** Lines about one kind of thing; the others are counted. */
const MAX_LINES = 20;

/** From bad to good. */
export const BY_SEVERITY = [
  'failed',
  'unknown',
  'warning',
  'ok',
] as const satisfies readonly DoctorStatus[];

/** Status of a group of lines: that of its worst. */
export function worst(
  found: readonly { status: DoctorStatus }[],
): DoctorStatus {
  return (
    BY_SEVERITY.find(status => found.some(one => one.status === status)) ?? 'ok'
  );
}

/** The first lines, those that are not ok before the others, and the number of the rest. */
export function shortened(
  lines: readonly DoctorLine[],
  of: string,
): DoctorLine[] {
  if (lines.length <= MAX_LINES) return [...lines];
  const isOk = ({ status }: { status: DoctorStatus }) => status === 'ok';
  const sorted = [
    ...lines.filter(one => !isOk(one)),
    ...lines.filter(one => isOk(one)),
  ];
  const rest = sorted.slice(MAX_LINES);
  const message = `There are ${rest.length} more ${of} of this kind.`;
  const status = worst(rest);
  return [
    ...sorted.slice(0, MAX_LINES),
    status === 'ok'
      ? ok(message)
      : {
          status,
          message,
          remedy:
            'Correct what the lines above report, then run the doctor again for the others.',
        },
  ];
}

export const plural = (count: number, one: string, many = `${one}s`) =>
  `${count} ${count === 1 ? one : many}`;
