import {
  assertNever,
  isHsmName,
  isKeyName,
  isVaultName,
  KeyIdentifier,
  type ActionId,
  type Intent,
  type NewKey,
  type OperationKind,
  type RegistryEncryption,
  type RevokeMethodId,
  type RotateIntent,
  type VersionMode,
} from 'backstage-plugin-acr-cmk-common';

import {
  daysInHsm,
  lacksPolicy,
  presentPolicy,
  rotationAnswers,
  rotationIntentOf,
  type RotationAnswers,
} from './rotationAnswers';

/** Time when a registry with automatic rotation switches to a new version. */
type Follow = 'now' | 'wait';

/** The methods to rotate, in the order in which they are offered. */
export const ROTATE_METHODS = [
  'new-version',
  'existing',
  'new-key',
  'mode',
  'identity',
] as const;

type RotateMethod = (typeof ROTATE_METHODS)[number];

/** Answers of the form. Answers to hidden questions are kept, but not sent. */
export interface Answers extends RotationAnswers {
  rotateMethod: RotateMethod;
  follow: Follow;
  /** Days of the policy that a key of a Managed HSM needs before it is rotated, as typed. */
  firstPolicyDays: string;
  /** URI of the existing key, as it was typed or picked. */
  keyUri: string;
  /** Vault of the existing key or the new one. */
  vaultName: string;
  keyName: string;
  keyType?: NewKey['type'];
  keySize?: NewKey['size'];
  /** Version mode of the new key. */
  newKeyMode: VersionMode;
  /** Version mode of the current key. */
  mode: VersionMode;
  /** Changes the identity as well. */
  alsoIdentity: boolean;
  /** Resource id, name, client id or `system`. */
  identity: string;
  grantAccess: boolean;
  /** Turns the rotation policy off, of a key to a version of which the registry is pinned. */
  stopRotation: boolean;
  /** Method of a revoke. Default: the backend's choice. */
  method?: RevokeMethodId;
  restoreAfterMinutes?: number;
  /** Revoke to undo by a restore. Default: the latest. */
  operationId?: string;
  /** The version to retire. */
  version: string;
}

/** Something that the form can ask. */
export type Question =
  | 'rotate-method'
  | 'follow'
  | 'first-policy'
  | 'key'
  | 'new-key'
  | 'mode'
  | 'also-identity'
  | 'identity'
  | 'grant-access'
  | 'rotation'
  | 'rotation-policy'
  | 'revoke-method'
  | 'timer'
  | 'version';

type WithVersionMode = Pick<RegistryEncryption, 'versionMode'> &
  Partial<Pick<RegistryEncryption, 'key'>>;

/** A method to rotate. */
interface Rotation {
  /** Name of the operation that has no plan yet. */
  operation: OperationKind;
  /** Questions of its own. */
  questions(registry: WithVersionMode): Question[];
  /** The registry gets another key than its current one. */
  changesKey?: boolean;
  /** Key of the intent; undefined while an answer is missing or invalid. */
  key(answers: Answers): RotateIntent['key'];
  /** The registry stays on one version of its key afterwards. */
  staysOnVersion(registry: WithVersionMode, answers: Answers): boolean;
}

const isManual = ({ versionMode }: WithVersionMode) => versionMode === 'manual';
const existingKey = ({ keyUri }: Answers) =>
  KeyIdentifier.tryParse(keyUri.trim());

export const ROTATIONS: Record<RotateMethod, Rotation> = {
  'new-version': {
    operation: 'rotate',
    questions: registry =>
      asked(
        registry.versionMode === 'automatic' && 'follow',
        lacksPolicy(registry) && 'first-policy',
      ),
    key: () => ({ kind: 'new-version' }),
    staysOnVersion: isManual,
  },
  existing: {
    operation: 'change-key',
    questions: () => ['key'],
    changesKey: true,
    key(answers) {
      const key = existingKey(answers);
      return key && { kind: 'existing', keyIdentifier: key.toString() };
    },
    staysOnVersion: (_registry, answers) =>
      Boolean(existingKey(answers)?.version),
  },
  'new-key': {
    operation: 'change-key',
    questions: () => ['new-key'],
    changesKey: true,
    key(answers) {
      const vaultName = answers.vaultName.trim();
      const keyName = answers.keyName.trim();
      if (!isVaultName(vaultName) || !isKeyName(keyName)) return undefined;
      // A Managed HSM makes keys of one type only.
      const type = isHsmName(vaultName) ? 'RSA-HSM' : answers.keyType;
      const { newKeyMode: mode, keySize: size } = answers;
      return { kind: 'new-key', vaultName, keyName, mode, type, size };
    },
    // It has no policy.
    staysOnVersion: () => false,
  },
  mode: {
    operation: 'change-mode',
    questions: () => ['mode'],
    key: ({ mode }) => ({ kind: 'current', mode }),
    staysOnVersion: (_registry, { mode }) => mode === 'manual',
  },
  identity: {
    operation: 'change-identity',
    questions: () => [],
    key: () => ({ kind: 'current' }),
    staysOnVersion: isManual,
  },
};

/** Initial answers: the defaults, or those of the given intent. */
export function answersFor(
  registry: WithVersionMode,
  intent?: Intent,
): Answers {
  const empty: Answers = {
    rotateMethod: 'new-version',
    follow: 'now',
    firstPolicyDays: '90',
    keyUri: '',
    vaultName: '',
    keyName: '',
    newKeyMode: 'automatic',
    mode: registry.versionMode === 'automatic' ? 'manual' : 'automatic',
    alsoIdentity: false,
    identity: '',
    grantAccess: false,
    stopRotation: false,
    version: '',
    ...rotationAnswers(registry),
  };
  switch (intent?.kind) {
    case undefined:
    case 'create-registry':
      return empty;
    case 'rotate':
      return answersOfRotate(empty, registry, intent);
    case 'automatic-rotation':
      return { ...empty, ...rotationAnswers(registry, intent) };
    case 'revoke':
    case 'restore':
    case 'retire':
      return { ...empty, ...intent };
    default:
      return assertNever(intent);
  }
}

