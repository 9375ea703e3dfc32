/** True for the same name or id: Azure writes both in varying case. */
export const isSame = (a: string, b: string | null | undefined) =>
  a.toLowerCase() === b?.toLowerCase();
