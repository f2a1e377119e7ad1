/** What docs/errors.md says of a code. */
export interface Entry {
  readonly cause: string;
  readonly remedy: string;
}

export function entry(cause: string, remedy: string): Entry {
  return { cause, remedy };
}
