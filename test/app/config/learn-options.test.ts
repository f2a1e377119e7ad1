import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { type JsonSchema, jsonSchemaOf } from '../../../src/app/config/json-schema.ts';
import { checkConfig } from '../../../src/app/config/load.ts';
import { configSchema } from '../../../src/app/config/schema.ts';
import { configured, folderWith, ONE_OF_EACH } from '../plugins/plugin-folder.ts';

const ACME = { 'acme.mjs': ONE_OF_EACH };

function learning(...learns: readonly string[]): string {
  const streams = learns.map(
    (learn, i) => `  - {id: a${i}, source: {kind: host}, learn: ${learn}}`,
  );
  return `streams:\n${streams.join('\n')}\n`;
}

describe('options of a training', () => {
  it('are checked with the configuration, all faults at once, each with its line (#18)', async () => {
    const text = learning(
      '{options: {bogus: 1}}',
      '{options: {step: 20}}',
      '{detector: ensemble, options: {gon: {hidden: 2}, forecasterWeight: 2}}',
      '{detector: pca, options: {variance: much}}',
      '{detector: pca, options: {variance: 0.8}}',
    );
    const told = await configured({}, [], text).catch((error: Error) => error.message.split('\n'));
    expect(told).toEqual([
      expect.stringMatching(
        /:3:\d+ streams\[0\]\.learn\.options: found an unknown key, expected one of lengths, /,
      ),
      expect.stringMatching(
        /:4:\d+ streams\[1\]\.learn\.options: found an unknown key; did you mean 'steps'\?$/,
      ),
      expect.stringMatching(
        /:5:\d+ streams\[2\]\.learn\.options\.gon\.hidden: found a number, expected at least 4$/,
      ),
      expect.stringMatching(
        /:5:\d+ streams\[2\]\.learn\.options\.forecasterWeight: found a number, expected at most 1$/,
      ),
      expect.stringMatching(
        /:6:\d+ streams\[3\]\.learn\.options\.variance: found a text, expected a number$/,
      ),
    ]);
  });

  it('are those of a plug-in where it brings the detector', async () => {
    const faulty = learning('{detector: distance, options: {steps: few}}');
    await expect(configured(ACME, ['./acme.mjs'], faulty)).rejects.toThrow(
      /yaml:3:\d+ streams\[0\]\.learn\.options: plug-in acme: expected a whole number/,
    );
    const fine = learning('{detector: distance, options: {steps: 3}}');
    const { streams } = await configured(ACME, ['./acme.mjs'], fine);
    expect(streams[0]?.learn.options).toEqual({ steps: 3 });
  });
});

describe('the rows of a lesson', () => {
  const faultsOf = async (text: string, files = {}, plugins: readonly string[] = []) => {
    const head = `plugins: ${JSON.stringify(plugins)}\n`;
    const folder = folderWith({ ...files, 'sentigon.yaml': `${head}${text}` });
    const file = join(folder, 'sentigon.yaml');
    const checked = checkConfig(file, readEnvironment({}));
    return await checked.then(
      () => [],
      (error: Error) => error.message.split('\n'),
    );
  };

  it('suffice for its detector, else config check says how many it needs (#21)', async () => {
    expect(
      await faultsOf(
        learning(
          '{rows: 100}',
          '{rows: 150, detector: encoder}',
          '{rows: 100, detector: pca, options: {windowLength: 5}}',
          '{rows: 110, detector: ensemble}',
        ),
      ),
    ).toEqual([
      expect.stringMatching(
        /:4:\d+ streams\[1\]\.learn\.rows: found 150, expected at least 160: detector encoder needs so many to learn from and to set its level$/,
      ),
      expect.stringMatching(/:5:\d+ streams\[2\]\.learn\.rows: found 100, expected at least 120: /),
    ]);
  });

  it('are known of a plug-in too', async () => {
    const few = learning('{rows: 100, detector: distance, options: {steps: 4}}');
    expect(await faultsOf(few, ACME, ['./acme.mjs'])).toEqual([
      expect.stringContaining('expected at least 115: detector distance needs'),
    ]);
  });
});

describe('the schema of a configuration', () => {
  it('knows every key of every mapping but names of channels and headers, and those options, which have a check of their own', () => {
    expect(openMappings(jsonSchemaOf(configSchema))).toEqual([
      'streams[].learn.counters',
      'streams[].learn.options',
      'streams[].alerts.channels',
      'streams[].alerts.limits',
      'streams[].health.channels',
      'sinks[].headers',
      'sinks[].headerFiles',
    ]);
  });
});

/** Paths of mappings that take keys which are not described. */
function openMappings(schema: JsonSchema, path = ''): string[] {
  const isMapping = schema.type === 'object';
  const here = isMapping && schema.additionalProperties !== false ? [path] : [];
  const inner = [
    ...Object.entries(schema.properties ?? {}).flatMap(([key, child]) =>
      openMappings(child, path === '' ? key : `${path}.${key}`),
    ),
    ...(schema.items ? openMappings(schema.items, `${path}[]`) : []),
    ...[...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].flatMap((child) =>
      openMappings(child, path),
    ),
  ];
  return [...here, ...inner];
}
