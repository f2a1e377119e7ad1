import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/core/errors.ts';
import { createValueReader } from '../../../src/io/text/value-reader.ts';
import { type TextFormat, valuesIn } from '../../../src/io/text/value-text.ts';
import { createFaultCounter } from '../../../src/io/timing/fault-counter.ts';

const read = (text: string, format: TextFormat = 'auto') => {
  const found = valuesIn(text, format);
  return found && Object.fromEntries(found);
};

describe('values in text', () => {
  it('are the numbers and booleans of nested JSON, by dotted path', () => {
    expect(read('{"ENERGY":{"Power":[1.5,"2"],"on":true},"name":"x","gone":null}')).toEqual({
      'ENERGY.Power.0': 1.5,
      'ENERGY.Power.1': 2,
      'ENERGY.on': 1,
    });
  });

  it('are pairs as vcgencmd and sensors -u print them, units left out', () => {
    expect(read("temp=48.3'C")).toEqual({ temp: 48.3 });
    expect(read('volt=0.8563V')).toEqual({ volt: 0.8563 });
    expect(read('throttled=0x50005')).toEqual({ throttled: 0x50005 });
    expect(read('fan1:\n  fan1_input: 1200.000\n  fan1_alarm: 0.000\n')).toEqual({
      fan1_input: 1200,
      fan1_alarm: 0,
    });
    expect(read('pump=ON, mode=eco')).toEqual({ pump: 1 });
  });

  it('are plain numbers by their place', () => {
    expect(read('21.5\n')).toEqual({ value: 21.5 });
    expect(read('1.5;-2e1, 3')).toEqual({ value1: 1.5, value2: -20, value3: 3 });
  });

  it('are not there in other text, or in another format than was named', () => {
    expect(read('hello')).toBeUndefined();
    expect(read('')).toBeUndefined();
    expect(read('{"a":1', 'json')).toBeUndefined();
    expect(read('a=1', 'json')).toBeUndefined();
    expect(read('{"a":1}', 'numbers')).toBeUndefined();
  });
});

describe('value reader', () => {
  function reader(
    channels: { name: string; key?: string; pattern?: string }[],
    format: TextFormat = 'auto',
  ) {
    const told: string[] = [];
    const faults = createFaultCounter((message) => told.push(message), 0);
    return { ...{ told }, reader: createValueReader({ format, channels }, 'source x', faults) };
  }

  it('takes the channels that were named, by key, by id or by place', () => {
    const byKey = reader([{ name: 'power[W]', key: 'ENERGY.Power' }, { name: 'temp[°C]' }]);
    expect(byKey.reader.read('{"ENERGY":{"Power":7},"temp":21,"other":1}')).toEqual(
      Float64Array.of(7, 21),
    );
    expect(byKey.reader.read('{"temp":21}')).toEqual(Float64Array.of(Number.NaN, 21));
    expect(reader([{ name: 'a' }, { name: 'b' }]).reader.read('5 6')).toEqual(
      Float64Array.of(5, 6),
    );
    expect(reader([{ name: 'level[cm]' }]).reader.read('5')).toEqual(Float64Array.of(5));
  });

  it('finds its channels in the first text that has any, without the time', () => {
    const { reader: found, told } = reader([]);
    expect(found.channels).toEqual([]);
    expect(found.read('starting up')).toBeUndefined();
    expect(found.read('{"time":1700000000,"a":1,"b":{"c":2}}')).toEqual(Float64Array.of(1, 2));
    expect(found.channels).toEqual([
      { id: 'a', unit: '' },
      { id: 'b.c', unit: '' },
    ]);
    expect(found.read('{"b":{"c":3},"d":4}')).toEqual(Float64Array.of(Number.NaN, 3));
    expect(told).toEqual([
      'source x: no values in "starting up", expected JSON, key=value or numbers',
    ]);
  });

  it('takes what a pattern finds, beside keys or alone', () => {
    const scale = [
      { name: 'weight[kg]', pattern: '^ST,GS, *([-+.\\d]+) *kg' },
      { name: 'temp[°C]', key: 'T' },
    ];
    const { reader: both } = reader(scale);
    expect(both.read('ST,GS,+ 0.5kg')).toBeUndefined();
    expect(both.read('ST,GS, +12.50kg\nT=21')).toEqual(Float64Array.of(12.5, 21));
    expect(both.read('ST,GS,  -3kg')).toEqual(Float64Array.of(-3, Number.NaN));
    expect(() => reader([{ name: 'a', pattern: '\\d+' }])).toThrow(
      "source x: the pattern of 'a' has no group",
    );
    expect(() => reader([{ name: 'a', pattern: '(' }])).toThrow(ConfigError);
  });

  it('tells when nothing that was named is there', () => {
    const { reader: named, told } = reader([{ name: 'temp' }, { name: 'hum' }]);
    expect(named.read('tmp=3 umidity=4')).toBeUndefined();
    expect(told[0]).toBe(
      'source x: no value for temp, hum in "tmp=3 umidity=4": correct its key or pattern',
    );
  });
});
