import { createDevApp } from '@backstage/frontend-dev-utils';
import { galleryPlugin } from './plugin';

createDevApp({ features: [galleryPlugin] });
