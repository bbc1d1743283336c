/* Main grids: who owns which ground, in the plan's variant and in the other one. */

const DIVISIONS = {balanced: 'grids_balanced', nearest: 'grids_nearest'};
const GRID_OPACITY = 0.34;

/** One layer for each variant, the plan's first. */
function gridLayers(map) {
  return page.deployment.divisions.map((division, index) => ({
    key: index ? 'grids_other' : 'grids', name: words(DIVISIONS[division.name]), count: division.grids.length,
    shown: index === 0, build: () => divisionLayer(map, division, index > 0), legend: () => divisionLegend(division),
  }));
}

/** Areas of which neighbours differ in colour; the plan's borders are whole, the other's dashed. */
function divisionLayer(map, division, isOther) {
  const renderer = L.canvas({pane: 'grids', padding: 0.1});
  const group = L.layerGroup();
  const base = {pane: 'grids', renderer, interactive: false};
  const labels = division.grids.map((grid) => {
    grid.rings = rings(grid.shape);
    const area = L.polygon(grid.rings, {
      ...base, color: '#3c4654', weight: 1.4, opacity: 0.85, dashArray: isOther ? '6 4' : null,
      fillColor: grid.colour, fillOpacity: GRID_OPACITY,
    }).addTo(group);
    grid.bounds = area.getBounds();
    const text = el('span', {class: 'grid-label'}, grid.id);
    const label = `${words('grid')} ${grid.id}: ${grid.name}`;
    grid.layer = pointLayer('gridlabels', labelPlace(grid.rings, grid.bounds, page.platforms), text, 26, label,
      () => gridPopup(grid)).addTo(group);
    return {bounds: grid.bounds, text, room: 46};
  });
  division.layer = showWhereRoom(map, group, labels);
  return group;
}

function divisionLegend(division) {
  const note = words('grids_note', {spread: percent(division.spread, 1), minutes: number(division.minutes, 2)});
  return [el('span', {class: 'note'}, note)];
}

/** The grid that holds a place, in the first variant that is shown. */
function gridAt(map, {lat, lng}) {
  const shown = page.deployment.divisions.find(({layer}) => layer && map.hasLayer(layer));
  return shown ? shown.grids.find(({rings: shape}) => holds(shape, lat, lng)) : undefined;
}

function gridSymbol(grid) {
  const symbol = el('i', {class: 'grid-mark'});
  symbol.style.backgroundColor = grid.colour;
  return symbol;
}

function hoursADay(hours) {
  return hours === null ? '' : words('hours_a_day', {hours: number(hours, 1)});
}

/** What is known of a grid, and more where a place in it was asked for. */
function gridPopup(grid, ...more) {
  const shares = [[words('own_platform'), grid.share], [words('when_busy'), grid.backupShare]].filter(([, share]) => share !== null);
  return el('article', {class: 'popup'},
    heading(gridSymbol(grid), grid.id, [grid.platform, grid.name].filter(Boolean).join(' · ')),
    el('div', {class: 'facts'},
      grid.hours === null ? null : el('p', {}, el('b', {}, number(grid.hours, 1)), words('hours_of_work')),
      el('p', {}, el('b', {}, percent(grid.load)), words('of_mean_load'))),
    shareTable(words('shares'), shares),
    figures([
      [words('backup'), grid.backup],
      [words('travel'), grid.minutes === null ? '' : words('minutes', {minutes: number(grid.minutes, 1)})],
      [words('calls_per_year'), grid.calls === null ? '' : number(grid.calls)],
      [words('safety'), grid.safety === null ? '' : number(grid.safety, 1)],
      ...grid.shifts.map(([shift, hours]) => [wordOr(shift), hoursADay(hours)]),
    ]), ...more);
}
