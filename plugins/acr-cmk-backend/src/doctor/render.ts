import type {
  DoctorCheck,
  DoctorReport,
} from 'backstage-plugin-acr-cmk-common';
import { BY_SEVERITY } from './check';

/** Further lines of a message stand below its first one. */
const indented = (text: string) => text.replaceAll('\n', '\n           ');

const linesAsText = ({ lines }: DoctorCheck) =>
  lines
    .flatMap(({ status, message, remedy }) => [
      `  ${status.padEnd(8)} ${indented(message)}`,
      ...(remedy ? [`           To do: ${indented(remedy)}`] : []),
    ])
    .join('\n');

/** The report as text: a block for checks in a row with the same lines, and the count at the end. */
export function render({ checks, version }: DoctorReport): string {
  const blocks: { titles: string[]; lines: string }[] = [];
  for (const check of checks) {
    const lines = linesAsText(check);
    const last = blocks.at(-1);
    if (last?.lines === lines) last.titles.push(check.title);
    else blocks.push({ titles: [check.title], lines });
  }
  const text = blocks.map(({ titles, lines }) => [...titles, lines].join('\n'));
  const all = checks.flatMap(({ lines }) => lines);
  const counts = BY_SEVERITY.map(
    status => `${all.filter(one => one.status === status).length} ${status}`,
  );
  return `${text.join('\n\n')}\n\nacr-cmk ${version}: ${counts.join(', ')}\n`;
}
