import { eventRecall } from './events.ts';
import { harmonicMean, pointScores } from './point.ts';

/**
 * Composite F1: the harmonic mean of event recall and point precision, so that finding each event once suffices but
 * every needless row costs. Garg et al. 2021, "An evaluation of anomaly detection and diagnosis in multivariate time
 * series". 0 when nothing is flagged or labelled.
 */
export function compositeF1(labels: Uint8Array, predicted: Uint8Array): number {
  return harmonicMean(eventRecall(labels, predicted), pointScores(labels, predicted).precision);
}
