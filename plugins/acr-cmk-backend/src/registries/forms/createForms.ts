import type { Context } from '../../platform/context';
import { FormOptions, type FormParts } from './FormOptions';
import { createNameChecks, type NameChecks } from './NameChecks';
import { createRegistryOptions, type RegistryOptions } from './RegistryOptions';

/** Services of forms and templates. */
export interface Forms {
  formOptions: FormOptions;
  registryOptions: RegistryOptions;
  nameChecks: NameChecks;
}

export function createForms(
  context: Pick<Context, 'config' | 'azure'>,
  parts: FormParts,
): Forms {
  return {
    formOptions: new FormOptions(context, parts),
    registryOptions: createRegistryOptions(context, parts),
    nameChecks: createNameChecks(context, parts),
  };
}
