/** JSON with keys sorted at every level, so that equal data has one text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(item => canonicalJson(item)).join(',')}]`;
  }
  if (value !== null && typeof value === 'object') {
    const fields = value as Record<string, unknown>;
    let text = '';
    for (const name of Object.keys(fields).sort()) {
      if (fields[name] === undefined) continue;
      const field = `${JSON.stringify(name)}:${canonicalJson(fields[name])}`;
      text += text === '' ? field : `,${field}`;
    }
    return `{${text}}`;
  }
  return JSON.stringify(value ?? null);
}
