// Errors a user can cause or mend. Misuse by our own code is RangeError or TypeError, i.e. a bug.

import type { ErrorCode } from './error-codes/index.ts';

export interface KnownErrorOptions extends ErrorOptions {
  /** One of docs/errors.md. */
  readonly code?: ErrorCode | undefined;
}

/** An error with a message written for the user: what was found, what was expected, what to do. */
export abstract class KnownError extends Error {
  /** What the caller does about it. */
  abstract readonly code: string;
  /** Which cause it has, as docs/errors.md lists them. */
  readonly errorCode: ErrorCode | undefined;

  constructor(message: string, { code, ...options }: KnownErrorOptions = {}) {
    super(message, options);
    this.errorCode = code;
  }

  /** The message, with the code that its cause and remedy are found by. */
  get report(): string {
    return this.errorCode === undefined ? this.message : `${this.message} [${this.errorCode}]`;
  }

  override get name(): string {
    return this.constructor.name;
  }
}

/** The configuration or the command line is wrong. */
export class ConfigError extends KnownError {
  readonly code = 'CONFIG';
}

/** A source cannot be read; a live one is reopened. */
export class SourceError extends KnownError {
  readonly code = 'SOURCE';
}

/** A sink did not take an alert; the outbox tries again, unless the refusal is final. */
export class SinkError extends KnownError {
  readonly code = 'SINK';
  /** Whether the same would be refused again, while others may get through. */
  readonly final: boolean;

  constructor(message: string, options: KnownErrorOptions & { readonly final?: boolean } = {}) {
    super(message, options);
    this.final = options.final ?? false;
  }
}

/** The history cannot be read or written. */
export class StoreError extends KnownError {
  readonly code = 'STORE';
}

/** Data do not have the shape a model needs. */
export class ShapeError extends KnownError {
  readonly code = 'SHAPE';
}

/** The data do not suffice to train or to set an alert level: too few, too uniform, or the training diverged. */
export class CalibrationError extends KnownError {
  readonly code = 'CALIBRATION';
}

/** A model file is truncated, altered or of another version. */
export class WeightsError extends KnownError {
  readonly code = 'WEIGHTS';
}

/** The device lacks something that was asked for. */
export class DeviceError extends KnownError {
  readonly code = 'DEVICE';
}

/** A plug-in failed at something that none of the other errors is about; its author has to mend it. */
export class PluginError extends KnownError {
  readonly code = 'PLUGIN';
}

/** Another release could not be installed. */
export class UpdateError extends KnownError {
  readonly code = 'UPDATE';
  /** It was installed, did not come up, and the previous one was put back. */
  readonly rolledBack: boolean;

  constructor(
    message: string,
    options: KnownErrorOptions & { readonly rolledBack?: boolean } = {},
  ) {
    super(message, options);
    this.rolledBack = options.rolledBack ?? false;
  }
}
