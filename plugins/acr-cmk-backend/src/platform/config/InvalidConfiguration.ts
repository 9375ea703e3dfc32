/** `acrCmk` cannot be used as it is. The message names each setting and what it may be; it has no secrets. */
export class InvalidConfiguration extends Error {
  override readonly name = 'InvalidConfiguration';
}
