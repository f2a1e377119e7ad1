import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatChannel, parseChannel } from '../../src/core/sample.ts';

describe('channel name', () => {
  it('carries the unit in brackets', () => {
    expect(parseChannel('cpu.user[%]')).toEqual({ id: 'cpu.user', unit: '%' });
    expect(parseChannel(' vibration [mm/s] ')).toEqual({ id: 'vibration', unit: 'mm/s' });
    expect(parseChannel('load')).toEqual({ id: 'load', unit: '' });
    expect(parseChannel('a[0][°C]')).toEqual({ id: 'a[0]', unit: '°C' });
  });

  it('reads back what it writes', () => {
    const word = fc.string({ minLength: 1 }).filter((text) => !/[[\]]|^\s|\s$/.test(text));
    fc.assert(
      fc.property(word, fc.oneof(fc.constant(''), word), (id, unit) => {
        expect(parseChannel(formatChannel({ id, unit }))).toEqual({ id, unit });
      }),
    );
  });
});
