export { LiveOperation } from './LiveOperation';
export { OperationView } from './OperationView';
