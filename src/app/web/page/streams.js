// A card for each stream: what it is doing, its score, and the plot of it.
import { arrange, byId, make, say } from './dom.js';
import { drawScores, frame } from './plot.js';
import { streamActions } from './stream-actions.js';
import { figure, moment, score, span } from './words.js';

export function createStreams(plots) {
  const cards = new Map();
  return {
    show(streams, openAlerts) {
      for (const stream of streams) {
        if (!cards.has(stream.id)) cards.set(stream.id, createCard(stream.id));
        plots.know(stream.id);
        cards.get(stream.id).show(stream, openAlerts.get(stream.id));
      }
      arrange(
        byId('streams'),
        streams.map(({ id }) => cards.get(id).element),
      );
    },
    draw(id) {
      cards.get(id)?.draw(plots.of(id));
    },
  };
}

function createCard(id) {
  const chip = make('span', { class: 'chip' });
  const number = make('span', { class: 'number' });
  const against = make('span', { class: 'soft' }, 'of the alert level');
  const plot = frame(`Scores of ${id}`);
  const level = make('span', { class: 'level-mark' }, '1');
  const from = make('span');
  const to = make('span');
  const about = make('p', { class: 'soft about' });
  const actions = streamActions(id);
  const element = make(
    'article',
    { class: 'panel card', 'aria-label': `Stream ${id}` },
    make('div', { class: 'row' }, make('h3', {}, id), chip),
    make('p', { class: 'score' }, number, ' ', against),
    make('div', { class: 'plot-holder' }, plot, level),
    make('div', { class: 'row soft axis' }, from, to),
    about,
    actions.element,
  );
  return {
    element,
    show(stream, open) {
      const [text, look] = stateOf(stream, open);
      say(chip, text);
      chip.dataset.look = look;
      say(number, score(stream.score));
      number.dataset.over = String(stream.score !== null && stream.score > 1);
      say(about, aboutText(stream));
      actions.show(stream);
    },
    draw({ points, fromMs, toMs }) {
      const share = drawScores(plot, points, fromMs, toMs);
      level.style.top = `${(100 * share).toFixed(1)}%`;
      say(from, moment(fromMs));
      say(to, moment(toMs));
      const highest = Math.max(0, ...points.map(([, value]) => value));
      plot.setAttribute('aria-label', `Scores of ${id}, highest ${score(highest)} of 1`);
      const newest = points.at(-1);
      if (newest && newest[0] === toMs) {
        say(number, score(newest[1]));
        number.dataset.over = String(newest[1] > 1);
      }
    },
  };
}

/** The most severe state of a stream in words, and its style. */
function stateOf(stream, open) {
  if (stream.silencedUntilMs !== null) {
    return [`silenced until ${moment(stream.silencedUntilMs)}`, 'muted'];
  }
  if (stream.maintenance !== null) return [`maintenance: ${stream.maintenance}`, 'muted'];
  if (open) return [open.severity, open.severity];
  if (stream.phase === 'silent') return [`silent for ${span(stream.silentS)}`, 'warning'];
  if (stream.training) {
    return [`training, ${Math.round(100 * stream.training.fraction)} %`, 'info'];
  }
  if (stream.disturbed) return ['no alerts: the daemon has trained', 'info'];
  if (stream.phase === 'learning') return [learningText(stream), 'info'];
  if (stream.phase === 'starting') return ['starting', 'info'];
  return stream.drift ? ['drifted', 'warning'] : ['watching', 'calm'];
}

function learningText({ learning }) {
  if (!learning) return 'learning';
  const { rows, calmRows, neededRows } = learning;
  if (calmRows === null) return `learning, ${Math.round((100 * rows) / neededRows)} %`;
  return `still learning, ${calmRows} of ${neededRows} rows calm`;
}

function aboutText({ channels, intervalMs, model, drift, promise, lastMs }) {
  const parts = [
    channels > 0 ? `${channels} channels` : 'channels unknown',
    `every ${figure(intervalMs / 1000)} s`,
    model ? `${model.detector} ${model.id.slice(0, 8)}` : 'no model yet',
  ];
  if (drift) parts.push(`normal scores have drifted since ${moment(drift.sinceMs)}`);
  if (promise !== null) parts.push(promise);
  if (lastMs !== null) parts.push(`last row ${moment(lastMs)}`);
  return parts.join(' · ');
}
