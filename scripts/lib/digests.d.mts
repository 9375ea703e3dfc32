/** Moves the last digest of a portal an hour back. */
export function passHourForDigests(databaseDirectory: string): void;

/** Start of the last digest in epoch milliseconds; 0 before the first. */
export function digestsBegunAt(databaseDirectory: string): number;
