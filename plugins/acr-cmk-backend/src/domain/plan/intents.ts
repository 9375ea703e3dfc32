/** Every kind of intent. A new one is a file beside this one and a line here. */
import type {
  CreateRegistryIntent,
  Intent,
} from 'backstage-plugin-acr-cmk-common';
import { automaticRotationIntent } from './automaticRotation';
import { createRegistryIntent } from './create';
import type {
  ChangeIntent,
  ExistingRegistryIntent,
  IntentDefinition,
  NewRegistryIntent,
} from './intent';
import { restoreIntent } from './restore';
import { retireIntent } from './retire';
import { revokeIntent } from './revoke';
import { rotateIntent } from './rotate';

export const intents: {
  readonly [K in Intent['kind']]: IntentDefinition<
    Extract<Intent, { kind: K }>
  >;
} = {
  rotate: rotateIntent,
  'automatic-rotation': automaticRotationIntent,
  revoke: revokeIntent,
  restore: restoreIntent,
  retire: retireIntent,
  'create-registry': createRegistryIntent,
};

/** Definition of an intent of any kind. */
export function definitionOf(
  intent: Intent,
):
  | ExistingRegistryIntent<ChangeIntent>
  | NewRegistryIntent<CreateRegistryIntent> {
  // Each definition is only ever given intents of its own kind: those that it was looked up by.
  return intents[intent.kind] as
    | ExistingRegistryIntent<ChangeIntent>
    | NewRegistryIntent<CreateRegistryIntent>;
}
