export { LiveOperation, ReviewedOperation } from './LiveOperation';
export { OperationView } from './OperationView';
export { DecisionDialog } from './OperationActions';
