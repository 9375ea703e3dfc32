import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Typography from '@material-ui/core/Typography';
import {
  assertNever,
  KeyIdentifier,
  type AccessPaths,
  type EncryptionIdentity,
  type KeyVersion,
  type RegistryEncryption,
  type VaultView,
} from 'backstage-plugin-acr-cmk-common';
import type { ReactNode } from 'react';
import { acrCmkTranslationRef } from '../../translations/ref';
import { checkLooks, Status } from '../shared/looks';
import {
  Block,
  Code,
  Copyable,
  ExternalLink,
  Fact,
  Facts,
} from '../shared/layout';
import { keyInPortal, vaultInPortal } from '../shared/portalLinks';
import { Ago, Day, Until } from '../shared/Time';
import { shortVersion } from '../shared/shortVersion';

/** A registry without the age of what is known of it. */
export type FactsOfRegistry = Omit<RegistryEncryption, 'freshness'>;

/** Which key, how the registry follows it, and the version in use beside the newest. */
export function KeyFacts({ registry }: { registry: FactsOfRegistry }) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const { encryption, key } = registry;
  const uri = encryption.keyIdentifier;
  const inUse = KeyIdentifier.tryParse(encryption.versionedKeyIdentifier);
  const portal = keyInPortal(uri);
  if (!uri) {
    return (
      <Block title={t('key.title')}>
        <Typography variant="body2">{t('key.none')}</Typography>
      </Block>
    );
  }
  return (
    <Block title={t('key.title')}>
      <Facts>
        <Fact name={t('key.uri')}>
          <Copyable text={uri} name={t('key.uri')} />
          {portal && (
            <div>
              <ExternalLink href={portal}>{t('key.openInAzure')}</ExternalLink>
            </div>
          )}
        </Fact>
        <Fact name={t('key.mode')}>
          <VersionModeInWords registry={registry} />
        </Fact>
        <Fact name={t('key.inUse')}>
          {inUse?.version ? (
            <VersionLine
              version={inUse.version}
              of={key?.known ? key.versions : []}
            />
          ) : (
            t('notKnown')
          )}
        </Fact>
        <Fact name={t('key.latest')}>
          {key?.known && key.latestVersion ? (
            <VersionLine version={key.latestVersion} of={key.versions} />
          ) : (
            <NotKnown
              problem={key?.known === false ? key.problem : undefined}
            />
          )}
        </Fact>
        <Fact name={t('key.lastRotation')}>
          {registry.lastKeyRotation ? (
            <Ago at={registry.lastKeyRotation} />
          ) : (
            t('key.neverRotated')
          )}
        </Fact>
        {key?.known && (
          <Fact name={t('key.type')}>
            {[key.type, key.size && t('key.bits', { size: String(key.size) })]
              .filter(Boolean)
              .join(', ')}
            {' · '}
            {key.rotatesByPolicy ? t('key.byPolicy') : t('key.notByPolicy')}
          </Fact>
        )}
      </Facts>
    </Block>
  );
}

function VersionModeInWords({ registry }: { registry: FactsOfRegistry }) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  switch (registry.versionMode) {
    case 'automatic':
      return <>{t('mode.automatic')}</>;
    case 'manual':
      return (
        <>
          {t('mode.manual', {
            version: shortVersion(
              KeyIdentifier.tryParse(registry.encryption.keyIdentifier)
                ?.version,
            ),
          })}
        </>
      );
    case undefined:
      return <>{t('notKnown')}</>;
    default:
      return assertNever(registry.versionMode);
  }
}

/** A version with its short life story. */
function VersionLine(props: { version: string; of: KeyVersion[] }) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const known = props.of.find(({ version }) => version === props.version);
  return (
    <>
      <Copyable text={props.version} name={t('key.version')} />
      {known && (
        <div>
          {t('key.created')} <Day at={known.created} />
          {' · '}
          {known.expires ? (
            <>
              {t('key.expires')} <Day at={known.expires} /> (
              <Until at={known.expires} />)
            </>
          ) : (
            t('key.neverExpires')
          )}
          {!known.enabled && <> · {t('key.disabled')}</>}
        </div>
      )}
    </>
  );
}

