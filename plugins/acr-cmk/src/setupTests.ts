import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// Whole pages are searched by role here, which jsdom does slowly on a busy machine.
jest.setTimeout(30_000);
configure({ asyncUtilTimeout: 15_000 });
