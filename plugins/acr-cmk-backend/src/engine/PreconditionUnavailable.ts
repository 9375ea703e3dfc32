/**
 * A source that the first write depends on, such as the catalog, does not answer now. The operation waits and asks
 * again, no longer than it waits for Azure. Not an `AzureError`: Azure has no part in it.
 */
export class PreconditionUnavailable extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
