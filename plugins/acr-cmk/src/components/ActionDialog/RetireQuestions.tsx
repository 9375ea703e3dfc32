import { useTexts } from '../../translations/ref';
import { Picker } from '../shared/Picker';
import { shortVersion } from '../shared/shortVersion';
import { useLocale } from '../shared/Time';
import type { QuestionProps } from './question';

/** The version to retire. All are listed with the registries that use them; the plan decides. */
export function VersionChoice(props: QuestionProps) {
  const { answers, registry, disabled, onAnswers } = props;
  const t = useTexts();
  const locale = useLocale();
  const versions = registry.key?.known ? registry.key.versions : [];
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const isUseKnown = registry.consumers.every(
    ({ versionInUse }) => versionInUse !== undefined,
  );
  const usersOf = (version: string) =>
    registry.consumers
      .filter(({ versionInUse }) => versionInUse?.toLowerCase() === version)
      .map(({ registryName }) => registryName);
  return (
    <Picker
      label={t('retire.label')}
      value={answers.version}
      disabled={disabled}
      help={t('retire.help')}
      onChange={version => onAnswers({ version })}
      options={versions.map(({ version, created, enabled }) => {
        const users = usersOf(version);
        return {
          value: version,
          label: shortVersion(version),
          detail: [
            `${t('key.created')} ${day.format(new Date(created))}`,
            !enabled && t('key.disabled'),
            users.length > 0
              ? t('retire.usedBy', { names: users.join(', ') })
              : isUseKnown && t('retire.unused'),
          ]
            .filter(Boolean)
            .join(' · '),
        };
      })}
    />
  );
}
