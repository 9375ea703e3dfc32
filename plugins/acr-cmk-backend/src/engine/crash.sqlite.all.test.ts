import { describeCrashes } from '../__testUtils__/crashes';
import { testDatabases } from '../__testUtils__/databases';
import { intentCases } from '../__testUtils__/intentCases';

const [database] = testDatabases({ fast: 'SQLite' });

describeCrashes({ cases: intentCases.filter(({ fast }) => !fast), database });
