import { describe, expect, it } from 'vitest';
import { bytesFor, createArena } from '../../src/engine/arena.ts';

describe('arena', () => {
  it('gives each array its own aligned memory', () => {
    const arena = createArena(new ArrayBuffer(4096), 100);
    const sizes = [1, 64, 200, 3];
    const addresses = sizes.map((size) => arena.allocate(size));
    let end = 100;
    addresses.forEach((address, i) => {
      expect(address % 64).toBe(0);
      expect(address).toBeGreaterThanOrEqual(end);
      end = address + (sizes[i] as number);
    });
  });

  it('says beforehand whether arrays fit, and means it', () => {
    const sizes = [1000, 1000, 1000];
    const arena = createArena(new ArrayBuffer(bytesFor(sizes)), 0);
    expect(arena.fits(sizes)).toBe(true);
    for (const size of sizes) arena.allocate(size);
    expect(arena.fits([1000])).toBe(false);
    expect(() => arena.allocate(1000)).toThrow(RangeError);
  });

  it('views the memory it allocated', () => {
    const arena = createArena(new ArrayBuffer(1024), 0);
    const address = arena.allocate(16);
    arena.floats(address, 4).set([1, 2, 3, 4]);
    expect(arena.integers(address, 1)[0]).toBe(0x3f800000);
  });
});
