// Errors on their way from a thread or a process: what carries them keeps nothing of an error but its text.
import * as errors from './errors.ts';

/** What is sent. */
export interface CarriedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

export function carried({ name, message, stack = '' }: Error): CarriedError {
  return { name, message, stack };
}

/** The same class of error as where it came from. */
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
