// `yarn demo:token --user NAME`: prints a token of one of the demo's users, for curl.
import { readFlags } from './lib/flags.mjs';
import { demoToken } from './lib/portal.mjs';
import { main, Stop } from './lib/progress.mjs';

const HELP = `Prints a token of one of the demo's users, for curl.

  --user NAME   olivia, daniel, priya, paul or vera
  --url URL     the portal (http://localhost:7007)
`;

await main(async () => {
  const { help, user, url } = readFlags(
    {
      user: { type: 'string' },
      url: { type: 'string', default: 'http://localhost:7007' },
    },
    HELP,
  );
  if (help) {
    console.log(HELP);
    return;
  }
  if (!user) {
    throw new Stop(`Name a user with --user.\n\n${HELP}`);
  }
  if (!/^https?:\/\/./.test(url) || !URL.canParse(url)) {
    throw new Stop(`--url must be the address of the portal, not '${url}'.`);
  }
  try {
    console.log(await demoToken(url, user));
  } catch (error) {
    throw new Stop(
      error.message === 'fetch failed'
        ? `No portal answers at ${url}; start one with: npm start`
        : error.message,
    );
  }
});
