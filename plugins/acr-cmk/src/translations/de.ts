import { createTranslationMessages } from '@backstage/frontend-plugin-api';
import { acrCmkTranslationRef } from './ref';

const de = createTranslationMessages({
  ref: acrCmkTranslationRef,
  full: false,
  messages: {},
});

export default de;
