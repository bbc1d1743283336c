/* The boxes around the map: what it shows, and which layers are on. */

/** Title, dates and the headline shares. */
function titleBox() {
  const dates = [
    words('as_of', {date: day(page.asOf)}),
    words('window', {start: day(page.window[0]), end: day(page.window[1])}),
  ];
  return el('header', {class: 'panel title-box'},
    el('h1', {}, page.title),
    ...page.subtitle.map((line) => el('p', {class: 'subtitle'}, line)),
    el('p', {class: 'dates'}, ...dates.map((date) => el('span', {}, date))),
    headline());
}

function headline() {
  const overall = page.share === null ? null :
    el('p', {class: 'overall'}, el('b', {}, percent(page.share, 1)), ` ${words('overall')}`);
  const tiers = page.tiers.map((tier) => {
    const item = el('li', {},
      el('span', {class: 'tier'}, wordOr(tier.name)),
      el('b', {}, percent(tier.share)),
      el('span', {}, words('within', {minutes: minutes(tier.minutes)})));
    const ground = page.ground.findIndex((area) => area.minutes === tier.minutes);
    if (ground >= 0) [, item.style.borderColor] = groundColours(ground);
    return item;
  });
  return el('div', {class: 'headline'}, overall,
    tiers.length ? el('ul', {class: 'tiers'}, ...tiers) : null, worstDistrict());
}

function worstDistrict() {
  const known = page.districts.filter(({share}) => share !== null);
  if (known.length < 2) return null;
  const worst = known.reduce((low, district) => (district.share < low.share ? district : low));
  return el('p', {class: 'worst'},
    words('worst_district', {district: worst.name, share: percent(worst.share)}));
}

/** Switches and legend in one list: what can be switched explains itself. */
function layerPanel(map, layers) {
  const list = el('ul', {}, ...layers.map((layer) => layerRow(map, layer)));
  const panel = el('details', {class: 'panel layer-panel'}, el('summary', {}, words('layers')), list);
  panel.open = window.innerWidth >= WIDE;
  return el('aside', {class: 'layer-box', 'aria-label': words('layers')}, panel);
}

function layerRow(map, layer) {
  const box = el('input', {type: 'checkbox', 'data-layer': layer.key});
  box.checked = layer.shown;
  box.addEventListener('change', () => (box.checked ? showLayer(map, layer) : map.removeLayer(layer.drawn())));
  layer.box = box;
  const label = el('label', {}, box, el('span', {class: 'name'}, layer.name ?? words(layer.key)), layer.swatch || null);
  return el('li', {}, label, layer.legend ? el('div', {class: 'legend'}, ...layer.legend()) : null);
}

function showLayer(map, layer) {
  layer.drawn().addTo(map);
  layer.box.checked = true;
}

function swatch(kind, colour, line) {
  const mark = el('i', {class: `swatch swatch-${kind}`, 'aria-hidden': 'true'});
  if (colour) mark.style.backgroundColor = colour;
  if (line) mark.style.borderColor = line;
  return mark;
}

function legendItem(symbol, text) {
  return el('span', {class: 'item'}, symbol, text);
}

function platformLegend() {
  const present = ['new', 'kept', 'moved'].filter((status) => page.platforms.some((p) => p.status === status));
  return present.map((status) => legendItem(platformSymbol(status, ''), words(status)));
}

function keySiteLegend() {
  const present = [true, false].filter((within) => page.keySites.some((site) => site.within === within));
  return present.map((within) => legendItem(keySiteSymbol(within), words(within ? 'yes' : 'no')));
}

function groundLegend() {
  const items = page.ground.map((ground, index) => {
    const [, line] = groundColours(index);
    return legendItem(swatch('area', groundSeen(index), line), words('ground_within', {minutes: minutes(ground.minutes)}));
  });
  return items.reverse();
}

function roadLegend() {
  const names = ['road_local', 'road_collector', 'road_arterial', 'waterway'];
  return [2, 1, 0, 3].filter((index) => page.roads[index].length).map((index) =>
    legendItem(swatch(`road-${index}`), words(names[index])));
}

/** A ramp of classes with the least count of each below it. */
function cellLegend(cells, palette, kind, note) {
  const least = [Math.min(...cells.calls), ...cells.breaks];
  const steps = least.map((count, index) => el('span', {class: 'step'},
    swatch(kind, cellColour(cells, palette, index)),
    index === least.length - 1 && index > 0 ? `≥\u2009${number(count)}` : number(count)));
  return [el('span', {class: 'note'}, note), el('span', {class: 'ramp'}, ...steps)];
}
