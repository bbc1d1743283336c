/* Beats by shift, key patrol zones, points between platforms, village posts. */

const LEFT_OUT = {no_unit: 'left_no_unit', no_time: 'left_no_time', cover: 'left_cover', far: 'left_far'};
const LEFT_COLOUR = '#b3261e';
const ZONE_COLOUR = '#7a1fa2';
const VILLAGE_COLOURS = {inTime: '#2b7a78', late: '#d1495b'};

/* A village is met this close to a click, in pixels. */
const VILLAGE_REACH = 9;

/** The layers of duty, in the order of the legend. */
function dutyLayers(map) {
  const {beats, leftOut, shifts, zones, points, villages} = page.deployment;
  const ofShift = (rows, shift) => rows.filter((row) => row.shift === shift);
  return [
    {key: 'patrol_zones', count: zones.length, shown: false, build: () => zoneLayer(map), swatch: swatch('zone')},
    {key: 'quick_response', count: points.length, shown: true, build: pointsLayer, swatch: pointSymbol()},
    ...shifts.map((name, shift) => ({
      key: `beats_${shift}`, name: words('beats', {shift: wordOr(name)}), shown: false,
      count: ofShift(beats, shift).length + ofShift(leftOut, shift).length,
      build: () => beatLayer(ofShift(beats, shift), ofShift(leftOut, shift)),
      legend: () => beatLegend(shift ? [] : beats, ofShift(leftOut, shift)),
    })),
    {key: 'villages', count: villages.names.length, shown: false, build: villageLayer, legend: villageLegend},
  ];
}

function unitName(unit) {
  const [vehicle, place] = page.deployment.units[unit];
  return `${wordOr(vehicle)} ${place}`;
}

function unitColour(unit) {
  return page.deployment.units[unit][2];
}

/** Ways of one round with what they stop at, and hollow what no beat has. */
function beatLayer(beats, leftOut) {
  const renderer = touchRenderer();
  const dot = (at, style) => L.circleMarker(at, {renderer, fillOpacity: 1, ...style});
  const {paths, targets} = page.deployment;
  const ways = beats.map((beat) => routeLine(paths[beat.path],
    {renderer, color: unitColour(beat.unit), weight: 2.6, opacity: 0.9}, () => beatPopup(beat)));
  const stops = beats.flatMap((beat) => beat.stops.map(([target]) =>
    dot(targets[target][1], {radius: 4, weight: 1, color: '#ffffff', fillColor: unitColour(beat.unit)})
      .bindPopup(() => beatPopup(beat), POPUP)));
  const missed = leftOut.map((row) =>
    dot(row.at, {radius: 6, weight: 2, color: LEFT_COLOUR, fillColor: '#ffffff', fillOpacity: 0.35})
      .bindPopup(() => leftOutPopup(row), POPUP));
  return L.layerGroup([...ways, ...missed, ...stops]);
}

/** The colours of units are the same in every shift, so they are told once. */
function beatLegend(beats, leftOut) {
  const line = (unit) => {
    const mark = swatch('beat');
    mark.style.borderColor = unitColour(unit);
    return mark;
  };
  const units = [...new Set(beats.map(({unit}) => unit))].sort((one, other) => one - other);
  const missed = leftOut.length ? [legendItem(leftOutSymbol(), `${words('left_out')} (${number(leftOut.length)})`)] : [];
  return [...units.map((unit) => legendItem(line(unit), unitName(unit))), ...missed];
}

function leftOutSymbol() {
  return el('i', {class: 'left-out'});
}

function leftOutPopup(row) {
  return el('article', {class: 'popup'}, heading(leftOutSymbol(), row.name, words('left_out')), figures([
    [words('grid'), row.grid],
    [words('reason'), words(LEFT_OUT[row.reason])],
    [words('coordinates'), position(row.at)],
  ]));
}

function beatPopup(beat) {
  const mark = el('i', {class: 'grid-mark'});
  mark.style.backgroundColor = unitColour(beat.unit);
  const {targets, shifts} = page.deployment;
  const rows = beat.stops.map(([target, arrive, leave]) => el('tr', {},
    el('th', {scope: 'row'}, targets[target][0] || '–'), el('td', {}, arrive), el('td', {}, leave)));
  const names = ['', words('arrives'), words('leaves')];
  const table = el('table', {class: 'net-table stop-table'},
    el('thead', {}, el('tr', {}, ...names.map((name) => el('th', {scope: 'col'}, name)))), el('tbody', {}, ...rows));
  return el('article', {class: 'popup'},
    heading(mark, beat.id, [unitName(beat.unit), wordOr(shifts[beat.shift]), beat.grid].join(' · ')),
    figures([
      [words('rounds'), number(beat.rounds)],
      [words('driven'), beat.km === null ? '' : `${number(beat.km, 1)} km`],
      [words('patrol_share'), percent(beat.share)],
    ]),
    rows.length ? el('div', {class: 'net-scroll'}, table) : null);
}

/** Hulls of hotspots; the label tells of the zone, so that hotspots below it can still be met. */
function zoneLayer(map) {
  const group = L.layerGroup();
  const labels = page.deployment.zones.map((zone) => {
    const area = L.polygon(rings(zone.shape), {
      pane: 'routes', interactive: false, color: ZONE_COLOUR, weight: 2.4, dashArray: '1 5', fillColor: ZONE_COLOUR, fillOpacity: 0.1,
    }).addTo(group);
    zone.bounds = area.getBounds();
    const text = el('span', {class: 'zone-label'}, zone.id);
    zone.layer = pointLayer('gridlabels', zone.at, text, 26, `${words('patrol_zone')} ${zone.id}`, () => zonePopup(zone)).addTo(group);
    return {bounds: zone.bounds, text, room: 0};
  });
  return showWhereRoom(map, group, labels);
}

