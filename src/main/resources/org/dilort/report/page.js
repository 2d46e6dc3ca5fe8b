'use strict';

// A line at the step under the pointer, and what every curve has there.
const digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

function nearest(xs, x) {
  let low = 0;
  let high = xs.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] < x) { low = middle; } else { high = middle; }
  }
  return xs.length > 0 && Math.abs(xs[low] - x) <= Math.abs(xs[high] - x) ? low : high;
}

function clear() {
  document.querySelectorAll('.pin, .readout').forEach(element => element.remove());
}

function read(figure, event) {
  clear();
  const numbers = JSON.parse(figure.querySelector('script').textContent);
  const drawing = figure.querySelector(':scope > svg').getBoundingClientRect();
  const frame = figure.getBoundingClientRect();
  const left = drawing.left + numbers.left * drawing.width;
  const right = drawing.left + numbers.right * drawing.width;
  if (event.clientX < left || event.clientX > right || event.clientY < drawing.top) { return; }
  const x = numbers.low + (event.clientX - left) / (right - left) * (numbers.high - numbers.low);
  const first = numbers.curves.reduce((a, b) => (b.x.length > a.x.length ? b : a));
  if (first.x.length === 0) { return; }
  const step = first.x[nearest(first.x, x)];
  const at = left + (step - numbers.low) / (numbers.high - numbers.low) * (right - left);
  const pin = document.createElement('div');
  pin.className = 'pin';
  Object.assign(pin.style, { left: `${at - frame.left - 1}px`, top: `${drawing.top - frame.top}px`,
    height: `${drawing.height * 0.84}px` });
  const readout = document.createElement('div');
  readout.className = 'readout';
  readout.textContent = `step ${step}`;
  for (const curve of numbers.curves) {
    const i = nearest(curve.x, step);
    if (i < 0 || curve.y[i] === null) { continue; }
    const where = curve.x[i] === step ? '' : ` (step ${curve.x[i]})`;
    readout.append(document.createElement('br'), `${curve.name}: ${digits.format(curve.y[i])}${where}`);
  }
  figure.append(pin, readout);
  const room = frame.right - (at + 12) > readout.offsetWidth;
  readout.style.left = `${Math.max(0, at - frame.left + (room ? 10 : -10 - readout.offsetWidth))}px`;
  readout.style.top = `${drawing.top - frame.top + 12}px`;
}

document.addEventListener('pointermove', event => {
  const figure = event.target.closest ? event.target.closest('figure') : null;
  if (figure) { read(figure, event); } else { clear(); }
});

// A live page is drawn anew by what its server sends.
if (document.body.dataset.life === 'LIVE') {
  const main = document.querySelector('main');
  const events = new EventSource('events');
  events.onmessage = event => {
    const open = new Set([...document.querySelectorAll('details[open]')].map(element => element.id));
    main.innerHTML = JSON.parse(event.data);
    open.forEach(id => document.getElementById(id)?.setAttribute('open', ''));
    document.body.dataset.seen = String(Number(document.body.dataset.seen ?? 0) + 1);
  };
}
