/**
 * Something that has to be known before the first write cannot be asked now, such as the catalog.
 * The operation waits and asks again, no longer than it waits for Azure. Not an `AzureError`: Azure
 * has no part in it.
 */
export class PreconditionUnavailable extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