/** Who reaches the key for the registry, and on which path. */
export function AccessFacts({ registry }: { registry: FactsOfRegistry }) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  if (!registry.identity) return null;
  return (
    <Block title={t('identity.title')}>
      <Facts>
        <IdentityFacts identity={registry.identity} />
        <Fact name={t('access.title')}>
          <Paths access={registry.accessPaths} />
        </Fact>
        <Fact name={t('binding.title')}>
          <Status
            look={registry.binding.proven ? checkLooks.pass : checkLooks.warn}
          >
            {registry.binding.proven
              ? t('binding.proven')
              : t('binding.unproven')}
          </Status>
          <div>{registry.binding.message}</div>
        </Fact>
      </Facts>
    </Block>
  );
}

function IdentityFacts({ identity }: { identity: EncryptionIdentity }) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <>
      <Fact name={t('identity.name')}>
        {identity.name} · {t(`identity.${identity.kind}`)}
        <div>
          <Status look={identity.attached ? checkLooks.pass : checkLooks.fail}>
            {identity.attached
              ? t('identity.attached')
              : t('identity.detached')}
          </Status>
        </div>
      </Fact>
      {identity.resourceId && (
        <Fact name={t('identity.resourceId')}>
          <Copyable
            text={identity.resourceId}
            name={t('identity.resourceId')}
          />
        </Fact>
      )}
      {identity.clientId && (
        <Fact name={t('identity.clientId')}>
          <Copyable text={identity.clientId} name={t('identity.clientId')} />
        </Fact>
      )}
      {identity.principalId && (
        <Fact name={t('identity.principalId')}>
          <Copyable
            text={identity.principalId}
            name={t('identity.principalId')}
          />
        </Fact>
      )}
    </>
  );
}

function Paths({ access }: { access: AccessPaths }) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  if (!access.known) return <NotKnown problem={access.problem} />;
  if (access.paths.length === 0) {
    return <Status look={checkLooks.fail}>{t('access.none')}</Status>;
  }
  return (
    <>
      {access.paths.map(path => (
        <div key={path.assignmentId ?? path.message}>
          {path.message}{' '}
          <Typography component="span" variant="body2" color="textSecondary">
            ({path.direct ? t('access.direct') : t('access.inherited')})
          </Typography>
        </div>
      ))}
    </>
  );
}

/** The vault, and what protects the key in it. */
export function VaultFacts({ registry }: { registry: FactsOfRegistry }) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const { vault } = registry;
  if (!vault) return null;
  return (
    <Block title={t('vault.title')}>
      {vault.known ? (
        <KnownVault vault={vault} />
      ) : (
        <NotKnown problem={vault.problem} />
      )}
    </Block>
  );
}

function KnownVault({ vault }: { vault: VaultView }) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const portal = vaultInPortal(vault.id);
  return (
    <Facts>
      <Fact name={t('vault.name')}>
        <Code>{vault.name}</Code>
        {portal && (
          <div>
            <ExternalLink href={portal}>{t('vault.openInAzure')}</ExternalLink>
          </div>
        )}
      </Fact>
      <Fact name={t('vault.permissionModel')}>
        {t(`vault.${vault.permissionModel}`)}
      </Fact>
      <Fact name={t('vault.purgeProtection')}>
        <Status
          look={vault.purgeProtection ? checkLooks.pass : checkLooks.fail}
        >
          {vault.purgeProtection ? t('on') : t('off')}
        </Status>
        <div>
          {t('vault.softDelete', { count: vault.softDeleteRetentionDays })}
        </div>
      </Fact>
      <Fact name={t('vault.firewall')}>{t(`vault.${vault.firewall}`)}</Fact>
    </Facts>
  );
}

function NotKnown({ problem }: { problem?: string }): ReactNode {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <>
      <Status look={checkLooks.unknown}>{t('notKnown')}</Status>
      {problem && <div>{problem}</div>}
    </>
  );
}
