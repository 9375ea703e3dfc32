export { startEmulator } from './emulator';
export type { OutOfBandAnswer } from './outOfBand';
export type {
  Emulator,
  EmulatorOptions,
  EmulatorSnapshot,
  ReadyInfo,
  ResetOptions,
} from './emulator';
export type { Credentials } from './secrets';
export { DEFAULT_ASSUMPTIONS } from './assumptions';
export type { Assumptions, PullAssumption, RevokeKind } from './assumptions';
export type {
  AssumptionChanges,
  AssumptionSettings,
} from './assumptionSettings';
export type { Clock } from './clock';
export type { CloudName } from './cloud';
export type { EventDelivery } from './eventDelivery';
export type { Fault, Faults, FaultSpec, OperationFault } from './faults';
export type { LoggedRequest } from './requestLog';
export type { KeyState, RegistryState, StateView } from './stateView';
export type { PrincipalName } from './worlds/principals';
export type { WorldName } from './worlds';
export { pull, requestThrough } from './client';
export type { WireAnswer, WireRequest } from './client';
export { trustInThisProcess } from './trust';
export { runCli } from './cli';
