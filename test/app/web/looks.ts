// Widths and colour schemes in which pages are seen, and what does not fit.

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
    .filter((element) => !element.closest(hidden) && element.getClientRects().length > 0)
    .filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      const cut = element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX === 'hidden';
      return left < -1 || right > innerWidth + 1 || (cut && element.clientWidth > 0 && !element.classList.contains('plot'));
    })
    .map(said);
})()`;
