/* What is drawn, from the ground up: each function returns one Leaflet layer. */

const GROUND_OPACITY = 0.32;

const COLOURS = {
  land: '#f6f5f2',
  ground: ['#a6cbe3', '#4292c6', '#08519c'],
  groundLine: ['#6baed6', '#2171b5', '#08306b'],
  demand: ['#fdebd3', '#fdd0a2', '#fdae6b', '#e6701f', '#a63603'],
  uncovered: ['#c9a6dc', '#a56cc1', '#85409f', '#65247f', '#430a5c'],
  hotspot: '#f97316',
  hotspotLine: '#9a2c05',
  district: '#3f4650',
};

/* Pane, its height, and whether the mouse can meet what is in it. */
const PANES = [
  ['demand', 210, false], ['grids', 215, false], ['ground', 220, false], ['roads', 230, false], ['rings', 235, false],
  ['districts', 240, false], ['uncovered', 250, false], ['hotspots', 260, true], ['routes', 270, false],
  ['villages', 280, false], ['labels', 610, false], ['gridlabels', 612, true], ['nets', 615, true], ['existing', 620, true],
  ['posts', 625, true], ['sites', 630, true], ['platforms', 640, true], ['units', 645, true],
];

/* Hotspots up to this rank are always numbered. */
const ALWAYS_RANKED = 5;

/* Latitudes tried for the label of an area. */
const LABEL_TRIES = 24;

/* Class, casing, filling, and widths at zoom 12. */
const ROADS = [
  {line: '#d3d5d8', width: 0.8, least: 0.35},
  {line: '#bcc0c5', width: 1.5, least: 0.8},
  {casing: '#8f969f', line: '#ffffff', width: 2.2, least: 1.2},
  {line: '#8fb8d8', width: 2.4, least: 1.2},
];

function addPanes(map) {
  for (const [name, height, meetsMouse] of PANES) {
    const pane = map.createPane(name);
    pane.style.zIndex = height;
    if (!meetsMouse) pane.style.pointerEvents = 'none';
  }
}

/** Decode polyline text to [latitude, longitude] pairs. */
function decode(text) {
  const points = [];
  const at = [0, 0];
  let index = 0;
  while (index < text.length) {
    for (let axis = 0; axis < 2; axis += 1) {
      let bits = 0;
      let shift = 0;
      let group;
      do {
        group = text.charCodeAt(index) - 63;
        index += 1;
        bits |= (group & 31) << shift;
        shift += 5;
      } while (group >= 32);
      at[axis] += (bits >>> 1) ^ -(bits & 1);
    }
    points.push([at[0] / 1e5, at[1] / 1e5]);
  }
  return points;
}

function rings(shape) {
  return shape.map((polygon) => polygon.map(decode));
}

/** Streets quiet, main roads cased; widths grow with the zoom. */
function roadLayer(map) {
  const renderer = L.canvas({pane: 'roads', padding: 0.1});
  const base = {pane: 'roads', renderer, interactive: false, lineCap: 'round', lineJoin: 'round'};
  const strokes = [];
  const group = L.layerGroup();
  const stroke = (lines, style, extra, colour) => {
    strokes.push({style, extra, path: L.polyline(lines, {...base, color: colour}).addTo(group)});
  };
  ROADS.forEach((style, index) => {
    const lines = page.roads[index].map(decode);
    if (!lines.length) return;
    if (style.casing) stroke(lines, style, 1.4, style.casing);
    stroke(lines, style, 0, style.line);
  });
  const widen = () => {
    const growth = 1.42 ** (map.getZoom() - 12);
    for (const {style, extra, path} of strokes) {
      path.setStyle({weight: Math.max(style.least, style.width * growth) + extra});
    }
  };
  widen();
  map.on('zoomend', widen);
  return group;
}

/** The ground reached, from the longest time to the shortest, each over the one before. */
function groundLayer() {
  const renderer = L.canvas({pane: 'ground', padding: 0.1});
  return L.layerGroup(page.ground.map((ground, index) => {
    const [fill, line] = groundColours(index);
    return L.polygon(groundRings(ground), {
      pane: 'ground', renderer, interactive: false, color: line, weight: 1.3, opacity: 0.9,
      fillColor: fill, fillOpacity: GROUND_OPACITY,
    });
  }));
}

