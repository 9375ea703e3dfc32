/**
 * In place of what puts the styles of Backstage UI into the page, for every test here and of the app (`jest`
 * in package.json): none of them hides anything, and jsdom would parse them for each test file, complain of
 * what it does not know, and match each rule against each element whenever a test asks for a role.
 */
export default function injectNoStyle(): void {}
