export { LiveOperation, ReviewedOperation } from './LiveOperation';
export { OperationView } from './OperationView';
export { useDecision } from './useDecision';
