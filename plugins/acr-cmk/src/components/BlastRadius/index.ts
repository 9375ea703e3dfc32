export { BlastRadius } from './BlastRadius';
