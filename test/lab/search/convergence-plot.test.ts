import { describe, expect, it } from 'vitest';
import { convergencePlot } from '../../../src/lab/search/convergence-plot.ts';

const labels = { title: 'Regret <of> each', value: 'regret' };

describe('plot of convergence', () => {
  const svg = convergencePlot(
    [
      { name: 'ours', values: [4, 2, 0], band: { low: [3, 1, 0], high: [4, 3, 1] } },
      { name: 'theirs & others', values: [4, 4, 4], foreign: true },
    ],
    labels,
  );

  it('draws a stair a method, a band where there is one, and dashes what is not of the same runs', () => {
    expect(svg.match(/<path [^>]*fill="none"/g)).toHaveLength(2);
    expect(svg.match(/fill-opacity/g)).toHaveLength(1);
    expect(svg).toMatch(/stroke-dasharray="5 4"><title>theirs &amp; others</);
  });

  it('runs from the greatest value at the first evaluation to the least at the last', () => {
    expect(svg).toContain('<path d="M64.0,16.0H344.0V176.0H624.0V336.0"');
    expect(svg).toContain('<path d="M64.0,16.0H624.0"');
  });

  it('draws both ends of a band as stairs', () => {
    expect(svg).toContain(
      '<path d="M64.0,16.0H344.0V96.0H624.0V256.0V336.0H624.0V256.0H344.0V96.0H64.0Z"',
    );
  });

  it('begins a curve where its first value is', () => {
    const later = convergencePlot([{ name: 'later', values: [1, 0], from: 2 }], labels);
    expect(later).toContain('<path d="M344.0,16.0H624.0V336.0"');
  });

  it('escapes what it is told', () => {
    expect(svg).toContain('<title>Regret &lt;of> each</title>');
  });
});
