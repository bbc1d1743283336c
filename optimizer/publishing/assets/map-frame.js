/* What every page has around its map: controls, the view that no box covers, paper. */

/* From this width on the boxes stand beside the map's middle; as in map.css. */
const WIDE = 800;

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

/** Tell the part of the map that no box covers: beside the boxes, or on a phone between them. */
function clearView(map, header, panel, foot = {wide: 36, narrow: 72}) {
  return () => {
    const {x: width, y: height} = map.getSize();
    const [box, list] = [header.getBoundingClientRect(), panel.getBoundingClientRect()];
    return width >= WIDE
      ? {left: box.right + 16, top: 16, right: list.left - 16, bottom: height - foot.wide}
      : {left: 8, top: box.bottom + 8, right: width - 8, bottom: height - foot.narrow};
  };
}

function wholeView(map, clearOf) {
  return () => {
    const {left, top, right, bottom} = clearOf();
    const {x, y} = map.getSize();
    const padding = {paddingTopLeft: [left, top], paddingBottomRight: [x - right, y - bottom]};
    map.fitBounds(page.bounds, {...padding, animate: false});
  };
}

/** Move the map just so far that an opened popup lies in the clear; its top matters most. */
function keepPopupsClear(map, clearOf) {
  map.on('popupopen', ({popup}) => {
    const clear = clearOf();
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
    map.eachLayer((layer) => layer instanceof L.Canvas && layer._redraw()); // paper waits for no frame
  });
  window.addEventListener('afterprint', () => {
    document.documentElement.classList.remove('printing');
    map.invalidateSize({animate: false});
    map.setView(before.centre, before.zoom, {animate: false});
  });
}

/** Tell whoever looks from outside that the page is drawn, and what is on it. */
function announce(layers) {
  requestAnimationFrame(() => requestAnimationFrame(() => {
    window.__optimizerMap = {ready: performance.now(), layers};
  }));
}
