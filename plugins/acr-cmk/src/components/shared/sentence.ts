/** A text that ends with a full stop, so that another may follow. */
export const sentence = (text: string) => `${text.replace(/\.$/, '')}.`;
