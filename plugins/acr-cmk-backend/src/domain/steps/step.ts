import type {
  KeyIdentifier,
  PlannedStep,
  RegistryId,
  RegistryNetwork,
} from 'backstage-plugin-acr-cmk-common';
import type { AzureAs } from '../../azure/azureAs';
import type {
  AzureReceipt,
  CredentialName,
  PullAnswer,
} from '../../azure/ports';
import type { StepEffect } from './effect';
import type { LockedScope, Right, VaultIdOf } from './rights';

/** One observation of a step. */
export interface Observation {
  what: string;
  value: string;
}

/** A test of pulls, with the network rules of the registry at that time. Plain data. */
export interface PullTest extends PullAnswer {
  network: RegistryNetwork;
  /** Number of regions of the registry, of which the test reached one. Absent when not known. */
  regions?: number;
}

/** Expected answer to pulls from a registry once an operation has had its effect. */
export interface PullsAfter {
  wanted: 'refused' | 'answered';
}

/** Outputs of the steps of one operation, for later ones. */
export interface StepOutputs {
  /** The version that this operation made: 32 hex digits. */
  newVersion?: string;
  /** Object id of the registry's system-assigned identity, which this operation switched on. */
  systemPrincipalId?: string;
  /** Test of a pull before the first change. */
  pullBefore?: PullTest;
  /** The last test of a pull. */
  pullAfter?: PullTest;
  /** The identity that this operation made. */
  createdIdentity?: { clientId: string; principalId: string };
}

/** Data that a step has to keep beyond a crash. Plain data. */
export interface Checkpoint {
  /** Versions that were there before this step requested a new one. */
  versionsBefore?: string[];
  /** The key did not exist before this step requested it. */
  keyWasFree?: boolean;
  /** The registry did not exist before this step requested it. */
  registryWasFree?: boolean;
  /** URL of ARM's asynchronous operation, for polling. */
  operationUrl?: string;
  /** ARM has said that its operation succeeded. */
  azureSucceeded?: boolean;
}

/** Observations of a step, and its status. */
export type StepStatus =
  /** Azure shows what the step is for. */
  | {
      status: 'done';
      observations: Observation[];
      message?: string;
      outputs?: StepOutputs;
    }
  /** Azure does not show it, and a write would change that. */
  | { status: 'needs-write'; observations: Observation[] }
  /** It is under way; observe it again later. */
  | {
      status: 'in-progress';
      observations: Observation[];
      message: string;
      checkAgainSeconds: number;
    }
  /** Azure will not show it, however long the step waits. */
  | {
      status: 'failed';
      observations: Observation[];
      code: string;
      message: string;
    }
  /** Azure did not confirm it in the time that it has. */
  | { status: 'unverified'; observations: Observation[]; message: string };

/** Input of a step, beside its spec. The step reads and writes Azure; the runner stores checkpoints. */
export interface StepInput {
  /** With the credential of the step's kind. */
  azure: AzureAs;
  outputs: Readonly<StepOutputs>;
  checkpoint: Readonly<Checkpoint>;
  /** Number of times that this step has written to Azure, or may have. */
  attempts: number;
  /** The plugin's clock, epoch milliseconds. */
  now: number;
  /** Time at which the step began, or sent its last write, by the same clock. */
  startedAt: number;
}

export interface StepContext<Spec> extends StepInput {
  spec: Spec;
}

/** Access, version or key that a step gives back. */
export interface GivenBack {
  /** A key has to exist before a version of it, and both before anybody gets access. */
  what: 'key' | 'version' | 'access';
  /** Equal for two steps that give back the same under other names, such as one assignment with two ids. */
  of: readonly unknown[];
}

/** Fields of every spec. `version` identifies the meaning of the other fields. */
export interface AnySpec {
  kind: string;
  version: number;
}

/** Ids that a step works with as values. In a stored spec they are text. */
type Id = KeyIdentifier | RegistryId;

/** A spec as plans and operations hold it: plain data, which has one JSON text. */
export type Stored<Spec> = {
  [Field in keyof Spec]: Spec[Field] extends Id ? string : Spec[Field];
};

/** Input of a builder. An id may be the text that Azure has for it. */
type Fields<Spec> = {
  [Field in keyof Omit<Spec, 'kind' | 'version'>]: Spec[Field] extends Id
    ? Spec[Field] | string
    : Spec[Field];
};

type IdParsers<Spec> = {
  [Field in keyof Spec as Spec[Field] extends Id ? Field : never]: {
    parse(text: unknown): Spec[Field];
  };
};

/** Fields that are ids. Left out by a spec without any. */
type Ids<Spec> = keyof IdParsers<Spec> extends never
  ? { ids?: undefined }
  : { ids: IdParsers<Spec> };

interface Common<Spec extends AnySpec> {
  kind: Spec['kind'];
  version: Spec['version'];
  /** Effect, in words for the plan. */
  title(spec: Spec): string;
  /** Target: an id or a name of Azure's. */
  target(spec: Spec): string;
  /**
   * Expected answer to pulls when the registry has noticed it. They are tried until then, once the
   * operation has ended.
   */
  pullsAfter?(spec: Spec): PullsAfter | undefined;
  /** The commands of `az`, in order, that do or show the same by hand. */
  commands(spec: Spec): string[];
  /** Reads Azure, and concludes nothing from the answer of `act`. */
  observe(context: StepContext<Spec>): Promise<StepStatus>;
}

/** A kind of step that only reads. */
interface ReadingStep<Spec extends AnySpec> extends Common<Spec> {
  credential: 'read';
}

