import { ServiceUnavailableError } from '@backstage/errors';
import { Router } from 'express';

/** Answers every request, also for readiness, with why the plugin does not work. */
export function outOfService(message: string): Router {
  const router = Router();
  router.get('/health', (_req, res) => {
    res.status(503).json({ status: 'error', message });
  });
  router.use(() => {
    throw new ServiceUnavailableError(message);
  });
  return router;
}
