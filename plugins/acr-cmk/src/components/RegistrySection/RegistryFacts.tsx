import Typography from '@material-ui/core/Typography';
import {
  bareVaultName,
  KeyIdentifier,
  type EncryptionIdentity,
  type KeyVersion,
  type RegistryEncryption,
  type VaultView,
} from 'backstage-plugin-acr-cmk-common';
import { useTexts } from '../../translations/ref';
import { OtherServices } from '../AffectedRegistries/OtherServices';
import { joined } from '../shared/joined';
import { checkStyles, Status } from '../shared/statusStyles';
import {
  Block,
  Code,
  Copyable,
  CopyableFact,
  ExternalLink,
  Fact,
  Facts,
} from '../shared/layout';
import { keyHomeWords, permissionModelInWords } from '../shared/keyHome';
import { keyInPortal, vaultInPortal } from '../shared/portalLinks';
import { Ago, Day, Until } from '../shared/Time';
import { Stack } from '../shared/Stack';
import { shortVersion } from '../shared/shortVersion';
import { problemOf } from './causes';
import { NoAccessPath } from './NoAccessPath';

/** A registry without the age of what is known of it. */
export type FactsOfRegistry = Omit<RegistryEncryption, 'freshness'>;

interface OfRegistry {
  registry: FactsOfRegistry;
}

/** The key, its version mode, its version in use and, where that is another, its latest version. */
export function KeyFacts({ registry }: OfRegistry) {
  const t = useTexts();
  const { encryption, versionMode } = registry;
  const key = registry.key?.known ? registry.key : undefined;
  const uri = encryption.keyIdentifier;
  const inUse = KeyIdentifier.tryParse(encryption.versionedKeyIdentifier);
  const pinned = KeyIdentifier.tryParse(uri)?.version;
  const portal = keyInPortal(uri);
  const isLatest = inUse?.version && inUse.version === key?.latestVersion;
  if (!uri) return null;
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
          {versionMode === undefined && t('unknown')}
          {versionMode === 'automatic' && t('mode.automatic')}
          {versionMode === 'manual' &&
            t('mode.manual', { version: shortVersion(pinned) })}
        </Fact>
        <Fact name={t('key.inUse')}>
          {inUse?.version ? (
            <VersionLine version={inUse.version} of={key?.versions ?? []} />
          ) : (
            t('unknown')
          )}
        </Fact>
        <Fact name={t('key.latest')}>
          {!isLatest && <Latest of={registry} />}
        </Fact>
        <Fact name={t('key.type')}>
          {key &&
            joined(
              [
                key.type || t('key.typeNotShown'),
                key.size && t('key.bits', { size: String(key.size) }),
              ],
              ', ',
            )}
        </Fact>
        <Fact name={t('key.policy')}>
          {key && t(key.rotatesByPolicy ? 'key.byPolicy' : 'key.notByPolicy')}
        </Fact>
      </Facts>
    </Block>
  );
}

function Latest({ of: registry }: { of: FactsOfRegistry }) {
  const { key } = registry;
  return key?.known && key.latestVersion ? (
    <VersionLine version={key.latestVersion} of={key.versions} />
  ) : (
    <Unknown problem={unreportedProblem(registry, problemOf(key))} />
  );
}

/** A version with its dates. */
function VersionLine(props: { version: string; of: KeyVersion[] }) {
  const t = useTexts();
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
  const t = useTexts();
  const isPast = Date.parse(at) <= Date.now();
  return (
    <>
      {t(isPast ? 'key.expired' : 'key.expires')} <Day at={at} inUtc /> (
      {isPast ? <Ago at={at} /> : <Until at={at} />})
    </>
  );
}

/** The identity of the registry, and its access to the key. */
export function AccessFacts(
  props: OfRegistry & {
    /** False: seen without an entity, so there is no link to one. */
    ofEntity: boolean;
  },
) {
  const { registry, ofEntity } = props;
  const { identity, binding } = registry;
  const t = useTexts();
  if (!identity) return null;
  return (
    <Block title={t('identity.title')}>
      <Facts>
        <IdentityFacts identity={identity} />
        <Fact name={t('access.title')}>
          <Paths registry={registry} />
        </Fact>
        <Fact name={t('binding.title')}>
          {ofEntity && (
            <>
              <Status
                statusStyle={
                  binding.proven ? checkStyles.pass : checkStyles.warn
                }
              >
                {t(binding.proven ? 'binding.proven' : 'binding.unproven')}
              </Status>
              <div>{binding.message}</div>
            </>
          )}
        </Fact>
      </Facts>
    </Block>
  );
}

