/**
 * Sorts neighbouring properties of a report. The compiler lists the keys of a computed type in the order in which it
 * met them, which differs between a fresh clone and a second run.
 */
export function withPropertiesSorted(report) {
  const isProperty = line =>
    /^ {4}(readonly )?['"]?[\w.-]+['"]?\??: .*;$/.test(line);
  const key = line =>
    line
      .trim()
      .replace(/^readonly /, '')
      .replace(/['"]/g, '');
  const compare = (a, b) => (key(a) < key(b) ? -1 : Number(key(a) > key(b)));
  const lines = [];
  let run = [];
  for (const line of report.split('\n')) {
    if (isProperty(line)) {
      run.push(line);
      continue;
    }
    lines.push(...run.sort(compare), line);
    run = [];
  }
  return [...lines, ...run.sort(compare)].join('\n');
}
