const { matchMedia } = window;

/** Shows what is rendered from here on as on a phone, until `leavePhone`. */
export function takePhone() {
  window.matchMedia = query => ({
    ...({} as MediaQueryList),
    matches: query.includes('max-width:599.95px'),
    addListener: () => undefined,
    removeListener: () => undefined,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  });
}

export function leavePhone() {
  window.matchMedia = matchMedia;
}
