import type { AuditorService } from '@backstage/backend-plugin-api';

/** Action of the plugin by itself, or for a person whose requests are not reported one by one. */
export interface EngineEvent {
  eventId: 'operation-ended' | 'restore-timer' | 'limit-reached';
  /** Entity ref of the person whom it is about. */
  actor: string;
  meta: Record<string, string>;
  /** Reason of a failure; absent after a success. */
  failure?: string;
}

/** Gives Backstage's auditor an event without a request: the person is in its `meta`. */
export async function emitAuditorEvent(
  auditor: AuditorService,
  { eventId, actor, meta, failure }: EngineEvent,
): Promise<void> {
  const event = await auditor.createEvent({
    eventId,
    severityLevel: 'medium',
    meta: { ...meta, actor },
  });
  if (failure === undefined) {
    await event.success();
  } else {
    await event.fail({ error: new Error(failure) });
  }
}
