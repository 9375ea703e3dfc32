import { InvalidInput } from './errors';
import { quote } from './text';

const SUBSCRIPTION =
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Letters, digits, `_ - . ( )`, 1 to 90, not ending in a full stop (Azure's naming rules). */
const RESOURCE_GROUP = /^[\w\-.()]{0,89}[\w\-()]$/;
/** Alphanumerics, 5 to 50 (Azure's naming rules). */
const REGISTRY_NAME = /^[a-z0-9]{5,50}$/i;

const EXPECTED =
  '/subscriptions/<guid>/resourceGroups/<group>/providers/Microsoft.ContainerRegistry/registries/<name>';

/**
 * The ARM id of one Azure Container Registry, taken apart and rebuilt, so that nothing but the
 * three checked names can reach a URL.
 *
 * Two ids are equal without regard to case: Azure itself changes it between answers.
 */
export class RegistryId {
  #key?: string;

  private constructor(
    readonly subscriptionId: string,
    readonly resourceGroup: string,
    readonly name: string,
  ) {}

  /**
   * @param field - name of the input, for the message
   * @throws InvalidInput unless `text` is exactly a registry's ARM id
   */
  static parse(text: unknown, field = 'registryId'): RegistryId {
    if (typeof text !== 'string' || text.length === 0) {
      throw new InvalidInput(field, `must be an ARM id such as ${EXPECTED}`);
    }
    const invalid = (why: string) =>
      new InvalidInput(
        field,
        `${quote(text)} ${why}; an ARM id looks like ${EXPECTED}`,
      );
    if (text.length > 400) throw invalid('is too long for an ARM id');
    const parts = text.split('/');
    const [
      lead,
      subscriptions,
      subscriptionId,
      groups,
      resourceGroup,
      providers,
      provider,
      type,
      name,
      ...rest
    ] = parts;
    if (lead !== '' || name === undefined) {
      throw invalid('is not the ARM id of a registry');
    }
    if (rest.length > 0)
      throw invalid('continues after the name of the registry');
    if (
      subscriptions.toLowerCase() !== 'subscriptions' ||
      groups.toLowerCase() !== 'resourcegroups' ||
      providers.toLowerCase() !== 'providers' ||
      provider.toLowerCase() !== 'microsoft.containerregistry' ||
      type.toLowerCase() !== 'registries'
    ) {
      throw invalid('is not the ARM id of a registry');
    }
    if (!SUBSCRIPTION.test(subscriptionId)) {
      throw invalid('has no valid subscription id');
    }
    if (!RESOURCE_GROUP.test(resourceGroup)) {
      throw invalid('has no valid name of a resource group');
    }
    if (!REGISTRY_NAME.test(name)) {
      throw invalid(
        'has no valid name of a registry (5 to 50 letters and digits)',
      );
    }
    return new RegistryId(subscriptionId.toLowerCase(), resourceGroup, name);
  }

  /** The id when `text` is one, else nothing. */
  static tryParse(text: unknown): RegistryId | undefined {
    // Most entities lack the annotation: that needs no error.
    if (text === undefined) return undefined;
    try {
      return RegistryId.parse(text);
    } catch {
      return undefined;
    }
  }

  /** The id in Azure's own spelling. */
  toString(): string {
    return `/subscriptions/${this.subscriptionId}/resourceGroups/${this.resourceGroup}/providers/Microsoft.ContainerRegistry/registries/${this.name}`;
  }

  /** ARM id of its resource group, in Azure's own spelling. */
  get groupId(): string {
    return `/subscriptions/${this.subscriptionId}/resourceGroups/${this.resourceGroup}`;
  }

  /** Lower-cased id: the same for every spelling of the same registry. */
  get key(): string {
    this.#key ??= this.toString().toLowerCase();
    return this.#key;
  }

  equals(other: RegistryId): boolean {
    return this.key === other.key;
  }
}
