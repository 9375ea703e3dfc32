import Typography from '@material-ui/core/Typography';
import {
  REGISTRY_ID_ANNOTATION,
  type UnreadableRegistry,
} from 'backstage-plugin-acr-cmk-common';
import { memo } from 'react';
import { useTexts } from '../../translations/ref';
import { nameOf } from '../EncryptionTab/listedRegistry';
import { Code } from '../shared/layout';
import { unreadableStyle } from '../shared/statusStyles';
import { SectionFrame } from './SectionFrame';

const EXAMPLE =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/my-group/providers/Microsoft.ContainerRegistry/registries/myregistry';

/** A registry of which nothing is known, with the reason and what can be done about it. */
export const UnreadableSection = memo(
  (props: {
    registry: UnreadableRegistry;
    open?: boolean;
    onToggle?(name: string): void;
  }) => {
    const { registry } = props;
    const t = useTexts();
    return (
      <SectionFrame
        name={nameOf(registry)}
        open={props.open}
        onToggle={props.onToggle}
        statusStyle={unreadableStyle}
        word={t(`unreadable.${registry.reason}.word`)}
        message={registry.message ?? t(`unreadable.${registry.reason}.message`)}
      >
        <UnreadableHelp {...registry} />
      </SectionFrame>
    );
  },
);

function UnreadableHelp({ reason, text }: UnreadableRegistry) {
  const t = useTexts();
  const isInvalid = reason === 'invalid-id';
  return (
    <Typography variant="body2" component="div">
      {isInvalid
        ? t('unreadable.rightId', { annotation: REGISTRY_ID_ANNOTATION })
        : t('unreadable.named')}
      <div>
        <Code>{isInvalid ? EXAMPLE : text}</Code>
      </div>
    </Typography>
  );
}
