/** One exchange with Azure, scrubbed, in the form of the emulator's recorded answers. */
export interface Recording {
  operation: string;
  request: { method: string; url: string; body?: unknown };
  status: number;
  /** Names only. */
  headers: string[];
  /** The leaves of the body as paths. */
  fields: string[];
  body?: unknown;
}

/** The leaves of a body as paths; of a list its first entry, of the identities' map any of them. */
export function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) {
    return typeof value[0] === 'object'
      ? fieldsOf(value[0], `${path}[]`)
      : [path];
  }
  if (typeof value !== 'object' || value === null) return [path];
  const all = Object.entries(value);
  const entries = path.endsWith('userAssignedIdentities')
    ? all.slice(0, 1).map(([, each]) => ['*', each] as const)
    : all;
  return entries.length > 0
    ? entries.flatMap(([name, each]) =>
        fieldsOf(each, path ? `${path}.${name}` : name),
      )
    : [path];
}
