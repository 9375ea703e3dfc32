import type { DoctorLine } from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../../azure/AzureError';
import { NETWORKS } from '../../azure/failures/networkCause';
import { type Check, type DoctorPorts, NOT_UNDERSTOOD } from '../check';
import { CHECK_NETWORK, ok, unknown, warning } from '../lines';

/** With a larger drift, tokens are refused at their edges and "an hour ago" is wrong. */
const MAX_DRIFT_SECONDS = 60;

/** Compares the clocks of Azure, this process and the database. */
export const clocks: Check = {
  id: 'clocks',
  title: 'The clocks agree',
  async run(ports) {
    const { azure, backend } = ports;
    return [
      ...(azure
        ? [await compare("Azure's clock", ports, () => azure.azureTime())]
        : [NOT_UNDERSTOOD]),
      ...(backend
        ? [
            await compare("the database's clock", ports, () =>
              backend.database.now(),
            ),
          ]
        : []),
    ];
  },
};

async function compare(
  whose: string,
  { now }: DoctorPorts,
  read: () => Promise<number | undefined>,
): Promise<DoctorLine> {
  const before = now();
  let theirs: number | undefined;
  try {
    theirs = await read();
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return unknown(error.message, CHECK_NETWORK);
  }
  if (theirs === undefined) {
    return unknown(
      `An answer did not include ${whose}.`,
      'Compare the clocks by hand; a proxy may have taken the time out of the answer.',
    );
  }
  const after = now();
  // The answer was made at some moment between the two.
  const drift = theirs < before ? theirs - before : Math.max(theirs - after, 0);
  const seconds = Math.round(Math.abs(drift) / 1000);
  return seconds > MAX_DRIFT_SECONDS
    ? warning(
        `This process and ${whose} differ by ${seconds} s: this process is ${
          drift > 0 ? 'behind' : 'ahead'
        }.`,
        `Synchronise the clocks with a time server (NTP) on the machine of the backend and on that of the database. See ${NETWORKS}.`,
      )
    : ok(`This process and ${whose} agree within ${MAX_DRIFT_SECONDS} s.`);
}
