/* Draws a plan on a Leaflet map and puts the boxes around it. */

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
    ...gridLayers(map),
    ...dutyLayers(map),
    ...checkpointLayers(map),
    {key: 'uncovered', count: some(page.uncovered), shown: true, legend: legend('uncovered'),
      build: () => cells('uncovered', {stroke: false, fillOpacity: 0.75})},
    {key: 'ground', count: page.ground.length, shown: !page.deployment.divisions.length, build: groundLayer, legend: groundLegend},
    {key: 'demand', count: some(page.demand), shown: false, legend: legend('demand'),
      build: () => cells('demand', {stroke: false, fillOpacity: 0.85})},
    {key: 'districts', count: page.districts.length, shown: true, build: () => districtLayer(map),
      swatch: swatch('district')},
    {key: 'roads', count: page.roads.flat().length, shown: true, build: () => roadLayer(map), legend: roadLegend},
  ].filter(({count}) => count).map(once);
}

function answerClicks(map) {
  map.on('click', ({latlng}) => {
    const village = villageAt(map, latlng);
    const known = village < 0 ? placePopup(latlng, gridAt(map, latlng)) : villagePopup(village);
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
  const clear = clearView(map, header, panel);
  const whole = wholeView(map, clear);
  whole();
  for (const layer of layers) if (layer.shown) showLayer(map, layer);
  addControls(map, whole);
  answerClicks(map);
  keepPopupsClear(map, clear);
  preparePrint(map, whole);
  return Object.fromEntries(layers.map(({key, count}) => [key, count]));
}

window.drawOptimizerMap = (map) => announce(drawMap(map));
