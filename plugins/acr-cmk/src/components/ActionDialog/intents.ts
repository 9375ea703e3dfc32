import {
  assertNever,
  isKeyName,
  isVaultName,
  KeyIdentifier,
  type ActionId,
  type Intent,
  type NewKey,
  type RegistryEncryption,
  type RevokeMethodId,
  type RotateIntent,
  type VersionMode,
} from 'backstage-plugin-acr-cmk-common';

/** How an automatic registry comes to a new version. */
export type Follow = 'now' | 'wait';

/** The ways to rotate, in the order in which they are offered. */
export const ROTATE_WAYS = [
  'new-version',
  'existing',
  'new-key',
  'mode',
  'identity',
] as const;

export type RotateWay = (typeof ROTATE_WAYS)[number];

/** What the form holds. Answers to questions that are not asked are kept, and not sent. */
export interface Answers {
  way: RotateWay;
  follow: Follow;
  /** URI of the existing key, as it was typed or picked. */
  keyUri: string;
  /** Of the existing key or the new one. */
  vaultName: string;
  keyName: string;
  keyType?: NewKey['type'];
  keySize?: NewKey['size'];
  /** Of the new key. */
  newKeyMode: VersionMode;
  /** Of the current key. */
  mode: VersionMode;
  /** Besides what the way is about. */
  alsoIdentity: boolean;
  /** Resource id, name, client id or `system`. */
  identity: string;
  grantAccess: boolean;
  /** Of a revoke; the backend's choice unless said otherwise. */
  method?: RevokeMethodId;
  restoreAfterMinutes?: number;
  /** Of a restore; the latest revoke unless said otherwise. */
  operationId?: string;
  /** The version to retire. */
  version: string;
}

/** Something that the form can ask. */
export type Question =
  | 'way'
  | 'follow'
  | 'key'
  | 'new-key'
  | 'mode'
  | 'also-identity'
  | 'identity'
  | 'grant-access'
  | 'method'
  | 'timer'
  | 'version';

type Followed = Pick<RegistryEncryption, 'versionMode'>;

/** What the form holds when it opens: as little as possible, or the intent that it opens with. */
export function answersFor(registry: Followed, intent?: Intent): Answers {
  const empty: Answers = {
    way: 'new-version',
    follow: 'now',
    keyUri: '',
    vaultName: '',
    keyName: '',
    newKeyMode: 'automatic',
    mode: registry.versionMode === 'automatic' ? 'manual' : 'automatic',
    alsoIdentity: false,
    identity: '',
    grantAccess: false,
    version: '',
  };
  switch (intent?.kind) {
    case undefined:
    case 'create-registry':
      return empty;
    case 'rotate':
      return answersOfRotate(empty, registry, intent);
    case 'revoke':
      return {
        ...empty,
        method: intent.method,
        restoreAfterMinutes: intent.restoreAfterMinutes,
      };
    case 'restore':
      return { ...empty, operationId: intent.operationId };
    case 'retire':
      return { ...empty, version: intent.version };
    default:
      return assertNever(intent);
  }
}

function answersOfRotate(
  empty: Answers,
  registry: Followed,
  intent: RotateIntent,
): Answers {
  const { key, identity } = intent;
  const common: Answers = {
    ...empty,
    follow: intent.follow ?? 'now',
    identity: identity ?? '',
    alsoIdentity: identity !== undefined,
    grantAccess: intent.grantAccess ?? false,
  };
  switch (key?.kind) {
    case undefined:
    case 'new-version':
      return common;
    case 'current':
      return key.mode === undefined && identity !== undefined
        ? { ...common, way: 'identity', alsoIdentity: false }
        : {
            ...common,
            way: 'mode',
            mode: key.mode ?? registry.versionMode ?? empty.mode,
          };
    case 'existing':
      return {
        ...common,
        way: 'existing',
        keyUri: key.keyIdentifier,
        vaultName: KeyIdentifier.tryParse(key.keyIdentifier)?.vaultName ?? '',
      };
    case 'new-key':
      return {
        ...common,
        way: 'new-key',
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

/** What the form asks: only what makes a difference to this registry and to what was answered. */
export function questionsOf(
  action: ActionId,
  registry: Followed,
  answers: Answers,
): Question[] {
  switch (action) {
    case 'rotate': {
      const asksIdentity = answers.way === 'identity' || answers.alsoIdentity;
      const asked: Question[] = [
        'way',
        ...questionsOfWay(answers.way, registry),
        ...(answers.way === 'identity' ? [] : (['also-identity'] as const)),
        ...(asksIdentity ? (['identity'] as const) : []),
      ];
      // Another key or another identity may lack the access that the present ones have.
      return asksIdentity || asked.includes('key') || asked.includes('new-key')
        ? [...asked, 'grant-access']
        : asked;
    }
    case 'revoke':
      return ['method', 'timer'];
    case 'restore':
      return [];
    case 'retire':
      return ['version'];
    default:
      return assertNever(action);
  }
}

function questionsOfWay(way: RotateWay, registry: Followed): Question[] {
  switch (way) {
    case 'new-version':
      return registry.versionMode === 'automatic' ? ['follow'] : [];
    case 'existing':
      return ['key'];
    case 'new-key':
      return ['new-key'];
    case 'mode':
      return ['mode'];
    case 'identity':
      return [];
    default:
      return assertNever(way);
  }
}

/** The intent for what was answered; nothing while an answer is missing or not well-formed. */
export function intentOf(
  action: ActionId,
  registry: Followed,
  answers: Answers,
): Intent | undefined {
  switch (action) {
    case 'rotate':
      return rotateIntentOf(registry, answers);
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
  registry: Followed,
  answers: Answers,
): RotateIntent | undefined {
  const asked = questionsOf('rotate', registry, answers);
  const key = keyOf(answers);
  const identity = answers.identity.trim();
  if (!key || (asked.includes('identity') && !identity)) return undefined;
  return {
    kind: 'rotate',
    // A new version is what a rotate is, unless it is said otherwise.
    ...(key.kind !== 'new-version' && { key }),
    ...(asked.includes('follow') && { follow: answers.follow }),
    ...(asked.includes('identity') && { identity }),
    ...(asked.includes('grant-access') &&
      answers.grantAccess && { grantAccess: true }),
  };
}

function keyOf(answers: Answers): RotateIntent['key'] {
  switch (answers.way) {
    case 'new-version':
      return { kind: 'new-version' };
    case 'existing': {
      const key = KeyIdentifier.tryParse(answers.keyUri.trim());
      return key && { kind: 'existing', keyIdentifier: key.toString() };
    }
    case 'new-key': {
      const vaultName = answers.vaultName.trim();
      const keyName = answers.keyName.trim();
      if (!isVaultName(vaultName) || !isKeyName(keyName)) return undefined;
      return {
        kind: 'new-key',
        vaultName,
        keyName,
        mode: answers.newKeyMode,
        ...(answers.keyType && { type: answers.keyType }),
        ...(answers.keySize && { size: answers.keySize }),
      };
    }
    case 'mode':
      return { kind: 'current', mode: answers.mode };
    case 'identity':
      return { kind: 'current' };
    default:
      return assertNever(answers.way);
  }
}

/** Are the answers being typed, letter by letter? Then a plan waits until the typing pauses. */
export function isTyped(intent: Intent): boolean {
  return (
    intent.kind === 'rotate' &&
    (intent.identity !== undefined ||
      intent.key?.kind === 'existing' ||
      intent.key?.kind === 'new-key')
  );
}
