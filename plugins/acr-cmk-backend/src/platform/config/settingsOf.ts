import type { z } from 'zod/v4';

/** Every key that a schema knows, by its full place; `[]` stands for any entry of a list. */
export function settingsOf(schema: z.core.$ZodType, at: string): string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape).flatMap(([key, field]) => [
        `${at}.${key}`,
        ...settingsOf(field, `${at}.${key}`),
      ]);
    case 'array':
      return settingsOf(def.element, `${at}[]`);
    case 'optional':
    case 'default':
    case 'prefault':
      return settingsOf(def.innerType, at);
    case 'pipe':
      return [...settingsOf(def.in, at), ...settingsOf(def.out, at)];
    case 'union':
      return def.options.flatMap(option => settingsOf(option, at));
    default:
      return [];
  }
}
