import type { Answer, Request } from '../types';

export const ok = (
  body: unknown,
  headers?: Record<string, string>,
): Answer => ({
  status: 200,
  body,
  headers,
});

export const noContent = (): Answer => ({ status: 204 });

export const origin = (request: Request) => `https://${request.host}`;

/** One page of a list sorted by id, with the link to the next one. */
export function page<T extends { id: string }>(
  request: Request,
  rows: T[],
  options: { size: number; tokenName: string },
): { rows: T[]; nextLink?: string } {
  const sorted = [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));
  const token = request.query.get(options.tokenName.toLowerCase());
  // The token is the last id of the previous page, so that a list which changes meanwhile neither repeats
  // nor skips rows.
  const after = token && Buffer.from(token, 'base64url').toString('utf8');
  const rest = after ? sorted.filter(row => row.id > after) : sorted;
  const shown = rest.slice(0, options.size);
  if (rest.length <= options.size) {
    return { rows: shown };
  }
  const last = shown[shown.length - 1].id;
  const query = new URLSearchParams();
  for (const [name, value] of request.query) {
    if (name !== options.tokenName.toLowerCase()) query.set(name, value);
  }
  query.set(options.tokenName, Buffer.from(last).toString('base64url'));
  return {
    rows: shown,
    nextLink: `${origin(request)}${encodeURI(request.path)}?${query}`,
  };
}
