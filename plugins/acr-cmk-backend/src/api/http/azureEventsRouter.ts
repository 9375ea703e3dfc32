import {
  BodyTooLarge,
  ContentTypeUnsupported,
  InvalidInput,
} from 'backstage-plugin-acr-cmk-common';
import express, { type RequestHandler, type Router } from 'express';
import PromiseRouter from 'express-promise-router';
import type { AzureEventService } from '../../registries/freshness/AzureEventService';
import { onError } from './onError';

export const AZURE_EVENTS_PATH = '/v1/azure-events';

/** Largest delivery of Event Grid. */
const BODY_LIMIT = '1mb';
const CONTENT_TYPES = [
  'application/json',
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
];
/** The only one whose handshake is answered. */
const EVENT_GRID = 'eventgrid.azure.net';

/** The parser's own words hold parts of the body: they are not repeated. */
const bodyErrorHandler = onError((error, { next }) => {
  const { status } = error as { status?: number };
  if (status === 413) next(new BodyTooLarge(BODY_LIMIT));
  else if (status === 400) next(new InvalidInput('body', 'must be JSON'));
  else next(error);
});

/**
 * Deliveries of Azure Event Grid. The token is checked before the body is read. Backstage's own ingress
 * for events is not used: it cannot answer the handshake of CloudEvents, and keeps the token.
 */
export function azureEventsRouter(service: AzureEventService): Router {
  const router = PromiseRouter();
  router.options(AZURE_EVENTS_PATH, (req, res) => {
    if (req.header('webhook-request-origin')?.toLowerCase() === EVENT_GRID) {
      res.set('WebHook-Allowed-Origin', EVENT_GRID);
      res.set('WebHook-Allowed-Rate', '*');
    }
    res.set('Allow', 'OPTIONS, POST').status(200).end();
  });
  const authenticateDelivery: RequestHandler = async (req, _res, next) => {
    await service.authenticate(req.header('authorization'));
    if (!req.is(CONTENT_TYPES)) {
      throw new ContentTypeUnsupported(
        'content-type',
        `must be one of ${CONTENT_TYPES.join(', ')}`,
      );
    }
    next();
  };
  router.post(
    AZURE_EVENTS_PATH,
    authenticateDelivery,
    express.json({ limit: BODY_LIMIT, strict: true, type: CONTENT_TYPES }),
  );
  router.post(AZURE_EVENTS_PATH, async (req, res) => {
    res.json(await service.receive(req.body));
  });
  router.use(AZURE_EVENTS_PATH, bodyErrorHandler);
  return router;
}
