/**
 * Replaces the injection of Backstage UI's styles in all tests of this package and the app (`jest` in
 * package.json). None of them hides anything, and jsdom would parse them for each test file, warn about
 * unknown syntax, and match each rule against each element whenever a test queries a role.
 */
export default function injectNoStyle(): void {}
