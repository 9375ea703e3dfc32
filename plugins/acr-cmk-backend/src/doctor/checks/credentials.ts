import {
  AZURE_CLOUDS,
  type DoctorLine,
  documentationUrl,
} from 'backstage-plugin-acr-cmk-common';
import { CREDENTIAL_NAMES } from '../../azure/credentials/credentials';
import { refusal } from '../probes';
import { type Check, withConfiguration } from '../check';
import { failed, ok } from '../lines';

const CREDENTIALS = documentationUrl('docs/permissions.md#in-azure');

/** Checks that each configured credential gets a token. */
export const credentials: Check = {
  id: 'credentials',
  title: 'Each credential gets a token',
  run: withConfiguration(({ config, azure }) =>
    Promise.all(
      CREDENTIAL_NAMES.map(async (job): Promise<DoctorLine> => {
        const setting = `acrCmk.azure.credentials.${job}`;
        if (!config.credentials[job]) {
          return job === 'read'
            ? failed(
                `${setting} is not configured: nothing can be read from Azure.`,
                `Configure ${setting}. See ${CREDENTIALS}.`,
              )
            : ok(`${job}: not configured, so what needs it is off.`);
        }
        const error = await azure.tokenError(job);
        return error
          ? refusal(
              error,
              `Check ${setting} (tenant, client id, and a secret or certificate that has not expired), and that this machine reaches ${
                AZURE_CLOUDS[config.cloud].authorityHost
              }. See ${CREDENTIALS}.`,
            )
          : ok(`${job}: Microsoft Entra gives a token.`);
      }),
    ),
  ),
};
