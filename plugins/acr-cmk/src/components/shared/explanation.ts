import {
  documentationUrl,
  type Finding,
} from 'backstage-plugin-acr-cmk-common';

const TROUBLESHOOTING = documentationUrl('docs/troubleshooting.md');

/** Link to the documentation of a finding: cause, symptom and remedy. */
export function explanationOf({
  id,
  verdict,
}: Pick<Finding, 'id' | 'verdict'>): string {
  return verdict === 'undecided'
    ? `${TROUBLESHOOTING}#a-finding-that-could-not-be-checked`
    : `${TROUBLESHOOTING}#${id}`;
}
