import { ApiProvider } from '@backstage/core-app-api';
import type { AnyApiRef, ApiHolder } from '@backstage/core-plugin-api';
import { useAppSearchParams } from '@backstage/frontend-plugin-api';
import { EntityProvider } from '@backstage/plugin-catalog-react';
import { useState } from 'react';
import { acrCmkApiRef } from '../src/api';
import { InMemoryAcrCmk } from '../src/fixtures/InMemoryAcrCmk';
import { entityWith } from '../src/fixtures/entities';
import { scenes, type Scene } from './scenes';

/** The list of states, and the chosen one. `?state=` names it, so that a script can, too. */
export function Gallery() {
  const [query, setQuery] = useAppSearchParams();
  const chosen = query.get('state') ?? Object.keys(scenes)[0];
  const scene = scenes[chosen];
  return (
    <div style={{ padding: 16 }}>
      {query.has('bare') || (
        <p>
          <label>
            State{' '}
            <select
              value={chosen}
              onChange={event => setQuery({ state: event.target.value })}
            >
              {Object.keys(scenes).map(name => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        </p>
      )}
      {/* For scripts: what is shown, and all that can be. */}
      <div
        data-scene={chosen}
        data-scenes={JSON.stringify(Object.keys(scenes))}
      >
        {scene ? <Shown key={chosen} scene={scene} /> : <p>No such state.</p>}
      </div>
    </div>
  );
}

function Shown({ scene }: { scene: Scene }) {
  const [apis] = useState(() => holding(scene.api?.() ?? new InMemoryAcrCmk()));
  return (
    <ApiProvider apis={apis}>
      <EntityProvider entity={scene.entity ?? entityWith()}>
        {scene.view}
      </EntityProvider>
    </ApiProvider>
  );
}

function holding(api: InMemoryAcrCmk): ApiHolder {
  return {
    get: <T,>(ref: AnyApiRef) =>
      ref.id === acrCmkApiRef.id ? (api as T) : undefined,
  };
}
