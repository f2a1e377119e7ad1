// Widths and colour schemes in which pages are seen, and what is wrong with how they look.
import axe from 'axe-core';

export const LOOKS = [360, 768, 1280].flatMap((width) => [
  { width, scheme: 'light' },
  { width, scheme: 'dark' },
]);

/**
 * An expression: elements that reach beyond the window, or whose text is cut off. What is for screen readers alone is cut off
 * by intent.
 */
export const overflowing = `(() => {
  const said = (element) => element.tagName + '.' + element.getAttribute('class') + ' ' + element.textContent.slice(0, 40);
  const hidden = '.unseen, .skip, thead, .u-over, .u-under, .u-axis';
  return [...document.body.querySelectorAll('*')]
    .filter((element) => !element.closest(hidden + ', svg') && !element.parentElement.closest('.plot[tabindex]') && element.getClientRects().length > 0)
    .filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      const cut = element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX === 'hidden';
      return left < -1 || right > innerWidth + 1 || (cut && element.clientWidth > 0 && !element.classList.contains('plot'));
    })
    .map(said);
})()`;

/** To be evaluated once in a page before `VIOLATIONS`. */
export const axeSource = axe.source;

/** Rules of accessibility that the page breaks, with the elements that do. */
export const VIOLATIONS = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 200))))`;
