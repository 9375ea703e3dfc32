import {
  CATALOG_SETTINGS,
  type DoctorLine,
  documentationUrl,
} from 'backstage-plugin-acr-cmk-common';
import { type Check, type DoctorPorts, groupsNotKnown, plural } from '../check';
import { failed, ok, warning } from '../lines';

const CORRECT = `Correct app-config, and restart the backend. Every setting: ${documentationUrl(
  'plugins/acr-cmk-backend/config.d.ts',
)}.`;
const INSTALL = documentationUrl('docs/install.md#4-configuration');

/** Checks that `acrCmk` is valid and has a scope. */
export const configuration: Check = {
  id: 'configuration',
  title: 'The configuration is valid',
  async run(ports) {
    return [
      ...linesOfPlugin(ports),
      ...ports.misplaced.map(({ place, remedy }) =>
        warning(
          `app-config has the block ${place}, which nothing reads.`,
          `${remedy}.`,
        ),
      ),
      ...catalogModuleLines(ports),
      ...(await backendLines(ports)),
    ];
  },
};

/** Lines about the catalog module. Its warning is also logged when the backend starts. */
export function catalogModuleLines({
  catalogModule,
  backend,
}: Pick<DoctorPorts, 'catalogModule' | 'backend'>): DoctorLine[] {
  if (catalogModule?.wrong !== undefined) {
    return [
      failed(
        `The catalog module is off: ${catalogModule.wrong}.`,
        `Correct app-config, and restart the backend. Every setting: ${documentationUrl(
          'docs/catalog.md',
        )}.`,
      ),
    ];
  }
  if (!catalogModule || !backend || backend.catalogModuleLoaded) return [];
  return [
    warning(
      `app-config has ${CATALOG_SETTINGS}, and this backend has not loaded the catalog module that reads it.`,
      `Add backstage-plugin-catalog-backend-module-acr-cmk to the backend that runs the catalog; where that is another backend, it may have it. See ${documentationUrl(
        'docs/catalog.md#turn-it-on',
      )}.`,
    ),
  ];
}

async function backendLines({ backend }: DoctorPorts): Promise<DoctorLine[]> {
  const differences = (await backend?.differences()) ?? [];
  return differences.map(difference =>
    failed(
      `The backends of this database have different settings: ${difference}.`,
      `Give them the same app-config. Until then the stricter approval applies. See ${documentationUrl(
        'docs/install.md#4-configuration',
      )}.`,
    ),
  );
}

function linesOfPlugin({ config }: DoctorPorts): DoctorLine[] {
  const wrong = config.understood ? config.value.wrongBlocks : [];
  return [
    ...wrong.map(block => failed(`${block}.`, CORRECT)),
    ...linesOfScopes(config),
  ];
}

function linesOfScopes(config: DoctorPorts['config']): DoctorLine[] {
  if (!config.understood) {
    return [failed(config.message, CORRECT)];
  }
  const { scopes, managementGroups, vaults } = config.value;
  const notKnown = groupsNotKnown(config);
  if (scopes.length === 0 && notKnown.length > 0) return notKnown;
  if (scopes.length === 0 && managementGroups.length > 0) {
    return [
      failed(
        'There is no subscription below the management groups of acrCmk.scopes: no registry can be viewed or changed.',
        `Check the names of the management groups in acrCmk.scopes, and that the read credential has Azure's role Reader there. See ${INSTALL}.`,
      ),
    ];
  }
  if (scopes.length === 0) {
    return [
      failed(
        'acrCmk.scopes is empty: no registry can be viewed or changed.',
        `Add the subscription or the resource group of your registries to acrCmk.scopes, such as /subscriptions/<guid>/resourceGroups/<group>. See ${INSTALL}.`,
      ),
    ];
  }
  return [
    ok(
      `${plural(scopes.length, 'scope')}, ${
        vaults
          ? plural(vaults.size, 'vault')
          : 'every vault of their subscriptions'
      }.`,
    ),
    ...notKnown,
  ];
}
