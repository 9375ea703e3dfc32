import { Router } from 'express';

/** State of the database: `full` while it answers and its disk has no room. */
type DatabaseState = 'ok' | 'away' | 'full';

const MESSAGES: Record<Exclude<DatabaseState, 'ok'>, string> = {
  away: "The plugin's database does not answer",
  full: "The disk of the plugin's database is full, so nothing can be stored. Free space on it",
};

/**
 * `GET /health`, for readiness probes: 503 while the plugin's database does not answer or its disk is full. A
 * damaged audit record shows in the body alone: a backend with one serves everything. Backstage has
 * no place where a plugin could add to the readiness of the whole backend.
 */
export function healthRouter(
  health: { state(): Promise<DatabaseState> },
  audit: { readonly state: string },
): Router {
  const router = Router();
  router.get('/health', async (_req, res) => {
    const state = await health.state();
    res.status(state === 'ok' ? 200 : 503).json({
      status: state === 'ok' ? 'ok' : 'error',
      audit: audit.state,
      ...(state === 'ok' ? {} : { message: MESSAGES[state] }),
    });
  });
  return router;
}
