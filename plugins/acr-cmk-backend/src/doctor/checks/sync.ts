import { documentationUrl, utcTime } from 'backstage-plugin-acr-cmk-common';
import { type Check, withBackend } from '../check';
import { ok, warning } from '../lines';

/** Checks that the inventory is read again and again. */
export const sync: Check = {
  id: 'sync',
  title: 'The inventory is kept as Azure is',
  run: withBackend(async backend => {
    const turn = await backend.lastTurn();
    if (turn.late) {
      return [
        warning(
          `The inventory is out of date: ${turn.late}`,
          `Read the log of the backend for "The sync could not" and for the task acr-cmk-inventory, and run the doctor again in three minutes. See ${documentationUrl(
            'docs/observability.md#status',
          )}.`,
        ),
      ];
    }
    return [
      turn.endedAt === undefined
        ? ok('The first turn of the sync is under way.')
        : ok(`The last turn of the sync ended at ${utcTime(turn.endedAt)}.`),
    ];
  }),
};
