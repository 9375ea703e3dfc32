import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  type FleetSummary,
  type RegistryStateId,
  registryStateIds,
} from 'backstage-plugin-acr-cmk-common';
import { acrCmkCardTranslationRef } from '../../translations/card';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { CountButtons } from '../shared/CountButtons';
import { stateStyles } from '../shared/statusStyles';

/** Number of registries in each state that has some; each is a filter that can be turned on and off. */
export function StateCounts(props: {
  /** Absent while they are not known. */
  counts?: FleetSummary['counts']['state'];
  selected: readonly RegistryStateId[];
  onChange(selected: RegistryStateId[]): void;
}) {
  const { counts, selected, onChange } = props;
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const { t: tState } = useTranslationRef(acrCmkCardTranslationRef);
  const byState = new Map(counts?.map(({ value, count }) => [value, count]));
  return (
    <CountButtons
      label={t('states')}
      items={registryStateIds
        .filter(state => byState.has(state) || selected.includes(state))
        .map(state => ({
          id: state,
          text: tState(`state.${state}`),
          statusStyle: stateStyles[state],
          count: counts && (byState.get(state) ?? 0),
        }))}
      selected={selected}
      onChange={onChange}
    />
  );
}
