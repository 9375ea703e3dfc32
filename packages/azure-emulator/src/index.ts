export { startEmulator } from './emulator';
export type { OutOfBandAnswer } from './control/outOfBand';
export type { Emulator, ReadyInfo } from './emulator';
export type {
  EmulatorOptions,
  EmulatorSnapshot,
  ResetOptions,
} from './options';
export type { Credentials } from './state/secrets';
export { DEFAULT_ASSUMPTIONS } from './assumptions';
export type { Assumptions, PullAssumption, RevokeKind } from './assumptions';
export type {
  AssumptionChanges,
  AssumptionSettings,
} from './control/assumptionSettings';
export type { Clock } from './control/clock';
export type { CloudName, OperationFault } from './types';
export { EVENT_GRID_PRINCIPAL_ID } from './entra/deliveryTokens';
export type { EventDelivery } from './control/eventDelivery';
export type { Fault, Faults, FaultSpec } from './control/faults';
export type { LoggedRequest } from './http/requestLog';
export type { KeyState, RegistryState, StateView } from './control/stateView';
export type { PrincipalName } from './worlds/principals';
export type { WorldName } from './worlds';
export { pull, requestThrough } from './http/client';
export type { WireAnswer, WireRequest } from './http/client';
export { trustInThisProcess } from './http/trust';
export { runCli } from './cli';
