import type { SchedulerServiceTaskScheduleDefinitionConfig } from '@backstage/backend-plugin-api';

export interface Config {
  catalog?: {
    providers?: {
      /**
       * Offers the registries of the inventory of acr-cmk, their keys and their vaults as entities.
       * Without this block nothing is offered, and no relation is added.
       */
      acrCmk?: {
        /**
         * Owner of what no tag names an owner of: the ref of a group or user. Without a kind it is a
         * group, without a namespace it is in `default`.
         */
        defaultOwner: string;
        /**
         * Names of Azure tags that hold an owner, the most important first; a key has the owner of
         * its vault. Default: none, so that everything belongs to `defaultOwner`.
         */
        ownerTags?: string[];
        /** Namespace of the entities. Default: `azure`. */
        namespace?: string;
        /** Time when the inventory is read. Default: every 10 minutes, for at most 5. */
        schedule?: SchedulerServiceTaskScheduleDefinitionConfig;
      };
    };
  };
}
