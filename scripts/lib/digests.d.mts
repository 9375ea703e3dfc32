/** For the digests of a portal that keeps its databases in this directory, an hour passes. */
export function passHourForDigests(databaseDirectory: string): void;

/** When digests were begun last, epoch milliseconds; 0: never. */
export function digestsBegunAt(databaseDirectory: string): number;
