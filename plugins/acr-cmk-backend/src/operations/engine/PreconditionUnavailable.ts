/**
 * Something that has to be known before the first write cannot be asked now. The operation waits,
 * as it does when Azure cannot be asked.
 */
export class PreconditionUnavailable extends Error {
  constructor(readonly code: string, message: string) {
    super(message);
  }
}
