import type { Entity } from '@backstage/catalog-model';
import {
  AZURE_RESOURCE_ID_ANNOTATION,
  REGISTRY_ID_ANNOTATION,
} from 'backstage-plugin-acr-cmk-common';
import { entityWith } from '../../fixtures/entities';
import { registryId } from '../../fixtures/ids';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { answerWith, registryWith, unreadable } from '../../fixtures/registry';
import {
  registryStates,
  severalRegistries,
} from '../../fixtures/registryStates';
import { refusals } from '../../fixtures/refusals';

interface TabState {
  entity?: Entity;
  api(): InMemoryAcrCmk;
  /** Element that identifies the state. */
  shows: { role: string; name?: RegExp } | { text: RegExp };
}

const annotatedWith = (text: string) =>
  entityWith({ [REGISTRY_ID_ANNOTATION]: text });

/** Every state of the tab. */
export const tabStates: Record<string, TabState> = {
  'not annotated': {
    entity: entityWith({}),
    api: () => new InMemoryAcrCmk(),
    shows: { text: /missing annotation/i },
  },
  'the general annotation names another kind of resource': {
    entity: entityWith({
      [AZURE_RESOURCE_ID_ANNOTATION]:
        '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shop/providers/Microsoft.Web/sites/shop',
    }),
    api: () => new InMemoryAcrCmk(),
    shows: { text: /missing annotation/i },
  },
  'annotated wrongly': {
    entity: annotatedWith('shopimages.azurecr.io'),
    api: () =>
      new InMemoryAcrCmk({
        answer: answerWith(
          unreadable('invalid-id', {
            text: 'shopimages.azurecr.io',
            message: "'shopimages.azurecr.io' is not the ARM id of a registry",
          }),
        ),
      }),
    shows: { text: /For example:/ },
  },
  loading: {
    api: () => {
      const api = new InMemoryAcrCmk();
      api.hold('registriesOf');
      return api;
    },
    shows: {
      role: 'progressbar',
      name: /Loading the encryption of the registries/,
    },
  },
  denied: {
    api: () => {
      const api = new InMemoryAcrCmk();
      api.refuse('registriesOf', refusals.permissionMissing);
      return api;
    },
    shows: { role: 'heading', name: /You do not have access/ },
  },
  'Azure denied': {
    api: () =>
      new InMemoryAcrCmk({
        answer: answerWith(
          unreadable('denied', {
            message:
              'Azure denies Microsoft.ContainerRegistry/registries/read at /subscriptions/…/registries/shopimages. Give the reader the role Reader there.',
          }),
        ),
      }),
    shows: { text: /Give the reader the role Reader there/ },
  },
  'out of scope': {
    api: () =>
      new InMemoryAcrCmk({ answer: answerWith(unreadable('out-of-scope')) }),
    shows: { text: /not configured for the subscription/ },
  },
  'the registry is gone': {
    api: () =>
      new InMemoryAcrCmk({ answer: answerWith(unreadable('not-found')) }),
    shows: { text: /Azure has no registry with this ID/ },
  },
  'backend down': {
    api: () => {
      const api = new InMemoryAcrCmk();
      api.refuse('registriesOf', refusals.backendDown);
      return api;
    },
    shows: { role: 'button', name: /Try again/ },
  },
  stale: {
    api: () =>
      new InMemoryAcrCmk({ answer: answerWith(registryStates.stale()) }),
    shows: { text: /Azure did not answer in 30 seconds/ },
  },
  'several registries, one of them failing': {
    entity: annotatedWith(
      ['shopimages', 'ordersimages', 'searchimages']
        .map(n => registryId(n))
        .join(),
    ),
    api: () =>
      new InMemoryAcrCmk({
        answer: answerWith(
          registryWith(),
          unreadable('unavailable', { text: registryId('ordersimages') }),
          registryWith({ name: 'searchimages' }),
        ),
      }),
    shows: { role: 'region', name: /ordersimages/ },
  },
  'several registries, none of them needs attention': {
    api: () =>
      new InMemoryAcrCmk({
        answer: answerWith(
          registryWith(),
          registryWith({ name: 'ordersimages' }),
        ),
      }),
    shows: { text: /None need attention/ },
  },
  'several registries in different states': {
    api: () => new InMemoryAcrCmk({ answer: severalRegistries() }),
    shows: { role: 'region', name: /checkoutimages/ },
  },
  'none with a customer-managed key': {
    api: () =>
      new InMemoryAcrCmk({
        answer: answerWith(registryStates['no customer-managed key']()),
      }),
    shows: { text: /encrypted with a Microsoft-managed key/ },
  },
  ready: {
    api: () => new InMemoryAcrCmk({ answer: answerWith(registryWith()) }),
    shows: { role: 'button', name: /^Rotate$/ },
  },
};
