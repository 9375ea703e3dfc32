import type { ActionId } from 'backstage-plugin-acr-cmk-common';
import type { ComponentType } from 'react';
import { questionsOf, type Question } from './intents';
import type { QuestionProps } from './question';
import { AlsoIdentity, GrantAccess, IdentityChoice } from './IdentityQuestions';
import { ExistingKeyChoice, NewKeyFields } from './KeyQuestions';
import {
  FirstPolicyField,
  RotationChoice,
  RotationPolicyFields,
} from './AutomaticRotationQuestions';
import { RevokeMethodChoice, TimerChoice } from './RevokeQuestions';
import { VersionChoice } from './RetireQuestions';
import {
  FollowChoice,
  ModeChoice,
  RotateMethodChoice,
} from './RotateQuestions';
import { Stack } from '../shared/Stack';

const FIELDS: Record<Question, ComponentType<QuestionProps>> = {
  'rotate-method': RotateMethodChoice,
  follow: FollowChoice,
  'first-policy': FirstPolicyField,
  mode: ModeChoice,
  key: ExistingKeyChoice,
  'new-key': NewKeyFields,
  'also-identity': AlsoIdentity,
  identity: IdentityChoice,
  'grant-access': GrantAccess,
  rotation: RotationChoice,
  'rotation-policy': RotationPolicyFields,
  'revoke-method': RevokeMethodChoice,
  timer: TimerChoice,
  version: VersionChoice,
};

/** The questions of the form, one below the other. */
export function Questions({
  action,
  ...question
}: QuestionProps & { action: ActionId }) {
  const { registry, answers } = question;
  return (
    <Stack gap={2.5}>
      {questionsOf(action, registry, answers).map(id => {
        const Field = FIELDS[id];
        return <Field key={id} {...question} />;
      })}
    </Stack>
  );
}
