import { ServiceUnavailableError } from '@backstage/errors';
import { Router } from 'express';

/**
 * Answers every request with why the plugin does not work.
 *
 * @param forProbes - for those who need no sign-in. Default: the same
 */
export function outOfService(message: string, forProbes = message): Router {
  const router = Router();
  router.get('/health', (_req, res) => {
    res.status(503).json({ status: 'error', message: forProbes });
  });
  router.use(() => {
    throw new ServiceUnavailableError(message);
  });
  return router;
}
