// A card for each stream: what it is doing, its score, its channels, and what can be done with it.
import { channelCharts } from './channel-charts.js';
import { arrange, byId, make, say } from './dom.js';
import { keptQuiet } from './kept-quiet.js';
import { createScoreChart } from './score-chart.js';
import { streamActions } from './stream-actions.js';
import { figure, moment, score, span } from './words.js';

export function createStreams(plots) {
  const cards = new Map();
  return {
    /** `quiet` is what is kept and not sent, of all streams. */
    show(streams, openAlerts, quiet) {
      for (const stream of streams) {
        if (!cards.has(stream.id)) cards.set(stream.id, createCard(stream.id, plots));
        plots.know(stream.id);
        cards.get(stream.id).show(stream, openAlerts.get(stream.id), quiet);
      }
      arrange(
        byId('streams'),
        streams.map(({ id }) => cards.get(id).element),
      );
    },
    draw(id) {
      cards.get(id)?.draw(plots.of(id));
    },
    /** Another stretch of time was chosen. */
    look() {
      for (const card of cards.values()) card.look();
    },
  };
}

function createCard(id, plots) {
  const chip = make('span', { class: 'chip' });
  const number = make('span', { class: 'number' });
  const against = make('span', { class: 'soft' }, 'of the alert level');
  const progress = progressBar(`Progress of ${id}`);
  const chart = createScoreChart(id);
  const about = make('p', { class: 'soft about' });
  const channels = channelCharts(id, plots.hours);
  const kept = keptQuiet(id);
  const actions = streamActions(id);
  const element = make(
    'article',
    { class: 'panel card', 'aria-label': `Stream ${id}` },
    make('div', { class: 'row' }, make('h3', {}, id), chip),
    make('p', { class: 'score' }, number, ' ', against),
    ...[progress.element, chart.element, about, channels.element, kept.element, actions.element],
  );
  const sayScore = (value) => {
    say(number, score(value));
    number.dataset.over = String(value !== null && value > 1);
  };
  return {
    element,
    show(stream, open, quiet) {
      const [text, look] = stateOf(stream, open);
      say(chip, text);
      chip.dataset.look = look;
      sayScore(stream.score);
      number.parentElement.hidden = stream.model === null;
      chart.element.hidden = stream.model === null;
      progress.show(progressOf(stream, Date.now()));
      say(about, aboutText(stream));
      channels.blame(open ? open.attribution.map(({ channel }) => channel) : []);
      kept.show(quiet);
      actions.show(stream);
    },
    draw(stretch) {
      chart.draw(stretch);
      const newest = stretch.points.at(-1);
      if (newest && newest[0] === stretch.toMs) sayScore(newest[1]);
    },
    look: channels.look,
  };
}

function progressBar(label) {
  const bar = make('progress', { max: 1, 'aria-label': label });
  const text = make('span', { class: 'soft' });
  const element = make('div', { class: 'progress' }, bar, text);
  return {
    element,
    show(state) {
      element.hidden = state === undefined;
      if (!state) return;
      bar.value = state.fraction;
      say(text, state.text);
    },
  };
}

/** How far a lesson or a training is, and what is left of it; undefined = there is none. */
export function progressOf({ learning, training }, nowMs) {
  if (training) {
    const { fraction, startedAt } = training;
    const passedS = (nowMs - Date.parse(startedAt)) / 1000;
    const left =
      fraction > 0.05 ? `, about ${span((passedS * (1 - fraction)) / fraction)} left` : '';
    return { fraction, text: `training: ${percent(fraction)}${left}` };
  }
  if (!learning) return undefined;
  const { fraction, leftS, calm } = learning;
  const words = calm ? 'learning what is normal' : 'some rows were not calm, learning longer';
  const left = leftS > 0 ? `at least ${span(leftS)} left` : 'checking the rows';
  return { fraction, text: `${words}: ${percent(fraction)}, ${left}` };
}

function percent(fraction) {
  return `${Math.round(100 * fraction)} %`;
}

/** The most severe state of a stream in words, and its style. */
function stateOf(stream, open) {
  if (stream.silencedUntilMs !== null) {
    return [`silenced until ${moment(stream.silencedUntilMs)}`, 'muted'];
  }
  if (stream.maintenance !== null) return [`maintenance: ${stream.maintenance}`, 'muted'];
  if (open) return [open.severity, open.severity];
  if (stream.phase === 'silent') return [`silent for ${span(stream.silentS)}`, 'warning'];
  if (stream.training) return ['training', 'info'];
  if (stream.disturbed) return ['no alerts: the daemon has trained', 'info'];
  if (stream.phase === 'learning') return ['learning', 'info'];
  if (stream.phase === 'starting') return ['starting', 'info'];
  return stream.drift ? ['drifted', 'warning'] : ['watching', 'calm'];
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
