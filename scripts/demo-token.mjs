// `yarn demo:token --user NAME`: prints a token of one of the demo's users, for curl.
import { parseArgs } from 'node:util';
import { demoToken } from './lib/portal.mjs';

const { values } = parseArgs({
  options: {
    user: { type: 'string' },
    url: { type: 'string', default: 'http://localhost:7007' },
  },
});

if (!values.user) {
  console.error(
    'usage: yarn demo:token --user NAME [--url http://localhost:7007]',
  );
  process.exit(2);
}

try {
  console.log(await demoToken(values.url, values.user));
} catch (error) {
  const isUnreachable = error.message === 'fetch failed';
  console.error(
    isUnreachable
      ? `No portal answers at ${values.url}; start one with: npm start`
      : error.message,
  );
  process.exit(1);
}
