// Jest environment for browser packages: test files run one after the other in one jsdom page per worker, since the
// libraries that `pageRuntime.cjs` loads once belong to that page.
const {
  getJestEnvironment,
} = require('@backstage/cli-module-test-jest/config/getJestEnvironment');
const { rememberGlobals } = require('./globals.cjs');
const { withVisibleRulesOnly } = require('./styleSheet.cjs');

const JsdomEnvironment = withVisibleRulesOnly(() =>
  require(getJestEnvironment()),
);

let page;

module.exports = class PageEnvironment extends JsdomEnvironment {
  constructor(config, context) {
    if (page) {
      page.bringBackGlobals = rememberGlobals(page.global);
      return page;
    }
    // Each test file has its own console.
    const console = new Proxy(context.console, {
      get: (itself, name) => (page?.global.console ?? itself)[name],
    });
    super(config, { ...context, console });
    this.bringBackGlobals = rememberGlobals(this.global);
    page = this;
  }

  async teardown() {
    const { document, localStorage, sessionStorage } = this.global;
    this.fakeTimersModern.useRealTimers();
    this.moduleMocker.restoreAllMocks();
    this.bringBackGlobals();
    document.body.replaceChildren();
    localStorage.clear();
    sessionStorage.clear();
    this.dom.reconfigure({ url: 'http://localhost/' });
  }
};
