import type { Finding } from 'backstage-plugin-acr-cmk-common';
import { ruleOf } from '.';

/** Findings without remedies where access is removed on purpose: no text says how to give it back by hand. */
export function withoutUndo(findings: readonly Finding[]): Finding[] {
  return findings.map(finding =>
    ruleOf(finding)?.access === 'restorable'
      ? { ...finding, remedy: undefined }
      : finding,
  );
}
