/* The clock of a drill: minutes that can be played, stepped through and set by hand. */

/* A drill of any length plays in this many seconds at normal speed. */
const PLAY_SECONDS = 24;
const SPEEDS = [0.5, 1, 2, 4];

/** When the clock ends: shortly after the last thing that happens, on a whole minute. */
function lastMinute() {
  const reach = page.reach.length ? page.reach.at(-1).from : 0;
  const last = Math.max(1, reach, page.leakMinutes ?? 0, ...closings());
  return Math.ceil(last * 1.02);
}

/** Minutes after the report; whoever listens hears of every change. */
function makeClock(end) {
  const listeners = [];
  const clock = {minute: 0, end, speed: 1, playing: false};
  const tell = () => listeners.forEach((listener) => listener(clock));
  const frame = (before) => requestAnimationFrame((now) => {
    if (!clock.playing) return;
    clock.minute = Math.min(end, clock.minute + ((now - before) / 1000) * clock.speed * (end / PLAY_SECONDS));
    clock.playing = clock.minute < end;
    tell();
    frame(now);
  });
  clock.listen = (listener) => listeners.push(listener);
  clock.set = (minute) => {
    clock.minute = Math.min(end, Math.max(0, minute));
    tell();
  };
  clock.toggle = () => {
    clock.playing = !clock.playing;
    if (clock.playing && clock.minute >= end) clock.minute = 0;
    tell();
    if (clock.playing) frame(performance.now());
  };
  return clock;
}

/** The minutes at which a post closes, each once. */
function closings() {
  return [...new Set(page.moves.map(({closed}) => closed).filter((minute) => minute !== null))].sort((a, b) => a - b);
}

function clockText(minute) {
  return words('minutes', {minutes: number(minute, 1)});
}

function clockBox(clock) {
  const play = el('button', {type: 'button', class: 'play'});
  const back = el('button', {type: 'button', 'aria-label': words('previous'), title: words('previous')}, '‹');
  const next = el('button', {type: 'button', 'aria-label': words('next'), title: words('next')}, '›');
  const slider = el('input', {type: 'range', id: 'minute', min: '0', max: String(clock.end), step: 'any', value: '0', 'aria-label': words('minute')});
  const readout = el('output', {for: 'minute', class: 'readout'});
  const speed = el('select', {'aria-label': words('speed'), title: words('speed')},
    ...SPEEDS.map((value) => el('option', {value: String(value)}, `${number(value, value < 1 ? 1 : 0)}×`)));
  const times = closings();
  speed.value = '1';
  play.addEventListener('click', clock.toggle);
  back.addEventListener('click', () => clock.set([0, ...times].filter((minute) => minute < clock.minute - 1e-6).at(-1) ?? 0));
  next.addEventListener('click', () => clock.set(times.find((minute) => minute > clock.minute + 1e-6) ?? clock.end));
  slider.addEventListener('input', () => clock.set(Number(slider.value)));
  slider.addEventListener('keydown', (event) => slideByKey(clock, event));
  speed.addEventListener('change', () => { clock.speed = Number(speed.value); });
  clock.listen(() => {
    play.textContent = clock.playing ? '❚❚' : '▶';
    play.setAttribute('aria-label', words(clock.playing ? 'pause' : 'play'));
    slider.value = String(clock.minute);
    slider.setAttribute('aria-valuetext', `${clockText(clock.minute)}, ${closedText(clock.minute)}`);
    readout.textContent = clockText(clock.minute);
  });
  return el('section', {class: 'panel clock', 'aria-label': words('clock')},
    el('div', {class: 'buttons'}, play, back, next), readout,
    el('div', {class: 'track'}, closedChart(clock.end), slider, minuteMarks(clock.end)), speed);
}

/** Arrows move by a tenth of a minute, page keys by a minute, whatever the browser would do. */
function slideByKey(clock, event) {
  const steps = {ArrowLeft: -0.1, ArrowDown: -0.1, ArrowRight: 0.1, ArrowUp: 0.1, PageDown: -1, PageUp: 1};
  if (!Object.hasOwn(steps, event.key)) return;
  event.preventDefault();
  clock.set(Math.round((clock.minute + steps[event.key]) * 10) / 10);
}

/** How many posts are closed by when, as steps that rise above the slider. */
function closedChart(end) {
  const svg = (tag, attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const chart = svg('svg', {viewBox: '0 0 1000 100', preserveAspectRatio: 'none', class: 'chart', 'aria-hidden': 'true'});
  const rise = closings().map((minute) => `H${(1000 * minute / end).toFixed(1)} V${(100 - 100 * closedBy(minute) / page.moves.length).toFixed(1)}`);
  chart.append(svg('path', {d: `M0 100 ${rise.join(' ')} H1000 V100 Z`, class: 'steps'}));
  return chart;
}

/** Minutes below the slider: at most a dozen round ones. */
function minuteMarks(end) {
  const step = [1, 2, 5, 10, 15, 30, 60, 120].find((minute) => end / minute <= 12) ?? 240;
  const marks = Array.from({length: Math.floor(end / step) + 1}, (_, place) => {
    const mark = el('span', {}, number(place * step));
    mark.style.left = `${100 * place * step / end}%`;
    return mark;
  });
  return el('div', {class: 'marks', 'aria-hidden': 'true'}, ...marks);
}
