import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Typography from '@material-ui/core/Typography';
import {
  assertNever,
  bareVaultName,
  KeyIdentifier,
  type EncryptionIdentity,
  type KeyVersion,
  type RegistryEncryption,
  type VaultView,
} from 'backstage-plugin-acr-cmk-common';
import type { ReactNode } from 'react';
import { acrCmkTranslationRef } from '../../translations/ref';
import { checkStyles, Status } from '../shared/statusStyles';
import {
  Block,
  Code,
  Copyable,
  ExternalLink,
  Fact,
  Facts,
} from '../shared/layout';
import { keyHomeWords, permissionModelInWords } from '../shared/keyHome';
import { keyInPortal, vaultInPortal } from '../shared/portalLinks';
import { Ago, Day, Until } from '../shared/Time';
import { shortVersion } from '../shared/shortVersion';
import { NoAccessPath } from './NoAccessPath';

/** A registry without the age of what is known of it. */
export type FactsOfRegistry = Omit<RegistryEncryption, 'freshness'>;

/** The key, its version mode, its version in use and its latest version. */
export function KeyFacts({ registry }: { registry: FactsOfRegistry }) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const { encryption, key } = registry;
  const uri = encryption.keyIdentifier;
  const inUse = KeyIdentifier.tryParse(encryption.versionedKeyIdentifier);
  const portal = keyInPortal(uri);
  if (!uri) return null;
  return (
    <Block folds title={t('key.title')}>
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
            t('unknown')
          )}
        </Fact>
        <Fact name={t('key.latest')}>
          {key?.known && key.latestVersion ? (
            <VersionLine version={key.latestVersion} of={key.versions} />
          ) : (
            <Unknown
              problem={unreportedProblem(
                registry,
                key?.known === false && key.problem,
              )}
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
            {[
              key.type || t('key.typeNotShown'),
              key.size && t('key.bits', { size: String(key.size) }),
            ]
              .filter(Boolean)
              .join(', ')}
          </Fact>
        )}
        {key?.known && (
          <Fact name={t('key.policy')}>
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
      return <>{t('unknown')}</>;
    default:
      return assertNever(registry.versionMode);
  }
}

/** A version with its dates. */
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
            <Expiry at={known.expires} />
          ) : (
            t('key.neverExpires')
          )}
          {!known.enabled && <> · {t('key.disabled')}</>}
        </div>
      )}
    </>
  );
}

/** "expires May 16, 2027 (in 6 months)", or "expired Nov 24, 2026 (5 days ago)". */
function Expiry({ at }: { at: string }) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const isPast = Date.parse(at) <= Date.now();
  return (
    <>
      {t(isPast ? 'key.expired' : 'key.expires')} <Day at={at} inUtc /> (
      {isPast ? <Ago at={at} /> : <Until at={at} />})
    </>
  );
}

/** The identity of the registry, and its access to the key. */
export function AccessFacts({
  registry,
  ofEntity,
}: {
  registry: FactsOfRegistry;
  /** False: seen without an entity, so there is no link to one. */
  ofEntity: boolean;
}) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  if (!registry.identity) return null;
  return (
    <Block folds title={t('identity.title')}>
      <Facts>
        <IdentityFacts identity={registry.identity} />
        <Fact name={t('access.title')}>
          <Paths registry={registry} />
        </Fact>
        {ofEntity && (
          <Fact name={t('binding.title')}>
            <Status
              statusStyle={
                registry.binding.proven ? checkStyles.pass : checkStyles.warn
              }
            >
              {registry.binding.proven
                ? t('binding.proven')
                : t('binding.unproven')}
            </Status>
            <div>{registry.binding.message}</div>
          </Fact>
        )}
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
          <Status
            statusStyle={
              identity.attached ? checkStyles.pass : checkStyles.fail
            }
          >
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

function Paths({ registry }: { registry: FactsOfRegistry }) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const access = registry.accessPaths;
  if (!access.known) {
    return <Unknown problem={unreportedProblem(registry, access.problem)} />;
  }
  if (access.paths.length === 0) {
    return <NoAccessPath encryption={registry.encryption} />;
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
  const vaultName =
    KeyIdentifier.tryParse(registry.encryption.keyIdentifier)?.vaultName ?? '';
  return (
    <Block folds title={keyHomeWords(t, vaultName).title}>
      {vault.known ? (
        <KnownVault vault={vault} loginServer={registry.loginServer} />
      ) : (
        <Unknown
          problem={
            // Both come from one vault, and often say the same.
            vault.problem === problemOf(registry.key)
              ? undefined
              : unreportedProblem(registry, vault.problem)
          }
        />
      )}
    </Block>
  );
}

/** A problem, unless the head or a finding says it already. */
function unreportedProblem(
  { state, findings }: FactsOfRegistry,
  problem: string | false | undefined,
): string | undefined {
  const told = [state, ...findings].flatMap(({ message, ...of }) => [
    message,
    'detail' in of ? of.detail : undefined,
  ]);
  return problem && !told.includes(problem) ? problem : undefined;
}

function problemOf(of: { known: boolean; problem?: string } | null) {
  return of?.known === false ? of.problem : undefined;
}

function KnownVault({
  vault,
  loginServer,
}: {
  vault: VaultView;
  loginServer: string;
}) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const portal = vaultInPortal(vault.id, loginServer);
  const { openInAzure } = keyHomeWords(t, vault.name);
  return (
    <Facts>
      <Fact name={t('vault.name')}>
        <Code>{bareVaultName(vault.name)}</Code>
        {portal && (
          <div>
            <ExternalLink href={portal}>{openInAzure}</ExternalLink>
          </div>
        )}
      </Fact>
      <Fact name={t('vault.permissionModel')}>
        {permissionModelInWords(t, vault)}
      </Fact>
      <Fact name={t('vault.purgeProtection')}>
        <PurgeProtection isOn={vault.purgeProtection} />
        <div>
          {t('vault.softDelete', { count: vault.softDeleteRetentionDays })}
        </div>
      </Fact>
      <Fact name={t('vault.firewall')}>{t(`vault.${vault.firewall}`)}</Fact>
    </Facts>
  );
}

function PurgeProtection({ isOn }: { isOn?: boolean }) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  if (isOn === undefined) return <Unknown />;
  return (
    <Status statusStyle={isOn ? checkStyles.pass : checkStyles.fail}>
      {isOn ? t('enabled') : t('disabled')}
    </Status>
  );
}

function Unknown({ problem }: { problem?: string }): ReactNode {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <>
      <Status statusStyle={checkStyles.unknown}>{t('unknown')}</Status>
      {problem && <div>{problem}</div>}
    </>
  );
}
