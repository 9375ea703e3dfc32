import type { DoctorReport } from 'backstage-plugin-acr-cmk-common';
import { BY_SEVERITY } from './check';

/** Further lines of a message stand below its first one. */
const indented = (text: string) => text.replaceAll('\n', '\n           ');

/** The report as text: a block for each check, and the count at the end. */
export function render({ checks, version }: DoctorReport): string {
  const blocks = checks.map(({ title, lines }) =>
    [
      title,
      ...lines.flatMap(({ status, message, remedy }) => [
        `  ${status.padEnd(8)} ${indented(message)}`,
        ...(remedy ? [`           To do: ${indented(remedy)}`] : []),
      ]),
    ].join('\n'),
  );
  const all = checks.flatMap(({ lines }) => lines);
  const counts = BY_SEVERITY.map(
    status => `${all.filter(one => one.status === status).length} ${status}`,
  );
  return `${blocks.join('\n\n')}\n\nacr-cmk ${version}: ${counts.join(', ')}\n`;
}
