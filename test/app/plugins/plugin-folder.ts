// Plug-ins as their authors write them, in a folder with the configuration that names them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { loadConfig } from '../../../src/app/config/load.ts';
import type { Config } from '../../../src/app/config/schema.ts';
import { tempFolder } from '../../io/temp-folder.ts';

/** A schema as no library has made it. */
const NUMBER_OF_STEPS = `{ '~standard': { version: 1, vendor: 'by hand', validate: (found) =>
  Number.isInteger(found.steps) ? { value: { ...found, doubled: 2 * found.steps } }
    : { issues: [{ message: 'expected a whole number', path: ['steps'] }] } } }`;

/** One of each sort; the source counts to `steps`, the detector measures the distance from the mean it learnt. */
export const ONE_OF_EACH = `
export default {
  api: 1,
  name: 'acme',
  sources: [{ kind: 'counter', summary: 'counts', options: ${NUMBER_OF_STEPS},
    create: ({ steps, doubled }) => ({ live: false, channels: [{ id: 'count', unit: '' }],
      async *samples() {
        for (let i = 0; i < steps; i++) yield { timeMs: i * 1000, values: [i % 7 + doubled] };
      } }) }],
  sinks: [{ kind: 'memory', summary: 'keeps alerts', options: ${NUMBER_OF_STEPS},
    create: ({ steps }, { node }) => ({ async send() { throw new Error('full at ' + steps + ' on ' + node); },
      report() { throw new Error('no reports'); }, async close() {} }) }],
  thresholds: [{ kind: 'constant', summary: 'one level',
    create: () => ({ fit() { throw new Error('never fits'); }, judge: (score) => ({ anomalous: score > 3, level: 3 }),
      learn() {}, reject() {}, state: () => ({}), restore() {} }) }],
  detectors: [{ kind: 'distance', summary: 'distance from the mean',
    load: (model) => {
      const mean = model.tensors.mean.data;
      return { windowLength: model.windowLength, score({ values, width }) {
        const perChannel = values.slice(-width).map((value, c) => Math.abs(value - mean[c]));
        return { value: perChannel.reduce((a, b) => a + b, 0), perChannel };
      } };
    },
    training: { scaler: 'robust', options: ${NUMBER_OF_STEPS}, windowLength: ({ steps }) => steps,
      learn({ windows, width }) {
        const data = new Float32Array(width);
        for (const window of windows) for (let c = 0; c < width; c++) data[c] += window.at(c - width) / windows.length;
        return { design: {}, tensors: { mean: { shape: [width], data } } };
      } } }],
};
`;

/** Writes `files` into a folder, by default one of their own. */
export function folderWith(files: Readonly<Record<string, string>>, folder = tempFolder()): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** The configuration beside `files` that names `plugins` and says `rest` as well. */
export function configured(
  files: Readonly<Record<string, string>>,
  plugins: readonly string[],
  rest = 'streams: [{id: a, source: {kind: host}}]',
): Promise<Config> {
  const text = `plugins: ${JSON.stringify(plugins)}\n${rest}\n`;
  const folder = folderWith({ ...files, 'sentigon.yaml': text });
  return loadConfig(join(folder, 'sentigon.yaml'), readEnvironment({}));
}
