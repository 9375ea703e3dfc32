import type {
  Finding,
  RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';

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

/** Reason why something is not known. */
export const problemOf = (of: { known: boolean; problem?: string } | null) =>
  of?.known === false ? of.problem : undefined;

/** Reason why the state is not known, with all that this prevents. It stands in the head, and is not repeated below. */
export function causeOfState({
  state,
  findings,
  vault,
  key,
}: Pick<RegistryEncryption, 'state' | 'findings' | 'vault' | 'key'>):
  | FindingMessage
  | undefined {
  if (state.id !== 'unknown') return undefined;
  const problem = problemOf(vault) ?? problemOf(key);
  return messagesOf(findings).find(
    ({ finding: { verdict, message, detail } }) =>
      verdict === 'undecided' &&
      (message === state.message || (detail && detail === problem)),
  );
}
