import type { Finding } from 'backstage-plugin-acr-cmk-common';
import { causeOfState } from './causes';
import { findingOfState } from './mainAction';
import type { FactsOfRegistry } from './RegistryFacts';

/** Information without a problem, shown further down. */
const isNote = ({ verdict, severity }: Finding) =>
  verdict === 'found' && severity === 'info';

/** A note without a remedy that is offered beside the facts: setting up automatic rotation. */
const withoutRotationSetUp = (finding: Finding): Finding =>
  finding.intent?.kind === 'automatic-rotation'
    ? { ...finding, intent: undefined, remedy: undefined }
    : finding;

/** Findings by their place: in the head, below it, and notes. */
export function findingPlaces(registry: FactsOfRegistry) {
  const ofState = findingOfState(registry);
  const cause = causeOfState(registry);
  const inHead = [ofState, ...(cause?.findings ?? [])];
  const others = registry.findings
    .filter(finding => !inHead.includes(finding))
    .map(withoutRotationSetUp);
  return {
    ofState,
    cause,
    findings: others.filter(finding => !isNote(finding)),
    notes: others.filter(isNote),
  };
}
