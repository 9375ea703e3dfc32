import {
  assumedRefusals,
  type RefusalChange,
  type RefusalWords,
} from 'azure-emulator';
import { type Answer, refusalOf } from './Azure';
import type { Measured } from './measured';
import type { Scrubber } from './Scrubber';

const ASSUMED = assumedRefusals();

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Does a message say what a template with placeholders says? */
function fits(template: string, message: string): boolean {
  const source = template
    .split(/\{\w+\}/)
    .map(escaped)
    .join('[^]*?');
  return new RegExp(`^${source}$`, 'i').test(message);
}

/**
 * How a refusal differs from what is assumed of it: `{}` when it does not. Words that are asked for with values
 * come back with their placeholders.
 */
export function compareRefusal(
  name: string,
  answer: Answer,
  { values, scrubber }: { values: Record<string, string>; scrubber: Scrubber },
): Measured {
  const assumed = ASSUMED[name];
  if (answer.status < 400) {
    return { unknown: `it was not refused: Azure answered ${answer.status}` };
  }
  const { code, innerCode, message } = refusalOf(answer);
  const change: RefusalChange = {
    ...(answer.status !== assumed.status && { status: answer.status }),
    ...(code !== assumed.code && { code }),
    ...differentInner(assumed, innerCode),
    ...(!fits(assumed.message, message) && {
      message: scrubber.text(withPlaceholders(message, values)),
    }),
  };
  return { value: change };
}

function differentInner(
  assumed: RefusalWords,
  innerCode: string | undefined,
): RefusalChange {
  return innerCode !== undefined && innerCode !== assumed.innerCode
    ? { innerCode }
    : {};
}

function withPlaceholders(text: string, values: Record<string, string>) {
  return Object.entries(values)
    .sort(([, a], [, b]) => b.length - a.length)
    .reduce(
      (result, [name, value]) =>
        result.replace(new RegExp(escaped(value), 'gi'), () => `{${name}}`),
      text,
    );
}
