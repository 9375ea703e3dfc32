/** The part of the operations of this portal that explains why a registry uses the version it does. */
export interface ChangeHistory {
  /** The last change of the registry, if it wrote to Azure and ended without success. */
  failed?: {
    /** Azure's answer, or the reason why nothing confirmed the change. */
    message: string;
    /** Version of the key that the operation had made by then. */
    newVersion?: string;
  };
  /** The last change that succeeded and selected a version, by our clock. */
  chosen?: { version: string; at: number };
  /** The latest version of the same key that an operation of another registry made. */
  madeForAnother?: string;
}
