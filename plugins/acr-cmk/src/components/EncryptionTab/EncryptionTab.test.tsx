import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { type Operation } from 'backstage-plugin-acr-cmk-common';
import { CAMPAIGN_ID } from '../../fixtures/campaigns';
import { minutesAgo, uuid } from '../../fixtures/ids';
import { InMemoryAcrCmk } from '../../fixtures/InMemoryAcrCmk';
import { keyWith, SELF } from '../../fixtures/keys';
import {
  approvedSharedRotation,
  sharedRotation,
} from '../../fixtures/operations';
import { operationStates } from '../../fixtures/operationStates';
import { refusals } from '../../fixtures/refusals';
import { ALL_ALLOWED, answerWith, registryWith } from '../../fixtures/registry';
import { registryStates } from '../../fixtures/registryStates';
import { axeFindings, renderView } from '../../__testUtils__/render';
import { openDetails, press } from '../../__testUtils__/user';
import { stateStyles } from '../shared/statusStyles';
import { OverviewCard } from '../OverviewCard';
import { EncryptionTab } from './EncryptionTab';
import { tabStates } from './EncryptionTab.states';
import { showTab } from './__testUtils__/showTab';

/** A rotation that makes no version: it changes the version mode. */
const changeOfMode = (operation: Operation): Operation => ({
  ...operation,
  intent: { kind: 'rotate', key: { kind: 'current' } },
  plan: {
    ...operation.plan,
    before: { ...operation.plan.before, keyRotationEnabled: false },
    after: { ...operation.plan.before, keyRotationEnabled: true },
  },
});

/** Words of a part, without the content of closed folds. */
function visibleWordsOf(part: HTMLElement): string[] {
  const copy = part.cloneNode(true) as HTMLElement;
  copy
    .querySelectorAll('details:not([open]) > :not(summary)')
    .forEach(hidden => hidden.remove());
  const texts = [...copy.querySelectorAll('*')].flatMap(element =>
    [...element.childNodes].filter(({ nodeType }) => nodeType === 3),
  );
  return texts
    .map(({ textContent }) => textContent ?? '')
    .join(' ')
    .split(/\s+/)
    .filter(word => /[\p{L}\p{N}]/u.test(word));
}

