import { describe, expect, it } from 'vitest';
import { consistencyPage } from '../../scripts/consistency/page.ts';
import type { PairRow } from '../../scripts/consistency/rows.ts';

function row(a: string, b: string, kappa: number, seedA = 1, seedB = seedA): PairRow {
  return {
    ...{ dataset: 'S', a, b, seedA, seedB, status: 'ok', trials: 500, errorsA: 60, errorsB: 50 },
    ...{ errorsShared: 20, kappa, interval95: [kappa - 0.1, kappa + 0.1], chance95: [-0.1, 0.1] },
    ...{ pValue: 0.001, least: -0.1, greatest: 0.9, balanced: kappa, byKind: undefined },
    ...{ byAnswer: undefined, shapeBiasA: 0.5, shapeBiasB: undefined },
  };
}

describe('the page of consistency', () => {
  it('says that a transformer errs otherwise than a CNN only where no pair of theirs agrees as two trainings do', () => {
    const own = [row('encoder', 'encoder', 0.8, 1, 2), row('cnn', 'cnn', 0.75, 1, 2)];
    const far = consistencyPage([...own, row('encoder', 'cnn', 0.4)]);
    expect(far).toContain(
      '- S: the encoder errs otherwise than the CNN: kappa 0.400 between them, 0.750',
    );
    const near = consistencyPage([
      ...own,
      row('encoder', 'cnn', 0.4),
      row('encoder', 'cnn', 0.78, 2),
    ]);
    expect(near).toContain('the encoder does not clearly err otherwise');
  });

  it('names the detector whose errors the others share most, and whether it is the one that is shipped', () => {
    const rows = [row('gon', 'pca', 0.5), row('gon', 'cnn', 0.6), row('cnn', 'pca', 0.2)];
    expect(consistencyPage(rows)).toContain(
      'kappa would choose gon (mean 0.550 with the others), the one that is shipped; pca differs most (0.350)',
    );
  });

  it('names none while a pair is missing, since means over other partners do not compare (#23)', () => {
    const rows = [row('gon', 'pca', 0.1), row('gon', 'cnn', 0.6)];
    expect(consistencyPage(rows)).not.toContain('kappa would choose');
  });

  it('holds a variant against two trainings of its detector, and leaves it out of the choice', () => {
    const lean = 'forecaster:compress=0.3';
    const rows = [
      ...[row('forecaster', 'forecaster', 0.8, 1, 2), row('forecaster', 'gon', 0.5)],
      ...[row('forecaster', lean, 0.9), row('gon', 'cnn', 0.6), row('forecaster', 'cnn', 0.4)],
    ];
    const page = consistencyPage(rows);
    expect(page).toContain(
      `- S: ${lean} errs as its parent does: kappa 0.900 with the forecaster that it was made from, 0.800`,
    );
    expect(page).toContain('kappa would choose gon (mean 0.550');
    const far = consistencyPage([...rows.slice(0, 2), row('forecaster', lean, 0.7)]);
    expect(far).toContain(`${lean} errs otherwise: kappa 0.700`);
  });

  it('has a line for each pair with mean and spread of its seeds', () => {
    const rows = [row('gon', 'cnn', 0.5), row('gon', 'cnn', 0.6, 2)];
    expect(consistencyPage(rows)).toMatch(/\| gon, cnn \| 2 \| 60, 50 \| 20 \| 0\.550 ±0\.050 \|/);
  });
});
