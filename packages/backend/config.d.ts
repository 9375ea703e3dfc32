export interface Config {
  demo?: {
    /**
     * Folder that replaces a git host: the action `demo:publish` writes into it, and the catalog
     * reads from it. Relative to packages/backend. Default: none.
     */
    repositories?: string;
    /**
     * URL at which the emulated Azure lists its registries. Registries whose tags name an entity and its owner
     * are added to the catalog. Default: none.
     */
    fleet?: string;
    /** Limits and intervals of acr-cmk that differ from its own, by their names in the backend plugin. Default: none. */
    limits?: { [name: string]: number };
  };
}
