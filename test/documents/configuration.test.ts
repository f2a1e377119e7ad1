import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { blocksOf, codesOf } from '../../scripts/documents/blocks.ts';
import { documents, readDocument } from '../../scripts/documents/files.ts';
import { jsonSchemaOf } from '../../src/app/config/json-schema.ts';
import { parseConfig } from '../../src/app/config/load.ts';
import { configSchema } from '../../src/app/config/schema.ts';
import { rowsOf } from '../../src/app/config/table.ts';
import { problemSchema } from '../../src/app/optimise/problem-schema.ts';
import { alertOptions } from '../../src/detection/alerts/alert-options.ts';

/** Paths of all options and sections without lists and kinds, whole or in part: `streams.source.path`, `source`. */
const OPTIONS = new Set(
  rowsOf(jsonSchemaOf(configSchema)).flatMap(({ path }) => {
    const steps = path.replaceAll(/\[\]|\(\w+\)/g, '').split('.');
    return steps.flatMap((_, from) =>
      steps.slice(from).map((_, more) => steps.slice(from, from + more + 1).join('.')),
    );
  }),
);
/** What `learn.options` may hold is not part of the schema; a test of the training checks it. */
const FREE = 'learn.options';
const SECTION = new Set(
  [...OPTIONS].filter((path) => path.includes('.')).map((path) => path.split('.')[0]),
);

describe.each(documents())('%s', (path) => {
  const text = readDocument(path);

  it('has configurations that are valid', () => {
    const read = (yaml: string): void => {
      const data = parse(yaml);
      // kinds of a plug-in are known to a daemon that has loaded it: test/e2e/plugins.test.ts
      if (data.plugins) return;
      if (data.variables) problemSchema.parse(data);
      else if (data.alerts?.channels) alertOptions.parse(data.alerts);
      else parseConfig(completed(yaml, data), path, configSchema);
    };
    const blocks = blocksOf(text).filter(({ language }) => language === 'yaml');
    expect(() => blocks.forEach(({ text: yaml }) => void read(yaml))).not.toThrow();
  });

  it('names options that exist', () => {
    const named = codesOf(text)
      .map((code) => code.replace(/^(sentigon|npx|sudo) .*/, ''))
      .flatMap((code) => /^([a-zA-Z.[\]()]+)(?:: .*)?$/.exec(code)?.slice(1) ?? [])
      .map((name) => name.replaceAll(/\[\]|\(\w+\)/g, ''))
      .filter((name) => /^[a-z]\w*(\.[a-z]\w*)+$/i.test(name) && SECTION.has(name.split('.')[0]));
    expect(named.filter((name) => !OPTIONS.has(name) && name !== FREE)).toEqual([]);
  });
});

/** With a stream, where the lines have none. */
function completed(yaml: string, data: object): string {
  return 'streams' in data ? yaml : `${yaml}\nstreams: [{ id: host, source: { kind: host } }]\n`;
}
