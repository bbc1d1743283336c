/* Draws the page's data on a Leaflet map and puts the boxes around it. */

/* From this width on the boxes stand beside the map's middle; as in map.css. */
const WIDE = 800;

/** The layers in the order of the legend; what is empty is left out. */
function cityLayers(map) {
  const some = (cells) => cells.calls.length;
  const cells = (key, style) => cellLayer(key, page[key], COLOURS[key], style);
  const legend = (key) => () => cellLegend(page[key], COLOURS[key], key, words(`${key}_note`));
  return [
    {key: 'platforms', count: page.platforms.length, shown: true, build: platformLayer, legend: platformLegend},
    {key: 'existing', count: page.existing.length, shown: true, build: existingLayer,
      swatch: el('span', {class: 'today'})},
    {key: 'key_sites', count: page.keySites.length, shown: true, build: keySiteLayer, legend: keySiteLegend},
    {key: 'hotspots', count: page.hotspots.length, shown: true, build: () => hotspotLayer(map),
      swatch: swatch('hotspot')},
    {key: 'uncovered', count: some(page.uncovered), shown: true, legend: legend('uncovered'),
      build: () => cells('uncovered', {stroke: false, fillOpacity: 0.75})},
    {key: 'ground', count: page.ground.length, shown: true, build: groundLayer, legend: groundLegend},
    {key: 'demand', count: some(page.demand), shown: false, legend: legend('demand'),
      build: () => cells('demand', {stroke: false, fillOpacity: 0.85})},
    {key: 'districts', count: page.districts.length, shown: true, build: () => districtLayer(map),
      swatch: swatch('district')},
    {key: 'roads', count: page.roads.flat().length, shown: true, build: () => roadLayer(map), legend: roadLegend},
  ].filter(({count}) => count).map(once);
}

/** A layer is built the first time it is wanted. */
function once(layer) {
  let built;
  layer.drawn = () => {
    built ??= layer.build();
    return built;
  };
  return layer;
}

function addControls(map, whole) {
  L.control.scale({imperial: false, maxWidth: 140, position: 'bottomleft'}).addTo(map);
  const zoom = L.control.zoom({
    position: 'bottomleft', zoomInTitle: words('zoom_in'), zoomOutTitle: words('zoom_out'),
  }).addTo(map);
  const home = el('a', {href: '#', role: 'button', class: 'home', title: words('whole_map'), 'aria-label': words('whole_map')}, '⤢');
  L.DomEvent.on(home, 'click', (event) => { L.DomEvent.stop(event); whole(); });
  zoom.getContainer().append(home);
  const source = L.control({position: 'bottomright'});
  const credit = page.attribution ? el('bdi', {}, words('source', {source: page.attribution}), ' · ') : null;
  source.onAdd = () => el('div', {class: 'source'}, credit, 'WGS-84 · Leaflet');
  source.addTo(map);
}

/** Return the part of the map that no box covers: beside the boxes, or on a phone between them. */
function clearView(map, header, panel) {
  const {x: width, y: height} = map.getSize();
  const [box, list] = [header.getBoundingClientRect(), panel.getBoundingClientRect()];
  return width >= WIDE
    ? {left: box.right + 16, top: 16, right: list.left - 16, bottom: height - 36}
    : {left: 8, top: box.bottom + 8, right: width - 8, bottom: height - 72};
}

function wholeView(map, header, panel) {
  return () => {
    const {left, top, right, bottom} = clearView(map, header, panel);
    const {x, y} = map.getSize();
    const padding = {paddingTopLeft: [left, top], paddingBottomRight: [x - right, y - bottom]};
    map.fitBounds(page.bounds, {...padding, animate: false});
  };
}

/** Move the map just so far that an opened popup lies in the clear; its top matters most. */
function keepPopupsClear(map, header, panel) {
  map.on('popupopen', ({popup}) => {
    const clear = clearView(map, header, panel);
    popup.getElement().querySelector('.leaflet-popup-close-button').setAttribute('aria-label', words('close'));
    const box = popup.getElement().getBoundingClientRect();
    const across = Math.min(0, box.left - clear.left) || Math.max(0, box.right - clear.right);
    const down = Math.max(0, box.bottom - clear.bottom);
    const up = Math.min(0, box.top - down - clear.top);
    if (across || down || up) map.panBy([across, down + up], {animate: false});
  });
}

/** On paper the map fills the sheet; afterwards it is as it was. */
function preparePrint(map, whole) {
  let before;
  window.addEventListener('beforeprint', () => {
    before = {centre: map.getCenter(), zoom: map.getZoom()};
    document.documentElement.classList.add('printing');
    map.closePopup();
    map.invalidateSize({animate: false});
    whole();
  });
  window.addEventListener('afterprint', () => {
    document.documentElement.classList.remove('printing');
    map.invalidateSize({animate: false});
    map.setView(before.centre, before.zoom, {animate: false});
  });
}

function answerClicks(map) {
  map.on('click', ({latlng}) => {
    const known = placePopup(latlng);
    if (known) L.popup(POPUP).setLatLng(latlng).setContent(known).openOn(map);
  });
}

function drawMap(map) {
  readPage();
  map.getContainer().setAttribute('aria-label', words('map_label', {title: page.title}));
  map.getContainer().setAttribute('role', 'region');
  addPanes(map);
  const layers = cityLayers(map);
  const byKey = new Map(layers.map((layer) => [layer.key, layer]));
  const header = titleBox();
  const panel = layerPanel(map, layers);
  header.append(searchBox(map, searchIndex(byKey)));
  document.body.prepend(header, panel);
  const whole = wholeView(map, header, panel);
  whole();
  for (const layer of layers) if (layer.shown) showLayer(map, layer);
  addControls(map, whole);
  answerClicks(map);
  keepPopupsClear(map, header, panel);
  preparePrint(map, whole);
  return Object.fromEntries(layers.map(({key, count}) => [key, count]));
}

window.drawOptimizerMap = (map) => {
  const layers = drawMap(map);
  requestAnimationFrame(() => requestAnimationFrame(() => {
    window.__optimizerMap = {ready: performance.now(), layers};
  }));
};
