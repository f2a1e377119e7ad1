import { expect, it } from 'vitest';
import { judgedLesson } from '../../src/detection/lesson.ts';
import { openDataset } from '../../src/lab/datasets/dataset.ts';
import { describeWithData } from '../public-data.ts';

/** Share of the training rows that are calm, by series. */
function calmShares(path: string): readonly number[] {
  const dataset = openDataset(path);
  return dataset.series.map((name) => {
    const { train } = dataset.read(name);
    return judgedLesson(train).calm.timeMs.length / train.timeMs.length;
  });
}

// a month of servers, with days, nights and jobs
describeWithData('the training part of ASD', 'ASD', (path) => {
  it('is calm', () => {
    for (const share of calmShares(path)) expect(share).toBeGreaterThan(0.99);
  });
});

// a few days of one channel; some begin, or end, otherwise than they go on
describeWithData('the training parts of NAB', 'NAB', (path) => {
  it('are calm for the most part', () => {
    const shares = calmShares(path);
    expect(shares.filter((share) => share > 0.95).length).toBeGreaterThan(0.7 * shares.length);
    for (const share of shares) expect(share).toBeGreaterThan(0.5);
  });
});