describe('the tab', () => {
  it.each(Object.entries(tabStates))('shows: %s', async (_, state) => {
    renderView(<EncryptionTab />, { api: state.api(), entity: state.entity });

    const { shows } = state;
    const found =
      'role' in shows
        ? await screen.findByRole(shows.role, { name: shows.name })
        : await screen.findByText(shows.text);
    expect(found).toBeVisible();
    expect(await axeFindings()).toEqual([]);
  });

  it.each(Object.entries(registryStates))(
    'shows the state of a registry in words: %s',
    async (_, registry) => {
      const of = registry();
      showTab(of);

      const section = await screen.findByRole('region', { name: of.name });
      expect(within(section).getAllByRole('status')[0]).toHaveTextContent(
        of.state.revoked
          ? 'Access to the key was revoked on purpose'
          : of.state.message,
      );
      expect(await axeFindings()).toEqual([]);
    },
  );

  it('shows the key, its version and the identity in its details', async () => {
    showTab();
    expect(await screen.findByLabelText('At a glance')).toBeVisible();
    expect(screen.queryByText(/^https:/)).toBeNull();

    await openDetails();
    const key = await screen.findByRole('group', { name: 'Key' });
    expect(key).toHaveTextContent(
      'https://kv-shop.vault.azure.net/keys/orders',
    );
    expect(key).toHaveTextContent(
      'Automatic: uses new versions within about an hour',
    );
    expect(
      within(key).getByRole('button', { name: 'Copy: Key URI' }),
    ).toBeVisible();
    const access = screen.getByRole('group', { name: 'Access to the key' });
    expect(access).toHaveTextContent('id-shopimages');
    expect(access).toHaveTextContent('5e1f0a52-3c1d-4a63-9a3e-2f6f4c1f0c11');
    expect(access).toHaveTextContent('0b9b6f1e-6d0b-4a5c-8a94-7f1f3f4f8a22');
    expect(access).toHaveTextContent('get, wrapKey, unwrapKey');
  });

  it.each([
    ['current', 200],
    ['at risk', 200],
    ['revoked', 260],
    ['revoked outside of this portal', 260],
  ] as const)(
    'shows a registry that is %s in at most %d words',
    async (state, most) => {
      const operations = Object.values(operationStates)
        .map(make => make())
        .filter(({ state: end }) => end === 'succeeded');
      showTab(
        { ...registryStates[state](), actions: ALL_ALLOWED },
        ...operations,
      );
      await screen.findByRole('group', { name: 'Operations' });
      const section = screen.getByRole('region', { name: 'shopimages' });
      expect(visibleWordsOf(section).length).toBeGreaterThan(50);
      expect(visibleWordsOf(section).length).toBeLessThanOrEqual(most);
      // Identifiers, permissions and times for machines are in the details.
      expect(section).not.toHaveTextContent(
        /\/subscriptions\/|acr-cmk\.|\d{4}-\d\d-\d\dT|[0-9a-f]{32}/,
      );
    },
  );

  it('says which campaign is to change a registry of the entity, and that it waits for approval', async () => {
    renderView(<EncryptionTab />, {
      api: new InMemoryAcrCmk({
        answer: {
          ...answerWith(registryWith()),
          campaigns: [
            {
              id: CAMPAIGN_ID,
              title: 'Switch 2 registries to automatic version mode',
              state: 'paused',
              members: [
                { name: 'shopimages', stage: 2, state: 'approval' },
                { name: 'cartimages', stage: 3, state: 'waiting' },
              ],
            },
          ],
        },
      }),
    });

    const banner = await screen.findByRole('region', {
      name: 'Campaign: Switch 2 registries to automatic version mode',
    });
    expect(banner).toHaveTextContent(
      /shopimages waits for approval in stage 2\..*cartimages changes in stage 3\..*The campaign is paused\./,
    );
    // A link, for all that the button looks like one.
    expect(
      within(banner).getByRole('button', { name: 'Open the campaign' }),
    ).toHaveAttribute('href', `/acr-cmk/campaigns/${CAMPAIGN_ID}`);
    expect(await axeFindings()).toEqual([]);
  });

  it('names the version that a registry with manual rotation stays on', async () => {
    showTab(registryStates['behind by choice']());
    await openDetails();

    expect(
      await screen.findByText(
        'Manual: stays on version 3f2a91c2… until changed',
      ),
    ).toBeVisible();
  });

  it('says once that a registry stays on an older version, and offers the plan beside it', async () => {
    showTab(registryStates['behind by choice']());

    expect(
      await screen.findByRole('button', { name: 'Review the plan' }),
    ).toBeVisible();
    expect(screen.getByText(/Point the registry at the newer/)).toBeVisible();
    expect(screen.queryByText(/stays on an older version/)).toBeNull();
  });

  it('offers once to set up automatic rotation', async () => {
    showTab(
      registryWith({
        actions: ALL_ALLOWED,
        key: keyWith({ rotatesByPolicy: false, rotationPolicy: undefined }),
        findings: [
          {
            id: 'no-rotation-policy',
            severity: 'info',
            verdict: 'found',
            message: 'The key orders has no rotation policy',
            remedy: 'Set up automatic rotation, if it is to rotate.',
            intent: {
              kind: 'automatic-rotation',
              rotation: { kind: 'on', policy: { timeAfterCreate: 'P90D' } },
            },
          },
        ],
      }),
    );

    await openDetails();
    expect(
      await screen.findByText(/The key orders has no rotation policy/),
    ).toBeInTheDocument();
    expect(screen.getAllByText(/Set up automatic rotation/)).toHaveLength(1);
  });

  it('has neither dead buttons nor words about actions that take a permission that the viewer lacks', async () => {
    showTab();

    expect(await screen.findByRole('button', { name: 'Rotate' })).toBeVisible();
    expect(
      screen.queryByRole('button', { name: /^More actions/ }),
    ).not.toBeInTheDocument();
    expect(screen.queryByText(/acr-cmk\.key\.revoke/)).toBeNull();
  });

  it('has Revoke in a menu of the head, and says there why another action is disabled', async () => {
    showTab(
      registryWith({
        actions: [
          { action: 'revoke', allowed: true },
          {
            action: 'restore',
            allowed: false,
            reason: 'Nothing has been revoked from here',
          },
        ],
      }),
    );

    const more = await screen.findByRole('button', {
      name: 'More actions for shopimages',
    });
    await userEvent.click(more);
    const restore = screen.getByRole('menuitem', { name: /^Restore access/ });
    expect(restore).toHaveAttribute('aria-disabled', 'true');
    expect(restore).toHaveTextContent('Nothing has been revoked from here');
    expect(await axeFindings()).toEqual([]);

    await userEvent.click(
      screen.getByRole('menuitem', { name: /^Revoke access/ }),
    );
    expect(
      await screen.findByRole('dialog', { name: 'Revoke access: shopimages' }),
    ).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(more).toHaveFocus());
  });

  it('shows a vault that cannot be read as one message, with the checks that depend on it', async () => {
    const registry = registryStates['the vault cannot be read']();
    showTab(registry);

    const section = await screen.findByRole('region', { name: registry.name });
    expect(within(section).getAllByRole('status')[0]).toHaveTextContent(
      /^Unknown · The vault kv-shop could not be readAzure denies .* Reader thereDepends on it: access to the key, firewall, newer versions, purge protection\. More about this/,
    );
    // The head says it, and neither a finding nor a fact again.
    expect(screen.queryByRole('group', { name: /finding/ })).toBeNull();
    expect(screen.getAllByText(/Azure denies/)).toHaveLength(1);
  });

  it('says once that a firewall is closed', async () => {
    const message = 'The firewall of the vault kv-shop is closed';
    showTab(
      registryWith({
        state: { id: 'unreachable', message },
        actions: ALL_ALLOWED.map(({ action }) => ({
          action,
          allowed: false,
          reason: `A rotation does not help: ${message}.`,
        })),
        findings: [
          {
            id: 'vault-firewall',
            severity: 'error',
            verdict: 'found',
            message,
          },
          {
            id: 'no-rotation-policy',
            severity: 'info',
            verdict: 'found',
            message: 'The key orders has no rotation policy',
            intent: {
              kind: 'automatic-rotation',
              rotation: { kind: 'on', policy: { timeAfterCreate: 'P90D' } },
            },
          },
        ],
      }),
    );

    expect(await screen.findByText('A rotation does not help.')).toBeVisible();
    expect(screen.getAllByText(new RegExp(message))).toHaveLength(1);
  });

  it('has the action in its head that fits the state', async () => {
    showTab(registryStates['pinned-key trap']());

    expect(
      await screen.findByRole('button', { name: 'Review the fix' }),
    ).toBeVisible();
    expect(screen.getByRole('button', { name: 'Rotate' })).toBeVisible();
    // The finding is the state, so it is on the screen once.
    expect(screen.getAllByText(/Pinned to version/)).toHaveLength(1);
    expect(screen.getByText(/What to do: Let the registry/)).toBeVisible();
  });

  it('says of a failed change that it failed, what Azure said, and the way on', async () => {
    showTab(registryStates['last change failed']());

    const section = await screen.findByRole('region', { name: 'shopimages' });
    expect(within(section).getAllByRole('status')[0]).toHaveTextContent(
      /^Last change failed · Version 3f2a91c3 was made; the registry still uses 3f2a91c2/,
    );
    expect(stateStyles['last-change-failed'].tone).toBe('bad');
    expect(section).toHaveTextContent(
      /Azure refused it: the identity cannot unwrap with this key\. What to do: Point the registry at the version that was made/,
    );
    expect(
      within(section).getByRole('button', { name: 'Review the fix' }),
    ).toBeEnabled();
    expect(section).not.toHaveTextContent(/by choice/i);
  });

  it('shows a text of Azure once', async () => {
    const registry = registryStates['the vault cannot be read']();
    const problem =
      'Azure denies Microsoft.KeyVault/vaults/read at /subscriptions/…/vaults/kv-shop';
    showTab({
      ...registry,
      key: { known: false, problem },
      vault: { known: false, problem },
    });

    await openDetails();
    expect(await screen.findAllByText(problem)).toHaveLength(1);
  });

  it('keeps the old data on screen when a refresh fails, with a note', async () => {
    const api = showTab();
    const refresh = await screen.findByRole('button', {
      name: 'Refresh shopimages',
    });

    api.refuse('registriesOf', refusals.backendDown);
    await userEvent.click(refresh);

    expect(await screen.findByText(/The last refresh failed/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Rotate' })).toBeVisible();
    expect(api.inputsOf('registriesOf')).toEqual([
      { entityRef: 'resource:default/shop-images', refresh: false },
      { entityRef: 'resource:default/shop-images', refresh: true },
    ]);
  });

  it('shows at once what the card has read, while it refreshes', async () => {
    const api = new InMemoryAcrCmk({ answer: answerWith(registryWith()) });
    const card = renderView(<OverviewCard />, { api });
    await screen.findByText('Current');
    card.unmount();
    api.hold('registriesOf');

    renderView(<EncryptionTab />, { api });

    expect(await screen.findByRole('button', { name: 'Rotate' })).toBeVisible();
    expect(screen.getByRole('button', { name: 'Refreshing…' })).toBeVisible();
  });

  it('never shows a refusal before there is an answer', async () => {
    const api = new InMemoryAcrCmk({ answer: answerWith(registryWith()) });
    const gate = api.hold('registriesOf');
    renderView(<EncryptionTab />, { api });

    await screen.findByRole('progressbar');
    expect(
      screen.queryByText(/You do not have access/),
    ).not.toBeInTheDocument();
    gate.open();
    expect(await screen.findByRole('button', { name: 'Rotate' })).toBeVisible();
    expect(
      screen.queryByText(/You do not have access/),
    ).not.toBeInTheDocument();
  });

  it('shows an operation of another person live', async () => {
    const running = operationStates.running();
    const api = showTab(
      registryWith({ runningOperationId: running.id }),
      running,
    );
    const live = await screen.findByRole('group', {
      name: 'Rotate key: shopimages',
    });
    expect(within(live).getByRole('status')).toHaveTextContent('Running');
    const section = screen.getByRole('region', { name: 'shopimages' });
    expect(within(section).getAllByRole('status')[0]).toHaveTextContent(
      /^Operation in progress · As last read: Current · /,
    );
    expect(live).toHaveTextContent('3f2a91c3');
    expect(live).toHaveTextContent('Quarterly rotation');

    api.answer = answerWith(registryWith());
    act(() => api.emit(operationStates.succeeded()));

    await waitFor(() => expect(live).not.toBeInTheDocument());
    const notice = screen.getByText(/^Rotate key: Succeeded/);
    expect(notice).toBeVisible();
    const history = screen.getByRole('group', { name: 'Operations' });
    expect(within(history).getByRole('listitem')).toHaveTextContent(
      'Rotate keySucceededQuarterly rotation',
    );
    // The registry and the history are read again.
    await waitFor(() =>
      expect(api.inputsOf('operations').length).toBeGreaterThan(1),
    );
    await press('Dismiss');
    expect(notice).not.toBeInTheDocument();
  });

  it('says what was changed outside of the portal, when that was noticed, and whom Azure names', async () => {
    showTab(
      registryWith({
        changedOutside: {
          what: ['key', 'version-mode'],
          noticedAt: minutesAgo(5),
          lastModified: { at: minutesAgo(9), by: 'dan@contoso.com' },
        },
      }),
    );
    expect(
      await screen.findByText(/^Changed outside of this portal/),
    ).toHaveTextContent(
      'Changed outside of this portal: the key, the version mode. Noticed 5 minutes ago. The last change of the registry that Azure names is by dan@contoso.com, 9 minutes ago.',
    );
  });

  it('shows no progress of an operation while the portal does not answer', async () => {
    const running = operationStates.waiting();
    const api = new InMemoryAcrCmk({
      answer: answerWith(registryWith()),
      operations: [running],
    });
    for (let attempt = 0; attempt < 10; attempt++) {
      api.refuse('events', async () => new TypeError('Failed to fetch'));
      api.refuse('operation', async () => new TypeError('Failed to fetch'));
    }
    renderView(<EncryptionTab />, { api });

    expect(
      await screen.findByText(/^The portal stopped answering/),
    ).toHaveTextContent(
      /^The portal stopped answering (now|\d+ seconds? ago) \(.*Failed to fetch\)\. This data may be out of date\. Operations continue when the portal is back\.$/,
    );
    const live = screen.getByRole('group', {
      name: 'Rotate key: shopimages',
    });
    expect(live).not.toHaveTextContent('next check');
    expect(within(live).queryByRole('progressbar')).not.toBeInTheDocument();
  });

  it('says of facts that they are older than the operation that changes them', async () => {
    const running = {
      ...operationStates.running(),
      startedAt: minutesAgo(1),
    };
    const readAt = (minutes: number) => {
      const registry = registryWith({ runningOperationId: running.id });
      return answerWith({
        ...registry,
        freshness: { ...registry.freshness, observedAt: minutesAgo(minutes) },
      });
    };
    const api = new InMemoryAcrCmk({
      answer: readAt(2),
      operations: [running],
    });
    renderView(<EncryptionTab />, { api });
    expect(
      await screen.findByText(/^These facts are older than the operation/),
    ).toBeVisible();

    api.answer = readAt(0);
    await press('Refresh shopimages');
    await waitFor(() =>
      expect(
        screen.queryByText(/^These facts are older than the operation/),
      ).not.toBeInTheDocument(),
    );
  });

  it('links each finding to its documentation, once', async () => {
    const finding = (id: string, verdict: 'found' | 'undecided') => ({
      id,
      verdict,
      severity: 'warning' as const,
      message: `Of ${id}`,
    });
    const state = { id: 'at-risk' as const, message: 'Of key-expires-soon' };
    renderView(<EncryptionTab />, {
      api: new InMemoryAcrCmk({
        answer: answerWith(
          registryWith({
            state,
            findings: [
              finding('key-expires-soon', 'found'),
              finding('purge-protection-off', 'found'),
              finding('no-access-path', 'undecided'),
            ],
          }),
        ),
      }),
      techDocs: { getTechDocsMetadata: async () => undefined },
    });
    const links = await screen.findAllByRole('link', {
      name: /^More about this/,
    });
    expect(links.map(link => new URL((link as any).href).hash)).toEqual([
      '#key-expires-soon',
      '#purge-protection-off',
      '#a-finding-that-could-not-be-checked',
    ]);
  });

  it('opens the documentation in this portal where TechDocs has it', async () => {
    let asked = 0;
    renderView(<EncryptionTab />, {
      api: new InMemoryAcrCmk({
        answer: answerWith(registryStates['pinned-key trap']()),
      }),
      techDocs: {
        getTechDocsMetadata: async entity => {
          asked += 1;
          expect(entity).toEqual({
            namespace: 'default',
            kind: 'system',
            name: 'acr-cmk',
          });
        },
      },
    });
    await waitFor(() =>
      expect(
        screen.getByRole('link', { name: 'More about this' }),
      ).toHaveAttribute(
        'href',
        '/docs/default/system/acr-cmk/troubleshooting#pinned-key-trap',
      ),
    );
    expect(asked).toBe(1);
  });

  it('names the page where TechDocs does not have it', async () => {
    renderView(<EncryptionTab />, {
      api: new InMemoryAcrCmk({
        answer: answerWith(registryStates['pinned-key trap']()),
      }),
      techDocs: {
        getTechDocsMetadata: async () => {
          throw new Error('Not found');
        },
      },
    });
    expect(
      await screen.findByText(
        /More about this: docs\/troubleshooting\.md#pinned-key-trap/,
      ),
    ).toBeVisible();
  });

  it('has a banner for a request of another team that waits for this entity, and tells its outcome', async () => {
    const operation = sharedRotation();
    const answer = answerWith(
      registryWith({
        consumers: [
          SELF,
          {
            ...SELF,
            self: false,
            registryId: operation.registryId,
            registryName: 'billingimages',
          },
        ],
      }),
    );
    const api = new InMemoryAcrCmk({ answer, operations: [operation] });
    renderView(<EncryptionTab />, { api });

    const banner = await screen.findByRole('region', {
      name: 'Rotate key: billingimages',
    });
    expect(within(banner).getByRole('status')).toHaveTextContent(
      /^Rotate key: billingimages · awaits your approval \(expires in 2\d hours\)Requested by daniel .*: “Quarterly rotation” · affects shopimages/,
    );
    expect(await axeFindings()).toEqual([]);

    await press('Review', banner);
    const dialog = await screen.findByRole('dialog', { name: /^Approve/ });
    expect(within(dialog).getByRole('group', { name: 'Checks' })).toBeVisible();
    await press('Approve', dialog);
    await waitFor(() =>
      expect(within(banner).getAllByRole('status')[0]).toHaveTextContent(
        /^Rotate key: billingimages · You approved · Queued/,
      ),
    );
    expect(api.inputsOf('approve')).toHaveLength(1);
  });

  it('has a banner that shows the request of another team to an owner who is merely affected', async () => {
    const operation = sharedRotation({ actions: [] });
    showTab(registryWith(), operation);
    const banner = await screen.findByRole('region', {
      name: 'Rotate key: billingimages',
    });
    expect(banner).toHaveTextContent(/· awaits approval .* affects shopimages/);
    await press('Show request', banner);
    expect(
      await within(banner).findByRole('list', {
        name: 'Steps of the operation',
      }),
    ).toBeVisible();
  });

  it('says that the viewer approved an operation of another team, and keeps it in the history', async () => {
    showTab(registryWith(), approvedSharedRotation());
    const banner = await screen.findByRole('region', {
      name: 'Rotate key: billingimages',
    });
    expect(banner).toHaveTextContent('You approved · Succeeded 3 minutes ago');
    const history = screen.getByRole('group', { name: 'Operations' });
    expect(within(history).getByRole('listitem')).toHaveTextContent(
      /^Rotate key: billingimagesSucceeded/,
    );
    await press('Dismiss', banner);
    expect(banner).not.toBeInTheDocument();
  });

  it('has one name for a change of the version mode while it runs, when it has ended and in the history', async () => {
    const running = changeOfMode(operationStates.running());
    const api = showTab(
      registryWith({ runningOperationId: running.id }),
      running,
    );
    await screen.findByRole('group', { name: 'Change mode: shopimages' });

    api.answer = answerWith(registryWith());
    act(() => api.emit(changeOfMode(operationStates.succeeded())));
    expect(
      await screen.findByText(/^Change mode: Succeeded/),
    ).toBeInTheDocument();
    const history = screen.getByRole('group', { name: 'Operations' });
    expect(within(history).getByRole('listitem')).toHaveTextContent(
      /^Change modeSucceeded/,
    );
  });

  it('has the same name for a change of another team in its banner and where it is approved', async () => {
    const operation = changeOfMode(sharedRotation());
    const { registryId, registryName } = operation;
    const other = { ...SELF, self: false, registryId, registryName };
    showTab(registryWith({ consumers: [SELF, other] }), operation);
    const banner = await screen.findByRole('region', {
      name: 'Change mode: billingimages',
    });
    await press('Review', banner);
    expect(
      await screen.findByRole('dialog', {
        name: 'Approve · Change mode: billingimages',
      }),
    ).toBeVisible();
  });

  it('says of an automatic restore that nobody started it', async () => {
    const restore: Operation = {
      ...operationStates.succeeded(),
      intent: { kind: 'restore' },
      automatic: true,
      reason: 'Nobody confirmed it in time',
    };
    showTab(registryWith(), restore);
    const history = await screen.findByRole('group', { name: 'Operations' });
    const item = await within(history).findByRole('listitem');
    expect(item).toHaveTextContent(/Automatically, as requested by olivia/);
    await press(/^Details/, item);
    expect(item).toHaveTextContent(
      /Started\s*Automatically, as requested by olivia/,
    );
    expect(item).not.toHaveTextContent('Requested by');
  });

  it('drops the line about an ended operation once a newer one is requested', async () => {
    const running = operationStates.running();
    const api = showTab(
      registryWith({ runningOperationId: running.id }),
      running,
    );
    await screen.findByRole('group', {
      name: 'Rotate key: shopimages',
    });
    api.answer = answerWith(registryWith());
    act(() => api.emit(operationStates.succeeded()));
    const notice = await screen.findByText(/^Rotate key: Succeeded/);

    const id = uuid(400);
    const createdAt = new Date(Date.now() + 60_000).toISOString();
    api.answer = answerWith(registryWith({ runningOperationId: id }));
    act(() => api.emit({ ...operationStates.running(), id, createdAt }));
    await press('Refresh shopimages');
    await waitFor(() => expect(notice).not.toBeInTheDocument());
  });

  it('keeps what is above the facts the same, however many operations have ended', async () => {
    const ended = Array.from({ length: 10 }, (_, index) => ({
      ...operationStates.succeeded(),
      id: uuid(300 + index),
    }));
    showTab(registryWith(), ...ended);

    const history = await screen.findByRole('group', { name: 'Operations' });
    expect(await within(history).findAllByRole('listitem')).toHaveLength(5);
    expect(
      screen.queryByRole('group', { name: /^Rotating/ }),
    ).not.toBeInTheDocument();
    const [details] = within(history).getAllByRole('button', {
      name: /^Details: Rotate key/,
    });
    await userEvent.click(details);
    expect(
      await within(history).findByRole('list', { name: /Steps/ }),
    ).toBeVisible();
    expect(await axeFindings()).toEqual([]);
  });
});
