import {
  acrCmkPermissions,
  fleetReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import { authorize } from './authorize';

/** Permissions of people, as the permission policy of a portal decides. */
export interface PolicyReport {
  /** Entity that the permissions on an entity were asked for. */
  entity: string;
  /** ARM id of the registry that `acr-cmk.fleet.read` was asked for. Without it, that permission was not asked. */
  registry?: string;
  people: { user: string; allowed: string[] }[];
  /** People about whom the permission backend gave no answer. */
  unanswered: { user: string; why: string }[];
}

const askedOf = ({ registry }: Pick<PolicyReport, 'registry'>) =>
  acrCmkPermissions.filter(
    ({ name }) => registry !== undefined || name !== fleetReadPermission.name,
  );

/** Asks the permission policy of a running portal about the holders of these tokens. */
export async function policyReport(
  send: (init: RequestInit) => Promise<Response>,
  tokens: readonly string[],
  resources: Pick<PolicyReport, 'entity' | 'registry'>,
): Promise<PolicyReport> {
  const questions = askedOf(resources).map(permission => ({
    permission,
    resourceRef:
      permission.name === fleetReadPermission.name
        ? resources.registry
        : resources.entity,
  }));
  const report: PolicyReport = { ...resources, people: [], unanswered: [] };
  for (const [index, token] of tokens.entries()) {
    const user = subjectOf(token) ?? `the token number ${index + 1}`;
    const answer = await authorize(send, token, questions);
    if (answer.asked) {
      report.people.push({ user, allowed: answer.allowed });
    } else {
      report.unanswered.push({ user, why: answer.why });
    }
  }
  return report;
}

/** Entity ref of the person to whom Backstage has issued a token; undefined when the token does not show it. */
function subjectOf(token: string): string | undefined {
  try {
    const payload = Buffer.from(token.split('.')[1], 'base64url');
    const { sub } = JSON.parse(payload.toString());
    return typeof sub === 'string' ? sub : undefined;
  } catch {
    return undefined;
  }
}

/** The report as text: a line for each permission with its holders. */
export function renderPolicy(report: PolicyReport): string {
  const asked = askedOf(report).map(({ name }) => name);
  const lines = acrCmkPermissions.map(({ name }) => {
    const holders = report.people
      .filter(({ allowed }) => allowed.includes(name))
      .map(({ user }) => user);
    const who = asked.includes(name)
      ? holders.join(', ') || 'nobody of them'
      : 'not asked, because --registry names no registry';
    return `  ${name.padEnd(28)} ${who}`;
  });
  return [
    `Permissions on ${[report.entity, report.registry].filter(Boolean).join(' and ')}, by the permission policy of the portal`,
    ...lines,
    ...report.unanswered.map(
      ({ user, why }) => `  No answer about ${user}: ${why}.`,
    ),
    '',
  ].join('\n');
}
