import type { Check, Fact } from 'backstage-plugin-acr-cmk-common';

/** Outcomes of one check of a plan, each with its message, and a remedy unless it passes. */
export function check(id: string) {
  return {
    pass: (message: string): Check => ({ id, status: 'pass', message }),
    warn: (message: string, remedy: string): Check => ({
      id,
      status: 'warn',
      message,
      remedy,
    }),
    fail: (message: string, remedy: string): Check => ({
      id,
      status: 'fail',
      message,
      remedy,
    }),
    unknown: (message: string, remedy: string): Check => ({
      id,
      status: 'unknown',
      message,
      remedy,
    }),
    /** Unknown, because a fact could not be read. */
    undetermined: (
      what: string,
      { problem }: Extract<Fact<unknown>, { known: false }>,
    ): Check => ({
      id,
      status: 'unknown',
      message: `Could not determine ${what}: ${problem.message}`,
      remedy: 'Give the read credential the missing permission, or try again.',
    }),
  };
}
