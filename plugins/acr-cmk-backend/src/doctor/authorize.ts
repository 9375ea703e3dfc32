import {
  AuthorizeResult,
  isResourcePermission,
  type Permission,
} from '@backstage/plugin-permission-common';

/** Reads the body of an answer; undefined when it is no JSON. */
export async function json<T>(answer: Response): Promise<T | undefined> {
  try {
    return (await answer.json()) as T;
  } catch {
    return undefined;
  }
}

/** Answer of the portal's permission policy. */
export type PolicyAnswer =
  /** Names of the granted permissions. */
  { asked: true; allowed: string[] } | { asked: false; why: string };

/**
 * Asks the permission backend which permissions the holder of a token has. The portal's policy decides, and the plugin
 * of the resource applies the conditions of a conditional decision.
 *
 * @param send - sends a request to `/authorize` of the permission backend
 */
export async function authorize(
  send: (init: RequestInit) => Promise<Response>,
  token: string,
  questions: readonly { permission: Permission; resourceRef?: string }[],
): Promise<PolicyAnswer> {
  const answer = await send({
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({
      items: questions.map(({ permission, resourceRef }, index) => ({
        id: `${index}`,
        permission,
        ...(isResourcePermission(permission) ? { resourceRef } : {}),
      })),
    }),
  });
  const items = answer.ok
    ? (
        await json<{ items?: ({ id?: string; result?: string } | null)[] }>(
          answer,
        )
      )?.items
    : undefined;
  if (!Array.isArray(items)) {
    return {
      asked: false,
      why: `the permission backend answered with ${answer.status}`,
    };
  }
  const given = new Set(
    items
      .filter(item => item?.result === AuthorizeResult.ALLOW)
      .map(item => Number(item?.id)),
  );
  return {
    asked: true,
    allowed: questions
      .filter((_, index) => given.has(index))
      .map(({ permission }) => permission.name),
  };
}
