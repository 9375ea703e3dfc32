import { DEFAULT_ASSUMPTIONS } from 'azure-emulator';
import { type Measured, type Measurements, NOT_ASKED } from './measure';

/** Assumptions of the emulated Azure, by name. */
const ASSUMED = new Map<string, unknown>(
  Object.entries(DEFAULT_ASSUMPTIONS).flatMap(([name, value]) =>
    name === 'pulls'
      ? Object.entries(DEFAULT_ASSUMPTIONS.pulls).flatMap(([kind, fields]) =>
          Object.entries(fields).map(
            ([field, each]) => [`pulls.${kind}.${field}`, each] as const,
          ),
        )
      : [[name, value] as const],
  ),
);

/** The setting of the emulator by which it does what was measured; undefined when that is not known. */
function settingOf(name: string, measured: Measured): unknown {
  if ('unknown' in measured) return undefined;
  if ('value' in measured) return measured.value;
  const { atLeast, atMost } = measured;
  if (atMost === null) return null;
  const assumed = ASSUMED.get(name);
  return typeof assumed === 'number' && atLeast <= assumed && assumed <= atMost
    ? assumed
    : Math.round((atLeast + atMost) * 500) / 1000;
}

/** Answers that differ from what is assumed, as `azure-emulator --assumptions` takes them. */
export function settingsOf(measurements: Measurements) {
  const settings: Record<string, any> = {};
  for (const [name, measured] of Object.entries(measurements)) {
    const setting = settingOf(name, measured);
    if (setting === undefined || setting === ASSUMED.get(name)) continue;
    const [group, kind, field] = name.split('.');
    if (field) {
      settings[group] ??= {};
      settings[group][kind] = { ...settings[group][kind], [field]: setting };
    } else {
      settings[name] = setting;
    }
  }
  return settings;
}

function words(measured: Measured): string {
  if ('unknown' in measured) return `unknown: ${measured.unknown}`;
  if ('value' in measured) return JSON.stringify(measured.value);
  const { atLeast, atMost } = measured;
  return atMost === null
    ? `not within ${atLeast} s`
    : `${atLeast} to ${atMost} s`;
}

/** A line for each assumption: as assumed, different, unknown, or not measured. */
export function toLines(measurements: Measurements): string[] {
  return [...ASSUMED].map(([name, assumed]) => {
    const measured = measurements[name];
    const said = `assumed ${JSON.stringify(assumed)}`;
    if (!measured) {
      return `not asked  ${name}: ${said}, ${NOT_ASKED[name] ?? 'the run ended'}`;
    }
    const setting = settingOf(name, measured);
    if (setting === undefined)
      return `unknown    ${name}: ${said}, ${words(measured)}`;
    return setting === assumed
      ? `agrees     ${name}: ${said}`
      : `differs    ${name}: ${said}, measured ${words(measured)}`;
  });
}
