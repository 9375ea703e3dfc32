/** Lower case of an ASCII name or id of Azure or of the catalog. */
export const lower = (text: string): string => text.toLowerCase();
