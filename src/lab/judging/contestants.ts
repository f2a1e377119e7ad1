// Contestants: detector kinds with settings, by their names in the result tables.
import type { ZodType } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { faultTexts } from '../../core/issue-words.ts';
import { settingValue } from '../../core/registry.ts';
import { type AlertOptions, alertOptions } from '../../detection/alerts/alert-options.ts';
import { trainers } from '../trainers.ts';

export interface Contestant {
  readonly name: string;
  /** Key of the trainer and detector registries; undefined = a random score, the floor of every metric. */
  readonly kind: string | undefined;
  /** Training options, as the trainer's schema reads them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Absent = the defaults. */
  readonly alerts?: AlertOptions;
  /** The name without the settings of alerts: contestants that share it are trained alike. Absent = `name`. */
  readonly trainedAs?: string;
  /** Whether the result depends on the seed; if not, one run is enough. */
  readonly seeded: boolean;
  /**
   * Scores are averaged over all windows that cover a row, as reference implementations do: it looks ahead by a window,
   * so that a daemon cannot do it. For comparison with published figures only.
   */
  readonly looksAhead: boolean;
}

/** The published windows of KMeansAD and of PCA; `pca-windows` has the length the GON's longest but one sees. */
const LISTED: readonly Contestant[] = [
  contestant('random', undefined, { seeded: true }),
  contestant('gon', 'gon', { seeded: true }),
  contestant('ensemble', 'ensemble', { seeded: true }),
  contestant('encoder', 'encoder', { seeded: true }),
  contestant('forecaster', 'forecaster', { seeded: true }),
  contestant('cnn', 'cnn', { seeded: true }),
  contestant('gon-official', 'gon-official', { seeded: true }),
  contestant('range-count', 'range-count'),
  contestant('robust-z', 'robust-z'),
  contestant('first-difference', 'first-difference'),
  contestant('pca', 'pca'),
  contestant('pca-t2', 'pca', { options: { statistic: 't2' } }),
  contestant('pca-windows', 'pca', { options: { windowLength: 15 } }),
  contestant('pca-windows-ahead', 'pca', { options: { windowLength: 15 }, looksAhead: true }),
  contestant('1nn', 'knn'),
  contestant('knn', 'knn', { options: { neighbours: 50 } }),
  contestant('knn-windows', 'knn', { options: { windowLength: 15, references: 1000 } }),
  contestant('kmeans-channels', 'kmeans-channels', { seeded: true }),
  contestant('isolation-forest', 'isolation-forest', { seeded: true }),
  contestant('kmeans-windows', 'kmeans-windows', { seeded: true }),
  contestant('kmeans-windows-ahead', 'kmeans-windows', { seeded: true, looksAhead: true }),
];

/** Names in the order of the tables. */
export const contestantNames: readonly string[] = LISTED.map(({ name }) => name);

/** Begins the settings of alerts; the others are those of the training. */
const ALERTS = 'alerts.';

/**
 * A listed name, a detector kind, or either with settings: `gon`, `pca:windowLength=30,variance=0.8`,
 * `gon:alerts.falseAlarmsPerDay=0.2`. Throws `ConfigError` naming what there is.
 */
export function contestantOf(text: string): Contestant {
  const [name = '', settings] = split(text);
  const listed = LISTED.find((candidate) => candidate.name === name);
  const known = trainers.has(name) ? contestant(name, name, { seeded: true }) : undefined;
  const base = listed ?? known;
  if (!base) {
    const names = [...new Set([...contestantNames, ...trainers.keys()])].join(', ');
    throw new ConfigError(`detector '${name}' is unknown: choose one of ${names}`, {
      code: 'SEN_CFG_DETECTOR',
    });
  }
  if (settings === undefined) return base;
  const all = settings.split(',');
  const own = all.filter((setting) => !setting.startsWith(ALERTS));
  const ofAlerts = all
    .filter((setting) => setting.startsWith(ALERTS))
    .map((setting) => setting.slice(ALERTS.length));
  const alerts = checked(alertOptions, readSettings(ofAlerts, text), text);
  if (own.length === 0) return { ...base, name: text, trainedAs: name, alerts };
  const options = { ...base.options, ...readSettings(own, text) };
  checked(base.kind === undefined ? undefined : trainers.get(base.kind)?.options, options, text);
  const trainedAs = `${name}:${own.join(',')}`;
  return { ...base, name: text, options, alerts, trainedAs, seeded: base.kind !== undefined };
}

function contestant(
  name: string,
  kind: string | undefined,
  traits: Partial<Pick<Contestant, 'options' | 'seeded' | 'looksAhead'>> = {},
): Contestant {
  return { name, kind, options: {}, seeded: false, looksAhead: false, ...traits };
}

function split(text: string): readonly [string, string?] {
  const at = text.indexOf(':');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function readSettings(
  settings: readonly string[],
  text: string,
): Readonly<Record<string, unknown>> {
  const pairs = settings.map((setting) => {
    const at = setting.indexOf('=');
    if (at < 1)
      throw new ConfigError(`detector '${text}': '${setting}' is not key=value`, {
        code: 'SEN_CFG_DETECTOR',
      });
    return [setting.slice(0, at), settingValue(setting.slice(at + 1))] as const;
  });
  return Object.fromEntries(pairs);
}

/** Checks settings at the start, not after an hour of other detectors. */
function checked<Options>(
  schema: ZodType<Options> | undefined,
  options: unknown,
  text: string,
): Options {
  const read = schema?.safeParse(options);
  if (read?.success) return read.data;
  const [fault = 'has no settings'] = read ? faultTexts(read.error, options, { schema }) : [];
  throw new ConfigError(`detector '${text}': ${fault}`, { code: 'SEN_CFG_DETECTOR' });
}
