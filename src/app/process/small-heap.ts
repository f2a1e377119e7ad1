import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's nursery at its first size, and its heap rather small than fast. Starting up makes much garbage at once, for
 * which V8 grows the nursery and never shrinks it. For programs that allocate little; before anything large is loaded.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--semi-space-growth-factor=1');
}
