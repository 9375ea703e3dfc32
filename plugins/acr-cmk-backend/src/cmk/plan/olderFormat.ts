import type { FieldChange } from 'backstage-plugin-acr-cmk-common';
import { type Effect } from '../effects';
import { canonicalJson, differences, PLAN_FORMAT } from './draft';

type Fingerprint = Record<string, string>;

/** Was this plan made by a release that makes other plans from the same facts? */
export const isOlderFormat = ({ format }: Fingerprint): boolean =>
  format !== PLAN_FORMAT;

/** Their texts may differ between releases without a difference in what happens. */
const COMPARED_BY_EFFECT = ['format', 'steps', 'inverse'];

/**
 * What has changed since a plan of an earlier release was agreed to. The facts that both releases
 * write down are compared as always, and the steps by what they do now: another order, another check
 * or a step that only reads is no change. A check that is new and fails is one.
 */
export function changesSinceOlderFormat(
  agreed: Fingerprint,
  now: Fingerprint,
  {
    effects,
    authorities,
  }: {
    /** Of the steps that were agreed to. */
    effects: readonly Effect[];
    /** What that release asked people for, if it wrote nothing down about it. */
    authorities: string;
  },
): FieldChange[] {
  const shown: Fingerprint = {
    authorities,
    requester: now.requester,
    ...agreed,
    effects: canonicalJson(effects),
  };
  return differences(shown, now).filter(({ field }) => {
    if (COMPARED_BY_EFFECT.includes(field)) return false;
    if (!field.startsWith('check ')) return true;
    return field in agreed ? field in now : now[field] === 'fail';
  });
}
