import type {
  RegistryEncryption,
  RevokeMethod,
} from 'backstage-plugin-acr-cmk-common';
import type { Answers } from './intents';

/** Answers that a question shows and changes. */
export interface QuestionAbout<A> {
  answers: A;
  disabled: boolean;
  onAnswers(answers: A): void;
}

/** Properties of a control for one of the answers. */
export function answerTo<A, Field extends keyof A>(
  question: Pick<QuestionAbout<A>, 'answers' | 'disabled'> & {
    onAnswers(answers: Pick<A, Field>): void;
  },
  field: Field,
) {
  return {
    value: question.answers[field],
    disabled: question.disabled,
    onChange: (value: A[Field]) =>
      question.onAnswers({ [field]: value } as Pick<A, Field>),
  };
}

/** Properties of every question. */
export interface QuestionProps {
  entityRef: string;
  registry: RegistryEncryption;
  answers: Answers;
  /** From the latest plan; undefined before there is one. */
  methods: RevokeMethod[] | undefined;
  disabled: boolean;
  onAnswers(answers: Partial<Answers>): void;
}
