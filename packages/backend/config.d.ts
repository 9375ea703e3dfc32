export interface Config {
  demo?: {
    /**
     * Folder that stands for a git host: templates publish into it with the action
     * `demo:publish`, and the catalog reads from it. Relative to packages/backend. Default: none.
     */
    repositories?: string;
  };
}
