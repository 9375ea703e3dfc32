/** Author and time of the creation and the last change of a resource. */
interface History {
  createdAt: number;
  createdBy: string;
  modifiedAt: number;
  modifiedBy: string;
}

/** ISO 8601 with seven decimals, as .NET formats it. */
export const dotnetTime = (ms: number, zone: 'Z' | '+00:00' = 'Z') =>
  new Date(ms).toISOString().replace('Z', `0000${zone}`);

/** ISO 8601 with three decimals, as Key Vault formats it. */
export const vaultTime = (ms: number) => new Date(ms).toISOString();

/** `systemData`: every caller of the emulator is an application. */
export function systemDataJson(
  { createdAt, createdBy, modifiedAt, modifiedBy }: History,
  time: (ms: number) => string = dotnetTime,
) {
  return {
    createdBy,
    createdByType: 'Application',
    createdAt: time(createdAt),
    lastModifiedBy: modifiedBy,
    lastModifiedByType: 'Application',
    lastModifiedAt: time(modifiedAt),
  };
}
