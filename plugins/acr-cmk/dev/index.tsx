import { createDevApp } from '@backstage/frontend-dev-utils';
import acrCmkTranslations from '../src/translations';
import { galleryPlugin } from './plugin';

createDevApp({ features: [galleryPlugin, acrCmkTranslations] });
