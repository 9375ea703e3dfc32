import type { Consumer, KeyView } from 'backstage-plugin-acr-cmk-common';
import { daysAgo, minutesAgo, version } from '../../fixtures/ids';
import { CONSUMERS, keyWith, versions } from '../../fixtures/keys';

interface TimelineProps {
  registryName: string;
  registryKey: KeyView;
  consumers: Consumer[];
}

const withKey = (registryKey: KeyView): TimelineProps => ({
  registryName: 'shopimages',
  registryKey,
  consumers: CONSUMERS,
});

/** Keys with one version, with a few of every kind, and with as many as the API gives. */
export const timelineStates: Record<string, () => TimelineProps> = {
  'one version, made just now': () =>
    withKey(
      keyWith({
        versions: [
          { version: version(1), enabled: true, created: minutesAgo(1) },
        ],
        latestVersion: version(1),
        versionInUse: version(1),
      }),
    ),
  'the newest is in use': () => withKey(keyWith()),
  'two behind': () => withKey(keyWith({ versionInUse: version(1) })),
  'every kind of version': () =>
    withKey(
      keyWith({
        versions: [
          {
            version: version(5),
            enabled: true,
            created: daysAgo(3),
            notBefore: daysAgo(-4),
          },
          {
            version: version(4),
            enabled: true,
            created: daysAgo(40),
            expires: daysAgo(-20),
          },
          { version: version(3), enabled: false, created: daysAgo(80) },
          {
            version: version(2),
            enabled: true,
            created: daysAgo(120),
            expires: daysAgo(20),
          },
          { version: version(1), enabled: true, created: daysAgo(160) },
        ],
        latestVersion: version(4),
        versionInUse: version(4),
      }),
    ),
  'the version in use has expired': () =>
    withKey(
      keyWith({
        versions: [
          {
            version: version(2),
            enabled: true,
            created: daysAgo(60),
            expires: daysAgo(5),
          },
          { version: version(1), enabled: false, created: daysAgo(80) },
        ],
        latestVersion: version(2),
        versionInUse: version(2),
      }),
    ),
  'two hundred versions': () =>
    withKey(
      keyWith({
        versions: versions(200),
        latestVersion: version(200),
        versionInUse: version(150),
      }),
    ),
  'the version in use is not among those listed': () =>
    withKey(keyWith({ versionInUse: version(77) })),
};
