// Errors that come from a thread or a process, where only their texts survive.
import * as errors from './errors.ts';

/** What the thread or process sends. */
export interface CarriedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

export function carried({ name, message, stack = '' }: Error): CarriedError {
  return { name, message, stack };
}

/** An error of the class that it had at its origin. */
export function revive({ name, message, stack }: CarriedError): Error {
  const known = Object.values(errors).find(
    (type) => type.name === name && type !== errors.KnownError,
  );
  const error = known
    ? new (known as new (message: string) => Error)(message)
    : Object.assign(new Error(message), { name });
  error.stack = stack;
  return error;
}
