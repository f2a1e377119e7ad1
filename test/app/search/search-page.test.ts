import { describe, expect, it } from 'vitest';
import { foundPoints } from '../../../src/app/search/points.ts';
import { searchPage } from '../../../src/app/search/search-page.ts';
import type { SearchResult } from '../../../src/app/search/search-result.ts';
import { startSearch } from '../../../src/app/search/session.ts';
import { mean } from '../../../src/engine/statistics.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { context, encoderOf, prepare, settings, toyPool } from './toy-search.ts';

async function page(calibration: SearchResult['calibration'], more: object = {}): Promise<string> {
  const folder = tempFolder();
  prepare(folder);
  const pool = toyPool((design) => encoderOf(design).layers[0]?.heads[0]?.op === 'transform');
  const asked = settings({ budget: 12, data: 'a <b>', ...more });
  const session = await startSearch(asked, '2026-01-01T00:00:00Z', context(folder, { pool }));
  const { header, library, history } = session;
  const found = foundPoints(
    history.map(({ evaluated }) => evaluated),
    { choices: library.choices, scale: header.scale, ...asked },
  );
  return searchPage(header, {
    format: 'sentigon-search-result/2',
    ...found,
    ...(asked.objectives && { objectives: asked.objectives }),
    calibration,
    history: history.map(
      ({ evaluated: { candidate }, proposal: { reason }, values, hypervolume }) => ({
        ...{ candidate, reason, hypervolume },
        ...(values.length > 0 && { performance: mean(values) }),
      }),
    ),
  });
}

const predicted = [0.1, 0.2, 0.4, 0.3].map((value, candidate) => ({
  ...{ candidate, value, mean: value + 0.03 * candidate, deviation: 0.04 },
}));

describe('the page of a search', () => {
  it('draws convergence, the front and the calibration, and lists what was infeasible', async () => {
    const html = await page(predicted);
    expect(html.match(/<svg/g)).toHaveLength(4);
    expect(html.match(/class="chosen"/g)).toHaveLength(1);
    expect(html.match(/class="(plain|front|chosen)" cx=/g)).toHaveLength(8 + 12 + predicted.length);
    expect(html.match(/the loss is not finite/g)).toHaveLength(4);
    expect(html).toMatch(/Chosen: <b>16:.+<\/b> on x86: highest performance/);
    expect(html).toContain('Spearman 1.00; 50 % within one standard deviation');
  });

  it('draws a front in each two of its objectives, and its hypervolume', async () => {
    const html = await page([], { objectives: ['accuracy', 'latency', 'memory'] });
    for (const title of [
      ...['Hypervolume', 'accuracy and latency, ms', 'accuracy and memory, KB'],
      'latency, ms and memory, KB',
    ]) {
      expect(html).toContain(`aria-label="${title}"`);
    }
    expect(html.match(/<svg/g)).toHaveLength(4);
    expect(html).not.toContain('class="chosen" cx=');
    expect(html).not.toMatch(/performance|Convergence/);
    expect(html.match(/<td data-name="memory">/g)).toHaveLength(12);
  });

  it('needs no network and no script, and shows names as they are', async () => {
    const html = await page([]);
    expect(html).not.toMatch(/<script|<link|<img|https?:\/\/(?!www\.w3\.org)|url\((?!#)|@import/);
    expect(html).toContain('random on a &lt;b>');
    expect(html).toContain('Too few evaluations');
  });
});
