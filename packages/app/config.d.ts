export interface Config {
  auth?: {
    providers?: {
      /**
       * Sign-in as a demo user, without a password. For demos and tests.
       *
       * @visibility frontend
       */
      demo?: {
        /**
         * The users, in the order of the sign-in page.
         *
         * @visibility frontend
         */
        users: Array<{
          /**
           * Name of the User entity in the catalog.
           *
           * @visibility frontend
           */
          name: string;
          /**
           * The name on the card.
           *
           * @visibility frontend
           */
          title: string;
          /**
           * One line about the user.
           *
           * @visibility frontend
           */
          about: string;
        }>;
        /**
         * Allows the backend to start with this provider when NODE_ENV is production.
         * Default: false; the backend then stops with a message.
         */
        allowInProduction?: boolean;
      };
    };
  };
}
