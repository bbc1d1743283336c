/* The boxes of a drill: what comes of it, how it stands now, and who arrives when. */

function verdict() {
  const last = page.moves.at(-1);
  if (page.leak) return [words('gets_away'), page.leakMinutes === null ? '' : words('way_out', {minutes: number(page.leakMinutes, 1)})];
  if (!last) return [words('nothing_to_close'), ''];
  const open = page.moves.filter(({closed}) => closed === null).length;
  if (open) return [words('some_open', {open: number(open)}), ''];
  const time = clockText(last.closed);
  return page.incidents.length ? [time, words('contained')] : [time, words('all_closed')];
}

function drillTitle(clock) {
  const [figure, note] = verdict();
  const bad = Boolean(page.leak) || page.moves.some(({closed}) => closed === null);
  const bar = el('i');
  const closed = el('b');
  const now = el('p', {class: 'now'});
  const known = page.moves.some(({route}) => route);
  const states = known ? ['moving', 'setting', 'waiting'] : ['setting'];
  clock.listen(({minute}) => {
    const current = page.moves.map((move) => moveState(move, minute));
    const count = (state) => current.filter((name) => name === state).length;
    closed.textContent = closedText(minute);
    bar.style.width = `${100 * count('closed') / Math.max(1, page.moves.length)}%`;
    now.textContent = states.filter(count).map((state) => words(`now_${state}`, {count: number(count(state))})).join(' · ');
  });
  return el('header', {class: 'panel title-box'},
    el('h1', {}, page.title),
    ...page.subtitle.map((line) => el('p', {class: 'subtitle'}, line)),
    el('div', {class: 'headline'},
      el('p', {class: `overall${bad ? ' bad' : ''}`}, el('b', {}, figure), ` ${note}`),
      page.moves.length ? el('div', {class: 'progress'}, closed, el('span', {class: 'bar', 'aria-hidden': 'true'}, bar), now) : null));
}

/** Several drills on one page: which of them is shown. */
function drillChoice(place, show) {
  const choice = el('select', {id: 'drill-choice'},
    ...page.drills.map(({name}, index) => el('option', {value: String(index)}, name)));
  choice.value = String(place);
  choice.addEventListener('change', () => show(Number(choice.value)));
  return el('p', {class: 'choice'}, el('label', {for: 'drill-choice'}, words('drill_choice')), choice);
}

/** The list in the order of closing; a row lights up as its post closes. */
function arrivalPanel(map, clock) {
  const flight = page.moves.some(({evader}) => evader !== null);
  const setup = page.moves.some(({arrive, closed}) => closed !== null && closed - arrive > 0.05);
  const names = ['', words('post'), words('unit'), setup ? words('arrives') : '', words('closed_at'), flight ? words('margin') : ''];
  const shown = names.map((name, column) => column === 0 || name !== '');
  const pick = (cells) => cells.filter((_, column) => shown[column]);
  const rows = page.moves.map((move) => arrivalRow(map, clock, move, pick));
  const table = el('table', {class: 'arrivals'},
    el('thead', {}, el('tr', {}, ...pick(names).map((name) => el('th', {scope: 'col'}, name)))), el('tbody', {}, ...rows));
  const panel = el('details', {class: 'panel layer-panel'}, el('summary', {}, words('arrivals')),
    page.moves.length ? el('div', {class: 'scroll'}, table) : null, drillLegend());
  panel.open = window.innerWidth >= WIDE;
  return el('aside', {class: 'layer-box', 'aria-label': words('arrivals')}, panel);
}

function arrivalRow(map, clock, move, pick) {
  const time = (minute) => el('td', {class: 'n'}, minute === null ? '–' : number(minute, 1));
  const mark = gatePost('waiting', postNumber(move));
  const find = el('button', {type: 'button', class: 'find'}, move.post);
  find.addEventListener('click', () => {
    map.setView(move.at, Math.max(map.getZoom(), 14), {animate: false});
    move.layer.openPopup();
  });
  const note = (text) => (text ? el('span', {class: 'small-note'}, text) : null);
  const row = el('tr', {}, ...pick([
    el('td', {}, mark),
    el('td', {}, find, note(move.street === move.post ? '' : move.street)),
    el('td', {}, move.unit || words('nobody'), note(move.start)),
    time(move.arrive), time(move.closed), time(marginOf(move)),
  ]));
  let state = 'waiting';
  clock.listen(({minute}) => {
    const now = moveState(move, minute);
    mark.classList.replace(state, now);
    row.className = now;
    state = now;
  });
  return row;
}

function drillLegend() {
  const states = ['waiting', 'setting', 'closed', 'open'].filter((state) => page.moves.some((move) =>
    (state === 'open') === (move.closed === null) && (state !== 'setting' || move.closed - move.arrive > 0.05)));
  return el('div', {class: 'legend drill-legend'},
    ...states.map((state) => legendItem(gatePost(state, state === 'open' ? '!' : ''), words(`key_${state}`))),
    page.moves.some(({route}) => route) ? legendItem(el('span', {class: 'unit driving'}), words('unit')) : null,
    page.incidents.length ? legendItem(incidentSymbol(), words('incident')) : null,
    page.reach.length ? legendItem(swatch('reach'), words('reach')) : null,
    page.leak ? legendItem(swatch('leak'), words('leak')) : null);
}
