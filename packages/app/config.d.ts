export interface Config {
  auth?: {
    providers?: {
      /**
       * Sign-in without a password as one of the sample users. For demos and tests.
       *
       * @visibility frontend
       */
      demo?: {
        /**
         * Who can sign in, in the order of the sign-in page.
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
           * The name that the card shows.
           *
           * @visibility frontend
           */
          title: string;
          /**
           * One line that says what this person is.
           *
           * @visibility frontend
           */
          about: string;
        }>;
        /**
         * Lets the backend start with this provider although NODE_ENV is production.
         * Default: false, and the backend stops with a message.
         */
        allowInProduction?: boolean;
      };
    };
  };
}
