import {
  type CompoundEntityRef,
  KubernetesValidatorFunctions as valid,
  parseEntityRef,
} from '@backstage/catalog-model';

/**
 * Parses the ref of an entity, without a namespace in `default`. Undefined for a text that the catalog would take for
 * no entity's, such as one with characters of a shell.
 *
 * @public
 */
export function validEntityRef(
  text: string,
  context: { defaultKind?: string } = {},
): CompoundEntityRef | undefined {
  let ref: CompoundEntityRef;
  try {
    ref = parseEntityRef(text.trim(), context);
  } catch {
    return undefined;
  }
  const isValid =
    valid.isValidKind(ref.kind) &&
    valid.isValidNamespace(ref.namespace.toLowerCase()) &&
    valid.isValidObjectName(ref.name);
  return isValid ? ref : undefined;
}
