import type { LoggerService } from '@backstage/backend-plugin-api';
import type { CredentialsConfig } from '../azure/credentials/credentials';
import type { DoctorPorts } from './check';
import { policyLines, writingJobs } from './checks/policy';

/** Logs a warning for each reason why everybody may change keys, if the backend has a credential that can. */
export async function warnOfOpenPolicy({
  credentials,
  logger,
  ...ports
}: Pick<DoctorPorts, 'permission' | 'backend'> & {
  credentials: CredentialsConfig;
  logger: Pick<LoggerService, 'warn'>;
}): Promise<void> {
  const jobs = writingJobs(credentials);
  if (jobs.length === 0) return;
  for (const { status, message, remedy } of await policyLines({
    ...ports,
    canWrite: true,
  })) {
    if (status === 'warning') {
      logger.warn(
        `${message} The configured credentials for ${jobs.join(
          ', ',
        )} can change Azure. ${remedy}`,
      );
    }
  }
}
