import { useTexts } from '../../translations/ref';
import { servicesInShort } from '../AffectedRegistries/OtherServices';
import { joined } from '../shared/joined';
import { Picker } from '../shared/Picker';
import { shortVersion } from '../shared/shortVersion';
import { dayInWords, useLocale } from '../shared/Time';
import { answerTo, type QuestionProps } from './question';

/** The version to retire. All are listed with the registries that use them; the plan decides. */
export function VersionChoice(props: QuestionProps) {
  const { registry } = props;
  const t = useTexts();
  const locale = useLocale();
  const versions = registry.key?.known ? registry.key.versions : [];
  const isUseKnown = registry.consumers.every(
    ({ versionInUse }) => versionInUse !== undefined,
  );
  const services = registry.services ?? [];
  const usersOf = (version: string) => [
    ...registry.consumers
      .filter(({ versionInUse }) => versionInUse?.toLowerCase() === version)
      .map(({ registryName }) => registryName),
    ...services.flatMap(({ service, resources }) =>
      resources
        .filter(({ uses }) =>
          uses.some(use => use.isInUse && use.version === version),
        )
        .map(({ name }) => `${name} (${service})`),
    ),
  ];
  const unused = joined([t('retire.unused'), servicesInShort(t, registry)]);
  return (
    <Picker
      {...answerTo(props, 'version')}
      label={t('retire.label')}
      help={t('retire.help')}
      options={versions.map(({ version, created, enabled }) => {
        const users = usersOf(version);
        return {
          value: version,
          label: shortVersion(version),
          detail: joined([
            `${t('key.created')} ${dayInWords(created, locale)}`,
            !enabled && t('key.disabled'),
            users.length > 0
              ? t('retire.usedBy', { names: users.join(', ') })
              : isUseKnown && unused,
          ]),
        };
      })}
    />
  );
}