/** A kind of step that writes to Azure. */
interface WritingStep<Spec extends AnySpec> extends Common<Spec> {
  /** Credential that reads and writes. Named here and nowhere else. */
  credential: Exclude<CredentialName, 'read'>;
  /** Effects on registries, keys, identities and access. The necessary approvals follow from them. */
  effects(spec: Spec): StepEffect[];
  /** Rights that the credential needs, with their scopes. */
  rights(spec: Spec, vaultIdOf: VaultIdOf): Omit<Right, 'credential'>[];
  /** Scope whose management locks stop it. Left out by steps of Key Vault's data plane, which has none. */
  lockedScope?(spec: Spec): LockedScope | undefined;
  /**
   * Whether it runs right after a grant, or for an identity that was just created. If so, it waits
   * for that to spread.
   */
  expectsFreshAccess?(spec: Spec): boolean;
  /**
   * Access, version or key that it gives back. Left out by steps, or undefined for specs, that give
   * nothing back. A step in the inverse of a revoke needs it: by it a revoke counts as undone.
   */
  givesBack?(spec: Spec): GivenBack | undefined;
  /** Checkpoint to store before the write. Default: the checkpoint as it is. */
  prepare?(context: StepContext<Spec>): Promise<Checkpoint>;
  /** One write. */
  act(context: StepContext<Spec>): Promise<AzureReceipt>;
}

/**
 * Definition of a kind of step: words, effects, rights, lock and code. Effects and rights depend on
 * the spec alone.
 *
 * The runner holds the fence before `act`, records what `observe` saw before and after, and decides
 * about retries: a step cannot forget it.
 */
type StepDefinition<Spec extends AnySpec> = (
  | ReadingStep<Spec>
  | WritingStep<Spec>
) &
  Ids<Spec>;

/** One step of an operation: its kind, bound to its spec, whose ids are parsed. */
export interface Step {
  readonly kind: string;
  readonly credential: CredentialName;
  readonly planned: PlannedStep;
  readonly lockedScope?: LockedScope;
  readonly expectsFreshAccess: boolean;
  readonly givesBack?: GivenBack;
  readonly pullsAfter?: PullsAfter;
  /** Nothing for steps that only read. */
  readonly effects: readonly StepEffect[];
  rights(vaultIdOf: VaultIdOf): Right[];
  observe(input: StepInput): Promise<StepStatus>;
  prepare(input: StepInput): Promise<Checkpoint>;
  /** Absent from steps that only read. */
  act?(input: StepInput): Promise<AzureReceipt>;
}

/** A kind of step, as the index lists it. */
export interface StepKind<Spec extends AnySpec = any> {
  readonly kind: Spec['kind'];
  readonly version: Spec['version'];
  readonly writes: boolean;
  /** Makes a spec for a plan. */
  build(fields: Fields<Spec>): Stored<Spec>;
  /** @throws InvalidInput when an id in the spec is none */
  bind(spec: Stored<Spec>): Step;
}

/** The stored specs of some kinds. */
export type SpecOf<Kind> = Kind extends {
  build(...fields: never[]): infer Spec;
}
  ? Spec
  : never;

/** Makes a kind of step of its definition. The index has to list it. */
export function defineStep<Spec extends AnySpec>(
  definition: ReadingStep<Spec> & Ids<Spec>,
): StepKind<Spec> & { writes: false };
export function defineStep<Spec extends AnySpec>(
  definition: WritingStep<Spec> & Ids<Spec>,
): StepKind<Spec> & { writes: true };
export function defineStep<Spec extends AnySpec>(
  definition: StepDefinition<Spec>,
): StepKind<Spec> {
  const { kind, version, credential } = definition;
  const parsers = Object.entries(definition.ids ?? {}) as [
    keyof Spec & string,
    { parse(text: unknown): never },
  ][];
  return {
    kind,
    version,
    writes: credential !== 'read',
    build: fields => {
      const texts = parsers.map(([field]) => [
        field,
        String((fields as Record<string, unknown>)[field]),
      ]);
      return {
        kind,
        version,
        ...fields,
        ...Object.fromEntries(texts),
      } as Stored<Spec>;
    },
    bind: stored => {
      const ids = parsers.map(([field, id]) => [
        field,
        id.parse(stored[field]),
      ]);
      return bound(definition, { ...stored, ...Object.fromEntries(ids) });
    },
  };
}

function bound<Spec extends AnySpec>(
  definition: ReadingStep<Spec> | WritingStep<Spec>,
  spec: Spec,
): Step {
  const { kind, credential } = definition;
  const writes = credential !== 'read';
  const common = {
    kind,
    credential,
    planned: {
      kind,
      title: definition.title(spec),
      target: definition.target(spec),
      writes,
      commands: definition.commands(spec),
    },
    pullsAfter: definition.pullsAfter?.(spec),
    observe: (input: StepInput) => definition.observe({ ...input, spec }),
  };
  if (definition.credential === 'read') {
    return {
      ...common,
      expectsFreshAccess: false,
      effects: [],
      rights: () => [],
      prepare: async ({ checkpoint }) => checkpoint,
    };
  }
  const writing = definition;
  return {
    ...common,
    lockedScope: writing.lockedScope?.(spec),
    effects: writing.effects(spec),
    givesBack: writing.givesBack?.(spec),
    expectsFreshAccess: writing.expectsFreshAccess?.(spec) ?? false,
    rights: vaultIdOf =>
      writing
        .rights(spec, vaultIdOf)
        .map(right => ({ ...right, credential: writing.credential })),
    prepare: async input =>
      writing.prepare?.({ ...input, spec }) ?? input.checkpoint,
    act: input => writing.act({ ...input, spec }),
  };
}
