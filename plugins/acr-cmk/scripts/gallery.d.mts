/** Builds the gallery and serves it on a free port of this machine. */
export function startGallery(): Promise<{ url: string; stop(): Promise<void> }>;