/** Decoded when it is first drawn or asked for. */
function groundRings(ground) {
  ground.rings ??= rings(ground.shape);
  return ground.rings;
}

/** The shortest time is the darkest, however many there are. */
function groundColours(index) {
  const place = Math.max(0, index + COLOURS.ground.length - page.ground.length);
  return [COLOURS.ground[place], COLOURS.groundLine[place]];
}

/** The colour that the reader sees: each ground tints what lies below it. */
function groundSeen(index) {
  const tints = page.ground.slice(0, index + 1).map((_, below) => groundColours(below)[0]);
  return tints.reduce((seen, tint) => blend(seen, tint, GROUND_OPACITY), COLOURS.land);
}

/** Mix a share of one #rrggbb colour into another. */
function blend(under, over, share) {
  const channel = (colour, at) => parseInt(colour.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map((at) => channel(under, at) * (1 - share) + channel(over, at) * share);
  return `#${mixed.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
}

function cellClass(cells, calls) {
  return cells.breaks.filter((least) => calls >= least).length;
}

/** Spread the classes in use over the whole palette. */
function cellColour(cells, palette, index) {
  const place = index * (palette.length - 1) / Math.max(1, cells.breaks.length);
  const lower = Math.min(Math.floor(place), palette.length - 2);
  return blend(palette[lower], palette[lower + 1], place - lower);
}

/** One path for each class of cells: thousands of cells cost five fillings. */
function cellLayer(pane, cells, palette, style) {
  const renderer = L.canvas({pane, padding: 0.1});
  const squares = Array.from({length: cells.breaks.length + 1}, () => []);
  const [south, west] = cells.origin;
  const [high, wide] = cells.step;
  cells.calls.forEach((calls, index) => {
    const bottom = south + cells.row[index] * high;
    const left = west + cells.col[index] * wide;
    const [top, right] = [bottom + high, left + wide];
    squares[cellClass(cells, calls)].push([[[bottom, left], [top, left], [top, right], [bottom, right]]]);
  });
  return L.layerGroup(squares.map((shapes, index) => {
    const colour = cellColour(cells, palette, index);
    return L.polygon(shapes, {
      pane, renderer, interactive: false, smoothFactor: 0, color: colour, fillColor: colour, ...style,
    });
  }));
}

/** The one canvas that the mouse meets: a second one above it would keep the mouse from the first. */
function touchRenderer() {
  page.touch ??= L.canvas({pane: 'hotspots', padding: 0.1});
  return page.touch;
}

/** Areas with their rank, which shows for the first few and wherever the area has room for it. */
function hotspotLayer(map) {
  const renderer = touchRenderer();
  const group = L.layerGroup();
  const labels = page.hotspots.map((hotspot) => {
    const shape = rings(hotspot.shape);
    hotspot.layer = L.polygon(shape, {
      pane: 'hotspots', renderer, color: COLOURS.hotspotLine, weight: 1.8, fillColor: COLOURS.hotspot,
      fillOpacity: 0.4,
    }).bindPopup(() => hotspotPopup(hotspot), POPUP).addTo(group);
    const bounds = hotspot.layer.getBounds();
    const text = el('div', {class: 'rank'}, String(hotspot.rank));
    textMarker(labelPlace(shape, bounds, []), text).addTo(group);
    return {bounds, text, room: hotspot.rank <= ALWAYS_RANKED ? 0 : 22};
  });
  return showWhereRoom(map, group, labels);
}

function textMarker(at, text) {
  const icon = L.divIcon({className: 'label-anchor', html: text, iconSize: [0, 0]});
  return L.marker(at, {icon, pane: 'labels', interactive: false, keyboard: false});
}

/** Hide labels whose area is narrower on the screen than the room they need, in pixels. */
function showWhereRoom(map, group, labels) {
  const fit = () => labels.forEach(({bounds, text, room}) => {
    const [left, right] = [bounds.getSouthWest(), bounds.getNorthEast()].map((at) => map.project(at).x);
    text.hidden = right - left < room;
  });
  map.on('zoomend', fit);
  fit();
  return group;
}

/** Outlines with the share beside the name; a label shows once its district has room for it. */
function districtLayer(map) {
  const renderer = L.canvas({pane: 'districts', padding: 0.1});
  const group = L.layerGroup();
  const symbols = [...page.platforms, ...page.keySites, ...page.existing];
  const labels = page.districts.map((district) => {
    district.rings = rings(district.shape);
    const outline = {pane: 'districts', renderer, interactive: false, fill: false};
    L.polygon(district.rings, {...outline, color: '#ffffff', weight: 4, opacity: 0.75}).addTo(group);
    const area = L.polygon(district.rings, {
      ...outline, color: COLOURS.district, weight: 1.6, dashArray: '7 4',
    }).addTo(group);
    district.bounds = area.getBounds();
    const text = el('div', {class: 'district-label'}, el('b', {}, district.name), el('span', {}, percent(district.share)));
    textMarker(labelPlace(district.rings, district.bounds, symbols), text).addTo(group);
    return {bounds: district.bounds, text, room: 80};
  });
  return showWhereRoom(map, group, labels);
}

/** Return a place for the label of an area: well inside it, and away from the symbols given. */
function labelPlace(polygons, bounds, symbols) {
  const [south, north] = [bounds.getSouth(), bounds.getNorth()];
  const narrow = Math.cos((south + north) * Math.PI / 360);
  let best = {room: -1, at: bounds.getCenter()};
  for (let step = 1; step < LABEL_TRIES; step += 1) {
    const lat = south + (north - south) * step / LABEL_TRIES;
    const [west, east] = widestChord(polygons, lat);
    const lon = (west + east) / 2;
    const clear = symbols.map(({at}) => Math.hypot(at[0] - lat, (at[1] - lon) * narrow));
    const room = Math.min((east - west) * narrow / 2, north - lat, lat - south, ...clear);
    if (room > best.room) best = {room, at: [lat, lon]};
  }
  return best.at;
}

/** Return where the widest stretch of a shape at a latitude begins and ends. */
function widestChord(polygons, lat) {
  const crossings = polygons.flat().flatMap((ring) => ring.flatMap(([y, x], index) => {
    const [nextY, nextX] = ring[(index + 1) % ring.length];
    return (y > lat) === (nextY > lat) ? [] : [x + ((lat - y) / (nextY - y)) * (nextX - x)];
  })).sort((a, b) => a - b);
  let widest = [0, 0];
  for (let index = 0; index + 1 < crossings.length; index += 2) {
    const pair = [crossings[index], crossings[index + 1]];
    if (pair[1] - pair[0] > widest[1] - widest[0]) widest = pair;
  }
  return widest;
}

/** A marker that is drawn by an element of ours, says its name, and opens its popup on Enter. */
function pointLayer(pane, at, symbol, size, label, popup) {
  const icon = L.divIcon({className: 'symbol', html: symbol, iconSize: [size, size], popupAnchor: [0, -size / 3]});
  const marker = L.marker(at, {icon, pane, alt: label, keyboard: true, riseOnHover: true});
  marker.on('add', () => marker.getElement().setAttribute('aria-label', label));
  return marker.bindPopup(popup, POPUP);
}

function platformLayer() {
  return L.layerGroup(page.platforms.map((platform) => {
    const symbol = platformSymbol(platform.status, platform.id);
    const label = `${words('platform')} ${platform.id}: ${platform.name}, ${words(platform.status)}`;
    platform.layer = pointLayer('platforms', platform.at, symbol, 30, label, () => platformPopup(platform));
    const hint = el('div', {}, el('b', {}, platform.name), el('br'),
      `${percent(platform.share)} ${words('covered')}`);
    return platform.layer.bindTooltip(hint, {direction: 'top', offset: [0, -16], className: 'hint'});
  }));
}

function platformSymbol(status, text) {
  return el('span', {class: `pin pin-${status}`}, el('span', {}, text));
}

function keySiteLayer() {
  return L.layerGroup(page.keySites.map((site) => {
    const label = `${words('key_site')}: ${site.name}, ${words(site.within ? 'yes' : 'no')}`;
    site.layer = pointLayer('sites', site.at, keySiteSymbol(site.within), 18, label, () => keySitePopup(site));
    return site.layer;
  }));
}

function keySiteSymbol(within) {
  return el('span', {class: `site site-${within ? 'yes' : 'no'}`}, el('b', {}, within ? '✓' : '✕'));
}

function existingLayer() {
  return L.layerGroup(page.existing.map((place) => {
    const label = `${words('existing_place')}: ${place.name}`;
    place.layer = pointLayer('existing', place.at, el('span', {class: 'today'}), 14, label, () => existingPopup(place));
    return place.layer;
  }));
}
