import type { Finding } from 'backstage-plugin-acr-cmk-common';

/** One message of the list: a finding, or a cause for which several rules could not be checked. */
export interface FindingMessage {
  /** The first of them. */
  finding: Finding;
  /** All that the cause prevents; one unless several have it. */
  findings: Finding[];
}

/** Findings in their order; those that could not be checked for the same reason are one message. */
export function messagesOf(findings: readonly Finding[]): FindingMessage[] {
  const messages: FindingMessage[] = [];
  const byCause = new Map<string, FindingMessage>();
  for (const finding of findings) {
    const cause = finding.verdict === 'undecided' ? finding.detail : undefined;
    const known = cause === undefined ? undefined : byCause.get(cause);
    if (known) {
      known.findings.push(finding);
      continue;
    }
    const message = { finding, findings: [finding] };
    messages.push(message);
    if (cause !== undefined) byCause.set(cause, message);
  }
  return messages;
}
