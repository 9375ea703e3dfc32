const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** An address of the Internet: whose it is, is nobody's business. */
const ADDRESS =
  /\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b/gi;
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const KEY_VERSION = /\b[0-9a-f]{32}\b/gi;
const TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]+/g;
/** Opaque to us, and made of names. */
const NEXT = /(?<=\$skiptoken=)[^&"]+/gi;
const SECRET_FIELDS =
  /^(?:n|e|value|password\d?|passwords|secret|nextLink|\$skipToken|access_token|refresh_token|createdBy|lastModifiedBy|x-ms-client-principal-name)$/i;

/** Replaces what would show whose subscription it was. */
export class Scrubber {
  private known: [string, string][] = [];

  /** From now on, this text is replaced by `{placeholder}`, in any case. */
  learn(text: string | undefined, placeholder: string) {
    if (!text || this.known.some(([each]) => each === text.toLowerCase()))
      return;
    this.known.push([text.toLowerCase(), `{${placeholder}}`]);
    // The longest first: a name may be part of another one.
    this.known.sort(([a], [b]) => b.length - a.length);
  }

  text(text: string): string {
    const learnt = this.known.reduce(
      (result, [from, to]) =>
        result.replace(new RegExp(escaped(from), 'gi'), () => to),
      text,
    );
    return learnt
      .replace(NEXT, '{next}')
      .replace(TOKEN, '{token}')
      .replace(GUID, '{guid}')
      .replace(KEY_VERSION, '{version}')
      .replace(ADDRESS, '{address}');
  }

  /** The same for every text in a JSON value, and for what only a body has. */
  json<T>(value: T): T {
    if (value === undefined) return value;
    return JSON.parse(
      this.text(
        JSON.stringify(value, (name, each) =>
          typeof each === 'string' && SECRET_FIELDS.test(name)
            ? '{secret}'
            : each,
        ),
      ),
    );
  }
}
