const { matchMedia } = window;

/** Shows what is rendered from here on as on a phone, until `leavePhone`. */
export function takePhone() {
  window.matchMedia = query => ({
    ...({} as MediaQueryList),
    matches: /max-width:(599|959).95px/.test(query),
    addListener: () => undefined,
    removeListener: () => undefined,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  });
}

export function leavePhone() {
  window.matchMedia = matchMedia;
}
