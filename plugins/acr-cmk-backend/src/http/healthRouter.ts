import { Router } from 'express';

/**
 * `GET /health`, for readiness probes: 503 while the plugin's database does not answer. A damaged audit
 * record shows in the body alone: a backend with one still serves reads and revokes. Backstage has no place
 * where a plugin could add to the readiness of the whole backend.
 */
export function healthRouter(
  health: { answers(): Promise<boolean> },
  audit: { readonly state: string },
): Router {
  const router = Router();
  router.get('/health', async (_req, res) => {
    const answers = await health.answers();
    res.status(answers ? 200 : 503).json({
      status: answers ? 'ok' : 'error',
      audit: audit.state,
      ...(answers ? {} : { message: "The plugin's database does not answer" }),
    });
  });
  return router;
}
