import type { Entity } from '@backstage/catalog-model';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import {
  isTerminal,
  type Operation,
  type Plan,
  type RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import type { ReactElement, ReactNode } from 'react';
import { CampaignList } from '../src/components/Campaigns/CampaignList';
import { CampaignPage } from '../src/components/Campaigns/CampaignPage';
import { EncryptionTab } from '../src/components/EncryptionTab';
import { tabStates } from '../src/components/EncryptionTab/EncryptionTab.states';
import { InstallationCheck } from '../src/components/InstallationCheck';
import { OperationView } from '../src/components/OperationView';
import { OverviewCard } from '../src/components/OverviewCard';
import { KeyGraph } from '../src/components/shared/KeyGraph';
import { graphStates } from '../src/components/shared/KeyGraph.states';
import { keyGraphOf, type KeyUsage } from '../src/components/shared/keyGraphOf';
import { VersionTimeline } from '../src/components/VersionTimeline';
import { timelineStates } from '../src/components/VersionTimeline/VersionTimeline.states';
import {
  CAMPAIGN_ID,
  campaignPreview,
  previewMembers,
  runningCampaign,
  startedMembers,
} from '../src/fixtures/campaigns';
import { InMemoryAcrCmk } from '../src/fixtures/InMemoryAcrCmk';
import {
  approvedSharedRotation,
  sharedRotation,
} from '../src/fixtures/operations';
import { operationStates } from '../src/fixtures/operationStates';
import {
  blockedPlan,
  guardedRevokePlan,
  planWith,
} from '../src/fixtures/plans';
import {
  CONSUMERS,
  keyWith,
  manyConsumers,
  versions,
} from '../src/fixtures/keys';
import {
  ALL_ALLOWED,
  answerWith,
  registryWith,
} from '../src/fixtures/registry';
import { lookedAtWith, SERVICES } from '../src/fixtures/services';
import { registryStates } from '../src/fixtures/registryStates';
import { uuid, version } from '../src/fixtures/ids';
import { refusals } from '../src/fixtures/refusals';
import { useTexts } from '../src/translations/ref';

/** One state of one view. */
export interface Scene {
  view: ReactElement;
  api?(): InMemoryAcrCmk;
  entity?: Entity;
}

const everything = () =>
  registryWith({ actions: ALL_ALLOWED, consumers: CONSUMERS });

/** The tab of an entity with one registry. */
function tab(
  registry: () => RegistryEncryption,
  more: {
    operations?(): Operation[];
    plan?(): Plan;
    prepare?(api: InMemoryAcrCmk): void;
  } = {},
): Scene {
  return {
    view: <EncryptionTab />,
    api: () => {
      const api = new InMemoryAcrCmk({
        answer: answerWith(registry()),
        operations: more.operations?.(),
        plan: more.plan?.(),
      });
      more.prepare?.(api);
      return api;
    },
  };
}

const dialogsRefusing = (error: () => Promise<Error>) =>
  tab(everything, { prepare: api => api.refuse('accept', error) });

export const scenes: Record<string, Scene> = {
  'installation check': {
    view: <InstallationCheck />,
    api: () => new InMemoryAcrCmk(),
  },
  ...named('tab', tabStates, state => ({
    view: <EncryptionTab />,
    api: state.api,
    entity: state.entity,
  })),
  ...named('registry', registryStates, registry => tab(registry)),
  'registry: many users of the key': tab(() =>
    registryWith({ consumers: manyConsumers(40) }),
  ),
  'registry: other Azure services': tab(() =>
    registryWith({
      consumers: CONSUMERS,
      services: SERVICES,
      servicesLookedAt: lookedAtWith(),
    }),
  ),
  'registry: other Azure services, not looked at': tab(() =>
    registryWith({
      services: [],
      servicesLookedAt: lookedAtWith({ state: 'no', at: undefined }),
    }),
  ),
  'registry: with history': tab(everything, {
    operations: () =>
      Object.values(operationStates)
        .map(make => make())
        .filter(({ state }) => isTerminal(state))
        .map((operation, index) => ({
          ...operation,
          actions: [],
          id: uuid(200 + index),
        })),
  }),
  'registry: an operation is running': tab(
    () => registryWith({ runningOperationId: operationStates.running().id }),
    { operations: () => [operationStates.running()] },
  ),
  // An operation whose state the buttons change.
  'registry: an operation awaits approval': tab(everything, {
    operations: () => [
      operationStates['awaiting approval, of another person'](),
    ],
  }),
  "registry: another team's request awaits its owner": tab(
    () => registryWith({ consumers: CONSUMERS }),
    {
      operations: () => [
        sharedRotation(),
        approvedSharedRotation({ id: uuid(103) }),
      ],
    },
  ),
  'registry: revoked until it restores automatically': tab(
    registryStates.revoked,
    {
      operations: () => [
        operationStates['revoked until it restores automatically'](),
      ],
    },
  ),
  // The buttons of these open the dialogs.
  'dialogs: all is well': tab(everything),
  'dialogs: a check fails': tab(everything, { plan: blockedPlan }),
  'dialogs: a second person and a waiting period': tab(everything, {
    plan: guardedRevokePlan,
  }),
  'dialogs: too many requests wait': tab(everything, {
    plan() {
      const plan = guardedRevokePlan();
      const noRoom =
        'One person may have 20 requests that wait for approval. Try again in 60 seconds';
      return { ...plan, approval: { ...plan.approval, noRoom } };
    },
  }),
  'dialogs: the lists cannot be read': tab(everything, {
    prepare(api) {
      api.refuse('vaults', refusals.backendDown);
      api.refuse('identities', refusals.listsDenied);
    },
  }),
  'dialogs: the plan takes long': tab(everything, {
    prepare: api => api.hold('plan'),
  }),
  'dialogs: the server refuses the name': dialogsRefusing(refusals.wrongName),
  'dialogs: something has changed': dialogsRefusing(refusals.drifted),
  'dialogs: no answer comes': dialogsRefusing(refusals.backendDown),
  'dialogs: acceptance takes long': tab(everything, {
    plan: planWith,
    prepare: api => api.hold('accept'),
  }),
  ...named('operation', operationStates, operation => ({
    view: (
      <Framed>
        <OperationView operation={operation()} onDecided={() => undefined} />
      </Framed>
    ),
  })),
  'fifty registries with two hundred versions': {
    view: <EncryptionTab />,
    api: () =>
      new InMemoryAcrCmk({
        answer: answerWith(
          ...Array.from({ length: 50 }, (_, index) =>
            registryWith({
              name: `images${index}`,
              key: keyWith({
                versions: versions(200),
                latestVersion: version(200),
                versionInUse: version(150 + index),
              }),
              consumers: manyConsumers(40),
            }),
          ),
        ),
      }),
  },
  'campaign: preview': campaignScene(api => {
    api.campaigns.put(campaignPreview(), previewMembers());
  }),
  'campaign: running': campaignScene(api => {
    api.campaigns.put(runningCampaign(), startedMembers());
  }),
  'campaign: paused after a failure': campaignScene(api => {
    api.campaigns.put(
      runningCampaign({
        state: 'paused',
        message:
          '1 of 4 in stage 2 failed, and its strategy allows 0. Nothing new starts',
        offers: ['resume', 'abort', 'retry', 'skip', 'report'],
      }),
      startedMembers(),
    );
  }),
  'campaigns: the list': {
    view: <CampaignList listPath="" />,
    api: () => {
      const api = new InMemoryAcrCmk();
      api.campaigns.put(runningCampaign());
      return api;
    },
  },
  ...named('graph', graphStates, usage => ({
    view: (
      <Framed>
        <Graph of={usage()} />
      </Framed>
    ),
  })),
  ...named('timeline', timelineStates, state => ({
    view: (
      <Framed>
        <VersionTimeline {...state()} />
      </Framed>
    ),
  })),
  ...named('card', tabStates, state => ({
    view: <OverviewCard />,
    api: state.api,
    entity: state.entity,
  })),
};

function campaignScene(fill: (api: InMemoryAcrCmk) => void): Scene {
  return {
    view: <CampaignPage id={CAMPAIGN_ID} listPath="" />,
    api: () => {
      const api = new InMemoryAcrCmk();
      fill(api);
      return api;
    },
  };
}

function Graph({ of }: { of: KeyUsage }) {
  const t = useTexts();
  return <KeyGraph label={t('affected.title')} {...keyGraphOf(t, of)} />;
}

/** Parts of a section stand on the section's paper, below its heading. */
function Framed({ children }: { children: ReactNode }) {
  return (
    <Paper variant="outlined" style={{ padding: 24 }}>
      <Typography variant="h5" component="h2" gutterBottom>
        shopimages
      </Typography>
      {children}
    </Paper>
  );
}

function named<T>(
  prefix: string,
  states: Record<string, T>,
  sceneOf: (state: T) => Scene,
): Record<string, Scene> {
  return Object.fromEntries(
    Object.entries(states).map(([name, state]) => [
      `${prefix}: ${name}`,
      sceneOf(state),
    ]),
  );
}
