/** A key and its vault. The name of the key stands first: a narrow column cuts the end. */
export const keyInWords = (key: { keyName: string; vaultName: string }) =>
  `${key.keyName} · ${key.vaultName}`;
