/** Labels as goldens write them, one digit a row. */
export function labelsFrom(digits: string): Uint8Array {
  return Uint8Array.from(digits, Number);
}