function IdentityFacts({ identity }: { identity: EncryptionIdentity }) {
  const t = useTexts();
  const { name, kind, attached } = identity;
  return (
    <>
      <Fact name={t('identity.name')}>
        {name} · {t(`identity.${kind}`)}
        <div>
          <Status statusStyle={attached ? checkStyles.pass : checkStyles.fail}>
            {t(attached ? 'identity.attached' : 'identity.detached')}
          </Status>
        </div>
      </Fact>
      {(['resourceId', 'clientId', 'principalId'] as const).map(id => (
        <CopyableFact key={id} name={t(`identity.${id}`)} text={identity[id]} />
      ))}
    </>
  );
}

function Paths({ registry }: OfRegistry) {
  const t = useTexts();
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
            ({t(path.direct ? 'access.direct' : 'access.inherited')})
          </Typography>
        </div>
      ))}
    </>
  );
}

/** The vault, and what protects the key in it. */
export function VaultFacts({ registry }: OfRegistry) {
  const t = useTexts();
  const { vault, key, encryption, loginServer } = registry;
  if (!vault) return null;
  const { vaultName = '' } =
    KeyIdentifier.tryParse(encryption.keyIdentifier) ?? {};
  const problem = problemOf(vault);
  return (
    <Block title={keyHomeWords(t, vaultName).title}>
      {vault.known ? (
        <KnownVault vault={vault} loginServer={loginServer} />
      ) : (
        // Both come from one vault, and often say the same.
        <Unknown
          problem={
            problem === problemOf(key)
              ? undefined
              : unreportedProblem(registry, problem)
          }
        />
      )}
    </Block>
  );
}

/** A problem, unless the head or a finding says it already. */
function unreportedProblem(
  { state, findings }: FactsOfRegistry,
  problem: string | undefined,
): string | undefined {
  const told = [state, ...findings].flatMap(({ message, ...of }) => [
    message,
    'detail' in of ? of.detail : undefined,
  ]);
  return problem && !told.includes(problem) ? problem : undefined;
}

function KnownVault(props: { vault: VaultView; loginServer: string }) {
  const { vault } = props;
  const { purgeProtection, softDeleteRetentionDays } = vault;
  const t = useTexts();
  const portal = vaultInPortal(vault.id, props.loginServer);
  return (
    <Facts>
      <Fact name={t('vault.name')}>
        <Code>{bareVaultName(vault.name)}</Code>
        {portal && (
          <div>
            <ExternalLink href={portal}>
              {keyHomeWords(t, vault.name).openInAzure}
            </ExternalLink>
          </div>
        )}
      </Fact>
      <Fact name={t('vault.permissionModel')}>
        {permissionModelInWords(t, vault)}
      </Fact>
      <Fact name={t('vault.purgeProtection')}>
        {purgeProtection === undefined ? (
          <Unknown />
        ) : (
          <Status
            statusStyle={purgeProtection ? checkStyles.pass : checkStyles.fail}
          >
            {t(purgeProtection ? 'enabled' : 'disabled')}
          </Status>
        )}
        <div>{t('vault.softDelete', { count: softDeleteRetentionDays })}</div>
      </Fact>
      <Fact name={t('vault.firewall')}>{t(`vault.${vault.firewall}`)}</Fact>
    </Facts>
  );
}

function Unknown({ problem }: { problem?: string }) {
  const t = useTexts();
  return (
    <>
      <Status statusStyle={checkStyles.unknown}>{t('unknown')}</Status>
      {problem && <div>{problem}</div>}
    </>
  );
}

/** Identifiers and settings of the key, its vault and the access to it; other services that use the key. */
export function RegistryFacts(props: OfRegistry & { ofEntity: boolean }) {
  const { registry, ofEntity } = props;
  const { services = [], servicesLookedAt } = registry;
  return (
    <>
      <Stack gap={3} minColumnWidth="24em">
        <Stack gap={3}>
          <KeyFacts registry={registry} />
          <VaultFacts registry={registry} />
        </Stack>
        <AccessFacts registry={registry} ofEntity={ofEntity} />
      </Stack>
      {servicesLookedAt && (
        <OtherServices services={services} lookedAt={servicesLookedAt} />
      )}
    </>
  );
}
