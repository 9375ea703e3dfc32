/** Every kind of step. A new kind is a file beside this one and a line here. */
import type { PlannedStep } from 'backstage-plugin-acr-cmk-common';
import { addAccessPolicy } from './addAccessPolicy';
import { attachIdentity } from './attachIdentity';
import { awaitAccess } from './awaitAccess';
import { awaitFollowing } from './awaitFollowing';
import { confirmKeyState } from './confirmKeyState';
import { confirmRestored } from './confirmRestored';
import { confirmRevoked } from './confirmRevoked';
import { confirmRotation } from './confirmRotation';
import { createIdentity } from './createIdentity';
import { createKey } from './createKey';
import { createRegistry } from './createRegistry';
import { createRoleAssignment } from './createRoleAssignment';
import { deleteKey } from './deleteKey';
import { deleteRoleAssignment } from './deleteRoleAssignment';
import { keepPermissions } from './keepPermissions';
import { makeKeyVersion } from './makeKeyVersion';
import { pointRegistryAtKey } from './pointRegistryAtKey';
import { recordPull } from './recordPull';
import { recoverKey } from './recoverKey';
import { removeAccessPolicy } from './removeAccessPolicy';
import { resendKey } from './resendKey';
import { setRotationPolicy } from './setRotationPolicy';
import { setVersionEnabled } from './setVersionEnabled';
import { type AnySpec, type SpecOf, type Step, type StepKind } from './step';

export const stepKinds = [
  addAccessPolicy,
  attachIdentity,
  awaitAccess,
  awaitFollowing,
  confirmKeyState,
  confirmRestored,
  confirmRevoked,
  confirmRotation,
  createIdentity,
  createKey,
  createRegistry,
  createRoleAssignment,
  deleteKey,
  deleteRoleAssignment,
  keepPermissions,
  makeKeyVersion,
  pointRegistryAtKey,
  recordPull,
  recoverKey,
  removeAccessPolicy,
  resendKey,
  setRotationPolicy,
  setVersionEnabled,
] as const;

/** A step as plans and operations hold it: plain data. */
export type StepSpec = SpecOf<(typeof stepKinds)[number]>;

/**
 * The step of a spec. Undefined if this release does not know the kind in that version: another
 * release created it, and it is parked.
 */
export type ReadStep = (spec: AnySpec) => Step | undefined;

/** Reads the specs of some kinds. */
export function readerOf(kinds: readonly StepKind[]): ReadStep {
  const named = ({ kind, version }: AnySpec) => `${kind} ${version}`;
  const byName = new Map(kinds.map(kind => [named(kind), kind]));
  return spec => byName.get(named(spec))?.bind(spec);
}

export const readStep: ReadStep = readerOf(stepKinds);

/** A step in words, also one of another release. */
export function describeStep(spec: StepSpec): PlannedStep {
  return (
    readStep(spec)?.planned ?? {
      kind: spec.kind,
      title: `Step ${spec.kind} (v${spec.version}), created by a newer release`,
      target: '',
      writes: true,
    }
  );
}

/**
 * Text for what a step gives back. Equal for two steps that give back the same under other names;
 * undefined for a step that gives nothing back.
 */
export function givesBack(spec: StepSpec): string | undefined {
  const given = readStep(spec)?.givesBack;
  return given && JSON.stringify([given.what, ...given.of]).toLowerCase();
}
