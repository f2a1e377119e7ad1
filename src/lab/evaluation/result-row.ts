import { mean, standardDeviation } from '../../engine/statistics.ts';

/** Results of one detector on one series with one seed. Undefined: the metric does not exist here, e.g. without labels. */
export interface ResultRow {
  readonly dataset: string;
  readonly series: string;
  readonly detector: string;
  readonly seed: number;
  /** Rows of the test part, and the share of them that is labelled: chance level of PR areas. */
  readonly rows: number;
  readonly prevalence: number;
  readonly vusPr?: number | undefined;
  readonly vusRoc?: number | undefined;
  readonly aucPr?: number | undefined;
  readonly aucRoc?: number | undefined;
  /** Best F1 of any level, chosen by the labels. */
  readonly oracleF1?: number | undefined;
  /** Best F1 after point adjustment: inflated, for comparison only. */
  readonly oraclePaF1?: number | undefined;
  /** Area of the best F1 after PA%K over K. */
  readonly oraclePaArea?: number | undefined;
  /** Row by row, at the alert level that the daemon would have used. */
  readonly f1Deployed?: number | undefined;
  readonly compositeF1?: number | undefined;
  readonly rangeF1?: number | undefined;
  readonly affiliationF1?: number | undefined;
  /** NAB score of this series alone, 100 = perfect, 0 = silent, at the level the daemon would have used. */
  readonly nabStandard?: number | undefined;
  readonly nabLowFalsePositives?: number | undefined;
  readonly nabLowFalseNegatives?: number | undefined;
  /** The same, standard profile, at the best level, chosen by the labels. */
  readonly nabOracle?: number | undefined;
  /** Of the alerts the daemon would have raised. */
  readonly eventRecall?: number | undefined;
  readonly eventPrecision?: number | undefined;
  readonly medianDelayS?: number | undefined;
  readonly falseAlarmsPerDay?: number | undefined;
  /** Alerts by where they open, see `matchOpenings`; days of test rows, by their count. */
  readonly openingEvents?: number | undefined;
  readonly openingsCaught?: number | undefined;
  readonly openingsFalse?: number | undefined;
  readonly days?: number | undefined;
  readonly openingDelayS?: number | undefined;
  /** Events that the best constant level catches on the same scores with at most one false alarm a day. */
  readonly hindsightCaught?: number | undefined;
  /** Raw NAB score, standard profile, with openings as detections: adds up over the files of a corpus. */
  readonly nabOpenings?: number | undefined;
  /** Attribution, where the data set explains its anomalies: by the scores' shares. */
  readonly hit1?: number | undefined;
  readonly hit3?: number | undefined;
  readonly hit100?: number | undefined;
  readonly hit150?: number | undefined;
  readonly ndcg100?: number | undefined;
  readonly ndcg150?: number | undefined;
  /** The same by what an alert would blame in each row. */
  readonly blameHit1?: number | undefined;
  readonly blameHit3?: number | undefined;
  readonly blameHit100?: number | undefined;
  readonly blameNdcg100?: number | undefined;
  /** The same by what the alerts that opened in an event blamed first, and how many these are. */
  readonly alertHit1?: number | undefined;
  readonly alertHit3?: number | undefined;
  readonly alertHit100?: number | undefined;
  readonly alertNdcg100?: number | undefined;
  readonly alertsExplained?: number | undefined;
  /** CPU time, all threads. */
  readonly trainS?: number | undefined;
  readonly usPerRow?: number | undefined;
  /** Peak of the process that trained and scored this detector alone, Node included. */
  readonly rssMb?: number | undefined;
  /** Bytes of the model's tensors. */
  readonly modelBytes?: number | undefined;
  /** Hash of all inputs of the result except the seed. */
  readonly settings?: string | undefined;
  /** Why there is no result. */
  readonly error?: string | undefined;
}

/** Fields of a row that are numbers and may be averaged. */
export type Metric = Exclude<
  { [K in keyof ResultRow]-?: number extends ResultRow[K] ? K : never }[keyof ResultRow],
  'seed' | 'rows'
>;

interface Summary {
  /** Over seeds of the mean over series. */
  readonly mean: number;
  /** Between seeds, of the mean over series; 0 for one seed. */
  readonly sd: number;
  readonly series: number;
  readonly seeds: number;
}

/** Means over series, spread over seeds. Undefined if no row has this metric. Each seed is averaged over its series. */
export function summarise(rows: readonly ResultRow[], metric: Metric): Summary | undefined {
  const measured = rows.filter((row) => row[metric] !== undefined);
  const seeds = [...new Set(measured.map(({ seed }) => seed))];
  const means = seeds.map((seed) =>
    mean(measured.filter((row) => row.seed === seed).map((row) => row[metric] as number)),
  );
  if (means.length === 0) return undefined;
  const series = new Set(measured.map((row) => `${row.dataset}/${row.series}`));
  return {
    mean: mean(means),
    sd: standardDeviation(means),
    series: series.size,
    seeds: means.length,
  };
}

/** In order of appearance. */
export function distinct<K extends 'dataset' | 'series' | 'detector'>(
  rows: readonly ResultRow[],
  key: K,
): readonly string[] {
  return [...new Set(rows.map((row) => row[key]))];
}
