import { DeviceError } from '../../core/errors.ts';

/** A gigabyte of floats: more than any device of the class has to give, and far below what addresses can name. */
const MOST_ELEMENTS = 2 ** 28;
const ELEMENTS_PER_MB = 2 ** 18;

/** Throws `DeviceError` for a program that is too large; asked before anything is allocated. */
export function requireRoom(elements: number): void {
  if (elements <= MOST_ELEMENTS) return;
  throw new DeviceError(
    `the network needs ${Math.ceil(elements / ELEMENTS_PER_MB)} MB, the engine has ${MOST_ELEMENTS / ELEMENTS_PER_MB}: take a smaller batch or network`,
  );
}