function zonePopup(zone) {
  return el('article', {class: 'popup'},
    heading(swatch('zone'), zone.id, words('patrol_zone')),
    figures([
      [words('preventable'), number(zone.calls)],
      [words('patrol_hours'), hoursADay(zone.hours)],
      [words('hotspots'), zone.hotspots.join(', ')],
      [words('reacts'), [zone.platform, zone.minutes === null ? '' : words('minutes', {minutes: number(zone.minutes, 1)})].filter(Boolean).join(' · ')],
      [words('coordinates'), position(zone.at)],
    ]));
}

function pointSymbol() {
  return el('i', {class: 'quick-point'});
}

function pointsLayer() {
  return L.layerGroup(page.deployment.points.map((place) => {
    const label = `${words('quick_point')} ${place.id}: ${place.street}`;
    place.layer = pointLayer('posts', place.at, pointSymbol(), 18, label, () => el('article', {class: 'popup'},
      heading(pointSymbol(), place.id, words('quick_point')),
      figures([
        [words('vehicle'), wordOr(place.vehicle)],
        [words('closes'), place.calls === null ? '' : number(place.calls)],
        [words('sent_by'), place.platform],
        [words('street'), place.street],
        [words('coordinates'), position(place.at)],
      ])));
    return place.layer;
  }));
}

/** Thousands of dots on one canvas, drawn in a loop: nothing is made for any one of them. */
const DotLayer = L.Layer.extend({
  initialize(places, colours, radius) {
    Object.assign(this, {places, colours, radius});
  },
  onAdd(map) {
    this.canvas = L.DomUtil.create('canvas', 'leaflet-zoom-hide', map.getPane('villages'));
    map.on('moveend zoomend resize', this.draw, this);
    this.draw();
  },
  onRemove(map) {
    map.off('moveend zoomend resize', this.draw, this);
    this.canvas.remove();
  },
  draw() {
    const {x: width, y: height} = this._map.getSize();
    Object.assign(this.canvas, {width, height});
    L.DomUtil.setPosition(this.canvas, this._map.containerPointToLayerPoint([0, 0]));
    const context = this.canvas.getContext('2d');
    context.strokeStyle = '#ffffff';
    this.places.forEach((at, index) => {
      const {x, y} = this._map.latLngToContainerPoint(at);
      if (x < 0 || y < 0 || x > width || y > height) return;
      context.fillStyle = this.colours[index];
      context.beginPath();
      context.arc(x, y, this.radius, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    });
  },
});

function villageLayer() {
  const {villages} = page.deployment;
  const late = new Set(villages.late);
  villages.places = decode(villages.at);
  villages.layer = new DotLayer(villages.places,
    villages.places.map((_, index) => VILLAGE_COLOURS[late.has(index) ? 'late' : 'inTime']), 3.2);
  return villages.layer;
}

function villageSymbol(isLate) {
  const symbol = el('i', {class: 'village'});
  symbol.style.backgroundColor = VILLAGE_COLOURS[isLate ? 'late' : 'inTime'];
  return symbol;
}

function villageLegend() {
  const {names, late} = page.deployment.villages;
  const items = [[false, names.length - late.length, 'village_in_time'], [true, late.length, 'village_late']];
  return items.filter(([, count]) => count).map(([isLate, count, key]) =>
    legendItem(villageSymbol(isLate), `${words(key)} (${number(count)})`));
}

function villagePopup(index) {
  const {names, platforms, platform, minutes: times, late, places} = page.deployment.villages;
  const time = times[index] === null ? words('not_reached') : words('minutes', {minutes: number(times[index], 1)});
  return el('article', {class: 'popup'},
    heading(villageSymbol(late.includes(index)), names[index], words('village')),
    figures([
      [words('nearest_platform'), platforms[platform[index]]],
      [words('backup_time'), time],
      [words('coordinates'), position(places[index])],
    ]));
}

/** The village nearest to a click, if the layer is on and one is close. */
function villageAt(map, latlng) {
  const {layer, places} = page.deployment.villages;
  if (!layer || !map.hasLayer(layer)) return -1;
  const click = map.latLngToContainerPoint(latlng);
  const away = places.map((at) => click.distanceTo(map.latLngToContainerPoint(at)));
  const nearest = away.reduce((best, distance, index) => (distance < away[best] ? index : best), 0);
  return away[nearest] <= VILLAGE_REACH ? nearest : -1;
}

/** What of grids and duty can be searched for. */
function deploymentEntries(entry) {
  const {divisions, zones, points, villages} = page.deployment;
  const places = villages.names.length ? decode(villages.at) : [];
  return [
    ...divisions.slice(0, 1).flatMap(({grids}) => grids.map((grid) => entry('grids', grid.id, [words('grid'), grid.name].join(' · '), grid.platform, grid))),
    ...zones.map((zone) => entry('patrol_zones', zone.id, words('patrol_zone'), zone.platform, zone)),
    ...points.map((place) => entry('quick_response', place.id, [words('quick_point'), place.street].join(' · '), '', place)),
    ...villages.names.map((name, index) => entry('villages', name, words('village'), '', {at: places[index], popup: () => villagePopup(index)})),
  ];
}
