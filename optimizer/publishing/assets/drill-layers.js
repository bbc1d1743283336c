/* What moves on the map of a drill: units on their ways, posts that close, a fugitive's reach. */

const DRILL_COLOURS = {route: '#3f78c9', ring: '#374151', reach: '#c1121f', leak: '#d00000'};

/** One canvas for each pane, however often the drill changes. */
function paneCanvas(pane) {
  page.canvases ??= {};
  page.canvases[pane] ??= L.canvas({pane, padding: 0.1});
  return page.canvases[pane];
}

/* From this number of posts on their symbols are small. */
const MANY_POSTS = 60;

/** waiting, moving, setting, closed; or open, where nobody goes. */
function moveState(move, minute) {
  if (move.closed === null) return 'open';
  if (minute >= move.closed) return 'closed';
  if (minute >= move.arrive) return 'setting';
  return minute >= move.depart ? 'moving' : 'waiting';
}

function closedBy(minute) {
  return page.moves.filter((move) => moveState(move, minute) === 'closed').length;
}

function closedText(minute) {
  return words('closed_of', {closed: number(closedBy(minute)), all: number(page.moves.length)});
}

/** Where a unit is on its way, between the two places of its route that it passed and will pass. */
function unitPlace(move, minute) {
  const after = move.times.findIndex((time) => time > minute);
  if (after < 0) return move.points.at(-1);
  if (after === 0) return move.points[0];
  const [from, to] = [move.times[after - 1], move.times[after]];
  const share = (minute - from) / (to - from);
  return [0, 1].map((axis) => move.points[after - 1][axis] + share * (move.points[after][axis] - move.points[after - 1][axis]));
}

function gatePost(state, text) {
  const small = page.moves.length >= MANY_POSTS ? ' small' : '';
  return el('span', {class: `gatepost ${state}${small}`}, text);
}

/** A mark by which a reader finds a post again in the list. */
function postNumber(move) {
  return move.closed === null ? '!' : String(move.number);
}

function movePopup(move) {
  const time = (value) => (value === null ? '' : clockText(value));
  return el('article', {class: 'popup'},
    heading(gatePost(move.closed === null ? 'open' : 'closed', postNumber(move)), move.post, move.street),
    move.closed === null ? el('p', {}, words('stays_open')) : figures([
      [words('unit'), move.unit],
      [words('from'), move.start],
      [words('departs'), time(move.depart)],
      [words('arrives'), time(move.arrive)],
      [words('closed_at'), time(move.closed)],
      [words('evader_there'), time(move.evader)],
      [words('margin'), time(marginOf(move))],
    ]));
}

function marginOf(move) {
  return move.evader === null || move.closed === null ? null : move.evader - move.closed;
}

/** Posts that change as the clock runs. */
function drawPosts(group, clock) {
  for (const move of page.moves) {
    const symbol = gatePost('waiting', postNumber(move));
    move.layer = pointLayer('posts', move.at, symbol, 22, `${words('post')} ${move.post}`, () => movePopup(move)).addTo(group);
    const hint = el('div', {}, el('b', {}, move.post), move.unit ? el('br') : null, move.unit);
    move.layer.bindTooltip(hint, {direction: 'top', offset: [0, -12], className: 'hint'});
    let state = 'waiting';
    clock.listen(({minute}) => {
      const now = moveState(move, minute);
      if (now !== state) symbol.classList.replace(state, now);
      state = now;
    });
  }
}

/** Units stand at their start, drive, and are gone from the map once they man their post. */
function drawUnits(group, clock) {
  const routes = paneCanvas('routes');
  for (const move of page.moves.filter(({route, closed}) => route && closed !== null)) {
    move.points = decode(move.route);
    L.polyline(move.points, {pane: 'routes', renderer: routes, interactive: false, color: DRILL_COLOURS.route, weight: 2, opacity: 0.55}).addTo(group);
    const dot = el('span', {class: 'unit'});
    const icon = L.divIcon({className: 'symbol', html: dot, iconSize: [14, 14]});
    const marker = L.marker(move.points[0], {icon, pane: 'units', interactive: false, keyboard: false}).addTo(group);
    clock.listen(({minute}) => {
      dot.hidden = minute >= move.arrive;
      dot.classList.toggle('driving', minute >= move.depart);
      if (!dot.hidden) marker.setLatLng(unitPlace(move, minute));
    });
  }
}

/** Streets on which the fugitive could be by now. */
function drawReach(group, clock) {
  const renderer = paneCanvas('rings');
  for (const {from, lines} of page.reach) {
    const path = L.polyline(lines.map(decode), {pane: 'rings', renderer, interactive: false, color: DRILL_COLOURS.reach, weight: 3.5, opacity: 0.6});
    clock.listen(({minute}) => {
      const there = minute >= from;
      if (there !== group.hasLayer(path)) group[there ? 'addLayer' : 'removeLayer'](path);
    });
  }
}

function incidentSymbol() {
  return el('span', {class: 'incident'}, '!');
}

function drawIncidents(group) {
  for (const incident of page.incidents) {
    const label = `${words('incident')}: ${incident.name}`;
    pointLayer('platforms', incident.at, incidentSymbol(), 28, label, () => el('article', {class: 'popup'},
      heading(incidentSymbol(), incident.name, words('incident')),
      figures([[words('coordinates'), position(incident.at)]]))).addTo(group);
  }
}

/** What does not move: the outlines of rings, and the way out that no post closes in time. */
function drawOutlines(group) {
  const renderer = paneCanvas('districts');
  const base = {pane: 'districts', renderer, interactive: false, fill: false};
  for (const ring of page.rings) {
    for (const [text, dashes] of [[ring.outer, null], [ring.inner, '2 5']]) {
      L.polygon(rings(text), {...base, color: '#ffffff', weight: 4, opacity: 0.7}).addTo(group);
      L.polygon(rings(text), {...base, color: DRILL_COLOURS.ring, weight: 2, dashArray: dashes}).addTo(group);
    }
  }
  if (!page.leak) return;
  const way = decode(page.leak);
  L.polyline(way, {...base, color: '#ffffff', weight: 8, opacity: 0.8}).addTo(group);
  L.polyline(way, {...base, color: DRILL_COLOURS.leak, weight: 4, dashArray: '9 7'}).addTo(group);
}
