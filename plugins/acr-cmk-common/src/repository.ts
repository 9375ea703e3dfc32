/** Address of the public repository. Empty until there is one: messages then name the path of a file in it. */
export const REPOSITORY: string = '';
