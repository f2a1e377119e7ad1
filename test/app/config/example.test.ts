import { describe, expect, it } from 'vitest';
import { exampleConfig } from '../../../src/app/config/example.ts';
import { parseConfig } from '../../../src/app/config/load.ts';
import { configSchema } from '../../../src/app/config/schema.ts';

/** The example with its suggestions taken: comments that hold YAML become YAML. */
function uncommented(text: string): string {
  return text
    .split('\n')
    .map((line) => (/^\s*# ?\s*(- )?\s*\w+:/.test(line) ? line.replace(/# ?/, '') : line))
    .join('\n');
}

describe('the example configuration', () => {
  it('is valid as it is', () => {
    const { streams, sinks } = parseConfig(exampleConfig, 'example', configSchema);
    expect(streams.map(({ id }) => id)).toEqual(['host']);
    expect(sinks.map(({ kind }) => kind)).toEqual(['mqtt', 'log']);
  });

  it('is valid with every suggestion taken', () => {
    const text = uncommented(exampleConfig).replace(/^Sentigon configuration.*$/m, '');
    const { node, state, broker, streams } = parseConfig(text, 'example', configSchema);
    expect({ node, state }).toEqual({ node: 'cellar-pi', state: '/var/lib/sentigon' });
    expect(broker?.passwordFile).toBe('sentigon.mqtt');
    expect(streams.map(({ id, model }) => [id, model])).toEqual([
      ['host', undefined],
      ['well', undefined],
      ['temperatures', undefined],
      ['home', undefined],
      ['pump', 'pump.safetensors'],
    ]);
  });
});