function answersOfRotate(
  empty: Answers,
  registry: WithVersionMode,
  intent: RotateIntent,
): Answers {
  const { key, identity } = intent;
  const common: Answers = {
    ...empty,
    follow: intent.follow ?? 'now',
    ...(intent.rotateEveryDays !== undefined && {
      firstPolicyDays: String(intent.rotateEveryDays),
    }),
    identity: identity ?? '',
    alsoIdentity: identity !== undefined,
    grantAccess: intent.grantAccess ?? false,
    stopRotation: intent.stopRotation ?? false,
  };
  switch (key?.kind) {
    case undefined:
    case 'new-version':
      return common;
    case 'current':
      return key.mode === undefined && identity !== undefined
        ? { ...common, rotateMethod: 'identity', alsoIdentity: false }
        : {
            ...common,
            rotateMethod: 'mode',
            mode: key.mode ?? registry.versionMode ?? empty.mode,
          };
    case 'existing':
      return {
        ...common,
        rotateMethod: 'existing',
        keyUri: key.keyIdentifier,
        vaultName: KeyIdentifier.tryParse(key.keyIdentifier)?.vaultName ?? '',
      };
    case 'new-key':
      return {
        ...common,
        rotateMethod: 'new-key',
        vaultName: key.vaultName,
        keyName: key.keyName,
        keyType: key.type,
        keySize: key.size,
        newKeyMode: key.mode ?? 'automatic',
      };
    default:
      return assertNever(key);
  }
}

/** Questions of the form that matter for this registry and the answers so far. */
export function questionsOf(
  action: ActionId,
  registry: WithVersionMode,
  answers: Answers,
): Question[] {
  switch (action) {
    case 'rotate': {
      const { rotateMethod, alsoIdentity } = answers;
      const { questions, changesKey } = ROTATIONS[rotateMethod];
      const asksIdentity = rotateMethod === 'identity' || alsoIdentity;
      return asked(
        'rotate-method',
        ...questions(registry),
        rotateMethod !== 'identity' && 'also-identity',
        asksIdentity && 'identity',
        // Another key or another identity may lack the access that the current ones have.
        (asksIdentity || changesKey) && 'grant-access',
      );
    }
    case 'automatic-rotation': {
      const isOn = answers.rotation === 'on';
      return asked(
        (!isOn || presentPolicy(registry)) && 'rotation',
        isOn && 'rotation-policy',
      );
    }
    case 'revoke':
      return ['revoke-method', 'timer'];
    case 'restore':
      return [];
    case 'retire':
      return ['version'];
    default:
      return assertNever(action);
  }
}

/** Questions without those whose condition does not hold. */
function asked(...questions: (Question | false | undefined)[]): Question[] {
  return questions.filter(
    question => question !== false && question !== undefined,
  );
}

/** The intent for the answers; nothing while an answer is missing or invalid. */
export function intentOf(
  action: ActionId,
  registry: WithVersionMode,
  answers: Answers,
): Intent | undefined {
  switch (action) {
    case 'rotate':
      return rotateIntentOf(registry, answers);
    case 'automatic-rotation':
      return rotationIntentOf(answers, registry);
    case 'revoke': {
      const { method, restoreAfterMinutes } = answers;
      return {
        kind: 'revoke',
        ...(method && { method }),
        ...(restoreAfterMinutes && { restoreAfterMinutes }),
      };
    }
    case 'restore':
      return {
        kind: 'restore',
        ...(answers.operationId && { operationId: answers.operationId }),
      };
    case 'retire':
      return answers.version
        ? { kind: 'retire', version: answers.version }
        : undefined;
    default:
      return assertNever(action);
  }
}

function rotateIntentOf(
  registry: WithVersionMode,
  answers: Answers,
): RotateIntent | undefined {
  const questions = questionsOf('rotate', registry, answers);
  const key = ROTATIONS[answers.rotateMethod].key(answers);
  const identity = answers.identity.trim();
  const rotateEveryDays = questions.includes('first-policy')
    ? daysInHsm(answers.firstPolicyDays)
    : undefined;
  const isComplete =
    (identity || !questions.includes('identity')) &&
    (rotateEveryDays || !questions.includes('first-policy'));
  if (!key || !isComplete) return undefined;
  return {
    kind: 'rotate',
    // A new version is the default of a rotate.
    ...(key.kind !== 'new-version' && { key }),
    ...(questions.includes('follow') && { follow: answers.follow }),
    ...(rotateEveryDays && { rotateEveryDays }),
    ...(questions.includes('identity') && { identity }),
    ...(questions.includes('grant-access') &&
      answers.grantAccess && { grantAccess: true }),
    ...(answers.stopRotation &&
      staysOnVersion(registry, answers) && { stopRotation: true }),
  };
}

/** Whether the registry stays on one version of its key afterwards. */
export function staysOnVersion(
  registry: WithVersionMode,
  answers: Answers,
): boolean {
  return ROTATIONS[answers.rotateMethod].staysOnVersion(registry, answers);
}

/** True for typed answers: their plan is requested when typing pauses. */
export function isTyped(intent: Intent): boolean {
  if (intent.kind === 'automatic-rotation') {
    return intent.rotation.kind === 'on';
  }
  return (
    intent.kind === 'rotate' &&
    (intent.identity !== undefined ||
      intent.rotateEveryDays !== undefined ||
      intent.key?.kind === 'existing' ||
      intent.key?.kind === 'new-key')
  );
}
