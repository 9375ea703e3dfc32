import type { ActionContext } from '@backstage/plugin-scaffolder-node';
import { AcrCmkClient, ORIGIN_HEADER } from 'backstage-plugin-acr-cmk-common';
import { BackendUnreachable, TaskError } from './errors';
import type { Ports } from './ports';

const PLUGIN_ID = 'acr-cmk';

/**
 * The API as the person who started the task, so that every guard of the portal holds for a
 * template too. Each request gets its own token, which lives for minutes only.
 *
 * @throws TaskError when no person started the task
 */
export async function clientOf(
  ctx: Pick<ActionContext<any>, 'getInitiatorCredentials'>,
  { auth, discovery, fetch, sleep }: Ports,
): Promise<AcrCmkClient> {
  const credentials = await ctx.getInitiatorCredentials();
  if (!auth.isPrincipal(credentials, 'user')) {
    throw new TaskError(
      'NotAllowedError',
      'These actions act for the person who started the task, and there is none: it was not a person, or the task is cancelled. Start the template from the portal (PERSON_MISSING)',
    );
  }
  const baseUrl = await discovery.getBaseUrl(PLUGIN_ID);
  return new AcrCmkClient({
    baseUrl,
    pause: sleep,
    fetch: async (url, init) => {
      const { token } = await auth.getPluginRequestToken({
        onBehalfOf: credentials,
        targetPluginId: PLUGIN_ID,
      });
      return completeResponse(() =>
        fetch(url, {
          ...init,
          headers: {
            ...init?.headers,
            Authorization: `Bearer ${token}`,
            // Programs ask, people agree.
            [ORIGIN_HEADER]: 'program',
          },
        }),
      );
    },
  });
}

/** The answer with all of its body: one that breaks off is as none. */
async function completeResponse(
  ask: () => Promise<Response>,
): Promise<Response> {
  try {
    const response = await ask();
    const { status, statusText, headers } = response;
    return new Response(await response.text(), { status, statusText, headers });
  } catch {
    // The text of the failure names hosts, which a task's log has no use for.
    throw new BackendUnreachable();
  }
}
