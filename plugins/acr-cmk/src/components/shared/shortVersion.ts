/** Digits of a version's 32 that are shown. */
const DIGITS = 8;

/** `3f2a91c0…` */
export function shortVersion(version: string | null | undefined): string {
  return version ? `${version.slice(0, DIGITS)}…` : '…';
}
