/* What a click tells. Every function returns an element. */

const POPUP = {maxWidth: 300, minWidth: 220, autoPan: false};

function figures(rows) {
  const body = rows.filter(([, value]) => value !== '').map(([name, value]) =>
    el('tr', {}, el('th', {scope: 'row'}, name), el('td', {}, value)));
  return el('table', {class: 'figures'}, ...body);
}

/** A share as a figure with a bar; the bar repeats the figure, so readers of the page skip it. */
function shareRow(name, share) {
  const bar = el('span', {class: 'bar', 'aria-hidden': 'true'}, el('i'));
  bar.firstChild.style.width = `${100 * Math.min(1, Math.max(0, share || 0))}%`;
  return el('tr', {}, el('th', {scope: 'row'}, name), el('td', {}, bar), el('td', {}, percent(share)));
}

function shareTable(caption, shares) {
  if (!shares.length) return null;
  return el('table', {class: 'shares'}, el('caption', {}, caption),
    ...shares.map(([name, share]) => shareRow(wordOr(name), share)));
}

function position([lat, lon]) {
  return `${lon.toFixed(5)}, ${lat.toFixed(5)}`;
}

function heading(symbol, name, note) {
  return el('header', {}, symbol, el('div', {}, el('h2', {}, name), note ? el('p', {}, note) : null));
}

function platformPopup(platform) {
  const note = [words(platform.status), platform.district].filter(Boolean).join(' · ');
  const crew = platform.crew.map(([name, count]) =>
    el('li', {}, el('b', {}, number(count)), ` ${wordOr(name)}`));
  return el('article', {class: 'popup'},
    heading(platformSymbol(platform.status, platform.id), platform.name, note),
    el('div', {class: 'facts'},
      el('p', {}, el('b', {}, number(platform.calls)), words('calls_per_year')),
      el('p', {}, el('b', {}, percent(platform.share)), words('covered'))),
    shareTable(words('shares'), platform.tiers),
    crew.length ? el('section', {}, el('h3', {}, words('crew')), el('ul', {class: 'crew'}, ...crew)) : null,
    figures([
      [words('workload'), platform.hours === null ? '' : words('hours_a_day', {hours: number(platform.hours, 1)})],
      [words('street'), platform.street],
      [words('id'), platform.id],
      [words('coordinates'), position(platform.at)],
    ]));
}

function hotspotPopup(hotspot) {
  const symbol = el('span', {class: 'badge'}, String(hotspot.rank));
  return el('article', {class: 'popup'},
    heading(symbol, words('hotspot', {rank: hotspot.rank})),
    figures([
      [words('calls'), number(hotspot.calls)],
      [words('area'), hotspot.area === null ? '' : `${number(hotspot.area, 2)} km²`],
      [words('trend'), hotspot.trend === null ? '' : words('trend_value', {value: change(hotspot.trend)})],
    ]),
    shareTable(words('shift_shares'), hotspot.shifts));
}

function keySitePopup(site) {
  const time = site.minutes === null ? words('not_reached') : words('minutes', {minutes: number(site.minutes, 1)});
  return el('article', {class: 'popup'},
    heading(keySiteSymbol(site.within), site.name, words(site.within ? 'yes' : 'no')),
    figures([[words('nearest_platform'), time], [words('coordinates'), position(site.at)]]));
}

function existingPopup(place) {
  return el('article', {class: 'popup'},
    heading(el('span', {class: 'today'}), place.name, words('existing')),
    figures([[words('coordinates'), position(place.at)]]));
}

/** What is known of any place on the map and of the grid it lies in, or null if nothing is. */
function placePopup({lat, lng}, grid) {
  const ground = page.ground.filter((area) => holds(groundRings(area), lat, lng)).at(-1);
  const district = page.districts.find(({rings: shape}) => holds(shape, lat, lng));
  const calls = callsAt(page.demand, lat, lng);
  const missed = callsAt(page.uncovered, lat, lng);
  if (!grid && !ground && !district && calls === null && missed === null) return null;
  const known = figures([
    [words('reached_within'), ground ? words('minutes', {minutes: minutes(ground.minutes)}) : ''],
    [words('cell_calls'), calls === null ? '' : number(calls)],
    [words('cell_uncovered'), missed === null ? '' : number(missed)],
    [words('district'), district ? `${district.name} · ${percent(district.share)}` : ''],
    [words('coordinates'), position([lat, lng])],
  ]);
  return grid
    ? gridPopup(grid, el('h3', {}, words('this_place')), known)
    : el('article', {class: 'popup'}, heading(null, words('this_place')), known);
}

function callsAt(cells, lat, lon) {
  const row = Math.floor((lat - cells.origin[0]) / cells.step[0]);
  const col = Math.floor((lon - cells.origin[1]) / cells.step[1]);
  const index = cells.row.findIndex((value, place) => value === row && cells.col[place] === col);
  return index < 0 ? null : cells.calls[index];
}

/** Even-odd rule over all rings: a point in a hole is outside. */
function holds(polygons, lat, lon) {
  let within = false;
  for (const ring of polygons.flat()) {
    for (let index = 0, last = ring.length - 1; index < ring.length; last = index, index += 1) {
      const [y, x] = ring[index];
      const [otherY, otherX] = ring[last];
      if ((y > lat) !== (otherY > lat) && lon < x + ((lat - y) / (otherY - y)) * (otherX - x)) within = !within;
    }
  }
  return within;
}
