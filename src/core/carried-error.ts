// Errors that come from a thread or a process, where only their texts survive.
import type { ErrorCode } from './error-codes/index.ts';
import * as errors from './errors.ts';

/** What the thread or process sends. */
export interface CarriedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly code: ErrorCode | undefined;
}

export function carried(error: Error): CarriedError {
  const { name, message, stack = '' } = error;
  const code = error instanceof errors.KnownError ? error.errorCode : undefined;
  return { name, message, stack, code };
}

/** An error of the class that it had at its origin. */
export function revive({ name, message, stack, code }: CarriedError): Error {
  const known = Object.values(errors).find(
    (type) => type.name === name && type !== errors.KnownError,
  );
  const error = known
    ? new (known as new (message: string, options: errors.KnownErrorOptions) => Error)(message, {
        code,
      })
    : Object.assign(new Error(message), { name });
  error.stack = stack;
  return error;
}
