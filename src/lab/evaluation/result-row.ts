/** What one detector made of one series with one seed. Undefined: the metric does not exist here, e.g. without labels. */
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
  /** Inflated, for comparison: best F1 after point adjustment. */
  readonly oraclePaF1?: number | undefined;
  /** Area of the best F1 after PA%K over K. */
  readonly oraclePaArea?: number | undefined;
  /** At the alert level the daemon would have used, row by row. */
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
  /** Attribution, where the data set explains its anomalies. */
  readonly hit100?: number | undefined;
  readonly hit150?: number | undefined;
  readonly ndcg100?: number | undefined;
  readonly ndcg150?: number | undefined;
  /** Time of a processor, all threads. */
  readonly trainS?: number | undefined;
  readonly usPerRow?: number | undefined;
  /** Peak of the process that trained and scored this detector alone, Node included. */
  readonly rssMb?: number | undefined;
  /** Bytes of the model's tensors. */
  readonly modelBytes?: number | undefined;
  /** Hash of all that it depends on beside its seed. */
  readonly settings?: string | undefined;
  /** Why there is no result. */
  readonly error?: string | undefined;
}
