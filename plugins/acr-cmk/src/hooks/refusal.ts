import {
  type FieldChange,
  isResponseError,
} from 'backstage-plugin-acr-cmk-common';

/** An error of the backend, read for a switch and for a person. */
export interface Refusal {
  /** Such as `PLAN_DRIFTED`; nothing when it did not come from the plugin. */
  code?: string;
  message: string;
  /** The message without the name of the field, for the form where the field is seen. */
  problem: string;
  /** The input that was refused. */
  field?: string;
  permission?: string;
  operationId?: string;
  changes: FieldChange[];
  /** No answer came: it is not known whether the request was carried out. */
  unanswered: boolean;
}

/** Message for a 404 that has no body of Backstage, so that no plugin has answered. */
const NO_BACKEND =
  "This portal's backend has no plugin acr-cmk, or does not answer for it. Add backstage-plugin-acr-cmk-backend to it, or read in its log why the plugin did not start; then check what a proxy before it does with /api/acr-cmk.";

/** Reads whatever a call of the API threw. */
export function readRefusal(error: unknown): Refusal {
  if (isResponseError(error)) {
    const body: Record<string, unknown> = { ...error.body.error };
    // The client names the error so when the answer was no error of Backstage.
    const isAbsent =
      error.body.response.statusCode === 404 && body.name === 'Error';
    const message = isAbsent ? NO_BACKEND : text(body.message) || error.message;
    const field = text(body.field);
    return {
      code: text(body.code),
      message,
      problem: withoutField(message, field),
      field,
      permission: text(body.permission),
      operationId: text(body.operationId),
      changes: changesIn(body.changes),
      unanswered: false,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    message,
    problem: message,
    changes: [],
    unanswered: true,
  };
}

/** The permission that the backend misses, when that is why it refused. */
export function missingPermission(
  error: unknown,
): { permission: string; message: string } | undefined {
  const { code, permission, message } = readRefusal(error);
  return code === 'PERMISSION_MISSING' && permission
    ? { permission, message }
    : undefined;
}

/** "reason: must have 3 to 500 characters" → "Must have 3 to 500 characters". */
function withoutField(message: string, field: string | undefined): string {
  if (field === undefined || !message.startsWith(`${field}: `)) return message;
  const problem = message.slice(field.length + 2);
  return problem.charAt(0).toUpperCase() + problem.slice(1);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function changesIn(value: unknown): FieldChange[] {
  return Array.isArray(value) ? value.filter(isFieldChange) : [];
}

function isFieldChange(value: unknown): value is FieldChange {
  const change = value as Partial<FieldChange> | null;
  return (
    typeof change?.field === 'string' &&
    typeof change.shown === 'string' &&
    typeof change.now === 'string'
  );
}
