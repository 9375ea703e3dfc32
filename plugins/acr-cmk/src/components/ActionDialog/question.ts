import type {
  RegistryEncryption,
  RevokeMethod,
} from 'backstage-plugin-acr-cmk-common';
import type { Answers } from './intents';

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
