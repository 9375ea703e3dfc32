export interface Config {
  demo?: {
    /**
     * Folder that replaces a git host: the action `demo:publish` writes into it, and the catalog
     * reads from it. Relative to packages/backend. Default: none.
     */
    repositories?: string;
  };
}
